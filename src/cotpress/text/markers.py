"""What is reflective, a symbol or a stopword: asked here by criteria, protection and analysis, so that each is the same
thing wherever it is counted.

The phrases of reflection are in `language_words`, a file for each language, and are compiled here; the symbols and the
stopwords of English are listed here. The lists are the project's own. The idea of counting reflective steps is
from arXiv 2606.21704, which found 30.2% of Long-CoT and 0.57% of Short-CoT steps reflective; the idea of counting
deleted symbols against deleted stopwords is from there too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, Literal

from cotpress.text.language_words import choose_language, load_words

UnitClass = Literal["symbol", "stopword", "other"]

SUPERSCRIPTS: Final = "²³¹⁰ⁱ⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"
SUBSCRIPTS: Final = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₔₕₖₗₘₙₚₛₜᵢⱼ"
FRACTIONS: Final = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
CURRENCY: Final = "$€£¥₹₩"
# Operators wherever they stand.
OPERATORS: Final = "+=<>^±∓×÷·∙⋅∘√∛∜∑∏∫∬∮∞∂∇∆∝−∗∕≤≥≪≫≠≡≢≈≅∼≃≜≔∈∉∋∌⊂⊃⊆⊇⊄⊈∪∩∖∅∀∃∄∴∵⊕⊗⊥∥∠∡△∣∤¬∧∨→←↔↦⇒⇐⇔⟹⟸⟺⟶⟵⟷⌊⌋⌈⌉⟨⟩°′″"
# Operators in a formula; a dash, a slash, a bullet or a bar in prose.
AMBIGUOUS_OPERATORS: Final = "-*/|~!&%"

_VARIABLE = re.compile(r"[B-HJ-Zb-zͰ-Ͽ]['’′]*\Z")
_FORMULA = re.compile(rf"[\d\\^_{re.escape(OPERATORS + SUPERSCRIPTS + SUBSCRIPTS + FRACTIONS + CURRENCY)}]")
_LONE_OPERATOR = re.compile(r"[-*/|%]\Z")  # ! and & and ~ stand in prose too often

_FUNCTION_WORDS = """
    a about above after again against ain't all also although am an and any are aren't as at be because been before
    being below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during
    each either else even ever every few for from further had hadn't has hasn't have haven't having he he'd he'll he's
    hence her here here's hers herself him himself his how however i i'd i'll i'm i've if in indeed into is isn't it
    it'd it'll it's its itself just let let's may maybe me might mine more moreover most must mustn't my myself neither
    no nor not now of off on once only onto or other otherwise ought our ours ourselves out over own per perhaps quite
    rather really same shall shan't she she'd she'll she's should shouldn't since so some still such than that that'll
    that's the their theirs them themselves then there there's therefore these they they'd they'll they're they've this
    those though through thus to too toward towards under unless until up upon us very was wasn't we we'd we'll we're
    we've well were weren't what what's whatever when whenever where where's whereas whether which while who who's whom
    whose why will with within without won't would wouldn't yet you you'd you'll you're you've your yours yourself
    yourselves ok okay
"""
STOPWORDS: Final = frozenset(_FUNCTION_WORDS.split())
# Function words without which a sentence says the opposite, or something else.
_NEGATION_WORDS = """
    no not nor never none neither without only cannot can't don't doesn't didn't isn't aren't wasn't weren't won't
    wouldn't shouldn't couldn't hasn't haven't hadn't
"""
NEGATIONS: Final = frozenset(_NEGATION_WORDS.split())

# Words whose loss leaves the sense of a sentence; negations, quantities, comparisons and conditions are not among them.
_LIGHT_WORD_LIST = """
    a an the that this these those very so also then there here be been being am is are was were will would shall should
    can could do does did has have had its it we i you they he she our my your their his her us me them to of for in on
    at by with from into as and
