"""The model that is trained: where it comes from, its words, and its weights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, OptionError
from cotpress.models import EMBEDDED_STUDENTS, InferenceLimits, ModelLoader, ModelSpec, make_model_spec
from cotpress.training.encoding import EncodedExample, ExampleEncoder, make_example_encoder
from cotpress.training.recipe import TrainingRecipe

DEVICES = ("", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class StudentSpec:
    """A student as a user names it: an embedded model, a folder, a `.gguf` file or a hub id.

    `chat_template` is a Jinja file that takes the place of the model's own template. The model's device is "cpu",
    "cuda" or "mps", "" for a GPU where there is one; of several GPUs, $CUDA_VISIBLE_DEVICES picks. The recipe says the
    dtype and the context.

    Raises:
        OptionError: on construction, for another device, and for a dtype or limits.
    """

    model: ModelSpec
    chat_template: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", make_model_spec(self.model))  # a name or a path will do, too
        if self.model.device not in DEVICES:
            raise OptionError(
                f"A student cannot be trained on the device '{self.model.device}'.",
                "Give cpu, cuda or mps; choose among GPUs with CUDA_VISIBLE_DEVICES.",
            )
        if self.model.dtype or self.model.limits != InferenceLimits():
            raise OptionError(
                "A student's ModelSpec was given a dtype or limits.", "Give dtype and max_length in the recipe."
            )

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name


class StudentLoader:
    """A student with a recipe: identity from the files alone, then tokenizer, then weights.

    Raises:
        ModelError: on first use, for a student that is not to be found or not fit to be trained.
    """

    def __init__(self, student: StudentSpec, recipe: TrainingRecipe) -> None:
        self.student, self.recipe = student, recipe
        dtype = "" if recipe.dtype == "auto" else recipe.dtype
        self._loader = ModelLoader(replace(student.model, dtype=dtype))
        if self._loader.resolved.adapter:
            raise ModelError(
                f"The student {student.name} is an adapter, and a new one is trained on a whole model.",
                "Give its base, or its merged/ folder where it was trained with --merge.",
            )

    @property
    def compute_dtype(self) -> str:
        """The dtype that matrices are multiplied in, "float32" or "bfloat16"."""
        return self._loader.placement.dtype

    @property
    def is_on_cpu(self) -> bool:
        """Whether it is trained on the CPU."""
        return self._loader.placement.device == "cpu"

    @property
    def stored_dtype(self) -> str:
        """The dtype that the weights came in, "" where that is not known."""
        return self._loader.resolved.stored_dtype

    @cached_property
    def identity(self) -> dict[str, str]:
        """Model, revision, tokenizer, dtype and chat template."""
        template = self._chat_template or "own"
        return {"name": self.student.name, **self._loader.identity, "chat_template": template}

    @property
    def base_model(self) -> tuple[str, str | None]:
        """(the name or absolute path by which an adapter finds its base, the revision on the hub)."""
        name = self.student.name
        if name in EMBEDDED_STUDENTS or self._loader.resolved.commit:
            return name, self._loader.resolved.commit
        return str(Path(name).expanduser().resolve()), None

    @property
    def max_positions(self) -> int | None:
        """The longest sequence that the model has positions for, None where it does not say."""
        stated = _parse_settings(self._loader.resolved.read("config.json")).get("max_position_embeddings")
        return stated if isinstance(stated, int) else None

    def load_example_encoder(self) -> ExampleEncoder:
        """The tokenizer, with the chat template that was asked for, as an encoder.

        Raises:
            ModelError: there is no chat template, or it cannot be applied.
        """
        tokenizer = self._loader.load_tokenizer()
        if self._chat_template:
            tokenizer.chat_template = self._chat_template
        if not tokenizer.chat_template:
            raise ModelError(
                f"The student {self.student.name} has no chat template, which says where its turn begins and ends.",
                "Give an instruction-tuned model, or a template with --chat-template FILE (docs/training.md says how).",
            )
        named = _parse_settings(self._loader.resolved.read("generation_config.json")).get("eos_token_id")
        ends = {*(named if isinstance(named, list) else [named]), tokenizer.eos_token_id} - {None}
        return make_example_encoder(tokenizer, frozenset(ends))

    def load_model(self) -> Any:
        """The weights on their device: float32 where all of them are trained, else in the dtype to compute in.

        Raises:
            ModelError: they cannot be loaded, or are not all there.
        """
        loader = self._loader
        if self.recipe.full:  # an update of bfloat16 weights is mostly rounded away
            loader = ModelLoader(replace(self.student.model, device=loader.placement.device, dtype="float32"))
        model = loader.load_model("AutoModelForCausalLM")
        model.requires_grad_(self.recipe.full)
        return model

    @cached_property
    def _chat_template(self) -> str:
        path = self.student.chat_template
        if path is None:
            return ""
        try:
            return path.expanduser().read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise OptionError(f"The chat template {path} cannot be read: {why}.", "Give a Jinja file.") from None


def check_vocabulary(model: Any, encoded: Sequence[EncodedExample], name: str) -> None:
    """Refuse ids that the model has no embedding for.

    Raises:
        ModelError: the tokenizer has more tokens than the model.
    """
    rows = int(model.get_input_embeddings().weight.shape[0])
    largest = max(int(example.ids.max()) for example in encoded)
    if largest >= rows:
        raise ModelError(
            f"The tokenizer of {name} gives the token {largest}, and the model has only {rows}.",
            "Give the tokenizer that belongs to the model; a student's vocabulary is not enlarged.",
        )


def _parse_settings(text: str) -> dict[str, Any]:
    try:
        settings = json.loads(text or "{}")
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}
