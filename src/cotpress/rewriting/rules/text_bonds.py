"""Which steps need others by their words: what a pronoun stands for, the label of a part, lines of one pattern.

What is cut by sentences or lines reads as text only where these stay together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from cotpress.backbone.terms import find_content_words
from cotpress.types import BoolArray

Pairs = list[tuple[int, int]]

_OPENERS = (
    r"(?:(?:so|and|but|then|now|thus|therefore|hence|well|yes|no|okay|ok|also|again|next|first|wait|hmm)\b[\s,]*+){0,3}"
)
_IMPERSONAL = (  # "it is clear that" points at nothing
    r"obvious|clear|also clear|known|possible|impossible|important|necessary|easy|given|follows|sufficient|suffices"
    r"|about"
)
_POINTING = re.compile(
    rf"\s*{_OPENERS}(?:(?:this|that|these|those|they|he|she|both|neither)\b"
    r"(?!\s+(?:problem|question|puzzle|exercise|is\s+(?:it|all)\b))"
    r"|it(?:'s|\s+(?:is|was|has|will|would|can|also|takes|costs|gives))\b"
    r""
    rf"(?!\s+(?:{_IMPERSONAL})\b)"
    r"|the\s+(?:same|other|others|former|latter)\b|(?:to|by|after)\s+do(?:ing)?\s+(?:this|that|so)\b"
    r"|(?:in|of|from|for|with|at|by|because of|if)\s+(?:this|that|these|those|both|either)\b"
    r"|(?:no|yes|true|false|correct|right|exactly|not\s\w+)[.!]|otherwise\b|because\b|which\b|similarly\b|likewise\b|(?:its|his|her|their)\s+\w)",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"\\\(.{1,300}?\\\)|\\\[.{1,900}?\\\]|\$\$?[^$]{1,300}\$\$?|\d[\d,.]*(?:st|nd|rd|th)?|(?<![^\W\d_])[^\W\d_](?![^\W\d_])",
    re.DOTALL,
)
_MARKUP = re.compile(r"\$?\\(?:textbf|mathbf|text|underline|emph)\{([^{}$]{1,80})\}\$?")
_OPERATED = re.compile(r"#(?:[-+*/×·÷^=<>≤≥()\[\]{}\\_,.%$ \t]{0,6}#){1,60}")
_LABEL_END = re.compile(r"[:：][\s*_)\]]*\Z")
_HEADING = re.compile(
    r"[\s*_#$\\{}()]{0,12}(?:textbf|mathbf)?[{(]{0,2}(?:case|step|part|solution|method|option|scenario|subcase|claim)\s*#"
    r"[\s*_$}).:]{0,12}\Z"
)
_CASE_START = re.compile(
    r"^[ \t*_#>-]{0,8}(?:(?:first|second|next|then|now|so|finally),?\s)?(?:case|scenario|possibility|(?<=[#*] )step"
    r"|(?<=\*)step)\s?#?(\d{1,2})\b",
    re.IGNORECASE | re.MULTILINE,
)
# What is said of a case at its end.
_VERDICT = re.compile(
    r"\b(?:invalid|impossible|contradict\w*|discard\w*|extraneous)\b"
    r"|\bnot (?:a )?(?:valid|possible|allowed|satisfied)\b"
    r"|\bno (?:(?:integer|real|valid|positive|such) ){0,2}(?:solutions?|values?|integers?)\b"
    r"|\b(?:does not|doesn't|do not|don't|cannot|can't) (?:work|happen|satisfy|hold)\b"
    r"|\b(?:this|that) (?:case|scenario) (?:works|holds|is (?:valid|possible|good))\b",
    re.IGNORECASE,
)
_PROPOSAL = re.compile(
    r"(?:(?:so|but|or|and|wait|hmm|okay|now|again),?\s+){0,3}(?:alternatively|perhaps|maybe)\b[^=?\n]*\Z", re.IGNORECASE
)
_MAX_OF_CASE = 12  # steps of a case
_NUMBER_END = re.compile(r"(?:^|[\s:(])\d{1,2}\.\s*\Z")
_FINAL = re.compile(r"\\boxed|\A[\s*#]{0,6}(?:final )?answer\b", re.IGNORECASE)
_LABEL_OPENERS = re.compile(
    r"\A[\s*_]*(?:(?:so|for|similarly|then|next|now|and|when|if|with|finally|first|also)\b[,\s]*){1,3}"
)
_MAX_LABEL = 48  # characters
_MAX_LABELLED = 8  # steps of a part
_MAX_LINE = 160  # characters of a line of a series
MIN_SERIES, MAX_SERIES = 3, 12  # lines
_BULLETS = ("- ", "* ", "• ")
_MAX_BULLET, _MAX_BULLETS = 120, 600  # characters of an item, and of a list
_MAX_LEAD = 240  # characters
_MIN_LEAD_WORDS = 2  # content words of a lead that says what comes
_WORD_OF_TEXT = re.compile(r"(?<!\\)\b[^\W\d_]{4,}")
_MAX_QUOTED = 10  # sentences


def find_pointing_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs (step, the one before it) where a step begins with a word that stands for something said before.

    >>> import numpy as np
    >>> steps = ["Find the number of pens.", "To do that, I add 2 and 3.", "It is obvious that 2 < 3."]
    >>> find_pointing_pairs(steps, np.zeros(3, bool))
    [(1, 0)]
    """
    live = [at for at in range(len(texts)) if not apart[at]]
    return [(at, before) for before, at in pairwise(live) if refers_back(texts[at])]


