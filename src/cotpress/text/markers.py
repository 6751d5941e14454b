"""Reflective phrases, symbols and stopwords: the one place that knows them.

Criteria, protection and analysis all ask here, so that a "reflective step", a "symbol" and a "stopword" are
the same thing wherever they are counted. The lists are the project's own. The idea of counting reflective steps is
from arXiv 2606.21704, which found 30.2% of Long-CoT and 0.57% of Short-CoT steps reflective; the idea of counting
deleted symbols against deleted stopwords is from there too.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, Literal

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

# A step is reflective when its author turns back on the work: doubts it, checks it, corrects it or drops it for
# another way. Narration ("Now", "Let me compute"), a check that is part of the plan ("we check each divisor") and a
# guess ("maybe", "perhaps") are not, by themselves. The fragments are matched on lower case, with ' for ’.
_LEADING_INTERJECTIONS = "but so and or oh ah okay ok alright well yes yeah no now actually however then"
_HEAD_PHRASES = (
    r"wait\b(?!\s+(?:for|until|till|time|times|lists?|at|in\s+line|on|to\s+(?:be|get|board|see)|\d))",
    r"(?:h+m+|uh|um|oops|whoops)\b",
    r"(?:hold|hang)\s+(?:on|up)\b(?!\s+to\b)",
    r"alternatively\b|on\s+second\s+thought\b",
    r"another\s+(?:way|approach|method|idea|thought|possibility|angle)\b",
    r"(?:double|cross|re|sanity)[\s-]?check",
    r"(?:that|this|it)\s+(?:can't|cannot|couldn't)\s+be\s+(?:right|correct)\b",
    r"(?:that|this|it)\s+(?:doesn't|does\s+not)\s+(?:seem|look|sound|make)\s+(?:right|correct|sense)\b",
    r"(?:just\s+)?to\s+(?:double[\s-]?check|be\s+(?:sure|thorough|certain|safe)|confirm|verify|make\s+sure)\b",
    r"is\s+(?:that|this|it)\s+(?:right|correct|true|possible|ok|okay)\b",
)
_ACTUALLY = r"(?:(?:but|oh|no),?\s+)*actually\s*,"  # as an adverb, without the comma, it says little
_LET_ME = r"(?:let\s+me|let's|let\s+us|i\s+(?:should|need\s+to|want\s+to|'d\s+better|must|will)|i'll)\s+"
_HEDGES = r"(?:just\s+|also\s+|quickly\s+|now\s+|first\s+|try\s+to\s+|at\s+least\s+)*"
_AGAIN = r"(?:check|verif\w+|think|consider|examine|evaluate|calculate|compute|visit|assess|confirm|do)"
_PLANNED = (
    r"(?:each|every|all|both|whether|when|which|small|the\s+(?:\w+\s+)?(?:cases?|values?|conditions?|possibilities))"
)
_INNER_PHRASES = (
    r"wait,(?!\s+and\s+(?:then|see))|wait(?=[.!?—–-])|(?:but|no|oh)\s+wait\b",
    r"hmm+\b(?!,?\s+(?:okay|ok|interesting|so|let\s+me\s+(?:see|think)|let's\s+see))",
    rf"{_LET_ME}{_HEDGES}(?:double|cross|re|sanity)[\s-]?{_AGAIN}",
    rf"{_LET_ME}{_HEDGES}(?:verify|confirm|go\s+back|step\s+back|backtrack|start\s+(?:over|again))\b",
    rf"{_LET_ME}{_HEDGES}check\b(?!\s+(?:for\s+)?{_PLANNED}\b)",
    rf"{_LET_ME}{_HEDGES}think\s+(?:again|differently|(?:about\s+)?(?:this|that|it)\s+again)\b",
    rf"{_LET_ME}{_HEDGES}try\s+(?:again|another|a\s+different)\b",
    r"(?:double|cross|sanity)[\s-]?check(?:ing|ed|s)?\b|(?:everything|that|this|it)\s+(?:all\s+|also\s+)?checks\s+out\b",
    r"did\s+i\s+(?:make|miss|do|mis\w+|forget|get|overlook|count)\b",
    r"(?:i|we)\s+(?:(?:(?:may|might|must|could)\s+have|have|probably)\s+)?made?\s+(?:an?|some|any)\s+(?:\w+\s+)?(?:mistake|error)",
    r"(?:i|we)\s+(?:(?:(?:may|might|must|could)\s+have|have|probably)\s+)?"
    r"(?:mis(?:read|counted|calculated|took|understood|applied|interpreted)|messed\s+up|overlooked)\b",
    r"i'm\s+(?:(?:a\s+(?:bit|little)|getting|now|still)\s+)*(?:confus\w+|mistaken|mixing)\b",
    r"(?:that|this|it|which|there|something)(?:\s+(?:is|must\s+be|seems|looks)|'s)\s+"
    r"(?:(?:not|also|clearly|definitely|probably|an?|my|some)\s+)*(?:wrong|incorrect|mistake|error|contradictory)\b",
    r"(?:doesn't|does\s+not|can't|cannot)\s+(?:seem|look|sound|be)\s+(?:right|correct)\b",
    r"is\s+(?:that|this|it|my\s+\w+)\s+(?:really\s+|actually\s+|all\s+)?(?:right|correct|true|valid)\s*\?",
    r"going\s+back\s+to\s+the\s+(?:problem|question)\b",
)
_MAX_PHRASE_CHARACTERS = (
    400  # characters of a step read for a phrase inside it; a longer step has moved on to something else
)
_LEADING_MARKS = re.compile(  # tags on lines of their own before them
    r"\s*+(?:<[A-Za-z_][^<>\n]{0,150}>[ \t\r]*+\n\s*+)*+[\s*_#>\-–—•\"'“‘(\[]*+(?:\d{1,3}[.)]\s+)?+"
)


@cache
def _compile_reflective_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What makes a step reflective at its head, and what does anywhere in its first `_MAX_PHRASE_CHARACTERS`
    characters."""
    soft = "|".join(_LEADING_INTERJECTIONS.split())
    head = rf"(?:(?:{soft})\b[\s,.!—–-]*+){{0,3}}(?:{'|'.join(_HEAD_PHRASES)})|{_ACTUALLY}"
    anywhere = rf"\b(?:{'|'.join(_INNER_PHRASES)})"
    return re.compile(head), re.compile(anywhere)


