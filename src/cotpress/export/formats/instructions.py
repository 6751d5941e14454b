"""The format of Alpaca: an instruction, an input and an output, each in a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cotpress.export.example import ExportExample
from cotpress.export.format_registry import EXPORT_FORMATS, ExportFormat, ExportRow, ExportTurn


def build_alpaca_row(example: ExportExample) -> ExportRow:
    """Alpaca instruction, input and output; the system prompt in a field of its own."""
    row = {"id": example.id, "instruction": example.prompt, "input": "", "output": example.completion}
    return {**row, "system": example.system}


def read_alpaca(row: Mapping[str, Any]) -> list[ExportTurn]:
    system, instruction, more, output = (_get_text(row, name) for name in ("system", "instruction", "input", "output"))
    prompt = f"{instruction}\n\n{more}" if more else instruction
    turns = [ExportTurn("user", prompt), ExportTurn("assistant", output)]
    return [ExportTurn("system", system), *turns] if system else turns


def _get_text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"'{name}' is no text.")
    return value or ""


EXPORT_FORMATS.add(
    "alpaca",
    ExportFormat(
        build_alpaca_row,
        {
            "formatting": "alpaca",
            "columns": {"prompt": "instruction", "query": "input", "response": "output", "system": "system"},
        },
        ("instruction", "output"),
        read_alpaca,
    ),
)
