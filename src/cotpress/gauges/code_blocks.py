"""Blocks of code and displayed formulas: the gauges' own reading."""

from __future__ import annotations

import re
from typing import Final

from cotpress.types import Span

_MAX_DISPLAY_CHARACTERS: Final = 4000  # a display that is longer was never closed
_FENCE = r"(?m:^[ \t]*(?P<fence>`{3,}|~{3,})[^\n`]*$)"
_DISPLAY = (
    r"[\\$](?:(?<=\\)(?:(?P<open>\[)|(?P<close>\])|(?P<begin>begin)\{[A-Za-z]{1,20}\*?\}"
    r"|(?P<end>end)\{[A-Za-z]{1,20}\*?\})|(?<=\$)\$(?P<dollars>))"
)
_DISPLAY_EDGE, _EDGE = re.compile(_DISPLAY), re.compile(f"{_FENCE}|{_DISPLAY}")  # the first is much faster
_CLOSERS: Final = {"open": "close", "dollars": "dollars", "begin": "end"}


def find_blocks(text: str) -> tuple[list[Span], list[Span]]:
    """Blocks of code, and displayed formulas outside of them, as [start, end); what is never closed is none.

    >>> find_blocks('a\\n```\\nx = 1\\n```')
    ([(2, 15)], [])
    """
    code: list[Span] = []
    displays: list[Span] = []
    fence: tuple[int, str] | None = None  # where it opens, and its run of marks
    opened, closer, depth = 0, "", 0  # of the display that is open, if closer is not ""
    for match in (_EDGE if "```" in text or "~~~" in text else _DISPLAY_EDGE).finditer(text):
        kind, start = match.lastgroup or "", match.start()
        if kind == "fence":
            closer = ""
            if fence is None:
                fence = (start, match["fence"])
            elif match[0].strip().startswith(fence[1]) and not match[0].strip().strip(fence[1][0]):
                code.append((fence[0], match.end()))
                fence = None
        elif fence is None:
            if closer and start - opened > _MAX_DISPLAY_CHARACTERS:
                closer = ""
            if not closer:
                opened, closer, depth = start, _CLOSERS.get(kind, ""), 1
            elif kind == closer or (kind == "begin" and closer == "end"):
                depth += 1 if kind == "begin" else -1
                if not depth:
                    displays.append((opened, match.end()))
                    closer = ""
    return code, displays
