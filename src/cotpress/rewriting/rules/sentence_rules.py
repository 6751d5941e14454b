"""The levels "preserve", "edit" and "fuse" by rules: what is said is chosen first, then how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from cotpress.rewriting.rules.content_selection import choose_content, is_reply
from cotpress.rewriting.rules.derivation import LIST_ITEM
from cotpress.rewriting.rules.parsed_trace import ParsedTrace
from cotpress.rewriting.rules.text_bonds import is_part_label
from cotpress.rewriting.rules.text_changes import (
    apply_changes_to_sentences,
    find_deletions,
    find_shortenings,
    join_sentences,
    lowercase_first,
    strip_end_marks,
)
from cotpress.text.steps.step_rules import MAX_STEP_CHARACTERS


def preserve(parsed: ParsedTrace) -> str:
    """The steps that the answer rests on, verbatim and in order, without surface words."""
    content = choose_content(parsed, find_deletions, shortens=False)
    return join_sentences(parsed, apply_changes_to_sentences(parsed, content.kept, content.changes))


def edit(parsed: ParsedTrace) -> str:
    """The steps that the answer rests on, each in fewer words; none is merged or split."""
    content = choose_content(parsed, find_shortenings)
    return join_sentences(parsed, apply_changes_to_sentences(parsed, content.kept, content.changes))


STEPS_PER_STATEMENT = 2  # steps in one statement
_CONCLUSION_START = re.compile(
    r"(?:and\s+)?(?:so|therefore|thus|hence|consequently|as a result)\b(?! that\b),?\s*", re.IGNORECASE
)
_PRESENTING_START = re.compile(r"(?:these|those|here)\s+(?:are|is)\b", re.IGNORECASE)
_ANSWER_START = re.compile(r"(?:final )?answer\s*:", re.IGNORECASE)
# "Because people overlook that." belongs to the sentence before it; with a comma it may be a sentence of its own.
_REASON_FRAGMENT = re.compile(r"because\b[^,;:?\n]*+[.!]?\Z", re.IGNORECASE)
_LOOSE_START = re.compile(
    r"(?:hmm+|maybe|perhaps|okay|ok|wait|alright|let me|let's|let us|see (?:if|whether|how)|need to|let’s|first of all"
    r"|now|well)\b",
    re.IGNORECASE,
)
_CONTRAST_START = re.compile(r"(?:but|and|or)\s+(?=\w)", re.IGNORECASE)
_FULL_WIDTH_ENDS = ("。", "！", "？", "；")  # ends of sentences in Chinese and Japanese
_CLOSED_END = re.compile(r"[\w)\]}.;,%।'\"’”*$。；，]\s*$")
_MARKUP_START = re.compile(
    r"\s*(?:\\\[|\$\$|```|\\begin|#{1,6}\s|[-*>|]\s|\(?\d+[.):]\s|\*\*|\(?[A-Za-z][.)]\s"
    r"|(?:[Cc]ase|[Ss]tep|[Pp]art|[Oo]ption|[Cc]hoice)\s+\w{1,3}\b)"
)
_ITEM = re.compile(r"\s*(?:[-*+]\s|\(?\d{1,2}[.):]\s|\(?[a-z][.)]\s)")  # not "J. P. Morgan"
_DISPLAY_END = re.compile(r"(?:\\\]|\$\$|```|\\end\{[a-z]+\*?\})\s*\Z")
_ITEM_NUMBER_END = re.compile(r"(?:^|[\s:(])\d{1,2}\.\Z")  # "count: 1. pen 2. cap", cut after the numbers
_CAPITALISED_WORD = re.compile(r"[^\W\d_][^\W\d_]+(?![\w=_^(])")
_ENDS_IN_FORMULA = (".$", ".\\)", ".$$")
_QUOTED_ENDS = ('."', '!"', ".”", "!”")
_SENTENCE_GAP = re.compile(
    r"(?<![MD][rs]\.)(?<!Mrs\.)(?<=[.!?])\s+"
)  # "Ms. Watson's class." is no sentence of two words
_ENDS = (".", "!", "?", "।", *_FULL_WIDTH_ENDS)
_SEPARATORS = {"auto/paragraph": "\n\n", "auto/line": "\n", "auto/sentence": " "}
_MAX_JOINED_CHARACTERS = 240  # of a sentence that another one is joined to


@dataclass(frozen=True, slots=True)
class _Part:
    """The text of one kept sentence, its place among the sentences, and the line breaks before it, "" for none."""

    text: str
    at: int
    breaks: str


def fuse(parsed: ParsedTrace) -> str:
    """The steps that the answer rests on, joined two by two into sentences."""
    content = choose_content(parsed, find_shortenings)
    texts = apply_changes_to_sentences(parsed, content.kept, content.changes)
    said = [at for at in content.kept if texts[at]]
    parts = [_Part(texts[at], at, _find_breaks(parsed, before, at)) for before, at in pairwise([-1, *said])]
    steps = [list(step) for _, step in groupby(parts, key=lambda part: parsed.sentences[part.at].step)]
    statements = [(group[0][0].breaks, _build_statement(parsed, group)) for group in _group_steps(parsed, steps)]
    between = _SEPARATORS[parsed.segmentation.mode]
    return "".join(f"{max(breaks, between, key=len)}{text}" for breaks, text in statements)[len(between) :].strip()


def _find_breaks(parsed: ParsedTrace, before: int, at: int) -> str:
    """The most line breaks in a row, two at most, between a kept sentence and the one that is kept before it."""
    gaps = (parsed.text[one.start : parsed.find_text_start(one)] for one in parsed.sentences[before + 1 : at + 1])
    return "\n" * min(2, max(gap.count("\n") for gap in gaps))


def _group_steps(parsed: ParsedTrace, steps: Sequence[Sequence[_Part]]) -> list[list[Sequence[_Part]]]:
    """Steps two by two; items of a list stay with the item before them, sentences of a paragraph within it. After
    a draft that failed, two that would be too long for one step stay two: their sentences would count as steps."""
    groups: list[list[Sequence[_Part]]] = []
    by_sentence = parsed.segmentation.mode == "auto/sentence"
    begins = [not at or bool(step[0].breaks) for at, step in enumerate(steps)] + [True]
    for at, step in enumerate(steps):
        goes_on = bool(groups) and LIST_ITEM.match(step[0].text) and LIST_ITEM.match(groups[-1][-1][0].text)
        parted = by_sentence and begins[at] and not (begins[at - 1] and begins[at + 1])
        parted |= step[-1].text.rstrip(" *").endswith((":", "："))  # it leads to what comes after it
        joined = [*(groups[-1] if groups else ()), step]
        size = sum(len(part.text) + 1 for one in joined for part in one)
        parted |= parsed.cautious and not by_sentence and size > MAX_STEP_CHARACTERS
        if groups and not parted and (goes_on or len(groups[-1]) < STEPS_PER_STATEMENT):
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _build_statement(parsed: ParsedTrace, steps: Sequence[Sequence[_Part]]) -> str:
    """The sentences of several steps as one paragraph, line or sentence: where two steps meet they are joined."""
    statement = _put_side_by_side(steps[0])
    for before, step in pairwise(steps):
        follows = all(sentence.is_talk for sentence in parsed.sentences[before[-1].at + 1 : step[0].at])
        apart = "\n" if parsed.segmentation.mode == "auto/paragraph" else step[0].breaks or " "
        if parsed.cautious and _goes_on(statement, step[0].text):
            apart = " "
        statement = link_sentences(parsed, statement, _put_side_by_side(step), apart, follows)
    return statement


def _goes_on(before: str, after: str) -> bool:
    """Whether a line can go on with another step: neither is a heading or an item, and it leads to nothing."""
    line = before.rpartition("\n")[2]
    led = line.rstrip(" *").endswith((":", "："))
    headed = line.startswith(("#", "**", "|", ">", "`")) or _ITEM.match(line) or is_part_label(line)
    return not (led or headed or _MARKUP_START.match(after))


def _put_side_by_side(step: Sequence[_Part]) -> str:
    """The sentences of one step; lines stay lines."""
    text = step[0].text
    for part in step[1:]:
        apart = part.breaks or _MARKUP_START.match(part.text)
        gap = "\n" if apart else "" if text.endswith(_FULL_WIDTH_ENDS) else " "
        text = f"{text}{gap}{part.text}"
    return text


def link_sentences(parsed: ParsedTrace, before: str, after: str, apart: str, follows: bool) -> str:
    """Two steps as one: a conclusion after its ground with "so", others with a semicolon; where they cannot be one
    sentence, two.

    Args:
        parsed: the trace.
        before: what comes first.
        after: what is joined to it.
        apart: what stands between them where they cannot be one sentence.
        follows: whether nothing but talk stood between them.
    """
    mode, gap = parsed.segmentation.mode, "" if before.endswith(_FULL_WIDTH_ENDS) else " "
    if before.count("`") % 2 and "`" in after:
        return f"{before}\n\n{after}"  # on one line, what stands between two lone backticks would become code
    last = _SENTENCE_GAP.split(before)[-1]
    if _MARKUP_START.match(after) or "\n" in after or not _is_open(before) or last.rstrip(" *").endswith((":", "：")):
        return f"{before}{'' if before.endswith(_FULL_WIDTH_ENDS) else apart}{after}"
    if after.rstrip(" *_\"')").endswith("?") or is_reply(last) or last.rstrip(" \"'”").endswith((",", "...", "…", "?")):
        return f"{before}{gap}{after}"
    if is_part_label(last) or is_part_label(after) or after.rstrip(" *").endswith((":", "：")):
        return f"{before}{apart}{after}"
    if before.endswith((*_QUOTED_ENDS, *_ENDS_IN_FORMULA)) or (_ITEM_NUMBER_END.search(before) and after[:1].islower()):
        return f"{before}{gap}{after}"
    if _ANSWER_START.match(after) or _REASON_FRAGMENT.match(last):
        return f"{before}{gap}{after}"
    if _REASON_FRAGMENT.match(after):
        return f"{strip_end_marks(before)}, b{after[1:]}" if follows else f"{before}{gap}{after}"
    long = mode == "auto/paragraph" and max(len(last), len(after)) > _MAX_JOINED_CHARACTERS
    if before.endswith(_ENDS) and (long or not follows):
        return f"{before}{gap}{after}"
    concludes = _CONCLUSION_START.match(after)
    if concludes and concludes.end() < len(after) and follows:
        return f"{strip_end_marks(before)}, so {lowercase_first(after[concludes.end() :], parsed)}"
    if _CONTRAST_START.match(after):
        return f"{strip_end_marks(before)}, {lowercase_first(after, parsed)}"
    if before.endswith(_ENDS) and (_LOOSE_START.match(after) or _LOOSE_START.match(last)):
        return f"{before}{gap}{after}"  # a thought is no part of a statement
    if before.endswith(_ENDS) and (_begins_apart(after, parsed) or _PRESENTING_START.match(after)):
        return f"{before}{gap}{after}"
    mark = "；" if before.endswith(_FULL_WIDTH_ENDS) else "; "
    return f"{strip_end_marks(before)}{mark}{lowercase_first(after, parsed)}"


def _begins_apart(text: str, parsed: ParsedTrace) -> bool:
    """Whether a sentence cannot stand after a semicolon. English reasoning mostly begins so with a name."""
    return not parsed.is_english and begins_with_unknown_word(text, parsed)


def begins_with_unknown_word(text: str, parsed: ParsedTrace) -> bool:
    """Whether nobody knows if the capital of the first word is a name's."""
    word = _CAPITALISED_WORD.match(text)
    unknown = word is not None and word[0][0].isupper() and word[0] not in parsed.names
    return unknown and lowercase_first(text, parsed) == text


def _is_open(text: str) -> bool:
    """Whether a sentence can be joined to a text: it ends in words, and its last line is no item of a list."""
    line = text.rpartition("\n")[2]
    return bool(_CLOSED_END.search(text)) and not _DISPLAY_END.search(text) and not _ITEM.match(line)
