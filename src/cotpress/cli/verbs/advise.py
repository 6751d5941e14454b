"""`cotpress advise`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.options.choices import DOMAINS, GOALS, REGIMES

if TYPE_CHECKING:
    from cotpress.analysis.advice import Advice, AdviceRequest

_MAX_NAMED_CELLS = 4  # cells that are named


@Parameter(name="*")
@dataclass(frozen=True)
class AdviceOptions:
    """What advice is asked for."""

    domain: Annotated[str, Parameter(choices=DOMAINS)]
    "What the traces are about."
    regime: Annotated[str, Parameter(choices=REGIMES)]
    "How the teacher reasons: long, with reflection and second attempts, or short and straight."
    goal: Annotated[str, Parameter(choices=GOALS)] = "train-cost"
    "Which cost is to be lowered."
    student: Annotated[str, Parameter(name=["--student", "--model"])] = ""
    "Only cells of this student."
    budget: float | None = None
    "The largest keep ratio that is wanted."
    threshold: float = 0.9
    "Share of the uncompressed student's accuracy that has to stay."


def advise(
    *, ask_for: AdviceOptions, study: Path | None = None, json: Annotated[bool, Parameter(negative=())] = False
) -> None:
    """Say which criterion, granularity, protection, level and keep ratio to use, and on what evidence.

    Parameters
    ----------
    study
        Folder of a run of cotpress sweep; without one, what this project measured answers.
    json
        Print it as JSON.
    """
    from cotpress.analysis.advice import AdviceRequest

    question = AdviceRequest(**asdict(ask_for))
    advice = find_advice(question, study)
    if json:
        name_of_before = {"source": advice.basis}
        print(dumps({**asdict(question), **asdict(advice), **name_of_before, "command": advice.command}, indent=2))
        return
    for line in format_advice(advice):
        print(line)


def find_advice(question: AdviceRequest, study: Path | None) -> Advice:
    """The advice, from a run's folder or without one."""
    from cotpress.analysis.advice import advise as answer
    from cotpress.analysis.advice import advise_from_run

    return answer(question) if study is None else advise_from_run(question, study)


def format_advice(advice: Advice) -> list[str]:
    """Advice for people."""
    treatments = {
        "criterion": f"{advice.method}, {advice.granularity} level",
        "level": f"rewriting at level {advice.method}",
    }
    whole = "traces that were short from the start" if advice.method == "native-short" else "the traces as they are"
    lines = [f"use: {treatments.get(advice.kind, whole)}"]
    if advice.symbols:
        lines.append("protect: symbols")
    if advice.keep is not None:
        lines.append(f"keep ratio: {advice.keep:g}")
    elif advice.kind == "criterion":
        lines.append("keep: auto, what the answer rests on and no more")
    lines += [f"accuracy retention: {advice.retention}", f"inference ratio: {advice.inference}"]
    lines.append(f"from: {advice.basis}")
    lines += [f"  - {line}" for line in advice.evidence]
    lines += _format_cells(advice.cells)
    lines += [f"warning: {line}" for line in advice.warnings]
    lines += [f"disagrees with what was published: {line}" for line in advice.disagreements]
    return [*lines, f"run: {advice.command}"]


def _format_cells(names: Sequence[str]) -> list[str]:
    """The cells that advice rests on, a few by name."""
    more = len(names) - _MAX_NAMED_CELLS
    rest = [f"and {more} more, which cotpress advise --json lists"] if more > 0 else []
    return [f"{'cells:' if at == 0 else '':6} {cell}" for at, cell in enumerate([*names[:_MAX_NAMED_CELLS], *rest])]
