"""What a file of words says about one language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class LanguageWords(NamedTuple):
    """The words and phrases of one language that cutting, marking and the rules look for.

    Phrases are regular expressions. They are matched on lower case or without regard to case, with ' for ’, and none
    crosses a line. Whatever is left out is not looked for in this language.

    Args:
        code: the ISO 639-1 code.
        parts_words: whether white space parts words; else phrases may begin and end anywhere.
        leading_interjections: words that may stand before a reflective phrase at the head of a step.
        reflective_heads: what makes a step reflective at its head, after such words.
        reflective_starts: the same, at the very head.
        reflective_phrases: what makes a step reflective anywhere in its first characters.
        restating_openings: words that may stand before what announces a repetition.
        restating_phrases: what announces that something is said again.
        retracting_phrases: what takes back something that was said.
        inferring_phrases: what says why something holds, or that it cannot.
        concluding_words: what a sentence that concludes begins with.
        hedging_words: what makes a claim a guess.
        leading_abbreviations: a name or a reference follows; their dot ends no sentence.
        trailing_abbreviations: their dot ends a sentence only before a capital.
        numbering_abbreviations: abbreviations only before a number.
        spaced_abbreviations: pairs of letters of abbreviations with a space inside ("z. B.").
        ordinal_leads: words after which a number with a dot is an ordinal ("am 3. Mai").
        openers: what the rules delete at the head of a sentence, with the mark and the space behind it.
        replies: the same, unless it answers a question before it.
        clause_fillers: what they delete where a clause begins.
        fillers: what they delete anywhere in prose.
        governing_words: words that give a filler behind them a meaning ("not really").
        clause_conjunctions: words after which a clause begins.
        clause_short_forms: wordy phrases and their short form, where a clause begins.
        imperative_short_forms: wordy phrases that become a request, where a sentence or a conclusion begins: "I need to
            find x" is "find x", but "they raced, and I need to find x" is not "they raced, and find x".
        short_forms: wordy phrases and their short form, anywhere.
        interjections: words of which a sentence of talk to oneself consists,
        stock_phrases: with one of these at most behind them,
        stock_endings: and some of these behind that.
    """

    code: str
    parts_words: bool = True
    leading_interjections: str = ""
    reflective_heads: tuple[str, ...] = ()
    reflective_starts: tuple[str, ...] = ()
    reflective_phrases: tuple[str, ...] = ()
    restating_openings: tuple[str, ...] = ()
    restating_phrases: tuple[str, ...] = ()
    retracting_phrases: tuple[str, ...] = ()
    inferring_phrases: tuple[str, ...] = ()
    concluding_words: tuple[str, ...] = ()
    hedging_words: tuple[str, ...] = ()
    leading_abbreviations: str = ""
    trailing_abbreviations: str = ""
    numbering_abbreviations: str = ""
    spaced_abbreviations: tuple[tuple[str, str], ...] = ()
    ordinal_leads: str = ""
    openers: str = ""
    replies: str = ""
    clause_fillers: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    governing_words: str = ""
    clause_conjunctions: str = ""
    clause_short_forms: Mapping[str, str] = MappingProxyType({})
    imperative_short_forms: Mapping[str, str] = MappingProxyType({})
    short_forms: Mapping[str, str] = MappingProxyType({})
    interjections: str = ""
    stock_phrases: str = ""
    stock_endings: str = ""

    @property
    def boundary(self) -> str:
        """What parts words, as a regular expression."""
        return r"\b" if self.parts_words else ""
