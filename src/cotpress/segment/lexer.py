"""Cuts a text into units and finds the delimiters that live and die together.

The lexer walks the regions of the text; between their delimiters the tables in `patterns` do the work. Where
a token opens or extends something (a command with arguments, a script, a brace) the expression is read to its
end: a small one is one unit, of a larger one the delimiters are units and what is between them is read in turn. What is
open is a stack of its own, so depth costs no recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cotpress.segment.kinds import Mode, UnitKind
from cotpress.segment.latex import Extent, Reader, is_text_command
from cotpress.segment.layout import Region
from cotpress.segment.patterns import Special, marks_pattern, token_pattern
from cotpress.segment.regions import find_regions
from cotpress.types import Span

ATOM = 40  # characters; a longer expression is taken apart
_BY_HAND = int(Special.COMMAND)
_DEPTH = 2  # braces in braces; a deeper expression is taken apart
_TAKES_COLUMNS = re.compile(
    r"\\begin\s*\{(?:array|tabular\w*|alignat|alignedat|minipage|subarray|thebibliography)\*?\}"
)
_COLUMNS = re.compile(r"\s*+(?:\[[^\[\]{}$\n]{0,20}\]\s*+)?")
_DELIMITED = re.compile(r"\\(?:left|right)\s*+(?:\\[A-Za-z]++|\\.|[^\s\w\\{}$&])?+")
_SUFFIX = re.compile(r"(?:['’]s|-?(?:th|st|nd|rd)|-[A-Za-z]{2,20})(?!\w)")
_PLURAL = re.compile(r"\((?:s|es)\)")


@dataclass(slots=True)
class _Open:
    """A group whose closing delimiters are still to come: their [start, end), last first."""

    start: int
    stops: list[Span]
    members: list[int]
    mode: Mode
    kind: UnitKind
    formal: bool


class Lexer:
    """The units of one text: `ends` [n] and `kinds` [n]; `groups` and the `formal` spans are of unit indices."""

    def __init__(self, text: str) -> None:
        layout = find_regions(text)
        self.text = text
        self.ends: list[int] = []
        self.kinds: list[int] = []
        self.groups: list[tuple[int, ...]] = []
        self.formal: list[Span] = []
        self._regions = layout.regions
        self._next_region = 0
        self._partner = layout.partner
        self._reader = Reader(text, layout.partner)
        self._open: list[_Open] = []
        self._tables = [token_pattern(mode) for mode in Mode]

    def run(self) -> None:
        """Read the whole text. Trailing white space goes to the last unit."""
        at, size = 0, len(self.text)
        while at < size:
            stop, ahead = self._stop(), self._region_ahead(at)
            limit = min(stop, ahead.start) if ahead else stop
            if at < limit:
                at = self._read(at, limit)
            elif at < stop and ahead:
                at = self._open_region(ahead)
            else:
                at = self._close()
        if size and not self.ends:
            self._emit(size, UnitKind.OTHER)
        if size:
            self.ends[-1] = size

    @property
    def _mode(self) -> Mode:
        return self._open[-1].mode if self._open else Mode.PROSE

    def _stop(self) -> int:
        """Where the innermost open group has its next delimiter."""
        return self._open[-1].stops[-1][0] if self._open else len(self.text)

    def _region_ahead(self, at: int) -> Region | None:
        """The next region that no unit has swallowed."""
        while self._next_region < len(self._regions):
            region = self._regions[self._next_region]
            if region.start >= at:
                return region
            self._next_region += 1
        return None

    def _emit(self, end: int, kind: int) -> int:
        end = self._past_marks(end)
        self.ends.append(end)
        self.kinds.append(kind)
        return end

    def _past_marks(self, end: int) -> int:
        """`end`, moved past the combining marks that follow, which never leave the character before them."""
        plain = end >= len(self.text) or self.text[end] <= "\xac"
        return end if plain else _end(marks_pattern(), self.text, end, len(self.text))

    def _read(self, at: int, limit: int) -> int:
        """Read units up to `limit`, or to where a token opened a group; return the position reached."""
        pattern, kinds = self._tables[self._mode]
        add_end, add_kind, depth = self.ends.append, self.kinds.append, len(self._open)
        while at < limit and len(self._open) == depth:
            for m in pattern.finditer(self.text, at, limit):
                kind = kinds[m.lastindex or 0]
                if kind >= _BY_HAND:
                    at = self._special(kind, m)
                    break
                if kind < 0:  # only white space is left: it leads the delimiter that follows
                    return limit
                add_end(m.end())
                add_kind(kind)
            else:
                return limit
        return at

    def _special(self, kind: int, m: re.Match[str]) -> int:
        start, end = m.span(m.lastindex or 0)
        if kind == Special.CALL:
            self.ends[-1] = m.end()
            if not _PLURAL.match(self.text, start):
                self.kinds[-1] = UnitKind.EXPRESSION
            return m.end()
        if kind == Special.SCRIPT:
            return self._script(start)
        if start in self._partner and kind == Special.COMMAND:
            return self._open_left(start)
        stop = self._stop()
        if kind == Special.OPEN:
            return self._brace(start, stop)
        command = self.text[start:end]
        if end == start + 2 and not command[1].isalpha() and command[1] != "\\":
            return self._emit(m.end(), UnitKind.LATEX if self._mode is Mode.MATH else UnitKind.PUNCTUATION)
        extent = self._with_scripts(self._reader.arguments(command[1:], end, stop), stop)
        mode = Mode.PROSE if is_text_command(command) else Mode.MATH
        return self._expression(start, extent, mode, UnitKind.LATEX)

    def _brace(self, start: int, stop: int) -> int:
        close = self._partner.get(start)
        if close is None:
            return self._emit(start + 1, UnitKind.PUNCTUATION)
        if self._mode is Mode.MATH:
            return self._expression(
                start, self._with_scripts((close + 1, [(start, close)]), stop), Mode.MATH, UnitKind.LATEX
            )
        kind = UnitKind.CODE if self._mode is Mode.CODE else UnitKind.PUNCTUATION
        return self._enter(start, (close + 1, [(start, close)]), self._mode, kind)

    def _with_scripts(self, extent: Extent, stop: int) -> Extent:
        end, more = self._reader.scripts(extent[0], stop, self._mode is Mode.MATH)
        return end, extent[1] + more

    def _expression(self, start: int, extent: Extent, mode: Mode, kind: UnitKind) -> int:
        """One unit if it is small, else its delimiters, opened."""
        end, arguments = extent
        if not arguments or self._is_small(start, end):
            return self._emit(end, kind)
        return self._enter(start, extent, mode, kind)

    def _is_small(self, start: int, end: int) -> bool:
        if end - start > ATOM:
            return False
        depth = deepest = 0
        for c in self.text[start:end]:
            depth += (c == "{") - (c == "}")
            deepest = max(deepest, depth)
        return deepest <= _DEPTH

    def _enter(self, start: int, extent: Extent, mode: Mode, kind: UnitKind) -> int:
        inside = self._emit(extent[1][0][0] + 1, kind)
        members = [len(self.ends) - 1]
        self._open.append(_Open(start, self._stops(extent), members, mode, kind, kind != UnitKind.PUNCTUATION))
        return inside

    @staticmethod
    def _stops(extent: Extent) -> list[Span]:
        """The delimiters after the first: from each } to the next {, and from the last } to the end; last first."""
        end, arguments = extent
        following = [opening + 1 for opening, _ in arguments[1:]]
        return [(close, after) for (_, close), after in zip(arguments, [*following, end], strict=True)][::-1]

    def _script(self, start: int) -> int:
        """Scripts belong to the unit before them; right after an opening delimiter they are a unit of their own."""
        extent = self._reader.scripts(start, self._stop(), self._mode is Mode.MATH)
        last = len(self.ends) - 1
        if extent[0] == start:
            return self._emit(start + 1, UnitKind.PUNCTUATION)
        if last < 0 or (self._open and self._open[-1].members[-1] == last):
            return self._expression(start, extent, Mode.MATH, UnitKind.LATEX)
        self.kinds[last] = UnitKind.LATEX if self.kinds[last] == UnitKind.LATEX else UnitKind.EXPRESSION
        if not extent[1] or self._is_small(start, extent[0]):
            self.ends[last] = self._past_marks(extent[0])
            return self.ends[last]
        members = [last]
        if self.groups and self.groups[-1][-1] == last:  # the base closes a group: the scripts prolong that group
            members = list(self.groups.pop())
        self.ends[last] = self._past_marks(extent[1][0][0] + 1)
        self._open.append(_Open(start, self._stops(extent), members, Mode.MATH, UnitKind.LATEX, True))
        return self.ends[last]

    def _open_left(self, start: int) -> int:
        right = self._partner[start]
        opening, closing = (
            _end(_DELIMITED, self.text, at, limit) for at, limit in ((start, right), (right, self._stop()))
        )
        opening = self._emit(opening, UnitKind.LATEX)
        members = [len(self.ends) - 1]
        self._open.append(_Open(start, [(right, closing)], members, Mode.MATH, UnitKind.LATEX, True))
        return opening

    def _open_region(self, region: Region) -> int:
        self._next_region += 1
        kind = {Mode.CODE: UnitKind.CODE, Mode.MATH: UnitKind.LATEX}.get(region.mode, UnitKind.PUNCTUATION)
        if region.mode is Mode.CODE and region.end - region.start <= ATOM:
            return self._emit(region.end, kind)
        inside = self._emit(self._columns(region), kind)
        stops = [(region.close, region.end)]
        self._open.append(_Open(region.start, stops, [len(self.ends) - 1], region.mode, kind, region.formal))
        return inside

    def _columns(self, region: Region) -> int:
        """Where the content starts: \\begin{array}{cc} keeps its columns."""
        if not _TAKES_COLUMNS.match(self.text, region.start, region.inside):
            return region.inside
        at = _end(_COLUMNS, self.text, region.inside, region.close)
        close = self._partner.get(at)
        return region.inside if close is None or close >= region.close else close + 1

    def _close(self) -> int:
        """Emit the next delimiter of the innermost group; after its last one the group is complete."""
        group = self._open[-1]
        group.members.append(len(self.ends))
        end = self._emit(group.stops.pop()[1], group.kind)
        if group.stops:
            return end
        self._open.pop()
        if self._mode is Mode.PROSE and (suffix := _SUFFIX.match(self.text, end, self._stop())):
            end = self.ends[-1] = suffix.end()  # "$n$th", "$x$-axis": one word
        if not self._collapse(group, end):
            self.groups.append(tuple(group.members))
            if group.formal:
                self.formal.append((group.members[0], group.members[-1]))
        return end

    def _collapse(self, group: _Open, end: int) -> bool:
        """Make a group of nothing, or a short one of a single unit, one unit."""
        first, last = group.members[0], group.members[-1]
        content = last - first + 1 - len(group.members)
        if content > 1 or (content == 1 and end - group.start > ATOM):
            return False
        kind = self.kinds[first + 1] if content and not group.formal else group.kind
        del self.ends[first:last]
        self.kinds[first:] = [kind]
        return True


def _end(pattern: re.Pattern[str], text: str, at: int, limit: int) -> int:
    """Where a match at `at` ends; `at` itself if there is none."""
    m = pattern.match(text, at, limit)
    return m.end() if m else at
