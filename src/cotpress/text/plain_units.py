"""The units that are plain at first sight, found for a whole text at once: most words, numbers and punctuation.

A unit is plain where its own characters and the one behind it tell what it is. Whatever is plain here, the pattern of
prose (`unit_patterns`) would take alike; it is asked for the rest only.
"""

from __future__ import annotations

import string
from bisect import bisect_left
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cotpress.text.unit_kinds import UnitKind
from cotpress.text.unit_patterns import PendingKind

_SPACES: Final = " \t\r\n"
_BEHIND_WORD: Final = _SPACES + ',;?!()[]{}"*/=<>+|%&$\\`~#'
_ASCII: Final = "".join(map(chr, range(128)))


class _Type(NamedTuple):
    """Units that begin alike: the characters that they consist of, what they are, and what may stand behind them."""

    characters: str
    kind: int
    behind: str
    stops: str = ""  # may stand behind, too, where white space or the end of the text follows
    may_end: bool = True  # the text, right behind them


_TYPES: Final = (
    _Type("", UnitKind.WORD, _BEHIND_WORD, ".:"),  # two letters and more
    _Type("".join(set(string.ascii_letters) - set("aAI")), UnitKind.EXPRESSION, _BEHIND_WORD, ".:"),
    _Type("aAI", PendingKind.VARIABLE, _SPACES + "=+*/^<>()-", may_end=False),
    _Type(string.digits, UnitKind.NUMBER, _SPACES + '()]}=+*<>|"!?;&~#', ".,"),
    _Type(".,:;?", UnitKind.PUNCTUATION, _SPACES),
    _Type("=", UnitKind.OPERATOR, "".join(sorted(set(string.printable) - set("=>")))),
    _Type("+", UnitKind.OPERATOR, _SPACES + string.ascii_letters + "(", may_end=False),
    _Type("<>", UnitKind.OPERATOR, _SPACES, may_end=False),
    _Type("-", PendingKind.BINARY, _SPACES + string.ascii_letters + "(", may_end=False),
    _Type('"', UnitKind.PUNCTUATION, _ASCII),
    _Type("(", PendingKind.BRACKET, _ASCII),
    _Type(")[]", PendingKind.BRACKET, _ASCII),
    _Type("*", PendingKind.LOOSE, _ASCII.replace("*", "")),
    _Type("/", PendingKind.LOOSE, _ASCII),
)
_WORD, _NUMBER, _OPENING, _OTHER = 0, 3, 10, len(_TYPES)
_BEYOND, _END = 128, 129  # rows for characters beyond ASCII, and for the end of the text


def _tabulate(find: str) -> NDArray[np.uint16]:
    """For each character, as bits by type: whether it is among those that the types name under `find`."""
    table = np.zeros(_END + 1, np.uint16)
    for number, unit_type in enumerate(_TYPES):
        table[[ord(c) for c in getattr(unit_type, find)]] |= 1 << number
    return table


_TYPE_OF = np.full(_END + 1, _OTHER, np.uint8)
for _number, _type in enumerate(_TYPES):
    _TYPE_OF[[ord(c) for c in _type.characters]] = _number
_KINDS = np.array([*(unit_type.kind for unit_type in _TYPES), 0], np.uint8)
_BEHIND, _STOPS = _tabulate("behind"), _tabulate("stops")
_BEHIND[_END] = sum(unit_type.may_end << number for number, unit_type in enumerate(_TYPES))
_IS_SPACE = np.isin(np.arange(_END + 1), [ord(c) for c in _SPACES])
_IS_GAP = _IS_SPACE.copy()
_IS_GAP[_END] = True
_RUN_OF = np.zeros(_END + 1, np.uint8)  # letters and digits: characters that make one unit with their like
for _number, _characters in enumerate((string.ascii_letters, string.digits), start=1):
    _RUN_OF[[ord(c) for c in _characters]] = _number
_BEFORE_CALL = _RUN_OF == 1  # what makes an opening bracket that of a call
_BEFORE_CALL[[ord("'"), _BEYOND]] = True


class PlainUnits:
    """The plain units of a text, to be read from its start to its end.

    >>> units = PlainUnits("So 3x is 12 (a dozen).")
    >>> units.read_run(0, 22), units.read_run(2, 22), units.read_run(5, 22)
    (([2], b'\\x00'), ([], b''), ([8, 11, 13, 14, 20, 21], b'\\x00\\x0152\\x005'))
    """

    def __init__(self, text: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        padded = np.full(len(codes) + 3, _END, np.uint8)
        padded[1:-2] = np.minimum(codes, _BEYOND)
        runs = _RUN_OF[padded]
        if "'" in text:  # of "it's"
            quotes = np.flatnonzero(padded == ord("'"))
            runs[quotes[(runs[quotes - 1] == 1) & (runs[quotes + 1] == 1)]] = 1
        joins = (runs[1:] == runs[:-1]) & (runs[1:] > 0)  # a character with the one before it
        solid = ~_IS_SPACE[padded[1:-2]]
        firsts, lasts = np.flatnonzero(solid & ~joins[:-2]), np.flatnonzero(solid & ~joins[1:-1])
        types, behind = _TYPE_OF[padded[lasts + 1]], padded[lasts + 2]
        types[(lasts > firsts) & (types < _NUMBER)] = _WORD
        plain = ((_BEHIND[behind] >> types) & 1 > 0) | (
            ((_STOPS[behind] >> types) & 1 > 0) & _IS_GAP[padded[lasts + 3]]
        )
        plain &= (types != _OPENING) | ~_BEFORE_CALL[padded[firsts]]
        ends = lasts[plain] + 1
        others = np.append(firsts[~plain], len(text))
        self._ends: list[int] = ends.tolist()
        self._kinds = _KINDS[types[plain]].tobytes()
        self._others: list[int] = others.tolist()  # where each other unit, or a part of it, begins
        self._before_other: list[int] = np.searchsorted(ends, others, side="right").tolist()  # how many plain ones
        self._joins = joins
        self._next, self._next_other = 0, 0

    def read_run(self, at: int, limit: int) -> tuple[list[int], bytes]:
        """Where the plain units end that follow from `at` on, before any other and before `limit`; and their kinds."""
        if self._joins[at]:  # within a unit
            return [], b""
        ends, others = self._ends, self._others
        first, other = self._next, self._next_other
        while others[other] < at:
            other += 1
        while first < len(ends) and ends[first] <= at:
            first += 1
        stop = self._before_other[other] if others[other] < limit else bisect_left(ends, limit)
        self._next, self._next_other = max(first, stop), other
        return ends[first:stop], self._kinds[first:stop]
