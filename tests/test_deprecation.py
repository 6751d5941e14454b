"""Parameters by their names of earlier versions: they work, with a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cotpress.chat import OpenAIChat, RetryPolicy
from cotpress.pipeline import ClientConfig, make_chat_writer, rewrite
from cotpress.rewriting import RewritePolicy
from cotpress.types import Trace

URL = "http://127.0.0.1:1/v1"


def _rewrite(**named: Any) -> Any:
    return list(rewrite([Trace("1", "2+3?", "2+3=5.", "5")], **named))


CALLS: list[tuple[str, str, Callable[..., Any], Any]] = [
    ("steering", "policy", _rewrite, RewritePolicy()),
    ("asking", "client", lambda **named: make_chat_writer("m", base_url=URL, **named), ClientConfig()),
    ("limits", "retry_policy", lambda **named: OpenAIChat(URL, **named), RetryPolicy(9, 0)),
]


@pytest.mark.parametrize(("old", "new", "call", "value"), CALLS, ids=[old for old, *_ in CALLS])
def test_a_parameter_of_before_works_and_says_how_it_is_called_now(
    old: str, new: str, call: Callable[..., Any], value: Any
) -> None:
    with pytest.warns(DeprecationWarning, match=rf"\({old}=\.\.\.\) is now {new}="):
        call(**{old: value})


def test_both_names_at_once_are_refused() -> None:
    with pytest.raises(TypeError, match="policy and steering"):
        rewrite([], steering=RewritePolicy(), policy=RewritePolicy())  # type: ignore[call-arg]
