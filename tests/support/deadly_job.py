"""Jobs for a crew: one that ends its process, and one that does nothing. Importable by worker processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from cotpress.study import Usage
from cotpress.study.context import StudyContext


@dataclass(frozen=True)
class Dies:
    """As when the machine runs out of memory."""

    name: str = "dies"

    def run(self, desk: StudyContext, say: Callable[[str], None]) -> Usage:
        say("dying")
        os._exit(9)


@dataclass(frozen=True)
class Lives:
    """A job like any other."""

    name: str

    def run(self, desk: StudyContext, say: Callable[[str], None]) -> Usage:
        say("living")
        return Usage(tokens=1)
