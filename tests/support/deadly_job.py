"""Jobs for a crew: one that ends its process, and one that does nothing. Importable by worker processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from cotpress.study import Spent
from cotpress.study.desk import Desk


@dataclass(frozen=True)
class Dies:
    """As when the machine runs out of memory."""

    name: str = "dies"

    def do(self, desk: Desk, say: Callable[[str], None]) -> Spent:
        say("dying")
        os._exit(9)


@dataclass(frozen=True)
class Lives:
    """A job like any other."""

    name: str

    def do(self, desk: Desk, say: Callable[[str], None]) -> Spent:
        say("living")
        return Spent(tokens=1)
