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
_NEVER_LAST = "and or but because the an than if into without"
_SINGLE = "number|sum|product|smallest|largest|greatest|same|first|second|difference|total|average|middle|following"


def _stand_before(word: str) -> str:
    """A pattern that looks back over one character, and perhaps a space before it, at a word."""
    return rf"(?<=\b{word}.)|(?<=\b{word} .)"


# Each pattern begins with the characters that a fault of its kind can begin with, so that the search passes over all
# others at the speed of C; what has to stand before them is looked at afterwards.
_PATTERNS: Final = {
    "doubled-word": r"([taoifwb](?<!\w.)(?:(?<=t)(?:he|o)|(?<=a)(?:nd?|re)|(?<=o)f|(?<=i)[ns]|(?<=f)or"
    r"|(?<=w)(?:ith|e|as)|(?<=b)e)) \1\b",
    "subject-without-verb": r"[IWwHhSsTt](?<!\w.)"
    r"(?=(?:(?<=I)|(?<=[WwHh])e|(?<=[Ss])he|(?<=[Tt])hey) (?:in|of|from|with|at|the) )"
    r"(?:(?<=^.)|(?<=[.;,:!?]\s.)|(?<=\bso .)|(?<=\b(?:and|but) .)|(?<=\bthat .))"
    r"[a-z]* [a-z]+ (?:the|a|an|each|his|her|this|number|binomial)\b",
    "dangling-end": rf"[.;!…](?:(?<!…)(?=\s|$)(?:{'|'.join(map(_stand_before, _NEVER_LAST.split()))})"
    rf"|(?:{_stand_before('because')})(?:(?<=…)|(?<=\.)\.\.))",
    "missing-of": r"[Tt](?<!\w.)he (?:number|sum|product|amount|cost|price|area) "
    rf"(?!(?:{'|'.join(_AFTER_MEASURE.split())})\b)[a-z]{{3,}}\b",
    "missing-verb": r"T(?:(?<=^.)|(?<=[.;!?…]\s.))here "
    rf"(?:\d|only \d|(?:{_COUNTED}) [a-z]+\b(?! (?:is|are|was|were)\b))",
    "missing-to": r"[nwga](?<!\w.)(?:(?<=n)eed(?:s|ed)?|(?<=w)ant(?:s|ed)?|(?<=g)oing|(?<=a)ble) "
    rf"(?:{'|'.join(_VERBS.split())})\b(?! to\b)",
    # The full stop before one is taken, too: what stands behind another one has none.
    "missing-subject": r"[.!;\n](?:(?<=[.!;])\s|(?<=\n))(?:Is|Are|Was|Were|Has|Does|Did|Should|Must) (?!there\b)"
    r"[^?\n.!]{3,200}[^?\n.!\d]\.(?=\s|$)",
    "missing-equals": r"[s×*+] (?=\d+ \d)(?:(?<=[×*+] )|(?<=\btimes )|(?<=\bplus )|(?<=\bminus ))"
    r"\d+ \d+(?![\d%/°]|[.,]\d)(?= ?(?:[.;,]|and\b|$))",
    "missing-article": rf"s (?:(?<=\bis )|(?<=\bwas ))(?:{_SINGLE})\b(?= (?:of|number|prime|term|value|way|integer"
    r"|between|digit|side|angle|day|month|year|solution))",
    "stray-mark": r"[,;\n.(](?:(?<=\w [,;])(?=\s)|(?<=[,;]) ?[;,](?=\s)|(?<=\n)[,;.](?=\s)|(?<=^[,;.])(?=\s)"
    r"|(?<=[a-z],) ?\.(?=\s|$)|(?<=\() ?\))",
}
_SMALL_START = re.compile(r"\. +[a-z]{3,}\b")
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
    prose = "\n" + _cut_formulas(text)  # the first line begins like the others
    faults = Counter({name: len(pattern.findall(prose)) for name, pattern in _compile_patterns().items()})
    faults["small-start"] = sum(word.lower() not in _ABBREVIATIONS for word in _list_words_before_small_starts(prose))
    faults["unbalanced"] = len(pair_delimiters(prose)[1])
    return +faults


def _list_words_before_small_starts(text: str) -> list[str]:
    """The words whose full stop a word in lower case follows."""
    words, taken = [], 0
    for match in _SMALL_START.finditer(text):
        start = stop = match.start()
        while start > taken and text[start - 1].isalnum() and not text[start - 1].isdecimal():
            start -= 1
        if stop - start > 1 and not (text[start - 1].isalnum() or text[start - 1] == "_"):
            words.append(text[start:stop])
            taken = match.end()
    return words


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