def is_reflective(step: str) -> bool:
    """Whether a step turns back on the work: doubts, checks, corrects it, or drops it for another way.

    A phrase counts at the head of the step ("Wait", "Hmm", "Alternatively", "Actually,") or, where it
    can hardly mean anything else, inside it ("let me double-check", "I made a mistake", "is that right?").
    """
    head, anywhere = _compile_reflective_patterns()
    lead = _LEADING_MARKS.match(step)
    start = lead.end() if lead else 0
    text = step[start : start + _MAX_PHRASE_CHARACTERS].lower().replace("’", "'")
    return head.match(text) is not None or anywhere.search(text) is not None


# A step is restating when it announces that it says again what was said, or what was asked.
_OPENING_WORDS = (
    r"so(?!\s+far)",
    *["now", "okay", "ok", "alright", "well", "and", "but", "hmm"],
    r"let\s+me\s+see",
    "first",
)
_RESTATING_PHRASES = (
    r"so\s+far\b",
    r"to\s+(?:sum\s+up|summari[sz]e|recap|restate)\b",
    r"in\s+(?:summary|short)\b",
    r"once\s+(?:more|again)\b",
    r"as\s+(?:i|we)\s+(?:said|saw|noted|found)\b",
    r"(?:the|this|my)\s+(?:problem|question|task|user|prompt|clues?|instructions?)\s+(?:\w+\s+)?"
    r"(?:says?|states?|asks?|asked|is|wants?|gives?|mentions?)\b",
    r"(?:these|here)\s+are\s+the\b",
    r"let(?:'s|\s+me|\s+us)\s+(?:restate|recap|summari[sz]e|re-?read|read|list\s+out|break)\b",
    r"(?:i|we)(?:\s+have|\s+need|\s+want|'m\s+asked|\s+am\s+asked|'re\s+asked|\s+are\s+asked|'m\s+trying|\s+should)"
    r"\s+(?:to\s+)?(?:this\s+problem|find|figure|determine|solve|know|understand|answer)\b",
    r"(?:i|we)\s+(?:have|got)\s+(?:this|a|the)\s+(?:problem|question)\b",
)
_RESTATING = re.compile(
    rf"[\s*_#>-]*+(?:(?:{'|'.join(_OPENING_WORDS)})[\s,.]++)*+(?:{'|'.join(_RESTATING_PHRASES)})", re.IGNORECASE
)
# A step is a retraction when it takes back what was said before it.
_RETRACTING_PHRASES = (
    r"(?:is|was|that's|it's|seems|looks|must\s+be)\s+(?:(?:not|clearly|definitely|just|also)\s+)?"
    r"(?:wrong|incorrect|a\s+mistake|not\s+right|not\s+correct|impossible)",
    r"(?:isn't|can't\s+be|cannot\s+be|doesn't\s+(?:look|seem|sound))\s+(?:right|correct)",
    r"i\s+(?:drop|discard|withdraw)|scratch\s+that",
    r"i\s+(?:made|was\s+making)\s+an?\s+(?:\w+\s+)?(?:mistake|error)",
    r"(?:doesn't|does\s+not|didn't|won't)\s+(?:work|hold)|contradict(?:s|ion)|my\s+(?:mistake|bad|error)",
    r"no,\s+(?:wait|that's\s+not)|i\s+(?:miscalculated|misread|miscounted)",
)
_RETRACTION = re.compile(rf"\b(?:{'|'.join(_RETRACTING_PHRASES)})\b", re.IGNORECASE)


def is_restating(step: str) -> bool:
    """Whether a step announces that it says again what was said, or what was asked.

    >>> is_restating("So far I have that c is 5."), is_restating("So c is 5.")
    (True, False)
    """
    return _RESTATING.match(step) is not None


def is_retraction(step: str) -> bool:
    """Whether a step says near its head that something before it is wrong, or drops it.

    >>> is_retraction("No, wait. That is wrong."), is_retraction("So it is 5.")
    (True, False)
    """
    return _RETRACTION.search(step[:_MAX_PHRASE_CHARACTERS]) is not None


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
