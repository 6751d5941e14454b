"""The levels "preserve", "edit" and "fuse" by rules: what is said is chosen first, then how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from cotpress.rewriting.rules.content_selection import choose_content
from cotpress.rewriting.rules.derivation import LIST_ITEM
from cotpress.rewriting.rules.parsed_trace import ParsedTrace
from cotpress.rewriting.rules.text_changes import (
    apply_changes_to_sentences,
    find_deletions,
    find_shortenings,
    join_sentences,
    lowercase_first,
    strip_end_marks,
)
from cotpress.text.step_shapes import classify_reply


def preserve(parsed: ParsedTrace) -> str:
    """The steps that the answer rests on, verbatim and in order, without surface words."""
    content = choose_content(parsed, find_deletions, shortens=False)
    return join_sentences(parsed, apply_changes_to_sentences(parsed, content.kept, content.changes))


def edit(parsed: ParsedTrace) -> str:
    """The steps that the answer rests on, each in fewer words; none is merged or split."""
    content = choose_content(parsed, find_shortenings)
    return join_sentences(parsed, apply_changes_to_sentences(parsed, content.kept, content.changes))


MAX_REPLY_WORDS = 2
STEPS_PER_STATEMENT = 2  # steps in one statement
_CONCLUSION_START = re.compile(
    r"(?:and\s+)?(?:so|therefore|thus|hence|consequently|as a result)\b(?! that\b),?\s*", re.IGNORECASE
)
_CONTRAST_START = re.compile(r"(?:but|and|or)\s+(?=\w)", re.IGNORECASE)
_FULL_WIDTH_ENDS = ("。", "！", "？", "；")  # ends of sentences in Chinese and Japanese
_CLOSED_END = re.compile(r"[\w)\]}.;,%'\"’”*$。；，]\s*$")
_MARKUP_START = re.compile(
    r"\s*(?:\\\[|\$\$|```|\\begin|[-*#>|]\s|\(?\d+[.):]\s|\*\*|\(?[A-Za-z][.)]\s"
    r"|(?:[Cc]ase|[Ss]tep|[Pp]art|[Oo]ption|[Cc]hoice)\s+\w{1,3}\b)"
)
_DISPLAY_END = re.compile(r"(?:\\\]|\$\$|```|\\end\{[a-z]+\*?\})\s*\Z")
_ENDS = (".", "!", "?", *_FULL_WIDTH_ENDS)
_SEPARATORS = {"auto/paragraph": "\n\n", "auto/line": "\n", "auto/sentence": " "}
_MAX_JOINED_CHARACTERS = 240  # of a sentence that another one is joined to


@dataclass(frozen=True, slots=True)
class _Part:
    """The text of one kept sentence, its place among the sentences, and whether a line begins with it."""

    text: str
    at: int
    on_new_line: bool


def fuse(parsed: ParsedTrace) -> str:
    """The steps that the answer rests on, joined two by two into sentences."""
    content = choose_content(parsed, find_shortenings)
    texts = apply_changes_to_sentences(parsed, content.kept, content.changes)
    parts = [_Part(texts[at], at, _begins_line(parsed, at)) for at in content.kept if texts[at]]
    steps = [list(step) for _, step in groupby(parts, key=lambda part: parsed.sentences[part.at].step)]
    statements = [_build_statement(parsed, group) for group in _group_steps(steps)]
    return _SEPARATORS[parsed.segmentation.mode].join(statements)


def _begins_line(parsed: ParsedTrace, at: int) -> bool:
    sentence = parsed.sentences[at]
    return "\n" in parsed.text[sentence.start : parsed.find_text_start(sentence)]


def _group_steps(steps: Sequence[Sequence[_Part]]) -> list[list[Sequence[_Part]]]:
    """Steps two by two; items of a list stay with the item before them."""
    groups: list[list[Sequence[_Part]]] = []
    for step in steps:
        goes_on = bool(groups) and LIST_ITEM.match(step[0].text) and LIST_ITEM.match(groups[-1][-1][0].text)
        if groups and (goes_on or len(groups[-1]) < STEPS_PER_STATEMENT):
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _build_statement(parsed: ParsedTrace, steps: Sequence[Sequence[_Part]]) -> str:
    """The sentences of several steps as one paragraph, line or sentence: where two steps meet they are joined."""
    statement = _put_side_by_side(steps[0])
    for before, step in pairwise(steps):
        follows = all(sentence.is_talk for sentence in parsed.sentences[before[-1].at + 1 : step[0].at])
        statement = _link_sentences(parsed, statement, _put_side_by_side(step), follows)
    return statement


def _put_side_by_side(step: Sequence[_Part]) -> str:
    """The sentences of one step; lines stay lines."""
    text = step[0].text
    for part in step[1:]:
        apart = part.on_new_line or _MARKUP_START.match(part.text)
        gap = "\n" if apart else "" if text.endswith(_FULL_WIDTH_ENDS) else " "
        text = f"{text}{gap}{part.text}"
    return text


def _link_sentences(parsed: ParsedTrace, before: str, after: str, follows: bool) -> str:
    """Two steps as one: a conclusion after its ground with "so", others with a semicolon; `follows`: nothing that stood
    between them went."""
    mode, gap = parsed.segmentation.mode, "" if before.endswith(_FULL_WIDTH_ENDS) else " "
    if before.count("`") % 2 and "`" in after:
        return f"{before}\n\n{after}"  # on one line, what stands between two lone backticks would become code
    last = re.split(r"(?<=[.!?])\s+", before)[-1]
    if _MARKUP_START.match(after) or "\n" in after or not _is_open(before) or last.endswith((":", "：")):
        return f"{before}{'' if before.endswith(_FULL_WIDTH_ENDS) else _choose_break(mode)}{after}"
    if after.rstrip(" *_\"')").endswith("?") or is_reply(last) or last.rstrip().endswith((",", "...", "…", "?")):
        return f"{before}{gap}{after}"
    if mode == "auto/paragraph" and (len(last) > _MAX_JOINED_CHARACTERS or not (follows and _is_short(after))):
        return f"{before}{gap if before.endswith(_ENDS) else _choose_break(mode)}{after}"
    concludes = _CONCLUSION_START.match(after)
    if concludes and concludes.end() < len(after) and follows:
        return f"{strip_end_marks(before)}, so {lowercase_first(after[concludes.end() :], parsed)}"
    if _CONTRAST_START.match(after):
        return f"{strip_end_marks(before)}, {lowercase_first(after, parsed)}"
    mark = "；" if before.endswith(_FULL_WIDTH_ENDS) else "; "
    return f"{strip_end_marks(before)}{mark}{lowercase_first(after, parsed)}"


def _is_open(text: str) -> bool:
    """Whether a sentence can be joined to a text: it ends in words, and its last line is no item of a list."""
    line = text.rpartition("\n")[2]
    return bool(_CLOSED_END.search(text)) and not _DISPLAY_END.search(text) and not _MARKUP_START.match(line)


def _is_short(text: str) -> bool:
    return len(text) <= _MAX_JOINED_CHARACTERS


def is_reply(text: str) -> bool:
    """Whether a sentence answers a question before it in a word or two, and so is no part of what follows.

    >>> is_reply("No."), is_reply("It is 5.")
    (True, False)
    """
    return len(text.split()) <= MAX_REPLY_WORDS and classify_reply(text) == "short" and not any(map(str.isdigit, text))


def _choose_break(mode: str) -> str:
    """What stands between two steps that become one and are no one sentence."""
    return "\n" if mode == "auto/paragraph" else " "
