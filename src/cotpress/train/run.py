"""A whole training: examples in, a trained student out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotpress.errors import CotpressError, ModelError, require
from cotpress.store import content_key
from cotpress.train.encoding import Encoded, Encoder, fitting
from cotpress.train.examples import Example, nothing_left, read_examples
from cotpress.train.folder import CHECKPOINT, Folder, opened
from cotpress.train.progress import Progress, Quiet
from cotpress.train.recipe import Recipe
from cotpress.train.recipes import load_recipe, recipe_for
from cotpress.train.saving import damaged, stage
from cotpress.train.student import Learner, Student, check_vocabulary
from cotpress.train.surroundings import choose_gpu, is_main, peak_memory, processes, undisturbed
from cotpress.train.training import Data, Point, Training, versions
from cotpress.types import Rejected
from cotpress.wording import counted


@dataclass(frozen=True, slots=True)
class _Set:
    """A training set ready for one student."""

    encoder: Encoder
    encoded: list[Encoded]
    rejects: list[Rejected]
    data: Data
    max_length: int


def train(
    inputs: str | Path | Sequence[str | Path],
    student: str | Path | Student,
    output: str | Path,
    recipe: Recipe | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> Training:
    """Fine-tune a student on training sets, with the loss on the completions alone.

    `inputs` are what `cotpress compress` or `rewrite` wrote: the folder, or its sft.jsonl in any export format.
    `output` gets the adapter (or the whole model) with its tokenizer, rejected.jsonl and training.json. Without a
    `recipe` it is the one made for the student. A training that was stopped is continued from its last checkpoint.
    The process is left as it was: may be called as often as wanted.

    Raises:
        InputError: an input that cannot be read, or of which no row can be trained on.
        ModelError: a student that is not to be found, loaded or trained.
        OutputError: `output` is finished (and not `force`), another run's, or cannot be written.
        OptionError: a recipe that cannot be followed.
        MissingExtra: a library of the extra `train` is not installed.
    """
    given = student if isinstance(student, Student) else Student(student)
    recipe = recipe or load_recipe(recipe_for(given.model))
    inputs = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    rows = list(read_examples(inputs))
    examples = [one for one in rows if isinstance(one, Example)]
    rejects = [one for one in rows if isinstance(one, Rejected)]
    if not examples:
        raise nothing_left(rejects)
    for library in ("torch", "datasets", "trl", "peft"):
        require(library, "train")
    choose_gpu()
    with undisturbed():
        learner = Learner(given, recipe)
        ready = _prepared(examples, rejects, learner, [str(one) for one in inputs])
        return _train(ready, learner, Path(output).expanduser(), force, progress or Quiet())


def _prepared(examples: list[Example], rejects: list[Rejected], learner: Learner, inputs: list[str]) -> _Set:
    """Encode what fits."""
    encoder = learner.load_encoder()
    max_length = min(learner.recipe.max_length, learner.positions or learner.recipe.max_length)
    kept, encoded = [], []
    for one in fitting(examples, encoder, max_length):
        if isinstance(one, Rejected):
            rejects.append(one)
        else:
            kept.append(one[0].key)
            encoded.append(one[1])
    if not encoded:
        raise nothing_left(rejects)
    reasons = dict(Counter(one.reason for one in rejects))
    data = Data(tuple(inputs), content_key(kept), len(encoded), len(rejects), reasons)
    return _Set(encoder, encoded, rejects, data, max_length)


def _train(ready: _Set, learner: Learner, output: Path, force: bool, progress: Progress) -> Training:
    from cotpress.train.assembling import make_config

    work = Folder(output).work
    bf16 = learner.computes_in == "bfloat16"
    config = make_config(learner.recipe, work, ready.max_length, bf16, learner.on_cpu)
    found = versions()
    key = content_key(learner.recipe.model_dump(), learner.identity, ready.data.key, found, processes())
    with opened(output, key, force) if is_main() else nullcontext(Folder(output)) as folder:
        config.distributed_state.wait_for_everyone()
        checkpoint = folder.last_checkpoint
        progress.say(_announced(ready, learner, checkpoint))
        trainer = _trained(ready, learner, config, checkpoint, progress)
        training = _told(trainer, ready, learner, checkpoint)
        config.distributed_state.wait_for_everyone()
        if is_main():
            staged = stage(folder.work, trainer.model, ready.encoder.tokenizer, learner, ready.rejects)
            folder.finish(staged, training.told())
    return training


def _trained(ready: _Set, learner: Learner, config: Any, checkpoint: Path | None, progress: Progress) -> Any:
    """The trainer, once it is through."""
    from cotpress.train.assembling import make_trainer

    torch = require("torch", "train")
    model = learner.load_model()
    check_vocabulary(model, ready.encoded, learner.student.model)
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    watch = (learner.recipe, progress, checkpoint)
    trainer = make_trainer(model, ready.encoder.tokenizer, ready.encoded, config, watch)
    before = trainer.seen.tokens
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
        if checkpoint is None or trainer.seen.tokens > before:
            raise
        raise damaged(checkpoint, error) from error
    return trainer


def _told(trainer: Any, ready: _Set, learner: Learner, checkpoint: Path | None) -> Training:
    state, seen, recipe = trainer.state, trainer.seen, learner.recipe
    points = [Point(*(one[name] for name in _POINT)) for one in state.log_history if "loss" in one]
    sizes = [(one.numel(), one.requires_grad) for one in trainer.model.parameters()]
    return Training(
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
        processes=processes(),
        peak_memory=peak_memory(),
        continued_from=_step(checkpoint) if checkpoint else None,
        seed=recipe.seed,
        recipe=recipe.model_dump(mode="json"),
        versions=versions(),
    )


_POINT = ("step", "loss", "learning_rate", "tokens", "seconds")


def _step(checkpoint: Path) -> int:
    return int(checkpoint.name.removeprefix(CHECKPOINT))  # by its name: it may be gone, later ones took its place


def _announced(ready: _Set, learner: Learner, checkpoint: Path | None) -> str:
    start = f", continued from step {_step(checkpoint)}" if checkpoint else ""
    rejected = f", {ready.data.rejected} rejected" if ready.data.rejected else ""
    return (
        f"{counted(ready.data.examples, 'example')}{rejected}; {learner.student.model} in {learner.computes_in}{start}."
    )
