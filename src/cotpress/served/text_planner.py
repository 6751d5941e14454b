"""Windows as texts, for servers that take no token ids, or a model whose tokenizer is not at hand.

The question comes first, without a chat template. The server cuts the text into tokens, and may read control tokens
that a trace spells out as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cotpress.chat.request import replace_surrogates
from cotpress.served.score_request import ScoreRequest
from cotpress.served.token_planner import DEFAULT_CONTEXT
from cotpress.served.trace_plan import TracePlan
from cotpress.signals.windows import Window
from cotpress.types import Trace

CHARS_PER_TOKEN = 2  # as many characters a token are sent at most, so that dense text fits, too


@dataclass(frozen=True, slots=True)
class TextPlanner:
    """Cuts traces into windows of characters.

    Args:
        blank: a request without its prompt.
        context: the tokens that a window should stay below; a window has twice as many characters at most.
    """

    blank: ScoreRequest
    context: int = DEFAULT_CONTEXT

    @property
    def identity(self) -> dict[str, str]:
        """What the windows depend on."""
        room = f"{self.context * CHARS_PER_TOKEN} characters, overlap 1/4, question up to 1/4"
        return {"tokenizer": "the server's", "prompt": "text", "context": room}

    def plan(self, traces: Sequence[Trace]) -> list[TracePlan]:
        """What is asked about each trace."""
        return [self._plan_trace(trace) for trace in traces]

    def _plan_trace(self, trace: Trace) -> TracePlan:
        room, text = self.context * CHARS_PER_TOKEN, replace_surrogates(trace.reasoning)
        prompt = "".join(f"{part}\n\n" for part in (trace.system, trace.question) if part) or "\n"
        prompt = replace_surrogates(prompt)
        if len(prompt) + len(text) > room:
            prompt = prompt[-(room // 4) :]
        windows = list(plan_text_windows(text, room - len(prompt), room // 4)) if text else []
        requests = tuple(
            replace(
                self.blank,
                prompt=prompt + text[window.begin : window.end],
                first=len(prompt) + window.first - window.begin,
            )
            for window in windows
        )
        return TracePlan(requests, None, tuple(window.begin - len(prompt) for window in windows))


def plan_text_windows(text: str, room: int, overlap: int) -> Iterator[Window]:
    """Windows of at most `room` characters, each with up to `overlap` before its new ones; cut before white space.

    >>> [(window.begin, window.first, window.end) for window in plan_text_windows("one two three four", 12, 4)]
    [(0, 0, 7), (3, 7, 13), (13, 13, 18)]
    """
    first = 0
    while first < len(text):
        begin = _find_cut(text, max(0, first - overlap), first)
        last = min(len(text), begin + room)
        if last < len(text):
            last = _find_last_cut(text, max(first, last - room // 2), last)
        yield Window(begin, last, first, last)
        first = last


def _find_cut(text: str, at: int, limit: int) -> int:
    """The first place from `at` on where white space begins, `limit` where there is none before it."""
    return next((place for place in range(at, limit) if place == 0 or _begins_space(text, place)), limit)


def _find_last_cut(text: str, least: int, at: int) -> int:
    """The last place up to `at` where white space begins, `at` itself where there is none after `least`."""
    return next((place for place in range(at, least, -1) if _begins_space(text, place)), at)


def _begins_space(text: str, at: int) -> bool:
    return text[at].isspace() and not text[at - 1].isspace()
