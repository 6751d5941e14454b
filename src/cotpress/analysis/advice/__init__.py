"""Which settings to use, from a study at hand or from what this project measured.

>>> advise(AdviceRequest("math", "long")).command
'cotpress compress traces.jsonl -o out/ --criterion backbone --granularity step --keep auto'
"""

from __future__ import annotations

from dataclasses import replace
from json import loads
from pathlib import Path

from cotpress.analysis.advice.advice import GOALS, Advice, AdviceRequest, ExpectedValue, StudyModels
from cotpress.analysis.advice.default_advice import advise_by_default
from cotpress.analysis.advice.study_advice import advise_from_study
from cotpress.tables import StudyTables, read_study_tables

__all__ = [
    "GOALS",
    "Advice",
    "AdviceRequest",
    "ExpectedValue",
    "StudyModels",
    "advise",
    "advise_from_run",
    "read_study_models",
]


def advise(question: AdviceRequest, tables: StudyTables | None = None, models: StudyModels | None = None) -> Advice:
    """Settings for a domain, regime and goal: from a study's tables where there are any, else from what this project
    measured, with the published findings beside it. `models` are what the study measured with, for the command.

    Raises:
        InputError: the study has no evaluated cells of this domain and regime, or none to compare them with.

    >>> advise(AdviceRequest("general", "long", budget=0.5)).keep
    0.5
    """
    return (
        advise_by_default(question)
        if tables is None
        else replace(advise_from_study(question, tables), models=models or StudyModels())
    )


def advise_from_run(question: AdviceRequest, study: Path) -> Advice:
    """Advice from the folder of a run of `cotpress sweep`.

    Raises:
        InputError: there are no tables, or they do not answer the question.

    >>> advise_from_run(AdviceRequest("math", "long"), Path("no-study"))
    Traceback (most recent call last):
    cotpress.errors.InputError: There are no study tables in no-study/tables. Run: cotpress sweep STUDY.yaml -o FOLDER
    """
    return advise(question, read_study_tables(study / "tables"), read_study_models(study))


def read_study_models(study: Path) -> StudyModels:
    """The models that a run's settings name, so that the command does what was measured; none where there are none.

    >>> read_study_models(Path("no-study"))  # tables alone are enough to advise
    StudyModels(scorer='', saliency='', tokenizer='', rewriter='', rewriter_model='', base_url='')
    """
    try:
        settings = loads((study / "study.json").read_text(encoding="utf-8"))
        scorer, rewriting = settings["scorer"], settings["rewriting"] or {}
        counted = settings["tokenizer"] or next(iter(settings["students"]), "") or ("" if scorer == "ngram" else scorer)
        rewriter = (rewriting.get(name, "") for name in ("rewriter", "model", "base_url"))
        return StudyModels(scorer, settings["saliency"], counted, *rewriter)
    except (OSError, ValueError, KeyError, TypeError):  # tables alone are enough to advise
        return StudyModels()
