"""Drafts in one line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cotpress.rewriting.checks import Draft
from cotpress.rewriting.levels import LEVELS
from cotpress.types import Trace

MakeDraft = Callable[..., Draft]


@pytest.fixture(scope="session")
def draft() -> MakeDraft:
    """Makes a draft of (original, rewritten), with the rest by name."""

    def make(original: str, rewritten: str, **rest: str | None) -> Draft:
        level, domain, finish = (
            rest.pop(*one) for one in (("level", "preserve"), ("domain", "math"), ("finish", "stop"))
        )
        trace = Trace("1", str(rest.pop("question", "")), original, str(rest.pop("answer", "")), rest.pop("gold", None))
        assert not rest
        return Draft(trace, rewritten, LEVELS[str(level)], str(domain), str(finish))

    return make
