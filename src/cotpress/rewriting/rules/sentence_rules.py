"""The levels "preserve", "edit" and "fuse" by rules: what is said is chosen first, then how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from itertools import groupby

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
_SEPARATORS = {"auto/paragraph": "\n\n", "auto/line": "\n", "auto/sentence": " "}
_MAX_JOINED_CHARACTERS = 240  # of a sentence that another one is joined to


def fuse(parsed: ParsedTrace) -> str:
    """The steps that the answer rests on, joined two by two into sentences."""
    content = choose_content(parsed, find_shortenings)
    texts = apply_changes_to_sentences(parsed, content.kept, content.changes)
    steps = groupby((at for at in content.kept if texts[at]), key=lambda at: parsed.sentences[at].step)
    step_texts = [[texts[at] for at in numbers] for _, numbers in steps]
    statements = [_build_statement(parsed, group) for group in _group_steps(step_texts)]
    return _SEPARATORS[parsed.segmentation.mode].join(statements)


def _group_steps(steps: Sequence[Sequence[str]]) -> list[list[Sequence[str]]]:
    """Steps two by two; items of a list stay with the item before them."""
    groups: list[list[Sequence[str]]] = []
    for step in steps:
        goes_on = bool(groups) and LIST_ITEM.match(step[0]) and LIST_ITEM.match(groups[-1][-1][0])
        if groups and (goes_on or len(groups[-1]) < STEPS_PER_STATEMENT):
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _build_statement(parsed: ParsedTrace, steps: Sequence[Sequence[str]]) -> str:
    """The sentences of several steps as one paragraph, line or sentence: where two steps meet they are joined."""
    paragraphs = [reduce(_put_side_by_side, step) for step in steps]
    return reduce(lambda before, text: _link_sentences(parsed, before, text), paragraphs)


def _put_side_by_side(before: str, after: str) -> str:
    gap = "\n" if _MARKUP_START.match(after) else "" if before.endswith(_FULL_WIDTH_ENDS) else " "
    return f"{before}{gap}{after}"


def _link_sentences(parsed: ParsedTrace, before: str, after: str) -> str:
    """Two steps as one: a conclusion after its ground with "so", others with a semicolon."""
    mode, gap = parsed.segmentation.mode, "" if before.endswith(_FULL_WIDTH_ENDS) else " "
    if before.count("`") % 2 and "`" in after:
        return f"{before}\n\n{after}"  # on one line, what stands between two lone backticks would become code
    last = re.split(r"(?<=[.!?])\s+", before)[-1]
    if _MARKUP_START.match(after) or "\n" in after or not _CLOSED_END.search(before) or last.endswith((":", "：")):
        return f"{before}{'' if before.endswith(_FULL_WIDTH_ENDS) else _choose_break(mode)}{after}"
    if after.rstrip(" *_\"')").endswith("?") or is_reply(last) or last.rstrip().endswith((",", "...", "…")):
        return f"{before}{gap}{after}"
    if len(last) > _MAX_JOINED_CHARACTERS and mode == "auto/paragraph":
        return f"{before}{gap}{after}"
    concludes = _CONCLUSION_START.match(after)
    if concludes and concludes.end() < len(after):
        return f"{strip_end_marks(before)}, so {lowercase_first(after[concludes.end() :], parsed)}"
    if _CONTRAST_START.match(after):
        return f"{strip_end_marks(before)}, {lowercase_first(after, parsed)}"
    mark = "；" if before.endswith(_FULL_WIDTH_ENDS) else "; "
    return f"{strip_end_marks(before)}{mark}{lowercase_first(after, parsed)}"


def is_reply(text: str) -> bool:
    """Whether a sentence answers a question before it in a word or two, and so is no part of what follows.

    >>> is_reply("No."), is_reply("It is 5.")
    (True, False)
    """
    return len(text.split()) <= MAX_REPLY_WORDS and classify_reply(text) == "short" and not any(map(str.isdigit, text))


def _choose_break(mode: str) -> str:
    """What stands between two steps that become one and are no one sentence."""
    return "\n" if mode == "auto/paragraph" else " "
