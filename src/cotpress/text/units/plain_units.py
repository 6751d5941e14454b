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

from cotpress.text.units.unit_kinds import UnitKind
from cotpress.text.units.unit_patterns import PendingKind

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
_LETTERS, _DIGITS, _SPACE, _SINGLE = range(4)  # letters and digits make one unit with their like
_RUN_OF = bytes(
    _LETTERS
    if chr(code) in string.ascii_letters
    else _DIGITS
    if chr(code) in string.digits
    else _SPACE
    if chr(code) in _SPACES
    else _SINGLE
    for code in range(256)
)
_IS_GAP, _BEFORE_CALL = np.zeros((2, _END + 1), np.bool_)
_IS_GAP[[*map(ord, _SPACES), _END]] = True
_BEFORE_CALL[[*map(ord, string.ascii_letters), ord("'"), _BEYOND]] = True  # makes an opening bracket that of a call
_NOWHERE = np.zeros(0, np.int64)


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
        runs = np.frombuffer(bytearray(padded.tobytes().translate(_RUN_OF)), np.uint8)
        for sign, run in (("'", _LETTERS), (".", _DIGITS)):  # of "it's" and 3.14
            at = np.flatnonzero(padded == ord(sign)) if sign in text else _NOWHERE
            runs[at[(runs[at - 1] == run) & (runs[at + 1] == run)]] = run
        joins = (runs[1:] == runs[:-1]) & (runs[1:] <= _DIGITS)  # a character with the one before it
        solid = runs[1:-2] != _SPACE
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
