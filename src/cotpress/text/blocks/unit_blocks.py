"""Units that live and die together when single units are deleted: delimiters in pairs, code and formulas whole."""

from __future__ import annotations

import re
from typing import Final

from cotpress.text.blocks.bare_code import find_bare_code
from cotpress.text.blocks.markdown_tables import find_table_bars
from cotpress.text.blocks.plain_formulas import find_plain_formulas
from cotpress.text.segmentation import Segmentation, mark_covered
from cotpress.text.units.bracket_pairs import BracketMatcher, UnitGroup
from cotpress.text.units.unit_kinds import UnitKind
from cotpress.types import Span

FORMULA_MODES: Final = ("whole", "inside")

_TEXT_COMMAND = re.compile(r"\s*\\(?:text|emph|mbox|hbox|href|footnote|caption|title|(?:sub)*section)")
_TABULAR = re.compile(r"\s*\\begin\s*\{(?:[bBpvV]?matrix|smallmatrix|array|[dr]?cases|tabular|subarray)\*?\}")


def find_unit_blocks(segmentation: Segmentation, formulas: str = "whole") -> tuple[UnitGroup, ...]:
    """The groups of a text's units for deletion unit by unit; they are disjoint, and nest.

    Where any other unit between the first and the last of a group is kept, the whole group is to be kept, else dropped.
    The units of code are all in one group, so it stays verbatim or goes.

    Args:
        segmentation: the text, cut.
        formulas: "whole": the units of a formula, or of an equation in plain text, are one group; "inside": they are
            deleted one by one, and only what would not parse is bound.

    >>> from cotpress.text import segment
    >>> cut = segment("We know (1 - p)^4 (as above).")
    >>> find_unit_blocks(cut)
    ((2, 3, 4, 5, 6), (7, 10))
    >>> find_unit_blocks(cut, "inside")
    ((2, 6), (7, 10))
    """
    cut, count = segmentation, len(segmentation.kinds)
    whole = [(group[0], group[-1]) for group in cut.groups if cut.kinds[group[0]] == UnitKind.CODE]
    whole += find_bare_code(cut)
    code = mark_covered(count, whole) | (cut.kinds == UnitKind.CODE)
    if formulas == "whole":
        whole += [(group[0], group[-1]) for group in cut.groups if _is_formula(cut, group)]
    covered = mark_covered(count, whole)
    loose = [_add_separators(group, cut) for group in cut.groups if not covered[group[0]]]
    loose += find_table_bars(cut, covered | mark_covered(count, [(group[0], group[-1]) for group in loose]))
    taken = covered | code
    taken[[unit for group in loose for unit in group]] = True
    pairs = BracketMatcher(cut.text, cut.units, loose, taken).run()
    if formulas == "whole":
        braces = [group for group in loose if cut.text[cut.units[group[0]] : cut.units[group[0] + 1]].strip() == "{"]
        others = [group for group in loose if group not in braces]
        whole += find_plain_formulas(cut, covered, code, others, [*pairs, *braces])
        covered = mark_covered(count, whole)
    blocks = [tuple(range(first, last + 1)) for first, last in _drop_nested(whole) if first < last]
    return tuple(sorted([*blocks, *(group for group in (*loose, *pairs) if not covered[group[0]])]))


def _is_formula(cut: Segmentation, group: UnitGroup) -> bool:
    """Whether the delimiters enclose mathematics, not bold text or the like."""
    first = group[0]
    if not cut.formal[first] or cut.kinds[first] not in (UnitKind.LATEX, UnitKind.EXPRESSION):
        return False
    return not _TEXT_COMMAND.match(cut.text, int(cut.units[first]), int(cut.units[first + 1]))


def _drop_nested(spans: list[Span]) -> list[Span]:
    """The spans of first and last unit that are in no other."""
    outer: list[Span] = []
    for first, last in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not outer or first > outer[-1][1]:
            outer.append((first, last))
    return outer


def _add_separators(group: UnitGroup, cut: Segmentation) -> UnitGroup:
    """With the `&` and `\\\\` of a matrix or a table among its delimiters: a row that lost one is another row."""
    bounds = cut.units
    if not _TABULAR.match(cut.text, int(bounds[group[0]]), int(bounds[group[0] + 1])):
        return group
    inner = {other[0]: other[-1] for other in cut.groups if group[0] < other[0] < group[-1]}
    members, unit = list(group), group[0] + 1
    while unit < group[-1]:
        if unit in inner:
            unit = inner[unit]
        elif cut.text[bounds[unit] : bounds[unit + 1]].strip()[:2] in ("&", "\\\\"):
            members.append(unit)
        unit += 1
    return tuple(sorted(members))
