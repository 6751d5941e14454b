"""An export format: a function from a training example to a row."""

from __future__ import annotations

from typing import Any

from cotpress.export import ExportExample


def build_question_answer(example: ExportExample) -> dict[str, Any]:
    """A question and the whole completion, without roles."""
    return {"id": example.id, "question": example.prompt, "answer": example.completion}
