"""Traces for the tests of served models, and how a test starts a server."""

from __future__ import annotations

from collections.abc import Callable

from scoring_server import ScoringServer

from cotpress.types import Trace

Serve = Callable[..., ScoringServer]
MODEL = "world-llama"
PARAGRAPH = "Let x be the first. Then 3x + 4 = 40, so x = 12.\n\nHmm, wait: naïve 漢字 🎉. The answer is 12. "
SHORT = Trace("short", "What is x?", PARAGRAPH, "12")
LONG = Trace("long", "What is the sum? " * 3, PARAGRAPH * 6, "12", system="Be brief.")
PLAIN = Trace("plain", "Add 2 and 3.", "Two and three make five. So 2 + 3 = 5.\n\nThe answer is 5.", "5")
TRACES = [SHORT, LONG, PLAIN]
