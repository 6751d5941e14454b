"""Which steps need others as their ground: what "this fraction" means, why a case is dropped, what is counted up.

A conclusion whose ground is gone reads as a claim from nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cotpress.rewriting.rules.text_bonds import Pairs, read_pattern
from cotpress.types import BoolArray

_SENTENCE_END = re.compile(r"(?<=[.!?:])\s")
_MAX_FIRST = 240  # characters of a step's first sentence
# "We simplify this fraction": what is meant stands before. "In this case" and "this problem" mean no sentence.
_MEANT = re.compile(
    r"\b(?:this|these|those)\s+(?!(?:problem|question|puzzle|exercise|way|time|case|point|step|means|is|are|was|were|in|to"
    r"|of|as|and|down|out|up|all|into|one|two|three|four|information|equations?|inequalit\w+|conditions?|approach|method"
    r"|by|again|for|using|on|as|numbers?)\b)[a-z]{3,}",
    re.IGNORECASE,
)
_GROUND = re.compile(r"(?:since|given that|because|as)\b[^.!?\n]{1,200}[.]?\Z", re.IGNORECASE)
_FROM_WHICH = re.compile(r"(?:(?:so|therefore|thus|hence|and),?\s)?from which\b", re.IGNORECASE)
_HERE = re.compile(
    r"(?:(?:the|number|total|amount|values?|choices|options|ways)\s+){1,3}[^.:=\n]{0,40}\bhere\s+(?:is|are)\b", re.I
)
_CONCLUDES = re.compile(r"(?:and\s+)?(?:therefore|thus|hence|consequently|as a result)\b[\s,]*", re.IGNORECASE)
# "So, discard S = 55": nobody knows why without the sentence before.
_REJECTS = re.compile(
    r"(?:so|therefore|thus|hence|and so)\b[^.\n]{0,80}?\b(?:discard\w*|reject\w*|rule[sd]? out|exclud\w+|invalid"
    r"|impossible|not (?:a )?(?:valid|possible|allowed)|(?:does not|doesn't|do not|don't|cannot|can't)"
    r" (?:work|happen|be))\b",
    re.IGNORECASE,
)
_RELATION = re.compile(r"[=<>≤≥]|\\(?:leq?|geq?|neq|equiv|approx)\b")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL = re.compile(
    rf"(?:(?:then|and|next|so|now|also)\b[,\s]*){{0,2}}the\s+({'|'.join(_ORDINALS)})\b", re.IGNORECASE
)
# Values among which a later step chooses: "n = 27 or n = -112", "x = \pm 3".
_ALTERNATIVES = re.compile(r"=[^=\n]{0,60}(?:\bor\b|\\pm|±)|=[^=\n]{1,40}\band\b[^=\n]{0,20}=")
_CHOOSES = re.compile(
    r"(?:since|as|because|but|we (?:discard|reject|take)|only|discard\w*|reject\w*|taking|the (?:negative|positive))\b"
    r"[^\n]{0,160}?\b(?:positive|negative|non-?negative|integer|valid|discard\w*|reject\w*|greater|less|must|cannot|larger"
    r"|smaller)\b",
    re.IGNORECASE,
)
_MAX_TO_CHOICE = 2  # steps from the alternatives to the choice
_MAX_ITEM = 24  # characters of an item of a list of numbers
_MIN_ITEMS, _MAX_ITEMS = 3, 12
# What a sentence comes to: "So, 2 solutions.", "= C(5, 1) = 5."
_COUNTED = re.compile(
    r"(?:=|\bis|\bare|\bso,?|\bthus,?|\bhence,?|\bhave|\bof|\bgives|\bmakes|\bto)\s*(?:\\\(|\$)?\s*(\d{1,6})\s*(?:\\\)|\$)?"
    r"(?:\s+[a-z]{3,20}){0,4}\s*[.!;]?\Z",
    re.IGNORECASE,
)
_SUM_OR_PRODUCT = re.compile(
    r"(?<![\w.^_{+*/×·-])\d{1,6}(?:\s{0,2}(?:[+*×·]|\\times|\\cdot|plus|times)\s{0,2}\d{1,6}){1,12}(?![\w.]*\s{0,2}[-+*/×·^!])"
)
_NUMBER = re.compile(r"\d+")
_PART_END = re.compile(r"(?<=[.!?;])\s|\n")
_MAX_STEP = 2000  # characters of a step that are read


def find_ground_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs (step, the one before it) where the step speaks of what that says, or concludes in words from it; and
    (ground, what is concluded from it): "Since AD = CD = m." is no sentence.

    >>> import numpy as np
    >>> steps = ["It is given by 216/1680.", "We simplify this fraction.", "Therefore, it is less than a half."]
    >>> find_ground_pairs(steps, np.zeros(3, bool))
    [(1, 0), (2, 1)]
    """
    live = [at for at in range(len(texts)) if not apart[at]]
    pairs = [(at, before) for before, at in pairwise(live) if _rests_on_neighbour(texts[at].strip())]
    grounds = [(at, after) for at, after in pairwise(live) if _GROUND.match(texts[at].strip())]
    return pairs + [(at, after) for at, after in grounds if _CONCLUDES.match(texts[after].strip())]


