"""The steps that make and ask students: training on a compression's texts, and evaluation on the benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cotpress.errors import InputError
from cotpress.evaluation import (
    ChatStudentConfig,
    EvaluationConfig,
    EvaluationOutput,
    EvaluationRow,
    evaluate,
    open_student,
    read_evaluation_result,
)
from cotpress.export import ExampleStyle, build_example, get_export_format
from cotpress.models import ModelSpec
from cotpress.pipeline.output import write_jsonl
from cotpress.storage import compute_content_key
from cotpress.study.artifacts import Artifact
from cotpress.study.compression_steps import get_texts_artifact, load_compressed_rows
from cotpress.study.context import StudyContext
from cotpress.study.plan import Cell, Compression
from cotpress.training import (
    StudentLoader,
    StudentSpec,
    TrainingRecipe,
    find_recipe_name,
    is_finished,
    load_recipe,
    read_training_result,
    train,
)
from cotpress.types import Compressed

STUDENT_VERSION = 1
EXAMPLE_FORMAT = "prompt-completion"


def get_training_artifact(context: StudyContext, cell: Cell) -> Artifact:
    """The step that trains: the same one wherever examples, student, recipe and seed are.

    What the examples say counts, not how they came about: compressions that leave the same texts train one student,
    and a step that is made anew and comes to the same trains none. They are made where they are not in the store.
    """
    student, recipe = _load_training_settings(context, cell.student)
    return Artifact.from_inputs(
        "training",
        STUDENT_VERSION,
        _compute_examples_key(context, cell.compression),
        student,
        {**recipe, "seed": cell.seed},
    )


def make_training_folder(context: StudyContext, cell: Cell) -> Path:
    """The folder of that step; the student is in `student/`."""

    def build(folder: Path) -> None:
        examples = _build_examples(context, cell.compression)
        if not examples:
            raise InputError(
                f"No trace is left of {cell.compression.name}: all were rejected.", "Give a larger keep ratio."
            )
        write_jsonl(folder / "sft.jsonl", examples)
        if not is_finished(folder / "student"):  # by an earlier start that was stopped right after it
            train([folder / "sft.jsonl"], cell.student, folder / "student", load_cell_recipe(context, cell))

    return context.artifacts.make(get_training_artifact(context, cell), build)


def get_evaluation_artifact(context: StudyContext, cell: Cell) -> Artifact:
    """The step that asks a trained student; the budget is the same for all cells of a study."""
    problems = context.compute_problems_key(cell.compression.condition)
    return Artifact.from_inputs(
        "evaluation",
        STUDENT_VERSION,
        get_training_artifact(context, cell).key,
        problems,
        asdict(_make_evaluation_plan(context)),
    )


def make_evaluation_folder(context: StudyContext, cell: Cell) -> Path:
    """The folder of that step; the rows are in `answers/`."""

    def build(folder: Path) -> None:
        trained = make_training_folder(context, cell) / "student"
        student = open_student(
            ChatStudentConfig(ModelSpec(str(trained)), context.study.backend, batch_size=context.study.batch_size)
        )
        evaluate(
            student,
            context.load_problems(cell.compression.condition),
            _make_evaluation_plan(context),
            EvaluationOutput(folder / "answers"),
            context.grader,
        )

    return context.artifacts.make(get_evaluation_artifact(context, cell), build)


def read_training_summary(training: Path) -> dict[str, Any]:
    """What a training step says of itself."""
    return read_training_result(training / "student")


def read_evaluation_rows(evaluation: Path) -> tuple[EvaluationRow, ...]:
    """What an evaluation step found."""
    return read_evaluation_result(evaluation / "answers").rows


def is_cell_done(context: StudyContext, cell: Cell) -> bool:
    """Whether the cell's student is in the store, trained and asked."""
    if context.artifacts.find(get_texts_artifact(context, cell.compression)) is None:
        return False
    steps = (get_training_artifact(context, cell), get_evaluation_artifact(context, cell))
    return all(context.artifacts.find(step) is not None for step in steps)


def _build_examples(context: StudyContext, compression: Compression) -> list[Mapping[str, Any]]:
    row = get_export_format(EXAMPLE_FORMAT).build_row
    return [row(build_example(outcome, ExampleStyle())) for outcome in _load_compressed(context, compression)]


def _compute_examples_key(context: StudyContext, compression: Compression) -> str:
    def compute() -> str:
        return compute_content_key(
            [compute_content_key(example) for example in _build_examples(context, compression)]
        )  # no text of all examples at once

    return context.get_or_compute(("examples key", compression.name), compute)


def _load_compressed(context: StudyContext, compression: Compression) -> list[Compressed]:
    native = compression.method == "native-short"
    traces = {trace.id: trace for trace in context.load_condition(compression.condition, native).traces}
    rows = [row for row in load_compressed_rows(context, compression) if row["text"] is not None]
    counts = ("tokens_original", "tokens_kept", "keep")
    return [Compressed(traces[row["trace"]], row["text"], None, *(row[name] for name in counts)) for row in rows]


def load_cell_recipe(context: StudyContext, cell: Cell) -> TrainingRecipe:
    """The study's recipe, or the one made for the student, with the cell's seed."""
    return _load_student_recipe(context, cell.student).model_copy(update={"seed": cell.seed})


def _load_student_recipe(context: StudyContext, student: str) -> TrainingRecipe:
    return context.get_or_compute(
        ("recipe", student), lambda: load_recipe(context.study.recipe or find_recipe_name(student), {"seed": 0})
    )


def _load_training_settings(context: StudyContext, student: str) -> tuple[Any, Any]:
    """What a training depends on besides texts and seed: the student, whose files are read for it, and the recipe."""

    def load() -> tuple[Any, Any]:
        recipe = _load_student_recipe(context, student)
        return StudentLoader(StudentSpec(ModelSpec(student)), recipe).identity, recipe.model_dump(mode="json")

    return context.get_or_compute(("student", student), load)


def _make_evaluation_plan(context: StudyContext) -> EvaluationConfig:
    return EvaluationConfig(context.study.max_new_tokens)