def refers_back(text: str) -> bool:
    """Whether a text begins with a word that stands for something said before.

    >>> refers_back("To do that, I multiply."), refers_back("I multiply.")
    (True, False)
    """
    return _POINTING.match(text) is not None


def find_inline_list_pairs(texts: Sequence[str]) -> Pairs:
    """Pairs of neighbours, both ways, of a list that was cut after its numbers: "1. pen 2.", "cap 3.", "hat".

    >>> find_inline_list_pairs(["I count: 1. pen 2.", "cap 3.", "hat.", "So 3."])
    [(0, 1), (1, 0), (1, 2), (2, 1)]
    """
    return [
        pair
        for at, (one, other) in enumerate(pairwise(texts))
        if _NUMBER_END.search(one) and other.lstrip()[:1].islower()
        for pair in ((at, at + 1), (at + 1, at))
    ]


def is_part_label(text: str) -> bool:
    """Whether a line is nothing but the name of a part with its number: "Solution 2", "**Case 1**".

    >>> is_part_label("Solution 2"), is_part_label("$\\\\textbf{Case 1}$."), is_part_label("Case 1 holds.")
    (True, True, False)
    """
    return len(text.strip()) <= _MAX_LABEL and _HEADING.match(read_pattern(text)) is not None


def read_pattern(text: str) -> str:
    """A line with its formulas, numbers and names replaced, so that lines of one pattern are equal.

    >>> read_pattern("1st tree: \\\\( a \\\\)") == read_pattern("2nd tree: \\\\( a + d \\\\)")
    True
    """
    plain = _MARKUP.sub(r"\1", " ".join(text.split()))
    return _OPERATED.sub("#", _FORMULA.sub("#", plain.lower()))


def find_series_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs of neighbours, both ways, among lines of one pattern: "1st tree: a", "2nd tree: a + d", "3rd tree: ...".

    >>> import numpy as np
    >>> steps = ["34 is greater in 7 subsets.", "21 is greater in 6 subsets.", "13 is greater in 5 subsets."]
    >>> find_series_pairs(steps, np.zeros(3, bool))
    [(0, 1), (1, 0), (1, 2), (2, 1)]
    """
    patterns = ["" if apart[at] or len(text) > _MAX_LINE else read_pattern(text) for at, text in enumerate(texts)]
    pairs: Pairs = []
    first = 0
    for at in range(1, len(texts) + 1):
        if at < len(texts) and patterns[at] and patterns[at] == patterns[first] and "#" in patterns[at]:
            continue
        if MIN_SERIES <= at - first <= MAX_SERIES and re.search(r"[^\W\d_]{2}", patterns[first]):
            pairs += [pair for one in range(first, at - 1) for pair in ((one, one + 1), (one + 1, one))]
        first = at
    return pairs


def find_bullet_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs of neighbours, both ways, among the short items of one list with bullets, and of the first and its lead.

    >>> import numpy as np
    >>> find_bullet_pairs(["- 0: not a prime.", "- 1: as discussed.", "- 2: a prime."], np.zeros(3, bool))
    [(0, 1), (1, 0), (1, 2), (2, 1)]
    """
    pairs: Pairs = []
    run: list[int] = []
    for at, text in enumerate([*texts, ""]):
        if at < len(texts) and not apart[at] and len(text) <= _MAX_BULLET and text.lstrip().startswith(_BULLETS):
            run.append(at)
            continue
        if MIN_SERIES <= len(run) <= MAX_SERIES and sum(len(texts[one]) for one in run) <= _MAX_BULLETS:
            pairs += [pair for one, other in pairwise(run) for pair in ((one, other), (other, one))]
        if run and run[0] and not apart[run[0] - 1] and texts[run[0] - 1].rstrip(" *\n").endswith((":", "：")):
            pairs.append((run[0], run[0] - 1))
        run = []
    return pairs