"""
LIGHT_WORDS: Final = frozenset(_LIGHT_WORD_LIST.split())

# Characters of a step that are read for a phrase inside it; a longer step has moved on to something else.
_MAX_PHRASE_CHARACTERS = 400
_LEADING_MARKS = re.compile(  # tags on lines of their own before them
    r"\s*+(?:<[A-Za-z_][^<>\n]{0,150}>[ \t\r]*+\n\s*+)*+"
    r"[\s*_#>\-–—•\"'“‘(\[¿¡「（]*+(?:\d{1,3}(?:[.)]\s+|、))?+"
)
_GAP = r"[\s,.!—–、，。！-]*+"


@cache
def _compile_reflective_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """What makes a step reflective at its head, and what does anywhere in its first `_MAX_PHRASE_CHARACTERS`
    characters; None for a language without such a list."""
    words = load_words(language)
    if not words.reflective_heads:
        return None
    soft = "|".join(words.leading_interjections.split())
    head = rf"(?:(?:{soft}){words.boundary}{_GAP}){{0,3}}(?:{'|'.join(words.reflective_heads)})"
    begins = rf"{words.boundary}(?=\w)" if words.parts_words else ""  # not tried where a word ends
    anywhere = rf"{begins}(?:{'|'.join(words.reflective_phrases)})"
    return re.compile("|".join([head, *words.reflective_starts])), re.compile(anywhere)


def has_reflective_phrases(language: str) -> bool:
    """Whether it can be known which steps of a language are reflective.

    >>> has_reflective_phrases("en"), has_reflective_phrases("ru")
    (True, False)
    """
    return bool(load_words(language).reflective_heads)


@lru_cache(maxsize=1 << 12)  # criteria ask of the same steps, several times
def is_reflective(step: str, language: str = "en") -> bool:
    """Whether a step turns back on the work: doubts, checks, corrects it, or drops it for another way.

    A phrase counts at the head of the step ("Wait", "Hmm", "Alternatively", "Actually,") or, where it
    can hardly mean anything else, inside it ("let me double-check", "I made a mistake", "is that right?"). No step of a
    language without a list of such phrases is reflective.

    >>> is_reflective("Wait, that is wrong."), is_reflective("Espera, eso no es correcto.", "es")
    (True, True)
    """
    if _compile_reflective_patterns(language) is None:
        return False
    lead = _LEADING_MARKS.match(step)
    start = lead.end() if lead else 0
    return _turns_back(step[start : start + _MAX_PHRASE_CHARACTERS], language)


@lru_cache(maxsize=1 << 12)  # steps and statements begin alike
def _turns_back(beginning: str, language: str) -> bool:
    patterns = _compile_reflective_patterns(language)
    assert patterns is not None
    head, anywhere = patterns
    text = beginning.lower().replace("’", "'")
    return head.match(text) is not None or anywhere.search(text) is not None


def mark_reflective(steps: Sequence[str]) -> list[bool]:
    """Which steps of one text are reflective, in the phrases of its language.

    >>> mark_reflective(["Die Summe ist 5.", "Moment, das stimmt nicht."])
    [False, True]
    """
    language = choose_language(steps)
    return [is_reflective(step, language) for step in steps]


@cache
def _compile_restating(language: str) -> re.Pattern[str] | None:
    """What announces at the head of a step that something is said again; None for a language without such a list."""
    words = load_words(language)
    if not words.restating_phrases:
        return None
    openings, phrases = "|".join(words.restating_openings), "|".join(words.restating_phrases)
    return re.compile(rf"[\s*_#>-]*+(?:(?:{openings})[\s,.，、。]++)*+(?:{phrases})", re.IGNORECASE)


@cache
def _compile_inferring(language: str) -> re.Pattern[str] | None:
    """What says why something holds; None for a language without such a list."""
    words = load_words(language)
    if not words.inferring_phrases:
        return None
    return re.compile(rf"{words.boundary}(?:{'|'.join(words.inferring_phrases)}){words.boundary}", re.IGNORECASE)


def mark_inferring(steps: Sequence[str]) -> list[bool]:
    """Which steps of one text say why something holds, or that it cannot, in the phrases of its language.

    >>> mark_inferring(["So all coefficients must be zero.", "3x = 6"])
    [True, False]
    """
    pattern = _compile_inferring(choose_language(steps))
    return [pattern is not None and pattern.search(step.replace("’", "'")) is not None for step in steps]


@cache
def _compile_conclusion(language: str) -> re.Pattern[str] | None:
    """What a conclusion begins with; None for a language without such a list."""
    words = load_words(language)
    if not words.concluding_words:
        return None
    return re.compile(rf"[\s*_#>\-]*+(?:{'|'.join(words.concluding_words)}){words.boundary}", re.IGNORECASE)


def is_conclusion(sentence: str, language: str = "en") -> bool:
    """Whether a sentence begins as one that concludes.

    >>> is_conclusion("Hence m + n = 7."), is_conclusion("It is so.")
    (True, False)
    """
    pattern = _compile_conclusion(language)
    return pattern is not None and pattern.match(sentence) is not None


@cache
def _compile_hedges(language: str) -> re.Pattern[str] | None:
    """What makes a claim a guess; None for a language without such a list."""
    words = load_words(language)
    if not words.hedging_words:
        return None
    return re.compile(rf"{words.boundary}(?:{'|'.join(words.hedging_words)}){words.boundary}", re.IGNORECASE)


def is_hedged(sentence: str, language: str = "en") -> bool:
    """Whether a sentence guesses, supposes, or leaves a choice open.

    >>> is_hedged("Perhaps n = 144."), is_hedged("So N = 16 or N = 25."), is_hedged("So n = 144.")
    (True, True, False)
    """
    pattern = _compile_hedges(language)
    return pattern is not None and pattern.search(sentence) is not None


@cache
def _compile_retraction(language: str) -> re.Pattern[str] | None:
    """What takes back what was said; None for a language without such a list."""
    words = load_words(language)
    if not words.retracting_phrases:
        return None
    return re.compile(rf"{words.boundary}(?:{'|'.join(words.retracting_phrases)}){words.boundary}", re.IGNORECASE)


def is_restating(step: str, language: str = "en") -> bool:
    """Whether a step announces that it says again what was said, or what was asked.

    >>> is_restating("So far I have that c is 5."), is_restating("So c is 5.")
    (True, False)
    """
    pattern = _compile_restating(language)
    return pattern is not None and pattern.match(step) is not None


def mark_restating(steps: Sequence[str]) -> list[bool]:
    """Which steps of one text announce that they say something again, in the phrases of its language."""
    language = choose_language(steps)
    return [is_restating(step, language) for step in steps]


def is_retraction(step: str, language: str = "en") -> bool:
    """Whether a step says near its head that something before it is wrong, or drops it.

    >>> is_retraction("No, wait. That is wrong."), is_retraction("So it is 5.")
    (True, False)
    """
    pattern = _compile_retraction(language)
    return pattern is not None and pattern.search(step[:_MAX_PHRASE_CHARACTERS]) is not None


def classify_unit(unit: str) -> UnitClass:
    """What a unit's text is to the study of deletions: a "symbol" (digits, operators, LaTeX, a variable,
    currency, a mark such as <<6*7=42>>), a "stopword" (English function words) or "other". White space around it is
    ignored; a lone - * / is an operator, as the bare text cannot tell a dash from a minus."""
    return _classify_text(unit.strip())


@lru_cache(maxsize=1 << 16)
def _classify_text(text: str) -> UnitClass:
    if _FORMULA.search(text) or _VARIABLE.match(text) or _LONE_OPERATOR.match(text):
        return "symbol"
    return "stopword" if text.strip("*_").replace("’", "'").casefold() in STOPWORDS else "other"
