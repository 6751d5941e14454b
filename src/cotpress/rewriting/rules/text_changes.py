"""Deleting and replacing inside sentences, and joining what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cotpress.rewriting.rules.grammar_words import FINITE_VERBS
from cotpress.rewriting.rules.parsed_trace import ParsedTrace, Sentence
from cotpress.rewriting.rules.phrase_patterns import (
    ShortFormPlace,
    compile_clause_start,
    compile_fillers,
    compile_openers,
    compile_short_forms,
    is_governed,
)

# "a" is an article, but not in "a = 160" or "a is even".
_FIRST_WORD = re.compile(
    r"[^\W\d_]{2,}|[aA](?=\s+(?!(?:is|are|was|has|must|can|and|or|in|by|be|to|as)\b)(?:\d+-)?[a-z]{2})"
)
_OPERATOR = re.compile(r"\s?[-+*/=<>≤≥≠^_²³]|\(")  # "adding (1 - x)" is no name in a formula
_FUNCTION_LIST = "ln log sin cos tan cot exp lim max min gcd lcm det sqrt mod"
_FUNCTIONS = frozenset(_FUNCTION_LIST.split())
_STARTING_WORD_LIST = """
    wait suppose alternatively original total same next possible remaining since only simplify minus divide multiply
    subtract substitute plug compute calculate expand square add take solve check test use let divided sum product
    another yes yeah yep no hmm oh alright first second third one none past note reason given explanation already
    suggest recommend better instead sometimes usually often start correct alternative duration potential emphasize
