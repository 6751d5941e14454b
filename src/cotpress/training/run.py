"""A whole training: examples in, a trained student out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotpress.errors import CotpressError, ModelError, import_optional
from cotpress.models import ModelSpec, make_model_spec
from cotpress.number_formatting import count_noun
from cotpress.progress import Progress, Silent
from cotpress.storage import compute_content_key
from cotpress.training.encoding import EncodedExample, ExampleEncoder, encode_examples
from cotpress.training.examples import TrainingExample, make_no_examples_error, read_examples
from cotpress.training.recipe import TrainingRecipe
from cotpress.training.recipe_files import find_recipe_name, load_recipe
from cotpress.training.result import LossPoint, TrainingData, TrainingResult, collect_training_versions
from cotpress.training.runtime import (
    choose_gpu,
    count_processes,
    is_main_process,
    isolated_process_state,
    measure_peak_memory,
)
from cotpress.training.student_files import make_damaged_checkpoint_error, stage_student
from cotpress.training.student_folder import CHECKPOINT_PREFIX, StudentFolder, open_student_folder
from cotpress.training.student_loader import StudentLoader, StudentSpec, check_vocabulary
from cotpress.types import Rejected


@dataclass(frozen=True, slots=True)
class _EncodedTrainingSet:
    """A training set ready for one student."""

    encoder: ExampleEncoder
    encoded: list[EncodedExample]
    rejects: list[Rejected]
    data: TrainingData
    max_length: int


def train(
    inputs: str | Path | Sequence[str | Path],
    student: str | Path | ModelSpec | StudentSpec,
    output: str | Path,
    recipe: TrainingRecipe | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> TrainingResult:
    """Fine-tune a student on training sets, with the loss on the completions alone.

    A training that was stopped is continued from its last checkpoint. The process is left as it was: may be called as
    often as wanted.

    Args:
        inputs: what `cotpress compress` or `rewrite` wrote: folders, or their sft.jsonl in any export format.
        student: a folder, hub id or embedded model; or a StudentSpec.
        output: gets the adapter (or the whole model) with its tokenizer, rejected.jsonl and training.json.
        recipe: how it is trained; by default as `find_recipe_name` says for the student.
        force: whether a finished training in `output` is replaced.
        progress: is told of steps.

    Raises:
        InputError: an input that cannot be read, or of which no row can be trained on.
        ModelError: a student that is not to be found, loaded or trained.
        OutputError: `output` is finished (and not `force`), another run's, or cannot be written.
        OptionError: a recipe that cannot be followed.
        MissingExtraError: a library of the extra `train` is not installed.

    >>> from cotpress import Trace, compress, write
    >>> _ = write(compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")]), "out")
    >>> train("out", "world-llama", "student", load_recipe("world", {"max_steps": 1})).steps
    1
    """
    spec = student if isinstance(student, StudentSpec) else StudentSpec(make_model_spec(student))
    recipe = recipe or load_recipe(find_recipe_name(spec.name))
    inputs = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    rows = list(read_examples(inputs))
    examples = [row for row in rows if isinstance(row, TrainingExample)]
    rejects = [row for row in rows if isinstance(row, Rejected)]
    if not examples:
        raise make_no_examples_error(rejects)
    for library in ("torch", "datasets", "trl", "peft"):
        import_optional(library, "train")
    choose_gpu()
    with isolated_process_state():
        learner = StudentLoader(spec, recipe)
        ready = _encode_training_set(examples, rejects, learner, [str(path) for path in inputs])
        return _train(ready, learner, Path(output).expanduser(), force, progress or Silent())


def _encode_training_set(
    examples: list[TrainingExample], rejects: list[Rejected], learner: StudentLoader, inputs: list[str]
) -> _EncodedTrainingSet:
    """Encode what fits."""
    encoder = learner.load_example_encoder()
    max_length = min(learner.recipe.max_length, learner.max_positions or learner.recipe.max_length)
    kept, encoded = [], []
    for outcome in encode_examples(examples, encoder, max_length):
        if isinstance(outcome, Rejected):
            rejects.append(outcome)
        else:
            kept.append(outcome[0].key)
            encoded.append(outcome[1])
    if not encoded:
        raise make_no_examples_error(rejects)
    reasons = dict(Counter(rejected.reason for rejected in rejects))
    data = TrainingData(tuple(inputs), compute_content_key(kept), len(encoded), len(rejects), reasons)
    return _EncodedTrainingSet(encoder, encoded, rejects, data, max_length)


def _train(
    ready: _EncodedTrainingSet, learner: StudentLoader, output: Path, force: bool, progress: Progress
) -> TrainingResult:
    from cotpress.training.trainer_factory import make_trainer_config

    work = StudentFolder(output).work_folder
    bf16 = learner.compute_dtype == "bfloat16"
    config = make_trainer_config(learner.recipe, work, ready.max_length, bf16, learner.is_on_cpu)
    versions = collect_training_versions()
    key = compute_content_key(
        learner.recipe.model_dump(), learner.identity, ready.data.key, versions, count_processes()
    )
    with open_student_folder(output, key, force) if is_main_process() else nullcontext(StudentFolder(output)) as folder:
        config.distributed_state.wait_for_everyone()
        checkpoint = folder.last_checkpoint
        progress.say(_format_start_line(ready, learner, checkpoint))
        trainer = _run_trainer(ready, learner, config, checkpoint, progress)
        training = _make_result(trainer, ready, learner, checkpoint)
        config.distributed_state.wait_for_everyone()
        if is_main_process():
            staged = stage_student(folder.work_folder, trainer.model, ready.encoder.tokenizer, learner, ready.rejects)
            folder.finish(staged, training.to_dict())
    return training


def _run_trainer(
    ready: _EncodedTrainingSet, learner: StudentLoader, config: Any, checkpoint: Path | None, progress: Progress
) -> Any:
    """The trainer, once it is through."""
    from cotpress.training.trainer_factory import make_trainer

    torch = import_optional("torch", "train")
    model = learner.load_model()
    check_vocabulary(model, ready.encoded, learner.student.name)
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    watch = (learner.recipe, progress, checkpoint)
    trainer = make_trainer(model, ready.encoder.tokenizer, ready.encoded, config, watch)
    before = trainer.totals.tokens
    try:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise ModelError(
            f"There is not enough memory on {config.device} for batches of {learner.recipe.batch_size}.",
            "Lower --batch-size and raise --accumulation as much, or add --gradient-checkpointing.",
        ) from error
    except CotpressError:
        raise
    except Exception as error:  # torch, safetensors and json each have their own for a damaged file
        if checkpoint is None or trainer.totals.tokens > before:
            raise
        raise make_damaged_checkpoint_error(checkpoint, error) from error
    return trainer


def _make_result(
    trainer: Any, ready: _EncodedTrainingSet, learner: StudentLoader, checkpoint: Path | None
) -> TrainingResult:
    state, seen, recipe = trainer.state, trainer.totals, learner.recipe
    points = [
        LossPoint(*(entry[name] for name in _LOSS_POINT_FIELDS)) for entry in state.log_history if "loss" in entry
    ]
    sizes = [(weights.numel(), weights.requires_grad) for weights in trainer.model.parameters()]
    return TrainingResult(
        student=learner.identity,
        method="full" if recipe.full else "lora",
        data=ready.data,
        steps=state.global_step,
        epochs=round(state.epoch, 4),
        tokens=seen.tokens,
        loss_tokens=seen.loss_tokens,
        seconds=round(seen.seconds, 3),
        final_loss=points[-1].loss,
        loss=tuple(points),
        max_length=ready.max_length,
        parameters=sum(size for size, _ in sizes),
        trained_parameters=sum(size for size, trained in sizes if trained),
        device=str(trainer.args.device),
        processes=count_processes(),
        peak_memory=measure_peak_memory(),
        continued_from=_parse_optimizer_steps(checkpoint) if checkpoint else None,
        seed=recipe.seed,
        recipe=recipe.model_dump(mode="json"),
        versions=collect_training_versions(),
    )


_LOSS_POINT_FIELDS = ("step", "loss", "learning_rate", "tokens", "seconds")


def _parse_optimizer_steps(checkpoint: Path) -> int:
    return int(
        checkpoint.name.removeprefix(CHECKPOINT_PREFIX)
    )  # by its name: it may be gone, later ones took its place


def _format_start_line(ready: _EncodedTrainingSet, learner: StudentLoader, checkpoint: Path | None) -> str:
    start = f", continued from step {_parse_optimizer_steps(checkpoint)}" if checkpoint else ""
    rejected = f", {ready.data.rejected} rejected" if ready.data.rejected else ""
    examples = count_noun(ready.data.examples, "example")
    return f"{examples}{rejected}; {learner.student.name} in {learner.compute_dtype}{start}."
