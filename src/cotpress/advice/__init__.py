"""Which settings to use, from a study at hand or from the published findings.

advise(Question("math", "long")).command
advise(Question("math", "long", "inference-cost"), read_tables(Path("runs/mine/tables"))).retention
"""

from __future__ import annotations

from dataclasses import replace

from cotpress.advice.advice import DOMAINS, GOALS, REGIMES, Advice, Expected, Models, Question
from cotpress.advice.measured import measured
from cotpress.advice.published import published
from cotpress.tables import Tables

__all__ = ["DOMAINS", "GOALS", "REGIMES", "Advice", "Expected", "Models", "Question", "advise"]


def advise(question: Question, tables: Tables | None = None, models: Models | None = None) -> Advice:
    """Settings for a domain, regime and goal: from a study's tables where there are any, else as published. `models`
    are what the study measured with, for the command.

    Raises:
        InputError: the study has no evaluated cells of this domain and regime, or none to compare them with.
    """
    return published(question) if tables is None else replace(measured(question, tables), models=models or Models())