def _rests_on_neighbour(text: str) -> bool:
    first = _SENTENCE_END.split(text[:_MAX_FIRST], maxsplit=1)[0]
    if _MEANT.search(first) or _HERE.match(first) or _FROM_WHICH.match(first) or _REJECTS.match(first):
        return True
    if text.lstrip("\\[($ \n\t").startswith("="):
        return True  # "= 26^2 * 35" goes on with an equation
    concludes = _CONCLUDES.match(first)
    return concludes is not None and len(first) > concludes.end() and not _RELATION.search(first)


def find_ordinal_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs of neighbours, both ways, that go through things in order: "The first letter is B.", "The second is A."

    >>> import numpy as np
    >>> find_ordinal_pairs(["The first is B.", "Then the second is A.", "The third is N."], np.zeros(3, bool))
    [(0, 1), (1, 0), (1, 2), (2, 1)]
    """
    found = {at: _ORDINAL.match(text.strip()) for at, text in enumerate(texts) if not apart[at]}
    place = {at: _ORDINALS.index(match[1].lower()) for at, match in found.items() if match}
    runs = [(one, other) for one, other in pairwise(place) if other - one <= 2 and place[other] == place[one] + 1]
    if len(runs) < _MIN_ITEMS - 1:
        return []
    return [pair for one, other in runs for pair in ((one, other), (other, one))]


def find_number_list_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs of neighbours, both ways, among items that are nothing but numbers: "1 × 72", "2 × 36".

    >>> import numpy as np
    >>> find_number_list_pairs(["1 × 72", "2 × 36", "3 × 24"], np.zeros(3, bool))
    [(0, 1), (1, 0), (1, 2), (2, 1)]
    """
    pairs: Pairs = []
    run: list[int] = []
    for at, text in enumerate([*texts, "."]):
        if at < len(texts) and not apart[at] and _is_number_item(text):
            run.append(at)
            continue
        if _MIN_ITEMS <= len(run) <= _MAX_ITEMS:
            pairs += [pair for one, other in pairwise(run) for pair in ((one, other), (other, one))]
        run = []
    return pairs


def _is_number_item(text: str) -> bool:
    item = text.strip()
    return len(item) <= _MAX_ITEM and not _RELATION.search(item) and read_pattern(item).strip(" -*•.,;#") == ""


def find_choice_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs (values, the step that chooses among them): of "n = 27 or n = -112" alone nobody knows which it is.

    >>> import numpy as np
    >>> find_choice_pairs(["n = 27 or n = -112", "Since n must be positive, n = 27."], np.zeros(2, bool))
    [(0, 1)]
    """
    live = [at for at in range(len(texts)) if not apart[at]]
    pairs: Pairs = []
    for place, at in enumerate(live):
        if _ALTERNATIVES.search(texts[at][:_MAX_STEP]):
            after = live[place + 1 : place + 1 + _MAX_TO_CHOICE]
            pairs += [(at, one) for one in after if _CHOOSES.match(texts[one].strip()[:_MAX_FIRST])][:1]
    return pairs


def find_count_pairs(texts: Sequence[str], question: str, apart: BoolArray) -> Pairs:
    """Pairs (sum or product, the step that came to one of its numbers last), for numbers that the question has not.

    >>> import numpy as np
    >>> steps = ["So, 2 solutions.", "It is C(5, 1) = 5.", "The total is 2 * 5 = 10."]
    >>> find_count_pairs(steps, "How many are there?", np.zeros(3, bool))
    [(2, 0), (2, 1)]
    """
    given = set(_NUMBER.findall(question))
    counted: dict[str, int] = {}
    pairs: dict[tuple[int, int], None] = {}
    for at in range(len(texts)):
        if apart[at]:
            continue
        for found in _SUM_OR_PRODUCT.findall(texts[at][:_MAX_STEP]):
            for number in _NUMBER.findall(found):
                if number not in given and counted.get(number, at) < at:
                    pairs[at, counted[number]] = None
        counted.update(dict.fromkeys(_list_counted(texts[at][:_MAX_STEP]), at))
    return list(pairs)


def _list_counted(text: str) -> Iterator[str]:
    for part in _PART_END.split(text):
        if found := _COUNTED.search(part.strip()):
            yield found[1]
