"""Deleting and replacing inside sentences, and putting what is left together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cotpress.markers import STOPWORDS
from cotpress.rules.material import Material, Sentence
from cotpress.rules.phrases import fillers, openers, shorter

_WORD_AT = re.compile(r"[^\W\d_]{2,}|[aA](?=\s)")
_ORPHANS = re.compile(r"^[\s,;:.!?…—–-]*[,;:.!?…—–](?=\s|$)[\s,;.…—–]*")
_BLOCK = re.compile(r"```|~~~|(?:#{1,6}|[-+*>|]|\d+[.)])\s")
_ENDS = re.compile(r"[\s.,;:!?…。，、；：！？]*$")


@dataclass(frozen=True, slots=True)
class Change:
    """Characters [start, end) of the reasoning become `text`."""

    start: int
    end: int
    text: str = ""


def deletions(material: Material, sentence: Sentence) -> list[Change]:
    """The openers and fillers of one sentence, ascending and apart from each other."""
    if not material.english:
        return []
    text, at = material.text, _begin(material, sentence)
    found = []
    while (opener := openers().match(text, at, sentence.end)) and material.is_prose(*opener.span()):
        if _BLOCK.match(text, opener.end()):
            break  # in front of a line it would open code, a list or a heading
        found.append(Change(*opener.span()))
        at = opener.end()
    for match in fillers().finditer(text, at, sentence.end):
        parts_numbers = (
            text[match.start() - 2 : match.start()] == ", " and text[match.end() : match.end() + 1].isdigit()
        )
        if material.is_prose(*match.span()) and not parts_numbers:
            found.append(_filler(text, match, found[-1].end if found else at))
    return found


def _filler(text: str, match: re.Match[str], floor: int) -> Change:
    """The deletion of a filler with the comma before it, where a mark follows, or another comma between two words;
    and with the brackets around it."""
    start, end = match.span()
    lead, after = start - len(", "), text[end : end + 1]
    if lead > floor and text[lead:start] == " (" and after == ")":
        return Change(lead, end + 1)
    if lead <= floor or text[lead:start] != ", ":
        return Change(start, end)
    if match[0].endswith(", ") and text[lead - 1].isalpha() and after.isalpha():
        return Change(lead, end - 1)
    return Change(lead if after and after in ".;:!?" else start, end)


def shortenings(material: Material, sentence: Sentence) -> list[Change]:
    """The deletions of one sentence, and its wordy phrases made short."""
    if not material.english:
        return []
    pattern, forms = shorter()
    changes = deletions(material, sentence)
    taken = [(change.start, change.end) for change in changes]
    for match in pattern.finditer(material.text, _begin(material, sentence), sentence.end):
        free = all(match.end() <= start or end <= match.start() for start, end in taken)
        if free and material.is_prose(*match.span()):
            form = forms[(match.lastindex or 1) - 1]
            end = match.end() + (not form and material.text[match.end() : match.end() + 1] == " ")
            changes.append(Change(match.start(), end, form))
    return sorted(changes, key=lambda change: change.start)


def changed(material: Material, sentence: Sentence, changes: Sequence[Change]) -> str:
    """The sentence with its changes made, without the white space around it; "" if nothing but marks is left."""
    text, at, parts = material.text, _begin(material, sentence), []
    for change in changes:
        parts += [text[at : change.start], change.text]
        at = change.end
    raw = "".join([*parts, text[at : sentence.end]]).strip()
    if not changes:
        return raw
    tidy = _ORPHANS.sub(
        "", re.sub(r"(?<=\S)[ \t]{2,}", " ", re.sub(r"(?<=[^\s.,])[ \t]+(?=[,.;:!?](?:\s|$))", "", raw))
    )
    if not re.search(r"\w", tidy):
        return ""
    return capital(tidy) if text[_begin(material, sentence)].isupper() else tidy


def wording(material: Material, kept: Iterable[int], changes: Mapping[int, Sequence[Change]]) -> dict[int, str]:
    """The sentences that stay, by their number, with their changes made; unchanged if no word were left of any."""
    texts = {number: changed(material, material.sentences[number], changes[number]) for number in kept}
    if re.search(r"\w", "".join(texts.values())):
        return texts
    return {number: changed(material, material.sentences[number], []) for number in texts}


def capital(text: str) -> str:
    """The text with a capital first letter, where it begins with a word of the language rather than a name in a
    formula."""
    word = _WORD_AT.match(text)
    return text[0].upper() + text[1:] if word and not text[word.end() :].startswith(("_", "^", "(")) else text


def small(text: str, material: Material) -> str:
    """The text with a small first letter, where its first word is no name."""
    word = _WORD_AT.match(text)
    if word is None or text[1 : word.end()] != text[1 : word.end()].lower():
        return text
    common = word[0].lower() in STOPWORDS or f" {word[0].lower()} " in material.text
    return text[0].lower() + text[1:] if common and word[0] not in ("I",) else text


def open_end(text: str) -> str:
    """The text without the marks that end it; a formula that ends in a brace or a dollar sign keeps them."""
    return _ENDS.sub("", text)


def joined(material: Material, texts: Mapping[int, str]) -> str:
    """Sentences, by their number, one after the other, with the strongest white space of each gap between them."""
    parts: list[str] = []
    gap = ""
    for number, sentence in enumerate(material.sentences):
        lead = material.text[sentence.start : _begin(material, sentence)]
        gap = lead if _strength(lead) >= _strength(gap) else gap
        if texts.get(number):
            parts += [gap or _between(parts[-1]), texts[number]] if parts else [texts[number]]
            gap = ""
    return "".join(parts)


def _between(before: str) -> str:
    """What keeps a sentence apart from the next where the original has no white space: nothing after a full-width
    mark, as in Chinese, else a space."""
    return "" if not before[-1].isascii() and not before[-1].isalnum() else " "


def _strength(lead: str) -> tuple[int, bool]:
    return min(lead.count("\n"), 2), bool(lead)


def _begin(material: Material, sentence: Sentence) -> int:
    lead = len(material.text[sentence.start : sentence.end]) - len(
        material.text[sentence.start : sentence.end].lstrip()
    )
    return sentence.start + min(lead, sentence.end - sentence.start - 1)
