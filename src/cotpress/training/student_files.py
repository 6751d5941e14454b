"""A trained student on disk: adapter or whole model, its tokenizer, and the model with the adapter merged in."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cotpress.errors import OutputError, import_optional
from cotpress.models import summarize_error
from cotpress.pipeline.output import build_rejected_row, write_jsonl
from cotpress.training.student_folder import MERGED_FOLDER, REJECTED_FILE
from cotpress.training.student_loader import StudentLoader
from cotpress.types import Rejected


def stage_student(
    work: Path, trained: Any, tokenizer: Any, learner: StudentLoader, rejects: Sequence[Rejected]
) -> Path:
    """Write everything that a finished training leaves but training.json; gives the folder that it is in.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    staged = work / "final"
    shutil.rmtree(staged, ignore_errors=True)
    try:
        staged.mkdir()
        write_jsonl(staged / REJECTED_FILE, [build_rejected_row(rejected) for rejected in rejects])
        tokenizer.save_pretrained(staged)
        _save_model(staged, trained, tokenizer, learner)
    except Exception as error:  # torch, safetensors and tokenizers each have their own for a full disk
        rest = " to continue from the last checkpoint." if learner.recipe.save_steps else ": there is no checkpoint."
        raise OutputError(
            f"The trained student cannot be written to {work.parent}: {describe_write_error(error)}",
            f"Free some space, then run it again{rest}",
        ) from error
    return staged


def make_damaged_checkpoint_error(checkpoint: Path, error: Exception) -> OutputError:
    """What to say of a checkpoint that cannot be continued from."""
    return OutputError(
        f"The checkpoint {checkpoint} cannot be continued from: {summarize_error(error)}",
        "Delete that folder to continue from the one before it, or add --force to start over.",
    )


def describe_write_error(error: Exception) -> str:
    """What kept a file from being written, for people: torch names the line of its source."""
    line = summarize_error(error)
    return "the disk seems to be full" if "inline_container" in line or "enforce fail" in line else line


def _save_model(staged: Path, trained: Any, tokenizer: Any, learner: StudentLoader) -> None:
    trained.config.use_cache = True  # off while training; whoever generates with it wants it
    if learner.recipe.full:
        stored = learner.stored_dtype if learner.stored_dtype in ("bfloat16", "float16") else "float32"
        trained.to(getattr(import_optional("torch", "train"), stored)).save_pretrained(staged)
        return
    adapter = trained.peft_config["default"]
    adapter.base_model_name_or_path, adapter.revision = learner.base_model
    trained.save_pretrained(staged, save_embedding_layers=False)
    (staged / "README.md").unlink(missing_ok=True)  # a form that nobody has filled in
    if learner.recipe.merge:
        trained.merge_and_unload().save_pretrained(staged / MERGED_FOLDER)
        tokenizer.save_pretrained(staged / MERGED_FOLDER)
