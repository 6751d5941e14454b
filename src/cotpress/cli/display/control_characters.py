"""Texts of traces on a terminal: what would steer it is written out."""

from __future__ import annotations

import unicodedata
from typing import Final

# Control characters, half characters, line separators of Unicode, and format characters, which hide or turn text.
_ESCAPED_CATEGORIES: Final = frozenset(("Cc", "Cs", "Zl", "Zp", "Cf"))
_SHOWN_AS_THEY_ARE: Final = frozenset("\n\t\u200c\u200d")  # the last two join letters, in Persian and in emoji


class _EscapeTable(dict[int, str]):
    """For `str.translate`: each character as it is shown, found when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        escaped = unicodedata.category(sign) in _ESCAPED_CATEGORIES and sign not in _SHOWN_AS_THEY_ARE
        self[code] = sign.encode("unicode_escape").decode("ascii") if escaped else sign
        return self[code]


_ESCAPES = _EscapeTable()


def escape_controls(text: str) -> str:
    """The text with control characters written out, so that it cannot move the cursor, colour or hide anything.

    >>> escape_controls("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    return text.replace("\r\n", "\n").translate(_ESCAPES)
