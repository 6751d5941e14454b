"""Whether a text parses as English: a few patterns that sentences hardly ever have and broken ones often do.

No parser: each pattern is checked on real traces, where it is rare, and on texts with words deleted, where it is not.
Formulas and code are left out. In other languages the words of the patterns do not occur.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final

from cotpress.gauges.delimiters import pair_delimiters
from cotpress.gauges.registry import register_gauge
from cotpress.gauges.text_pair import TextPair

_FORMULA_PAIRS = (("```", "```"), ("\\[", "\\]"), ("\\(", "\\)"), ("$$", "$$"), ("$", "$"), ("`", "`"))
_AFTER_MEASURE = """
    of is are was were in that which and or for per should would must will can has have from we to you it he she they
    between under at on being with by times plus minus formula itself line theory system where when as equals since if
    because but not could might may does did had than then so here there rule over given inside above below around again
    divided multiplied sold tag field sequence becomes remains gives comes increases decreases after before the this
    each
"""
_VERBS = "find add calculate compute determine check solve multiply divide subtract use get buy pay make know consider"
_COUNTED = "two|three|four|five|six|ten|many|several|some|no|a|an|the"
_SINGLE = "number|sum|product|smallest|largest|greatest|same|first|second|difference|total|average|middle|following"
_PATTERNS: Final = {
    "doubled-word": r"\b(the|an|of|to|in|is|are|and|for|with|we|be|was) \1\b",
    "subject-without-verb": r"(?:^|[.;,:!?]\s|\b(?:so|and|but|that) )(?:I|We|we|He|he|She|she|They|they)"
    r" (?:in|of|from|with|at|the) (?:the|a|an|each|his|her|this|number|binomial)\b",
    "dangling-end": r"\b(?:and|or|but|because|the|an|than|if|into|without) ?[.;!](?=\s|$)|\bbecause ?(?:…|\.\.\.)",
    "missing-of": r"\b[Tt]he (?:number|sum|product|amount|cost|price|area) "
    rf"(?!(?:{'|'.join(_AFTER_MEASURE.split())})\b)[a-z]{{3,}}\b",
    "missing-verb": rf"(?:^|[.;!?…]\s)There (?:\d|only \d|(?:{_COUNTED}) [a-z]+\b(?! (?:is|are|was|were)\b))",
    "missing-to": rf"\b(?:need|needs|needed|want|wants|wanted|going|able) (?:{'|'.join(_VERBS.split())})\b(?! to\b)",
    "missing-subject": r"(?:^|[.!;]\s)(?:Is|Are|Was|Were|Has|Does|Did|Should|Must) (?!there\b)[^?\n.!]{3,200}"
    r"[^?\n.!\d]\.(?=\s|$)",
    "missing-equals": r"(?:\btimes|\bplus|\bminus|[×*+]) \d+ \d+(?![\d%/°]|[.,]\d)(?= ?(?:[.;,]|and\b|$))",
    "missing-article": rf"\b(?:is|was) (?:{_SINGLE})\b(?= (?:of|number|prime|term|value|way|integer|between|digit|side"
    r"|angle|day|month|year|solution))",
    "stray-mark": r"(?<=\w) [,;](?=\s)|[,;] ?[;,](?=\s)|(?:^|\n)[,;.](?=\s)|(?<=[a-z]), ?\.(?=\s|$)|\( ?\)",
}
_SENTENCE_START = re.compile(r"\b([^\W\d_]{2,})\. +[a-z]{3,}\b")
_ABBREVIATIONS = frozenset(
    [
        "etc",
        "vs",
        "approx",
        "eq",
        "fig",
        "mr",
        "mrs",
        "dr",
        "st",
        "no",
        "cf",
        "al",
        "ca",
        "min",
        "max",
        "sq",
        "ft",
        "viz",
        "eg",
        "ie",
        "resp",
        "inc",
        "prof",
    ]
)


@cache
def _compile_patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.MULTILINE) for name, pattern in _PATTERNS.items()}


def count_grammar_faults(text: str) -> Counter[str]:
    """How often each kind of fault is in a text.

    >>> dict(count_grammar_faults("The number truck stamps is 20. There 3 boxes. I need find x and."))
    {'dangling-end': 1, 'missing-of': 1, 'missing-verb': 1, 'missing-to': 1}
    >>> count_grammar_faults("The number of stamps is 20. There are 3 boxes.").total()
    0
    """
    prose = _cut_formulas(text)
    faults = Counter({name: len(pattern.findall(prose)) for name, pattern in _compile_patterns().items()})
    faults["small-start"] = sum(word.lower() not in _ABBREVIATIONS for word in _SENTENCE_START.findall(prose))
    faults["unbalanced"] = len(pair_delimiters(prose)[1])
    return +faults


def _cut_formulas(text: str) -> str:
    """The text with one sign for each formula and piece of code; a delimiter without a partner stays."""
    for opening, closing in _FORMULA_PAIRS:
        parts, at = [], 0
        while (start := text.find(opening, at)) >= 0:
            end = text.find(closing, start + len(opening))
            if end < 0:
                break
            short = closing not in ("$", "`") or "\n" not in text[start:end]  # else prices and quotes, or none at all
            parts.append(text[at:start] + ("§" if short else text[start:end]))
            at = end + len(closing) if short else end
        text = "".join([*parts, text[at:]])
    return text


@register_gauge(
    "grammar_faults",
    higher_is_better=False,
    is_share=False,
    fine=0.5,
    of_original=True,
    fault="a trace has {value} places that do not parse as English (random pruning: {random})",
    remedies=("--granularity step", "another level", "a higher --keep"),
)
def grammar_faults(pair: TextPair) -> float:
    """How many places of the text do not parse as English: words missing or doubled, ends that dangle, stray marks."""
    return float(count_grammar_faults(pair.text).total())