"""
_STARTING_WORDS = frozenset(_STARTING_WORD_LIST.split())
_PARTED_MARK = re.compile(r"(?<=[^\s.,])[ \t]+(?=[,.;:!?](?:\s|$))")
_ORPHANED_PUNCTUATION = re.compile(r"^[\s,;:.!?…—–-]*[,;:.!?…—–](?=\s|$)[\s,;.…—–]*")
_MARKDOWN_START = re.compile(r"```|~~~|(?:#{1,6}|[-+*>|]|\d+[.)])\s")
_END_MARKS = re.compile(r"(?<![\s.,;:!?…।。，、；：！？])[\s.,;:!?…।。，、；：！？]*+$")
_ABBREVIATION = " etc"  # whose stop is no end of a sentence
_SENTENCE_LEAD = re.compile(r"(?:[^\n]*[:;—–])?\s*(?:(?:so|then|now|first|next|thus)\b,?\s*)?", re.IGNORECASE)
# "If A is in B, then that means that C" is no sentence with "so" in it.
_SUPPOSING = re.compile(
    r"(?:(?:so|and|but|now|then|because|wait)\b,?\s)?(?:if|since|because|when|as|given|whenever)\b", re.IGNORECASE
)
_ASKING = re.compile(r"\b(?:if|whether)\b[^,]*\Z", re.IGNORECASE)  # "check if it is equal to 227"
_MAX_WORD = 24  # characters before a phrase that tell what it depends on
_MAX_LEAD = 12  # characters before a phrase that tell whether a clause begins there


@dataclass(frozen=True, slots=True)
class TextChange:
    """Characters [start, end) of the reasoning become `text`."""

    start: int
    end: int
    text: str = ""


ChangesBySentence = dict[int, list[TextChange]]


def find_deletions(parsed: ParsedTrace, sentence: Sentence) -> list[TextChange]:
    """The openers and fillers of one sentence, ascending and apart from each other."""
    if not parsed.language:
        return []
    text, at = parsed.text, parsed.find_text_start(sentence)
    deletions = []
    opener_pattern = compile_openers(parsed.language, sentence.follows_question)
    while (opener := opener_pattern.match(text, at, sentence.end)) and parsed.is_prose(*opener.span()):
        if _MARKDOWN_START.match(text, opener.end()):
            break  # in front of a line it would open code, a list or a heading
        deletions.append(TextChange(*opener.span()))
        at = opener.end()
    for match in compile_fillers(parsed.language).finditer(text, at, sentence.end):
        before = text[at : match.start()]
        parts_numbers = before.endswith(", ") and text[match.end() : match.end() + 1].isdigit()
        begins = _begins_clause(before, parsed.language)
        misplaced = not begins if match["clause"] else is_governed(before, parsed.language)
        if parsed.is_prose(*match.span()) and not parts_numbers and not misplaced:
            deletions.append(_make_filler_deletion(text, match, deletions[-1].end if deletions else at))
    return deletions


def _begins_clause(before: str, language: str) -> bool:
    """Whether a clause begins after these characters of a sentence."""
    tail = before if len(before) <= _MAX_LEAD else "x" + before[-_MAX_LEAD:]
    return compile_clause_start(language).search(tail) is not None


def _make_filler_deletion(text: str, match: re.Match[str], minimum: int) -> TextChange:
    """The deletion of a filler with the comma before it, where a mark follows, or another comma between two words;
    and with the brackets around it."""
    start, end = match.span()
    lead, after = start - len(", "), text[end : end + 1]
    if lead > minimum and text[lead:start] == " (" and after == ")":
        return TextChange(lead, end + 1)
    if lead <= minimum or text[lead:start] != ", ":
        return TextChange(start, end)
    if match[0].endswith(", ") and text[lead - 1].isalpha() and after.isalpha() and not match["clause"]:
        return TextChange(lead, end - 1)
    return TextChange(lead if after and after in ".;:!?" else start, end)


def find_shortenings(parsed: ParsedTrace, sentence: Sentence) -> list[TextChange]:
    """The deletions of one sentence, and its wordy phrases made short."""
    if not parsed.language:
        return []
    pattern, forms = compile_short_forms(parsed.language)
    changes = find_deletions(parsed, sentence)
    taken = [(change.start, change.end) for change in changes]
    start = parsed.find_text_start(sentence)
    for match in pattern.finditer(parsed.text, start, sentence.end):
        form, place = forms[(match.lastindex or 1) - 1]
        free = all(match.end() <= begin or end <= match.start() for begin, end in taken)
        opened = max([start, *(end for _, end in taken if end <= match.start())])
        fits = _fits_place(parsed.text[opened : match.start()], place, parsed.language)
        before = parsed.text[max(start, match.start() - _MAX_WORD) : match.start()]
        fits &= form != "so" or _SUPPOSING.match(parsed.text, start, match.start()) is None
        fits &= form != "=" or _ASKING.search(before) is None
        if free and fits and parsed.is_prose(*match.span()):
            end = match.end() + (not form and parsed.text[match.end() : match.end() + 1] == " ")
            changes.append(TextChange(match.start(), end, form))
    return sorted(changes, key=lambda change: change.start)


def _fits_place(before: str, place: ShortFormPlace, language: str) -> bool:
    """Whether what is before a wordy phrase lets its short form stand there."""
    if place == "sentence" and not _SENTENCE_LEAD.fullmatch(before[-_MAX_LEAD:] if before.strip() else ""):
        return False
    return place == "anywhere" or _begins_clause(before, language)


def apply_changes(parsed: ParsedTrace, sentence: Sentence, changes: Sequence[TextChange]) -> str:
    """The sentence with its changes made, without the white space around it; "" if nothing but marks is left."""
    text, parts = parsed.text, list[str]()
    start = at = parsed.find_text_start(sentence)
    for change in changes:
        parts += [text[at : change.start], change.text]
        at = change.end
    raw = "".join([*parts, text[at : sentence.end]]).strip()
    if not changes:
        return raw
    if not _PARTED_MARK.search(text, start, sentence.end):  # its own way of writing stays: "I think !"
        raw = _PARTED_MARK.sub("", raw)
    tidy = _ORPHANED_PUNCTUATION.sub("", re.sub(r"(?<=\S)[ \t]{2,}", " ", raw))
    if not re.search(r"\w", tidy):
        return ""
    return capitalise_first(tidy) if text[start].isupper() else tidy


def apply_changes_to_sentences(
    parsed: ParsedTrace, kept: Iterable[int], changes: Mapping[int, Sequence[TextChange]]
) -> dict[int, str]:
    """The sentences that stay, by their number, with their changes made; unchanged if no word were left of any."""
    texts = {number: apply_changes(parsed, parsed.sentences[number], changes[number]) for number in kept}
    if re.search(r"\w", "".join(texts.values())):
        return texts
    return {number: apply_changes(parsed, parsed.sentences[number], []) for number in texts}


def capitalise_first(text: str) -> str:
    """The text with a capital first letter, where it begins with a word of the language rather than a name in a
    formula."""
    word = _FIRST_WORD.match(text)
    names = word is not None and (word[0] in _FUNCTIONS or _OPERATOR.match(text, word.end()))  # "ln w", "bc - ad"
    if word is None or names or not word[0].isalpha() or text[word.end() :].startswith(("_", "^", "(")):
        return text
    return text[0].upper() + text[1:]


def lowercase_first(text: str, parsed: ParsedTrace) -> str:
    """The text with a small first letter, where its first word is no name."""
    word = _FIRST_WORD.match(text)
    if word is None or text[1 : word.end()] != text[1 : word.end()].lower():
        return text
    small = word[0].lower()
    common = small in parsed.common_words or small in _STARTING_WORDS or small.endswith(("ly", "ing"))
    common |= any(re.search(rf"(?<![^\W\d_]){small}", text) for text in (parsed.text, parsed.trace.question))
    common |= small in FINITE_VERBS if parsed.is_english else not parsed.has_capital_nouns
    is_name = word[0] in parsed.names and not (parsed.is_english and small in _STARTING_WORDS)
    return text[0].lower() + text[1:] if common and not is_name else text


def strip_end_marks(text: str) -> str:
    """The text without the marks that end it; a formula that ends in a brace or a dollar sign keeps them."""
    bare = _END_MARKS.sub("", text)
    return f"{bare}." if text[len(bare) :].startswith(".") and bare.endswith(_ABBREVIATION) else bare


def join_sentences(parsed: ParsedTrace, texts: Mapping[int, str]) -> str:
    """Sentences, by their number, one after the other, with the strongest white space of each gap between them."""
    parts: list[str] = []
    gap = ""
    for number, sentence in enumerate(parsed.sentences):
        lead = parsed.text[sentence.start : parsed.find_text_start(sentence)]
        gap = lead if _rank_gap(lead) >= _rank_gap(gap) else gap
        if texts.get(number):
            parts += [gap or _choose_separator(parts[-1]), texts[number]] if parts else [texts[number]]
            gap = ""
    return "".join(parts)


def _choose_separator(before: str) -> str:
    """What keeps a sentence apart from the next where the original has no white space: nothing after a full-width
    mark, as in Chinese, else a space."""
    return "" if not before[-1].isascii() and not before[-1].isalnum() else " "


def _rank_gap(lead: str) -> tuple[int, bool]:
    return min(lead.count("\n"), 2), bool(lead)
