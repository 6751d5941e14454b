"""Harmony, the format of gpt-oss, as text: reasoning in the channel analysis, the reply in the channel final."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cotpress.export.example import ExportExample
from cotpress.export.format_registry import EXPORT_FORMATS, ExportFormat, ExportRow, ExportTurn
from cotpress.types import THINK_TAGS

_INSTRUCTIONS = "# Instructions\n\n"  # the heading of a developer's message
_MESSAGE = re.compile(r"<\|start\|>(\w+)(?:<\|channel\|>(\w+))?<\|message\|>(.*?)<\|(?:end|return)\|>", re.DOTALL)
_MARK = re.compile(r"<\|(?:start|channel|message|end|return|call)\|>")


def build_harmony_row(example: ExportExample) -> ExportRow:
    """Harmony text, as gpt-oss reads and writes it."""
    parts = [_format_message("developer", _INSTRUCTIONS + example.system)] if example.system else []
    parts.append(_format_message("user", example.prompt))
    if example.reasoning:
        parts.append(_format_message("assistant<|channel|>analysis", example.reasoning))
    reply = example.answer if example.reasoning else example.completion
    parts.append(_format_message("assistant<|channel|>final", reply, "return"))
    return {"id": example.id, "text": "".join(parts)}


def _format_message(header: str, content: str, end: str = "end") -> str:
    """One message. A mark of the format inside a text is split by a space, so that it ends nothing."""
    safe = _MARK.sub(lambda mark: mark[0].replace("<|", "< |"), content)
    return f"<|start|>{header}<|message|>{safe}<|{end}|>"


def read_harmony(row: Mapping[str, Any]) -> list[ExportTurn]:
    turns: list[ExportTurn] = []
    thought = ""
    if not _MESSAGE.match(row["text"]):
        raise ValueError("'text' is no harmony text.")
    for role, channel, content in _MESSAGE.findall(row["text"]):
        if role == "developer":
            turns.append(ExportTurn("system", content.removeprefix(_INSTRUCTIONS)))
        elif channel == "analysis":
            thought = content
        elif role in ("system", "user", "assistant"):
            opening, closing = THINK_TAGS
            whole = f"{opening}\n{thought}\n{closing}\n\n{content}" if thought else content
            turns.append(ExportTurn(role, whole if role == "assistant" else content))
        else:
            raise ValueError(f"A message is of the role '{role}'.")
    return turns


EXPORT_FORMATS.add("harmony", ExportFormat(build_harmony_row, None, ("text",), read_harmony))
