"""Nothing is calculated wrongly that the original calculates rightly, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cotpress.gauges.arithmetic import is_false
from cotpress.gauges.text_analysis import analyze_text
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check

_MAX_LISTED = 3
_CALCULATOR_MARK = re.compile(r"<<([^<>=\n]{1,80})=([^<>=\n]{1,40})>>")
_VALUE = r"\$?\d[\d,]{0,14}(?:\.\d{1,9})?"
_EQUATION = re.compile(
    rf"(?<![\w.)^!%(+*/×÷·$-])((?:{_VALUE}\s?[-+*/×÷·]\s?){{1,12}}{_VALUE})\s?=\s?({_VALUE})"
    r"(?!\d|\s?[-+*/×÷·^(!%:]|\.\d)"
)
# What stands before numbers that are a part of what is calculated: "half of 20 + 4", "mod".
_PART_OF_MORE = re.compile(
    r"(?:\b(?:of|and|by|from|to|times|plus|minus|than|over|half|twice|double|root|sum|log)|[-+*/^=(×÷·√])\s*\Z", re.I
)
# What stands behind an equation that holds in another way: "17 + 5 = 2 (mod 20)", "13 / 3 = 4 with 1 left".
_QUALIFIED = re.compile(r"[\s$,(\\]{0,4}(?:p?mod|base|bmod|with|rem|left|and a (?:half|third|quarter|bit))", re.I)
_WORDS_FOR_SIGNS = (
    (re.compile(r" (?:divided by|over) (?=\d)"), " / "),
    (re.compile(r" (?:times|multiplied by) (?=\d)"), " * "),
    (re.compile(r" plus (?=\d)"), " + "),
    (re.compile(r" minus (?=\d)"), " - "),
)
_MAX_BEFORE = 12  # characters before an equation that tell whether it is a part of more
_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "$": None, ",": None, " ": None})


@register_check("equations-hold")
def equations_hold(draft: Draft) -> str | None:
    """Fails where an equation of plain numbers does not hold that the original has not: "100 - 30 - 15 = 5"."""
    if "=" not in draft.text:
        return None
    false = dict.fromkeys(
        f"{left}={right}" for left, right in _list_equations(draft.text) if is_false(left, "=", right)
    )
    if false:
        known = {f"{left}={right}" for left, right in _list_equations(draft.trace.reasoning)}
        false = dict.fromkeys(one for one in false if one not in known)
    return f"It has equations that do not hold: {', '.join([*false][:_MAX_LISTED])}." if false else None


def _list_equations(text: str) -> Iterator[tuple[str, str]]:
    """Sides of equations of plain numbers, without spaces and marks of money."""
    yield from ((left.translate(_SIGNS), right.translate(_SIGNS)) for left, right in _CALCULATOR_MARK.findall(text))
    text = _CALCULATOR_MARK.sub("", text)
    for words, sign in _WORDS_FOR_SIGNS:
        text = words.sub(sign, text)
    for statement in analyze_text(text).statements:
        for match in _EQUATION.finditer(statement.plain):
            before = statement.plain[max(0, match.start() - _MAX_BEFORE) : match.start()]
            if not _PART_OF_MORE.search(before) and not _QUALIFIED.match(statement.plain, match.end()):
                yield match[1].translate(_SIGNS), match[2].translate(_SIGNS)
