"""A model as a user names it: plain data, which can be hashed, compared, pickled and written as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypedDict, Unpack

from cotpress.errors import OptionError
from cotpress.models.limits import InferenceLimits

DTYPES = ("float32", "bfloat16", "float16")
_HINTS = {"limits": "InferenceLimits(context=..., batch_tokens=...)", "trust_remote_code": "True or False"}


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Which model, at which revision, and how it is run. `ModelLoader` finds and loads it.

    Args:
        name: a hub id, a folder, a `.gguf` file or the name of an embedded model; "" where no model is named.
        revision: a branch, tag or commit of a hub repository; "" for its main branch.
        device: a torch device such as "cpu" or "cuda:0"; "" for a GPU where there is one.
        dtype: one of DTYPES; "" for the one that the device is fast in.
        limits: caps on the context and on the tokens that are run together.
        trust_remote_code: whether code that the model brings may be run.

    Raises:
        OptionError: on construction, for a value of the wrong type and for an unknown dtype.

    >>> ModelSpec("org/name", dtype="float32").to_dict()["model"]
    'org/name'
    >>> ModelSpec("org/name", dtype="float31")
    Traceback (most recent call last):
    cotpress.errors.OptionError: There is no dtype 'float31'. Known: float32, bfloat16, float16.
    """

    name: str = ""
    revision: str = ""
    device: str = ""
    dtype: str = ""
    limits: InferenceLimits = InferenceLimits()  # noqa: RUF009 (frozen)
    trust_remote_code: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            value, default = getattr(self, field.name), field.default
            if not isinstance(value, type(default)):
                expected = _HINTS.get(field.name, "a text")
                raise OptionError(f"The {field.name} of a model is {value!r}.", f"Give {expected}.")
        check_dtype(self.dtype)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON-able data, in order; the name goes under "model"."""
        values = asdict(self)
        return {"model": values.pop("name"), **values}


class ModelSettings(TypedDict, total=False):
    """What a constructor such as `LM(model, ...)` takes beside the model: the other fields of `ModelSpec`.

    None stands for the default.
    """

    revision: str | None
    device: str | None
    dtype: str | None
    limits: InferenceLimits | None
    trust_remote_code: bool


def make_model_spec(model: ModelSpec | str | Path, **settings: Unpack[ModelSettings]) -> ModelSpec:
    """A specification from what a constructor such as `LM(...)` was given: a whole one, or a name and the rest.

    Args:
        model: a ModelSpec, which then says everything; or a hub id, a folder or a file.
        settings: the other fields of ModelSpec.

    Raises:
        OptionError: a ModelSpec together with other values, or a value of the wrong type.

    >>> make_model_spec("org/name", device="cpu") == ModelSpec("org/name", device="cpu")
    True
    """
    named: dict[str, Any] = {
        name: value for name, value in settings.items() if value is not None and value is not False
    }
    if not isinstance(model, ModelSpec):
        return ModelSpec(_format_path(model) if isinstance(model, Path) else model, **named)
    if named:
        raise OptionError(
            f"A ModelSpec was given together with {', '.join(named)}.", "Put all of that into the ModelSpec."
        )
    return model


def check_dtype(dtype: str) -> None:
    """Raises OptionError for a dtype that is neither "" nor one of DTYPES.

    >>> check_dtype("bfloat16")
    """
    if dtype and dtype not in DTYPES:
        raise OptionError(f"There is no dtype '{dtype}'.", f"Known: {', '.join(DTYPES)}.")


def _format_path(path: Path) -> str:
    """A path as text that nobody can take for a hub id where nothing is there."""
    return str(path) if path.is_absolute() or path.exists() or str(path).startswith(("~", ".")) else f"./{path}"