def find_lead_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs (formula, the words before it) where these say what the formula is: "The area of one side is:".

    >>> import numpy as np
    >>> find_lead_pairs(["The number of solutions is given by:", "\\\\[ 47 \\\\]", "We get:", "2x"], np.zeros(4, bool))
    [(1, 0)]
    """
    live = [at for at in range(len(texts)) if not apart[at]]
    return [
        (at, lead)
        for lead, at in pairwise(live)
        if len(texts[lead]) <= _MAX_LEAD
        and texts[lead].rstrip(" *\n").endswith((":", "："))
        and not _WORD_OF_TEXT.search(_FORMULA.sub(" ", _MARKUP.sub(" ", texts[at])))
        and sum(map(len, find_content_words(texts[lead]))) >= _MIN_LEAD_WORDS
    ]


def find_proposal_bonds(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs (proposal, the sentence after it): of a proposal alone nothing comes.

    >>> import numpy as np
    >>> find_proposal_bonds(["Alternatively, perhaps we can square it.", "Then it is 4."], np.zeros(2, bool))
    [(0, 1)]
    """
    live = [at for at in range(len(texts)) if not apart[at]]
    return [(at, after) for at, after in pairwise(live) if _PROPOSAL.match(texts[at].strip())]


def find_label_pairs(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs (step, label) where a part has a label ("For m = 2:") as other parts have, and (label, next step).

    >>> import numpy as np
    >>> steps = ["For m = 1:", "It is 5.", "For m = 2:", "Lower: 5", "Upper: 39"]
    >>> find_label_pairs(steps, np.zeros(5, bool))
    [(0, 1), (1, 0), (2, 3), (3, 2), (4, 2)]
    """
    labels = {at: _read_label(text) for at, text in enumerate(texts) if not apart[at]}
    counts = Counter(filter(None, labels.values()))
    pairs: Pairs = []
    label = -1
    for at in labels:
        if _FINAL.search(texts[at]):
            label = -1  # the answer belongs to no part
        if counts[labels[at]] > 1 and labels[at]:
            label = at
        elif label >= 0 and at - label <= _MAX_LABELLED:
            pairs += [(label, at)] if at == label + 1 else []
            pairs.append((at, label))
    return pairs


def find_case_bonds(texts: Sequence[str], apart: BoolArray) -> Pairs:
    """Pairs (head of a case, what is said of it at its end), and neighbouring heads, both ways: all cases or none.

    >>> import numpy as np
    >>> steps = ["Case 1: y = 0", "x^2 = 517", "So this case is invalid.", "Case 2: y = 1", "x = 2."]
    >>> find_case_bonds(steps, np.zeros(5, bool))
    [(0, 2), (3, 0), (0, 3)]
    """
    found = ((at, list(_CASE_START.finditer(text))) for at, text in enumerate(texts) if not apart[at])
    heads = [(at, int(matches[-1][1])) for at, matches in found if matches]
    pairs: Pairs = []
    for (head, _), (end, _) in pairwise([*heads, (len(texts), 0)]):
        held = range(head + 1, min(end, head + 1 + _MAX_OF_CASE))
        verdicts = [at for at in held if not apart[at] and _VERDICT.search(texts[at])]
        pairs += [(head, verdicts[-1])] if verdicts else []
    runs = [(before, at) for (before, one), (at, other) in pairwise(heads) if other == one + 1]
    return pairs + [pair for before, at in runs for pair in ((at, before), (before, at))]


def _read_label(text: str) -> str:
    """The pattern of the label that a step is or begins with, on a line of its own; "" for anything else."""
    line = text.strip().partition("\n")[0]
    if len(line) > _MAX_LABEL:
        return ""
    pattern = _LABEL_OPENERS.sub("", read_pattern(line))
    return pattern if "#" in pattern and (_LABEL_END.search(pattern) or _HEADING.match(pattern)) else ""


def find_quote_pairs(texts: Sequence[str]) -> Pairs:
    """Pairs of neighbouring sentences, both ways, within one quotation of several sentences.

    >>> find_quote_pairs(['It says "Name one.', 'Two will do.', 'Add no stop."', 'So "A".'])
    [(0, 1), (1, 0), (1, 2), (2, 1)]
    """
    pairs: Pairs = []
    opened = -1
    for at, text in enumerate(texts):
        odd = (text.count('"') + text.count("“") + text.count("”")) % 2 == 1
        if odd and opened >= 0:
            if at - opened <= _MAX_QUOTED:
                pairs += [pair for one in range(opened, at) for pair in ((one, one + 1), (one + 1, one))]
            opened = -1
        elif odd:
            opened = at
    return pairs
