"""What a training-set format is, and the registry of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from cotpress.errors import OptionError
from cotpress.export.example import ExportExample
from cotpress.registry import Registry, first_line

SAME_SHAPE = "same"  # in place of a format: rows of the input's own shape
AUTO_EXPORT = "auto"  # in place of a format: chosen by what the input holds
DEFAULT_EXPORT = "messages"
ExportRow: TypeAlias = dict[str, Any]


class ExportTurn(NamedTuple):
    """One turn of a training example that was read back. `role` is "system", "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A way to write training examples as rows.

    Args:
        build_row: the row of an example, a JSON-able dict. The first line of its docstring describes the format.
        llama_factory: the entry of LLaMA-Factory's `dataset_info.json` for files of such rows, without the file's
            name; None: LLaMA-Factory cannot read them.
        columns: the columns by which `cotpress train` knows such a row; none: it does not read this format.
        read_turns: the turns of such a row, the completion last. It raises ValueError with a sentence for a row
            that has other contents than text.
    """

    build_row: Callable[[ExportExample], ExportRow]
    llama_factory: ExportRow | None = None
    columns: tuple[str, ...] = ()
    read_turns: Callable[[Mapping[str, Any]], list[ExportTurn]] | None = None

    @property
    def summary(self) -> str:
        """One line for people."""
        return first_line(self.build_row)


def _adapt_format(name: str, offered: Any) -> ExportFormat:
    """A format of a plugin: an `ExportFormat`, or its function `build_row` alone."""
    if isinstance(offered, ExportFormat):
        return offered
    if callable(offered):
        return ExportFormat(offered)
    raise OptionError(
        f"The export format '{name}' is neither an ExportFormat nor a function; it is a {type(offered).__name__}.",
        "See 'An export format' in docs/extending.md.",
    )


EXPORT_FORMATS = Registry[ExportFormat](
    "export format", "cotpress.export_formats", package="cotpress.export.formats", adapt=_adapt_format
)


_ROWS_HINT = "messages; whatever the format, sft.jsonl has JSON lines and traces.parquet a table"
_FORMATS_OF_TRAINERS = {
    "trl": "messages, or prompt-completion for the loss on the completion alone",
    "llamafactory": "messages, sharegpt or alpaca; dataset_info.json comes with each",
    "axolotl": "messages, sharegpt or alpaca",
    "unsloth": "messages, sharegpt or alpaca",
    "openai": "messages",
    "jsonl": _ROWS_HINT,
    "json": _ROWS_HINT,
    "parquet": _ROWS_HINT,
    "chatml": "messages; the tokenizer's template makes ChatML of them",
}


def check_export_name(name: str) -> None:
    """Raises OptionError: there is no such format, nor is it "same".

    >>> check_export_name("same")
    """
    if name != SAME_SHAPE:
        get_export_format(name)


def get_export_format(name: str) -> ExportFormat:
    """The format of that name, or the one that `module:object` means.

    Raises:
        OptionError: there is none; the nearest name is offered.

    >>> get_export_format("alpaca").build_row(ExportExample("7", "", "2+3?", "5"))["output"]
    '5'
    """
    trainer = re.sub(r"[\W_]", "", name.lower())
    if trainer in _FORMATS_OF_TRAINERS:
        raise OptionError(f"There is no export format '{name}'.", f"Give {_FORMATS_OF_TRAINERS[trainer]}.")
    return EXPORT_FORMATS.get_entry(name)
