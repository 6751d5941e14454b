"""What a sentence can lose and still be a sentence: asides, adjuncts, clauses that hang on another one.

Each deletion has a harm, 0..1: how much of what the sentence says goes with it, for its length. Nothing that turns or
restricts a claim is among them: no negation, hedge, condition or comparison, no number but in marks of a calculator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from cotpress.answers import extract_answer
from cotpress.rewriting.rules.grammar_words import FINITE_VERBS, TAKING_COMPLEMENT, UNFINISHED
from cotpress.rewriting.rules.parsed_trace import ParsedTrace, Sentence, find_long_words
from cotpress.rewriting.rules.phrase_patterns import is_governed
from cotpress.rewriting.rules.text_bonds import is_part_label
from cotpress.text.markers import STOPWORDS

LIGHT: Final = 0.1  # harm up to which a deletion is made before a step goes that the answer rests on
VERBATIM: Final = 0.15  # harm up to which a deletion is made at a level that only deletes surface words
MIN_WORDS_LEFT: Final = 3
MAX_WORDS_TO_VERB: Final = 4
MAX_SENTENCE_CHARACTERS: Final = (
    600  # a longer one is no sentence, and looking for its clauses costs its length squared
)
_MAX_WORD = 24  # characters before a word that tell what governs it

_MEANING = re.compile(
    r"\b(?:not|no|nor|never|none|neither|without|cannot|unless|if|except|than|least|most|only|every|perhaps|maybe"
    r"|might|(?-i:may)"
    r"|could|would|probably|possibly|likely|seems?|appears?|unlikely|hardly|rarely|more|less|fewer|half|twice|double"
    r"|all"
    r"|when|until|before|after|above|below|under|over|but)\b|n['’]t\b",
    re.IGNORECASE,
)
# Of these, what follows says when, where or by whose word; what follows "of", "to", "with", "by" or "for" mostly says
# what is meant, and "Irish rulers saw thousands" says something else than "thousands of Protestants killed".
# In "in terms of" and "in favour of" it is half of another preposition, of which the same holds.
_PREPOSITIONS = (
    r"in(?! (?:terms|favou?r|front|charge|search|need|case|place|line|order|common)\b)|on"
    r"|at(?! (?:least|most|risk|a time|once)\b)"
    r"|during|from|within|throughout|across|along with|together with|according to"
)
_NOMINAL = r"(?:[\w'’-]+ ){0,4}[\w'’-]+"
_TRAILING_PHRASE = re.compile(rf"(?<=[a-z\d)]) (?:{_PREPOSITIONS}) (?={_NOMINAL}[.;,]?\Z)", re.IGNORECASE)
_LEADING_PHRASE = re.compile(
    r"(?:in|on|at|during|from|by|with|for|throughout|within|after|before|as|like|among|to)"
    r"\b[^,.;:?!()\n]{1,60}, (?!(?:including|which|who|such|like|and|or|but|especially)\b)(?=[a-z\d$\\])",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:they|it|he|she|this|these|that|those|its|his|her|their)\b", re.IGNORECASE)
_ADVERB = re.compile(
    r" (?:(?:also|very|quite|indeed|easily|eventually|finally|altogether|currently|officially|primarily|famously"
    r"|extremely|additionally)(?=[ .,;])|(?:in total|in all|as well|too)(?=[.,;]))",
    re.IGNORECASE,
)
_LEADING_ADVERB = re.compile(
    r"(?:(?:also|additionally|finally|then|now|similarly|likewise|meanwhile|overall|and finally|in total|in all"
    r"|altogether|for example|for instance|to be precise|specifically),?|(?:next|first|second|third),) (?=\w)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r" \((?![A-Za-z\d]\)|[ivx]{1,4}\))[^()\n]{3,80}\)")
_TRAILING_CLAUSE = re.compile(
    r"(?:, (?:which|who|whose|where|making|leading|resulting|bringing|giving|leaving|known for|known as|famous for"
    r"|especially|particularly|based on)"
    r"|,? (?:while|whereas|although|though|as well as|along with"
    r"|in order to|regardless of|in addition to)) (?=[^.;\n]+[.;]?\Z)",
    re.IGNORECASE,
)
_COORDINATED = re.compile(r",? and (?=[^.;\n]{3,}[.;]?\Z)")
_APPOSITION = re.compile(
    r", (?:(?:the|an?|which|who|whose|where|also|including|such as|like|known as|called|named|located|one of)\b"
    r"[^,;.\n]{2,90}), (?!(?:and|or|but|so|yet|nor|the|an?)\b)",
    re.IGNORECASE,
)
_LONG_PHRASE = re.compile(rf"(?<=[a-z\d)]) (?:{_PREPOSITIONS}) (?=[^.;,\n]+[.;]?\Z)", re.IGNORECASE)
_TAILS = (
    (_TRAILING_PHRASE, 0.3),
    (_TRAILING_CLAUSE, 0.4),
    (_COORDINATED, 0.55),
    (_LONG_PHRASE, 0.6),
)
# "A grave is a location" and "the Avengers are a group of heroes" say little without what follows.
_DEFINITION = re.compile(
    r"\b(?:is|are|was|were|be|been|means?|has|have|had|becomes?|became)\b(?: [\w'’-]+){1,9} ?\Z", re.IGNORECASE
)
_INFINITIVE = re.compile(r"\bto [a-z]{2,}", re.IGNORECASE)
_SPENDING = re.compile(r"\bspen(?:t|ds?|ding)\b", re.IGNORECASE)  # "spent 25 tickets on the bear"
_PAIRED = re.compile(r"\b(?:between|both|either|neither|together|sum|equal|and|or|nor|whether)\b", re.IGNORECASE)
# Where one of these stands, what follows says of what: "no shops in Norway" is not "no shops".
_RESTRICTED = re.compile(
    r"\b(?:no|not|never|none|neither|nor|nobody|nothing|cannot|without|only|all|every|each|any|most|few|if|unless"
    r"|largest"
    r"|best|worst|better|worse|mostly|mainly|usually|often|well"
    r"|smallest|greatest|highest|lowest|longest|first|last|least|oldest|youngest|tallest|biggest)\b|n['’]t\b",
    re.IGNORECASE,
)
_ARTICLE_END = re.compile(r"(?:^|\s)an?\Z", re.IGNORECASE)
_THAT = re.compile(r"(?<=\b(?:says|said|mean|know|knew) )that (?=\w)|(?<=\bmeans )that (?=\w)", re.IGNORECASE)
# A word before "in", "to" or "with" that is half of a verb: what follows completes it.
_TAKES_COMPLEMENT = re.compile(
    rf"(?:\b(?:{'|'.join(TAKING_COMPLEMENT)}|(?:allow|multipl|divid|subtract|substitut|plug)\w*)"
    r"|\w+(?:ed|ing|en|ly)) ?\Z",
    re.IGNORECASE,
)
_FINITE = re.compile(rf"\b(?:{'|'.join(FINITE_VERBS)})\b|=", re.IGNORECASE)
_RELATION = re.compile(r"\s*[=≈]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_OPERAND = re.compile(r"[\w($€£¥.√]")
# What leads to an operand that is not the whole of it: "half of 20", "3 times 4".
_OPEN_LEAD = re.compile(
    r"\b(?:(?<!total )(?<!sum )of|times|by|plus|minus|from|than|per|between|and|with|at|for|every|about)\s*\Z"
    r"|[^\w\s,.)]\s*\Z",
    re.IGNORECASE,
)
_ANNOUNCED_EQUATION = re.compile(
    r"([A-Za-z][^:=\n\\`*|#]{5,200}): "
    r"(?=[$€£(]?\d(?:[^:=\n.;?!,]|,(?=\d)){0,80}(?:\.\d(?:[^:=\n.;?!,]|,(?=\d)){0,80})?=)"
)
_RESULT_WORDS = re.compile(
    r"(=\s?(?:<<[^<>\n]{1,200}>>)?[$€£]?\d[\d,.]*%?(?: (?:square |cubic )?[a-z]+)?)"
    r" (?:for|in|on|of|from|at|during|that|which|[a-z]+ing)\b[^=\d\n]*\Z"
)
# A result that the words before the equation govern: "the 4 / 2 = 2nd term", "he earns 2 x 70 = $140 from it"; or an
# equation that is part of what a verb says: "the distance to the plane $x + y = 0$ is".
_GOVERNED_RESULT = re.compile(
    r"[$)]\s(?:is|are|was|were|has|have|gives|equals|can|must|will|in|has|where)\b|"
    r"[\d$}](?:st|nd|rd|th)\b|\b(?:from|to|for|with|by|of|on|in|as) (?:it|them|him|her|this|that|these|those)\b"
)
_OPERATES = re.compile(r"\d\s{0,3}[-+*/×·÷x–−]\s")  # "8 + Riley's 5": the lead has an operand of its own
_RELATION_FIRST = re.compile(r"\s{0,4}(?:\$|\\\()?\s{0,4}(?:[=≈<>≤≥]|\\(?:approx|leq?|geq?|equiv|sim|in)\b)")
_CALCULATOR_MARK = re.compile(r"=\s?[$€£¥]?\s?(<<[^<>\n]{1,200}>>)(?=[$\d.-])")
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|not|no|never|all|every|suppose|assume|let|denote|define|call|set|name|choose|say|write|given|since"
    r"|because|when|whenever|where|would|could|should|might|may|perhaps|maybe"
    r"|for all|any|either|or|but|check|whether|than|until|guess|instead|wrong|i think|seems?|hmm|wait|such that"
    r"|only|more|less|fewer|most|least|before|after|exceeds?|over|under|greater|larger|smaller|at least|maximum"
    r"|minimum)\b"
    r"|n['’]t\b|[?]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PhraseDeletion:
    """Characters [start, end) of the reasoning that may go; `harm` 0..1."""

    start: int
    end: int
    harm: float


def find_phrase_deletions(parsed: ParsedTrace, sentence: Sentence) -> list[PhraseDeletion]:
    """What a sentence may lose, the least harmful first; two of them are apart or nested.

    >>> from cotpress.rewriting.rules.parsed_trace import parse_trace
    >>> from cotpress.types import Trace
    >>> parsed = parse_trace(Trace("1", "", "Natalia sold 48/2 = <<48/2=24>>24 clips in May."), (), 0.5)
    >>> [parsed.text[one.start : one.end] for one in find_phrase_deletions(parsed, parsed.sentences[0])]
    ['<<48/2=24>>', 'Natalia sold ', ' in May']
    """
    found = list(_find_calculator_marks(parsed, sentence))
    if parsed.is_english and not (sentence.states_answer and _states_in_words(parsed.get_sentence_text(sentence))):
        found += [one for one in _find_phrases(parsed, sentence) if _is_free_of_meaning(parsed, one)]
        found += _find_words_before_equation(parsed, sentence)
        found += _find_announcement(parsed, sentence)
        found += [one for one in _find_words_after_result(parsed, sentence) if _is_free_of_meaning(parsed, one)]
    accepted: list[PhraseDeletion] = []
    for one in sorted(found, key=lambda one: (one.harm, one.start)):
        if all(_are_apart_or_nested(one, other) and not _are_same(one, other) for other in accepted):
            accepted.append(one)
    return accepted


def _states_in_words(text: str) -> bool:
    """Whether a sentence that has the answer says so ("The answer is"), or has it in words, which might go."""
    return extract_answer(text) is not None or "=" not in text


def _are_same(one: PhraseDeletion, other: PhraseDeletion) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _are_apart_or_nested(one: PhraseDeletion, other: PhraseDeletion) -> bool:
    apart = one.end <= other.start or other.end <= one.start
    return apart or (one.start <= other.start and other.end <= one.end)


def _find_calculator_marks(parsed: ParsedTrace, sentence: Sentence) -> Iterator[PhraseDeletion]:
    """`<<48/2=24>>` repeats the calculation before it."""
    for match in _CALCULATOR_MARK.finditer(parsed.text, sentence.start, sentence.end):
        yield PhraseDeletion(*match.span(1), 0.0)


def _find_phrases(parsed: ParsedTrace, sentence: Sentence) -> Iterator[PhraseDeletion]:
    start = parsed.find_text_start(sentence)
    text = parsed.text[start : sentence.end].rstrip()
    if len(text) > MAX_SENTENCE_CHARACTERS:
        return
    for pattern, harm in ((_ADVERB, 0.05), (_ASIDE, 0.2), (_THAT, 0.02)):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _MAX_WORD) : match.start()]
            if not is_governed(before) and not _ARTICLE_END.search(before):
                yield PhraseDeletion(start + match.start(), start + match.end(), harm)
    is_restricted = _RESTRICTED.search(text) is not None
    for pattern, harm in ((_LEADING_ADVERB, 0.05), (_LEADING_PHRASE, 0.3)):
        lead = pattern.match(text)
        needed = lead and pattern is _LEADING_PHRASE and (is_restricted or _PRONOUN.match(text, lead.end()))
        if lead and not needed:
            yield PhraseDeletion(start, start + lead.end(), harm)
    for match in _APPOSITION.finditer(text):
        if ", and" not in text and ", or" not in text and text.count(",") <= 3:
            yield PhraseDeletion(start + match.start(), start + match.end() - 1, 0.3)
    body = start + len(text.rstrip(".;"))
    for pattern, harm in () if is_restricted else _TAILS:
        for match in pattern.finditer(text):
            head = text[: match.start()]
            if _stands_alone(head) and not _is_needed_tail(pattern, head, match[0], text[match.end() :]):
                yield PhraseDeletion(start + match.start(), body, harm)


def _is_needed_tail(pattern: re.Pattern[str], head: str, link: str, tail: str) -> bool:
    """Whether what is before a tail is no sentence without it: "between 3 and 4", "A, B, and C", "depends on"."""
    if pattern is _COORDINATED:  # "of Methodist and Presbyterian churches" goes on with no verb of its own
        coordinates = _FINITE.search(" ".join(tail.split()[:MAX_WORDS_TO_VERB])) is not None
        return not coordinates or _PAIRED.search(head) is not None or (link.startswith(",") and "," in head)
    if pattern is _TRAILING_CLAUSE:
        return False
    if _INFINITIVE.search(tail):  # "causes the fats in milk to become emulsified"
        return True
    if link.strip().lower() == "on" and _SPENDING.search(head):
        return True
    return _TAKES_COMPLEMENT.search(head[-30:]) is not None or _DEFINITION.search(head[-80:]) is not None


def _stands_alone(head: str) -> bool:
    """Whether what is before a deletion is a clause."""
    words = head.split()
    return (
        len(words) >= MIN_WORDS_LEFT
        and _FINITE.search(" ".join(words[1:])) is not None
        and not (_FINITE.fullmatch(words[-1]) or words[-1].lower() in UNFINISHED)
    )


def _is_free_of_meaning(parsed: ParsedTrace, one: PhraseDeletion) -> bool:
    """Whether a deletion takes no formula, number or word that turns a claim along."""
    lost = parsed.text[one.start : one.end]
    formal = parsed.formal_prefix_counts[one.end] - parsed.formal_prefix_counts[one.start]
    spoken_of = any(parsed.last_places.get(word, -1) >= one.end for word in find_long_words(lost))
    return not formal and not _MEANING.search(lost) and (one.harm <= LIGHT or not spoken_of)


def _find_words_after_result(parsed: ParsedTrace, sentence: Sentence) -> Iterator[PhraseDeletion]:
    """What the result of an equation is of: "15 x 2 = $30 riding the Ferris wheel" -> "15 x 2 = $30"."""
    text = parsed.text[sentence.start : sentence.end].rstrip().rstrip(".;")
    equals = text.rfind("=")
    if equals >= 0 and (match := _RESULT_WORDS.match(text, equals)):
        yield PhraseDeletion(sentence.start + match.end(1), sentence.start + len(text), 0.2)


def _find_announcement(parsed: ParsedTrace, sentence: Sentence) -> Iterator[PhraseDeletion]:
    """What is announced before an equation: "First find the area of one side: 20 feet * 40 feet = 800 feet"."""
    start = parsed.find_text_start(sentence)
    match = _ANNOUNCED_EQUATION.match(parsed.text, start, sentence.end)
    if match is None or _CONDITIONAL.search(match[1]) or is_part_label(match[1]):  # "Case 1: 3x + 1 = 1"
        return
    if set(_NUMBER.findall(match[1])) <= set(_NUMBER.findall(parsed.text, match.end(), sentence.end)):
        yield PhraseDeletion(*match.span(), 0.12)


def _is_unit_of(word: str) -> bool:
    """Whether a word may be what there is a number of: "3 rolls", but not "3 because"."""
    return word.isalpha() and word.lower() not in STOPWORDS


def _find_words_before_equation(parsed: ParsedTrace, sentence: Sentence) -> Iterator[PhraseDeletion]:
    """Words that lead to an equation: "Natalia sold 48/2 = 24 clips" -> "48/2 = 24 clips"."""
    start = parsed.find_text_start(sentence)
    units, formal = parsed.segmentation.units, parsed.segmentation.formal
    first, last = (int(place) for place in np.searchsorted(units, [start, sentence.end]))
    first = max(first - (first < len(units) and int(units[first]) > start), 0)
    spans = [(int(a), int(b)) for a, b in pairwise(units[first : last + 1].tolist())]
    equals = next((at for at, (a, b) in enumerate(spans) if _RELATION.fullmatch(parsed.text[a:b])), None)
    if equals is None:
        return
    at = equals
    texts = [parsed.text[a:b].strip() for a, b in spans]
    while at > 0:
        if formal[first + at - 1] or texts[at - 1] in ("x", "(", ")", "$"):
            at -= 1
        elif at > 1 and _is_unit_of(texts[at - 1]) and formal[first + at - 2] and texts[at - 2][-1].isdigit():
            at -= 2  # "3 rolls + 4 rolls"
        else:
            break
    if at in (0, equals) or not _OPERAND.match(texts[at]):
        return
    lead = parsed.text[start : spans[at][0]]
    if _GOVERNED_RESULT.search(parsed.text, spans[equals][1], sentence.end):
        return
    if (
        _RELATION_FIRST.match(parsed.text, spans[at][0])
        or _OPEN_LEAD.search(lead)
        or _CONDITIONAL.search(lead)
        or any(mark in lead for mark in ":=\n\\`*|#")
    ):
        return
    end = spans[at][0]
    rest = _CALCULATOR_MARK.sub("=", parsed.text[end : sentence.end])
    if _OPERATES.search(lead) or not set(_NUMBER.findall(lead)) <= set(_NUMBER.findall(rest)):
        return
    end += len(parsed.text[end : spans[at][1]]) - len(parsed.text[end : spans[at][1]].lstrip())
    yield PhraseDeletion(
        start, end, 0.2 if parsed.text[end] in "$\\" and not parsed.text[end + 1 : end + 2].isdigit() else 0.12
    )
