"""A student and a grader that need no model, and rows: what the tests of evaluation share."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cotpress.answers import extract_answer
from cotpress.chat import ChatReply, ChatRequest
from cotpress.errors import CotpressError, ModelCallError
from cotpress.evaluation.grading import Grade, GradingInput
from cotpress.evaluation.row import EvaluationRow


@dataclass
class Scripted:
    """A chat model that answers "<a> + <b>" as it is told to, with a finish and a delay."""

    say: Callable[[ChatRequest], ChatReply | CotpressError]
    endpoint: str = "scripted"
    asked: list[ChatRequest] = field(default_factory=list)
    closed: int = 0

    async def ask(self, request: ChatRequest) -> ChatReply:
        self.asked.append(request)
        await asyncio.sleep(random.Random(len(self.asked)).random() / 500)
        outcome = self.say(request)
        if isinstance(outcome, CotpressError):
            raise outcome
        return outcome

    async def close(self) -> None:
        self.closed += 1


class PlainGrader:
    """Compares the stated answer as a string."""

    def grade(self, attempts: Sequence[GradingInput]) -> list[Grade]:
        return [self._grade(one) for one in attempts]

    def _grade(self, one: GradingInput) -> Grade:
        if not one.text.strip():
            return Grade("empty")
        answer = extract_answer(one.text)
        if answer is None:
            return Grade("unparsed")
        return Grade("right" if answer == one.gold else "wrong", answer)


def solve(request: ChatRequest) -> ChatReply:
    """A right answer, after a step that turns back."""
    a, b = map(int, request.messages[-1].content.split(" + "))
    text = f"We add {a} and {b}.\n\nWait, let me check that.\n\nIt is {a + b}.\n\nThe answer is {a + b}"
    return ChatReply(text, "stop", 5, 40, 0.01)


def fails(request: ChatRequest) -> ModelCallError:
    """No answer."""
    return ModelCallError("It answered 500.")


def make_row(number: int = 0, sample: int = 0, **changes: Any) -> EvaluationRow:
    """A row with ordinary values."""
    values: dict[str, Any] = {
        "benchmark": "b",
        "id": f"{number:03d}",
        "sample": sample,
        "prompt": "p",
        "gold": "1",
        "text": "t",
        "answer": "1",
        "outcome": "right",
        "finish": "stop",
        "prompt_tokens": 3,
        "completion_tokens": 10,
        "generated_tokens": 10,
        "reasoning_tokens": 8,
        "steps": 4,
        "reflective_steps": 1,
        "seconds": 0.5,
    }
    return EvaluationRow(**{**values, **changes})
