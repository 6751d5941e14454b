"""`cotpress advise`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from json import dumps, loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cotpress.advice import Advice, Models, Question

_SHOWN = 4  # cells that are named


@Parameter(name="*")
@dataclass(frozen=True)
class AskOptions:
    """What advice is asked for."""

    domain: str
    "math or general."
    regime: str
    "long or short: how the teacher reasons."
    goal: str = "train-cost"
    "train-cost or inference-cost: which is to be lowered."
    student: Annotated[str, Parameter(name=["--student", "--model"])] = ""
    "Only cells of this student."
    budget: float | None = None
    "The largest keep ratio that is wanted."
    threshold: float = 0.9
    "Share of the uncompressed student's accuracy that has to stay."


def advise(
    *, ask_for: AskOptions, study: Path | None = None, json: Annotated[bool, Parameter(negative=())] = False
) -> None:
    """Say which criterion, granularity, protection, level and keep ratio to use, and on what evidence.

    Parameters
    ----------
    study
        Folder of a run of cotpress sweep; without one the published findings answer.
    json
        Print it as JSON.
    """
    from cotpress.advice import Question

    question = Question(**asdict(ask_for))
    found = ask(question, study)
    if json:
        print(dumps({**asdict(question), **asdict(found), "command": found.command}, indent=2))
        return
    for line in told(found):
        print(line)


def ask(question: Question, study: Path | None) -> Advice:
    """The advice, from a run's folder or without one."""
    from cotpress.advice import advise as answer

    if study is None:
        return answer(question)
    from cotpress.tables import read_tables

    return answer(question, read_tables(study / "tables"), measured_with(study))


def measured_with(study: Path) -> Models:
    """The models that a run's settings name, so that the command does what was measured; none where there are none."""
    from cotpress.advice import Models

    try:
        given = loads((study / "study.json").read_text(encoding="utf-8"))
        scorer, rewriting = given["scorer"], given["rewriting"] or {}
        counted = given["tokenizer"] or next(iter(given["students"]), "") or ("" if scorer == "ngram" else scorer)
        rewriter = (rewriting.get(name, "") for name in ("rewriter", "model", "base_url"))
        return Models(scorer, given["saliency"], counted, *rewriter)
    except (OSError, ValueError, KeyError, TypeError):  # tables alone are enough to advise
        return Models()


def told(advice: Advice) -> list[str]:
    """Advice for people."""
    way = {"criterion": f"{advice.method}, {advice.granularity} level", "level": f"rewriting at level {advice.method}"}
    whole = "traces that were short from the start" if advice.method == "native-short" else "the traces as they are"
    lines = [f"use: {way.get(advice.kind, whole)}"]
    if advice.symbols:
        lines.append("protect: symbols")
    if advice.keep is not None:
        lines.append(f"keep ratio: {advice.keep:g}")
    lines += [f"accuracy retention: {advice.retention}", f"inference ratio: {advice.inference}"]
    lines.append(f"from: {advice.source}")
    lines += [f"  - {one}" for one in advice.evidence]
    lines += _cells(advice.cells)
    lines += [f"warning: {one}" for one in advice.warnings]
    lines += [f"disagrees with what was published: {one}" for one in advice.disagreements]
    return [*lines, f"run: {advice.command}"]


def _cells(names: Sequence[str]) -> list[str]:
    """The cells that advice rests on, a few by name."""
    more = len(names) - _SHOWN
    rest = [f"and {more} more, which cotpress advise --json lists"] if more > 0 else []
    return [f"{'cells:' if at == 0 else '':6} {one}" for at, one in enumerate([*names[:_SHOWN], *rest])]
