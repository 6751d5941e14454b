"""The steps that make and ask students: training on a compression's texts, and evaluation on the benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cotpress.errors import InputError
from cotpress.evaluate import Backend, Output, Plan, Row, evaluate, open_student, read_evaluation
from cotpress.export import Style, example, get_format
from cotpress.output import write_jsonl
from cotpress.store import content_key
from cotpress.study.artifacts import Step
from cotpress.study.desk import Desk
from cotpress.study.plan import Cell, Compression
from cotpress.study.shortening import shortened, texts_step
from cotpress.train import Learner, Recipe, Student, is_finished, load_recipe, read_training, recipe_for, train
from cotpress.types import Compressed

VERSION = 1
FORMAT = "prompt-completion"


def training_step(desk: Desk, cell: Cell) -> Step:
    """The step that trains: the same one wherever examples, student, recipe and seed are.

    What the examples say counts, not how they came about: ways to shorten that leave the same texts train one student,
    and a step that is made anew and comes to the same trains none. They are made where they are not in the store.
    """
    student, recipe = _settings(desk, cell.student)
    return Step.of("training", VERSION, _examples_key(desk, cell.compression), student, {**recipe, "seed": cell.seed})


def training_folder(desk: Desk, cell: Cell) -> Path:
    """The folder of that step; the student is in `student/`."""

    def build(folder: Path) -> None:
        examples = _examples(desk, cell.compression)
        if not examples:
            raise InputError(
                f"No trace is left of {cell.compression.name}: all were rejected.", "Give a larger keep ratio."
            )
        write_jsonl(folder / "sft.jsonl", examples)
        if not is_finished(folder / "student"):  # by an earlier start that was stopped right after it
            train([folder / "sft.jsonl"], cell.student, folder / "student", recipe_of(desk, cell))

    return desk.artifacts.make(training_step(desk, cell), build)


def evaluation_step(desk: Desk, cell: Cell) -> Step:
    """The step that asks a trained student; the budget is the same for all cells of a study."""
    asked = desk.items_key(cell.compression.condition)
    return Step.of("evaluation", VERSION, training_step(desk, cell).key, asked, asdict(_plan(desk)))


def evaluation_folder(desk: Desk, cell: Cell) -> Path:
    """The folder of that step; the rows are in `answers/`."""

    def build(folder: Path) -> None:
        trained = training_folder(desk, cell) / "student"
        student = open_student(Backend(str(trained), batch=desk.study.batch))
        evaluate(student, desk.items(cell.compression.condition), _plan(desk), Output(folder / "answers"), desk.grader)

    return desk.artifacts.make(evaluation_step(desk, cell), build)


def told(training: Path) -> dict[str, Any]:
    """What a training step says of itself."""
    return read_training(training / "student")


def rows_of(evaluation: Path) -> tuple[Row, ...]:
    """What an evaluation step found."""
    return read_evaluation(evaluation / "answers").rows


def is_taught(desk: Desk, cell: Cell) -> bool:
    """Whether the cell's student is in the store, trained and asked."""
    if desk.artifacts.find(texts_step(desk, cell.compression)) is None:
        return False
    steps = (training_step(desk, cell), evaluation_step(desk, cell))
    return all(desk.artifacts.find(step) is not None for step in steps)


def _examples(desk: Desk, way: Compression) -> list[Mapping[str, Any]]:
    row = get_format(FORMAT).row
    return [row(example(one, Style())) for one in _compressed(desk, way)]


def _examples_key(desk: Desk, way: Compression) -> str:
    def find() -> str:
        return content_key([content_key(one) for one in _examples(desk, way)])  # no text of all examples at once

    return desk.once(("examples key", way.name), find)


def _compressed(desk: Desk, way: Compression) -> list[Compressed]:
    native = way.method == "native-short"
    traces = {trace.id: trace for trace in desk.material(way.condition, native).traces}
    rows = [row for row in shortened(desk, way) if row["text"] is not None]
    counts = ("tokens_original", "tokens_kept", "keep")
    return [Compressed(traces[row["trace"]], row["text"], None, *(row[one] for one in counts)) for row in rows]


def recipe_of(desk: Desk, cell: Cell) -> Recipe:
    """The study's recipe, or the one made for the student, with the cell's seed."""
    return _recipe(desk, cell.student).model_copy(update={"seed": cell.seed})


def _recipe(desk: Desk, student: str) -> Recipe:
    return desk.once(("recipe", student), lambda: load_recipe(desk.study.recipe or recipe_for(student), {"seed": 0}))


def _settings(desk: Desk, student: str) -> tuple[Any, Any]:
    """What a training depends on besides texts and seed: the student, whose files are read for it, and the recipe."""

    def find() -> tuple[Any, Any]:
        recipe = _recipe(desk, student)
        return Learner(Student(student), recipe).identity, recipe.model_dump(mode="json")

    return desk.once(("student", student), find)


def _plan(desk: Desk) -> Plan:
    return Plan(desk.study.max_new_tokens)
