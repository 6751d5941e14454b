"""Cuts a text into units and finds the delimiters that live and die together.

The lexer walks the regions of the text; between their delimiters the tables in `patterns` do the work. Where
a token opens or extends something (a command with arguments, a script, a brace) the expression is read to its
end: a small one is one unit, of a larger one the delimiters are units and what is between them is read in turn. What is
open is a stack of its own, so depth costs no recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cotpress.text.units.latex_extents import LatexExtent, LatexReader, is_text_command
from cotpress.text.units.plain_units import PlainUnits
from cotpress.text.units.regions import find_regions
from cotpress.text.units.text_layout import Region
from cotpress.text.units.unit_kinds import LexMode, UnitKind
from cotpress.text.units.unit_patterns import PendingKind, compile_marks_pattern, compile_unit_pattern
from cotpress.types import Span

MAX_UNIT_CHARACTERS = 40  # characters; a longer expression is taken apart
_MAX_SHORT_CHARACTERS = 1000  # of a text whose plain units are not worth finding at once
_FIRST_LEXED_KIND = int(PendingKind.COMMAND)
_MAX_BRACE_DEPTH = 2  # braces in braces; a deeper expression is taken apart
_COLUMNS_ENVIRONMENT = re.compile(
    r"\\begin\s*\{(?:array|tabular\w*|alignat|alignedat|minipage|subarray|thebibliography)\*?\}"
)
_COLUMNS_LEAD = re.compile(r"\s*+(?:\[[^\[\]{}$\n]{0,20}\]\s*+)?")
_SIZED_DELIMITER = re.compile(r"\\(?:left|right)\s*+(?:\\[A-Za-z]++|\\.|[^\s\w\\{}$&])?+")
_FORMULA_SUFFIX = re.compile(r"(?:['’]s|-?(?:th|st|nd|rd)|-[A-Za-z]{2,20})(?!\w)")
_PLURAL_SUFFIX = re.compile(r"\((?:s|es)\)")


@dataclass(slots=True)
class _OpenGroup:
    """A group whose closing delimiters are still to come: their [start, end), last first."""

    start: int
    stops: list[Span]
    members: list[int]
    mode: LexMode
    kind: UnitKind
    formal: bool


class UnitLexer:
    """The units of one text: `ends` [n] and `kinds` [n]; `groups` and the `formal` spans are of unit indices."""

    def __init__(self, text: str) -> None:
        layout = find_regions(text)
        self.text = text
        self.ends: list[int] = []
        self.kinds = bytearray()
        self.groups: list[tuple[int, ...]] = []
        self.formal: list[Span] = []
        self._regions = layout.regions
        self._next_region = 0
        self._partner = layout.partner
        self._reader = LatexReader(text, layout.partner)
        self._open_groups: list[_OpenGroup] = []
        self._plain = PlainUnits(text) if len(text) > _MAX_SHORT_CHARACTERS else None

    def run(self) -> None:
        """Read the whole text. Trailing white space goes to the last unit."""
        at, size = 0, len(self.text)
        while at < size:
            stop, ahead = self._find_stop(), self._find_next_region(at)
            limit = min(stop, ahead.start) if ahead else stop
            if at < limit:
                at = self._read(at, limit)
            elif at < stop and ahead:
                at = self._open_region(ahead)
            else:
                at = self._close_delimiter()
        if size and not self.ends:
            self._emit(size, UnitKind.OTHER)
        if size:
            self.ends[-1] = size

    @property
    def _mode(self) -> LexMode:
        return self._open_groups[-1].mode if self._open_groups else LexMode.PROSE

    def _find_stop(self) -> int:
        """Where the innermost open group has its next delimiter."""
        return self._open_groups[-1].stops[-1][0] if self._open_groups else len(self.text)

    def _find_next_region(self, at: int) -> Region | None:
        """The next region that no unit has swallowed."""
        while self._next_region < len(self._regions):
            region = self._regions[self._next_region]
            if region.start >= at:
                return region
            self._next_region += 1
        return None

    def _emit(self, end: int, kind: int) -> int:
        end = self._skip_marks(end)
        self.ends.append(end)
        self.kinds.append(kind)
        return end

    def _skip_marks(self, end: int) -> int:
        """`end`, moved past the combining marks that follow, which never leave the character before them."""
        plain = end >= len(self.text) or self.text[end] <= "\xac"
        return end if plain else _match_end(compile_marks_pattern(), self.text, end, len(self.text))

    def _read(self, at: int, limit: int) -> int:
        """Read units up to `limit`, or to where a token opened a group; return the position reached."""
        if self._plain and self._mode is LexMode.PROSE:
            return self._read_prose(self._plain, at, limit)
        pattern, kinds = compile_unit_pattern(self._mode)
        add_end, add_kind, depth = self.ends.append, self.kinds.append, len(self._open_groups)
        while at < limit and len(self._open_groups) == depth:
            for m in pattern.finditer(self.text, at, limit):
                kind = kinds[m.lastindex or 0]
                if kind >= _FIRST_LEXED_KIND:
                    at = self._read_special(kind, m)
                    break
                if kind < 0:  # only white space is left: it leads the delimiter that follows
                    return limit
                add_end(m.end())
                add_kind(kind)
            else:
                return limit
        return at

    def _read_prose(self, plain: PlainUnits, at: int, limit: int) -> int:
        """The same in prose: plain units as many at once as there are, the others one by one."""
        pattern, kinds = compile_unit_pattern(LexMode.PROSE)
        depth = len(self._open_groups)
        while at < limit and len(self._open_groups) == depth:
            ends, found = plain.read_run(at, limit)
            if ends:
                self.ends += ends
                self.kinds += found
                at = ends[-1]
            m = pattern.match(self.text, at, limit)
            kind = kinds[m.lastindex or 0] if m else -1
            if m is None or kind < 0:  # only white space is left: it leads the delimiter that follows
                return limit
            if kind >= _FIRST_LEXED_KIND:
                at = self._read_special(kind, m)
            else:
                at = m.end()
                self.ends.append(at)
                self.kinds.append(kind)
        return at

    def _read_special(self, kind: int, m: re.Match[str]) -> int:
        start, end = m.end() - len(m.group().lstrip()), m.end(m.lastindex or 0)
        if kind == PendingKind.CALL:
            self.ends[-1] = m.end()
            if not _PLURAL_SUFFIX.match(self.text, start):
                self.kinds[-1] = UnitKind.EXPRESSION
            return m.end()
        if kind == PendingKind.SCRIPT:
            return self._read_script(start)
        if start in self._partner and kind == PendingKind.COMMAND:
            return self._open_left_delimiter(start)
        stop = self._find_stop()
        if kind == PendingKind.OPEN:
            return self._read_brace(start, stop)
        command = self.text[start:end]
        if end == start + 2 and not command[1].isalpha() and command[1] != "\\":
            return self._emit(m.end(), UnitKind.LATEX if self._mode is LexMode.MATH else UnitKind.PUNCTUATION)
        extent = self._add_scripts(self._reader.read_arguments(command[1:], end, stop), stop)
        mode = LexMode.PROSE if is_text_command(command) else LexMode.MATH
        return self._read_expression(start, extent, mode, UnitKind.LATEX)

    def _read_brace(self, start: int, stop: int) -> int:
        close = self._partner.get(start)
        if close is None:
            return self._emit(start + 1, UnitKind.PUNCTUATION)
        if self._mode is LexMode.MATH:
            return self._read_expression(
                start, self._add_scripts((close + 1, [(start, close)]), stop), LexMode.MATH, UnitKind.LATEX
            )
        kind = UnitKind.CODE if self._mode is LexMode.CODE else UnitKind.PUNCTUATION
        return self._open_expression(start, (close + 1, [(start, close)]), self._mode, kind)

    def _add_scripts(self, extent: LatexExtent, stop: int) -> LatexExtent:
        end, more = self._reader.read_scripts(extent[0], stop, self._mode is LexMode.MATH)
        return end, extent[1] + more

    def _read_expression(self, start: int, extent: LatexExtent, mode: LexMode, kind: UnitKind) -> int:
        """One unit if it is small, else its delimiters, opened."""
        end, arguments = extent
        if not arguments or self._is_small(start, end):
            return self._emit(end, kind)
        return self._open_expression(start, extent, mode, kind)

    def _is_small(self, start: int, end: int) -> bool:
        if end - start > MAX_UNIT_CHARACTERS:
            return False
        depth = deepest = 0
        for c in self.text[start:end]:
            depth += (c == "{") - (c == "}")
            deepest = max(deepest, depth)
        return deepest <= _MAX_BRACE_DEPTH

    def _open_expression(self, start: int, extent: LatexExtent, mode: LexMode, kind: UnitKind) -> int:
        inside = self._emit(extent[1][0][0] + 1, kind)
        members = [len(self.ends) - 1]
        self._open_groups.append(
            _OpenGroup(start, self._list_stops(extent), members, mode, kind, kind != UnitKind.PUNCTUATION)
        )
        return inside

    @staticmethod
    def _list_stops(extent: LatexExtent) -> list[Span]:
        """The delimiters after the first: from each } to the next {, and from the last } to the end; last first."""
        end, arguments = extent
        following = [opening + 1 for opening, _ in arguments[1:]]
        return [(close, after) for (_, close), after in zip(arguments, [*following, end], strict=True)][::-1]

    def _read_script(self, start: int) -> int:
        """Scripts belong to the unit before them; right after an opening delimiter they are a unit of their own."""
        extent = self._reader.read_scripts(start, self._find_stop(), self._mode is LexMode.MATH)
        last = len(self.ends) - 1
        if extent[0] == start:
            return self._emit(start + 1, UnitKind.PUNCTUATION)
        if last < 0 or (self._open_groups and self._open_groups[-1].members[-1] == last):
            return self._read_expression(start, extent, LexMode.MATH, UnitKind.LATEX)
        self.kinds[last] = UnitKind.LATEX if self.kinds[last] == UnitKind.LATEX else UnitKind.EXPRESSION
        if not extent[1] or self._is_small(start, extent[0]):
            self.ends[last] = self._skip_marks(extent[0])
            return self.ends[last]
        members = [last]
        if self.groups and self.groups[-1][-1] == last:  # the base closes a group: the scripts prolong that group
            members = list(self.groups.pop())
        self.ends[last] = self._skip_marks(extent[1][0][0] + 1)
        self._open_groups.append(
            _OpenGroup(start, self._list_stops(extent), members, LexMode.MATH, UnitKind.LATEX, True)
        )
        return self.ends[last]

    def _open_left_delimiter(self, start: int) -> int:
        right = self._partner[start]
        opening, closing = (
            _match_end(_SIZED_DELIMITER, self.text, at, limit)
            for at, limit in ((start, right), (right, self._find_stop()))
        )
        opening = self._emit(opening, UnitKind.LATEX)
        members = [len(self.ends) - 1]
        self._open_groups.append(_OpenGroup(start, [(right, closing)], members, LexMode.MATH, UnitKind.LATEX, True))
        return opening

    def _open_region(self, region: Region) -> int:
        self._next_region += 1
        kind = {LexMode.CODE: UnitKind.CODE, LexMode.MATH: UnitKind.LATEX}.get(region.mode, UnitKind.PUNCTUATION)
        if region.mode is LexMode.CODE and region.end - region.start <= MAX_UNIT_CHARACTERS:
            return self._emit(region.end, kind)
        inside = self._emit(self._skip_columns(region), kind)
        stops = [(region.close, region.end)]
        self._open_groups.append(
            _OpenGroup(region.start, stops, [len(self.ends) - 1], region.mode, kind, region.formal)
        )
        return inside

    def _skip_columns(self, region: Region) -> int:
        """Where the content starts: \\begin{array}{cc} keeps its columns."""
        if not _COLUMNS_ENVIRONMENT.match(self.text, region.start, region.inside):
            return region.inside
        at = _match_end(_COLUMNS_LEAD, self.text, region.inside, region.close)
        close = self._partner.get(at)
        return region.inside if close is None or close >= region.close else close + 1

    def _close_delimiter(self) -> int:
        """Emit the next delimiter of the innermost group; after its last one the group is complete."""
        group = self._open_groups[-1]
        group.members.append(len(self.ends))
        end = self._emit(group.stops.pop()[1], group.kind)
        if group.stops:
            return end
        self._open_groups.pop()
        if self._mode is LexMode.PROSE and (suffix := _FORMULA_SUFFIX.match(self.text, end, self._find_stop())):
            end = self.ends[-1] = suffix.end()  # "$n$th", "$x$-axis": one word
        if not self._try_collapse(group, end):
            self.groups.append(tuple(group.members))
            if group.formal:
                self.formal.append((group.members[0], group.members[-1]))
        return end

    def _try_collapse(self, group: _OpenGroup, end: int) -> bool:
        """Make a group of nothing, or a short one of a single unit, one unit."""
        first, last = group.members[0], group.members[-1]
        content = last - first + 1 - len(group.members)
        if content > 1 or (content == 1 and end - group.start > MAX_UNIT_CHARACTERS):
            return False
        kind = self.kinds[first + 1] if content and not group.formal else group.kind
        del self.ends[first:last]
        self.kinds[first:] = [kind]
        return True


def _match_end(pattern: re.Pattern[str], text: str, at: int, limit: int) -> int:
    """Where a match at `at` ends; `at` itself if there is none."""
    m = pattern.match(text, at, limit)
    return m.end() if m else at
