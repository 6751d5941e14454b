"""Finds code: fences, back-ticks, `[asy]` drawings, `verbatim` and its like. A delimiter closes with its equal; one
that finds none is an ordinary character."""

from __future__ import annotations

import re

from cotpress.text.units.text_layout import Delimiter, Region, TextLayout
from cotpress.text.units.unit_kinds import LexMode

# Each alternative begins with a plain character, which lets the search skip everything else at the speed of C; the
# name of a group is the kind of the delimiter.
_CODE_DELIMITER = re.compile(
    r"`(?P<tick>`*+)|~~~(?P<tilde>~*+)|\[(?P<asy>asy\])|\[(?P<yasy>/asy\])"
    r"|\\(?P<begin>begin\{(?:verbatim|lstlisting|minted|asy|tikzpicture)\*?\})"
    r"|\\(?P<end>end\{(?:verbatim|lstlisting|minted|asy|tikzpicture)\*?\})"
)
_OPENINGS = ("`", "~~~", "[asy]", "\\begin{")
_FENCE_INFO = re.compile(r"[^`\n]{0,80}+(?=\n|\Z)")
_MAX_FENCE_INDENT = 40  # characters of indentation
_MAX_INLINE_CHARACTERS = 2000  # characters; back-ticks further apart are a coincidence


def find_code_regions(text: str, layout: TextLayout) -> None:
    """Add the regions of code, and the braces that match within each, to the layout."""
    if not any(opening in text for opening in _OPENINGS):
        return
    tokens = [_read_delimiter(text, m) for m in _CODE_DELIMITER.finditer(text)]
    following: dict[str, int] = {}  # the key of a closer -> the next token that has it
    closer: list[int | None] = [None] * len(tokens)
    for i in range(len(tokens) - 1, -1, -1):
        wants, closes = _get_keys(text, tokens[i])
        closer[i] = following.get(wants)
        if closes:
            following[closes] = i
    at = 0
    while at < len(tokens):
        last = closer[at]
        if last is not None and (region := _build_region(text, tokens[at], tokens[last])):
            layout.regions.append(region)
            _match_braces(text, region, layout)
            at = last
        at += 1


def _read_delimiter(text: str, m: re.Match[str]) -> Delimiter:
    """A run of three or more at the head of a line, with at most a language after it, is a fence: the token is the
    whole line, its text the run."""
    kind, run = m.lastgroup or "", m.group()
    if kind in ("tick", "tilde") and len(run) >= 3:
        indent = text[max(0, m.start() - _MAX_FENCE_INDENT) : m.start()].rpartition("\n")[2]
        info = _FENCE_INFO.match(text, m.end())
        if not indent.strip(" \t") and info and (len(indent) < _MAX_FENCE_INDENT or m.start() == len(indent)):
            return Delimiter("fence", m.start() - len(indent), info.end(), run)
    return Delimiter(kind, m.start(), m.end(), run)


def _get_keys(text: str, token: Delimiter) -> tuple[str, str]:
    """The key that a token's closer must have, and the key that the token has as a closer ("" if it is none)."""
    if token.kind == "fence":
        bare = len(text[token.start : token.end].strip()) == len(token.text)
        return f"fence{token.text}", f"fence{token.text}" if bare else ""
    if token.kind == "tick":
        return token.text, token.text
    if token.kind in ("asy", "yasy"):
        return ("asy", "") if token.kind == "asy" else ("", "asy")
    if token.kind == "tilde":
        return "", ""
    name = token.text.partition("{")[2]
    return (name, "") if token.kind == "begin" else ("", name)


def _build_region(text: str, opener: Delimiter, closer: Delimiter) -> Region | None:
    inside = opener.end
    if opener.kind == "fence":
        # The line break after the opening line is the fence's own: without it the fence would not parse.
        inside = min(opener.end + 1, closer.start)
    elif opener.kind == "tick":
        content = text[inside : min(closer.start, inside + _MAX_INLINE_CHARACTERS)]
        quoted = len(opener.text) == 2 and "''" in content  # ``quotes'' as TeX writes them
        if closer.start - inside > _MAX_INLINE_CHARACTERS or "\n\n" in content or not content.strip() or quoted:
            return None
    return Region(opener.start, inside, closer.start, closer.end, LexMode.CODE, True)


def _match_braces(text: str, region: Region, layout: TextLayout) -> None:
    opened: list[int] = []
    for m in re.finditer(r"[{}]", text[region.inside : region.close]):
        if m.group() == "{":
            opened.append(region.inside + m.start())
        elif opened:
            layout.partner[opened.pop()] = region.inside + m.start()
