"""TRL's trainer, with our order of examples, counts and checkpoints. Imported when a training begins."""

from __future__ import annotations

import json
import math
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, OutputError, import_optional
from cotpress.progress import Progress
from cotpress.training.example_order import EpochSampler
from cotpress.training.recipe import TrainingRecipe
from cotpress.training.student_files import describe_write_error, make_damaged_checkpoint_error
from cotpress.training.student_folder import CHECKPOINT_PREFIX, COMPLETE_MARKER

torch, transformers, trl = (import_optional(name, "train") for name in ("torch", "transformers", "trl"))
TRAINER_STATE_FILE = "trainer_state.json"


@dataclass(frozen=True, slots=True)
class TrainingTotals:
    """What training has come to: tokens through the model, those with a loss, and seconds. Kept in checkpoints."""

    tokens: int = 0
    loss_tokens: int = 0
    seconds: float = 0.0

    @classmethod
    def from_checkpoint(cls, checkpoint: Path | None) -> TrainingTotals:
        """What there was to see at a checkpoint. Raises OutputError where it is damaged."""
        if checkpoint is None:
            return cls()
        try:
            state = json.loads((checkpoint / TRAINER_STATE_FILE).read_text(encoding="utf-8"))
            last = next(entry for entry in reversed(state["log_history"]) if "loss" in entry)
            return cls(last["tokens"], last["loss_tokens"], last["seconds"])
        except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
            raise make_damaged_checkpoint_error(checkpoint, error) from error


class StudentTrainer(trl.SFTTrainer):  # type: ignore[misc, name-defined]
    """SFTTrainer for one recipe. `totals` is what earlier runs had come to, where one is continued."""

    def __init__(self, recipe: TrainingRecipe, progress: Progress, seen: TrainingTotals, **rest: Any) -> None:
        self._recipe, self._progress, self._before = recipe, progress, seen
        self._tokens = self._loss_tokens = 0
        self._began = time.monotonic()
        super().__init__(**rest)
        self.add_callback(_ProgressCallback(self, progress))

    def _send_telemetry(self) -> None:
        """Nobody is told that somebody trains."""

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """The card of a checkpoint would say nothing."""

    def _get_train_sampler(self, train_dataset: Any = None) -> EpochSampler:
        lengths = [len(ids) for ids in self.train_dataset["input_ids"]]
        group = self.args.train_batch_size * self.args.gradient_accumulation_steps * self.args.world_size
        self.sampler = EpochSampler(lengths, group, self._recipe.seed, self._recipe.group_by_length)
        return self.sampler

    def get_batch_samples(self, epoch_iterator: Iterator[Any], num_batches: int, device: Any) -> tuple[list[Any], Any]:
        """The batches of one step, counted."""
        batches, items = super().get_batch_samples(epoch_iterator, num_batches, device)
        for batch in batches:
            self._tokens += int(batch["attention_mask"].sum() if "attention_mask" in batch else batch["labels"].numel())
        self._loss_tokens += int(items)
        return batches, items

    def start_clock(self) -> None:
        """Seconds count from now."""
        self._began = time.monotonic()

    @property
    def totals(self) -> TrainingTotals:
        """What training has come to, over all processes and earlier runs."""
        here = torch.tensor(self._tokens, device=self.args.device)
        tokens = int(self.accelerator.gather(here).sum()) + self._before.tokens
        seconds = time.monotonic() - self._began + self._before.seconds
        return TrainingTotals(tokens, self._loss_tokens + self._before.loss_tokens, seconds)

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Add what has been seen to a point of the loss curve; a loss that is no number ends the training."""
        loss = logs.get("loss")
        if loss is not None:
            if not math.isfinite(loss):
                raise ModelError(
                    f"The loss is {loss} at step {self.state.global_step}.",
                    "Lower --learning-rate, or train in another dtype.",
                )
            seen = self.totals
            logs |= {"tokens": seen.tokens, "loss_tokens": seen.loss_tokens, "seconds": seen.seconds}
            self._progress.note(f"loss {loss:.4f}")
        super().log(logs, start_time)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        place = Path(self.args.output_dir) / f"{CHECKPOINT_PREFIX}{self.state.global_step}"
        try:
            super()._save_checkpoint(model, trial)
            if self.args.should_save:
                (place / COMPLETE_MARKER).touch()
        except Exception as error:  # torch, safetensors and tokenizers each have their own for a full disk
            shutil.rmtree(place, ignore_errors=True)
            raise OutputError(
                f"The checkpoint at step {self.state.global_step} cannot be written: {describe_write_error(error)}",
                "Earlier ones are kept: free some space, then run it again to continue from the last.",
            ) from error


class _ProgressCallback(transformers.TrainerCallback):  # type: ignore[misc, name-defined]
    """Tells the progress of the steps, and the sampler of the epoch."""

    def __init__(self, trainer: StudentTrainer, progress: Progress) -> None:
        self._trainer, self._progress = trainer, progress

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._trainer.start_clock()
        self._progress.start("training", state.max_steps, state.global_step)

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._trainer.sampler.set_epoch(int(state.epoch or 0))

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._progress.advance(1)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._progress.done()
