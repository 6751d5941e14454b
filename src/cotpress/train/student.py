"""The model that is trained: where it comes from, its words, and its weights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, OptionError
from cotpress.models import STUDENTS, Limits, Wanted
from cotpress.train.encoding import Encoded, Encoder, make_encoder
from cotpress.train.recipe import Recipe

DEVICES = ("", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class Student:
    """A student as a user names it: an embedded model, a folder, a `.gguf` file or a hub id.

    `chat_template` is a Jinja file that takes the place of the model's own template. `device` is "cpu", "cuda" or
    "mps", "" for a GPU where there is one; of several GPUs, $CUDA_VISIBLE_DEVICES picks.

    Raises:
        OptionError: on construction, for another device.
    """

    model: str | Path
    revision: str = ""
    chat_template: Path | None = None
    device: str = ""
    trust_remote_code: bool = False

    def __post_init__(self) -> None:
        if self.device not in DEVICES:
            raise OptionError(
                f"A student cannot be trained on the device '{self.device}'.",
                "Give cpu, cuda or mps; choose among GPUs with CUDA_VISIBLE_DEVICES.",
            )


class Learner:
    """A student with a recipe: identity from the files alone, then tokenizer, then weights.

    Raises:
        ModelError: on first use, for a student that is not to be found or not fit to be trained.
    """

    def __init__(self, student: Student, recipe: Recipe) -> None:
        self.student, self.recipe = student, recipe
        dtype = None if recipe.dtype == "auto" else recipe.dtype
        revision, device = student.revision or None, student.device or None
        self._wanted = Wanted(student.model, revision, device, dtype, Limits(), student.trust_remote_code)
        if self._wanted.origin.adapter:
            raise ModelError(
                f"The student {student.model} is an adapter, and a new one is trained on a whole model.",
                "Give its base, or its merged/ folder where it was trained with --merge.",
            )

    @property
    def computes_in(self) -> str:
        """The dtype that matrices are multiplied in, "float32" or "bfloat16"."""
        return self._wanted.place.dtype

    @property
    def on_cpu(self) -> bool:
        """Whether it is trained on the CPU."""
        return self._wanted.place.device == "cpu"

    @property
    def stored_dtype(self) -> str:
        """The dtype that the weights came in, "" where that is not known."""
        return self._wanted.origin.stored_dtype

    @cached_property
    def identity(self) -> dict[str, str]:
        """Model, revision, tokenizer, dtype and chat template."""
        template = self._template or "own"
        return {"name": str(self.student.model), **self._wanted.identity, "chat_template": template}

    @property
    def base(self) -> tuple[str, str | None]:
        """(the name or absolute path by which an adapter finds its base, the revision on the hub)."""
        model = self.student.model
        if str(model) in STUDENTS or self._wanted.origin.commit:
            return str(model), self._wanted.origin.commit
        return str(Path(model).expanduser().resolve()), None

    @property
    def positions(self) -> int | None:
        """The longest sequence that the model has positions for, None where it does not say."""
        stated = _settings(self._wanted.origin.read("config.json")).get("max_position_embeddings")
        return stated if isinstance(stated, int) else None

    def load_encoder(self) -> Encoder:
        """The tokenizer, with the chat template that was asked for, as an encoder.

        Raises:
            ModelError: there is no chat template, or it cannot be applied.
        """
        tokenizer = self._wanted.load_tokenizer()
        if self._template:
            tokenizer.chat_template = self._template
        if not tokenizer.chat_template:
            raise ModelError(
                f"The student {self.student.model} has no chat template, which says where its turn begins and ends.",
                "Give an instruction-tuned model, or a template with --chat-template FILE (see docs/training.md).",
            )
        named = _settings(self._wanted.origin.read("generation_config.json")).get("eos_token_id")
        ends = {*(named if isinstance(named, list) else [named]), tokenizer.eos_token_id} - {None}
        return make_encoder(tokenizer, frozenset(ends))

    def load_model(self) -> Any:
        """The weights on their device: float32 where all of them are trained, else in the dtype to compute in.

        Raises:
            ModelError: they cannot be loaded, or are not all there.
        """
        wanted = self._wanted
        if self.recipe.full:  # an update of bfloat16 weights is mostly rounded away
            rest = (Limits(), self.student.trust_remote_code)
            wanted = Wanted(self.student.model, self.student.revision or None, wanted.place.device, "float32", *rest)
        model = wanted.load_model("AutoModelForCausalLM")
        model.requires_grad_(self.recipe.full)
        return model

    @cached_property
    def _template(self) -> str:
        path = self.student.chat_template
        if path is None:
            return ""
        try:
            return path.expanduser().read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise OptionError(f"The chat template {path} cannot be read: {why}.", "Give a Jinja file.") from None


def check_vocabulary(model: Any, encoded: Sequence[Encoded], name: str | Path) -> None:
    """Refuse ids that the model has no embedding for.

    Raises:
        ModelError: the tokenizer has more tokens than the model.
    """
    rows, largest = int(model.get_input_embeddings().weight.shape[0]), max(int(one.ids.max()) for one in encoded)
    if largest >= rows:
        raise ModelError(
            f"The tokenizer of {name} gives the token {largest}, and the model has only {rows}.",
            "Give the tokenizer that belongs to the model; a student's vocabulary is not enlarged.",
        )


def _settings(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
