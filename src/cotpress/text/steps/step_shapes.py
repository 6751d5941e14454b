"""What the ends of a step tell: whether it announces, asks, answers or continues something.

A step is its text without the white space around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

MAX_LABEL_CHARACTERS: Final = 16
ANNOUNCING_ENDS: Final = ("follows.", "following.", "so.", "this.", "down.", "out.", "again.")

DEPENDENT_STARTS: Final = ("This", "That", "Which", "Because", "Like,")
CONTINUING_STARTS: Final = (
    *DEPENDENT_STARTS,
    "Where",
    "=",
    "≈",
    "≡",
    "&",
    "$",
    "\\",
)  # besides lower case: how a step begins that continues another

_MAX_EXPLANATION_CHARACTERS = 160
_MAX_PLAN_CHARACTERS = 110  # a longer sentence has something of its own
_MARKDOWN = "*_ \t\r\n"
_END_CHARACTERS = 240  # characters at either end of a step that are looked at
_SOLID = re.compile(r"[^\W_]|\\|[∅∞√∑∫]")
_COLON_ENDS = frozenset((":-", ":—", ":–"))
# What a sentence cannot end with: "so the equation is", "x =".
_CUT_MARKS = ",—–-"  # may stand behind it
_CUT_WORDS = (
    r"is|are|was|were|be|gives?|giving|gets?|got|becomes?|have|has|obtain|obtains|yields?|equals?|means|implies|that|"
    r"the|an?|to|of|by|for|with|from|into|as|where|when|if|so|thus|therefore|hence|then|and|or|but|because|since|"
    r"than|let|following|namely|i\.e\.|e\.g\.|via|per|using|follows|this|like"
)
_CUT_END = re.compile(
    rf"(?:\b(?:{_CUT_WORDS})|(?<![-=<>+*/])(?:[=+×·≈≤≥≡→⇒]|=>|->|\\implies|\\Rightarrow|\\to))\s*[{_CUT_MARKS}]?\Z",
    re.I,
)
_MAX_CUT_WORD = len("\\Rightarrow")  # characters
_ANNOUNCED = re.compile(
    r"\b(?:as\s+follows|the\s+following|like\s+(?:this|so)|write\s+(?:that|this|it|them)\s+(?:down|out|again))"
    r"\s*[.!]?\Z",
    re.I,
)
_ANNOUNCED_ENDS = ("follows", "following", "this", "so", "down", "out", "again")  # of what it finds
_LEADING_WORDS = (
    r"(?:(?:so|now|okay|ok|alright|first|then|next|and|but|well|hmm|wait|here|finally|also)\b[\s,.—-]*+){0,3}"
)
_WORK = (
    r"find|compute|calculate|check|verify|determine|figure|see|look|try|think|consider|expand|simplify|solve|write|list|"
    r"count|express|substitute|plug|evaluate|recall|work|break|confirm|analyze|analyse|examine|go|make\s+sure|proceed|test"
)
_PLAN = re.compile(
    rf"{_LEADING_WORDS}(?:let(?:\s+me|['’]s|\s+us)\s(?!\s*(?:say|assume|suppose|denote|call|define|set|note)\b)"
    rf"|(?:i['’]ll|i\s+(?:will|need\s+to|should|can|must|want\s+to|have\s+to)"
    rf"|we\s+(?:need\s+to|should|must|want\s+to|have\s+to|will|can\s+now))\s+(?:now\s+|just\s+|first\s+)?(?:{_WORK})\b)",
    re.I,
)
_DEFINITION = re.compile(r"let\s(?!me\b)", re.I)
_GERUND = re.compile(rf"{_LEADING_WORDS}(?:by\s+)?[a-z]{{3,12}}ing\b", re.I)
_OWN_CONTENT = re.compile(r"[\d=\\$<>\"“|^{}:]|\b[B-HJ-Z]{1,2}\b")
_PHRASE_AFTER_SENTENCE = re.compile(r"(?<=[.!?])\s")
_SENTENCE_END = re.compile(r"[.!?]\s")
_HEADING = re.compile(
    r"#{1,6}\s[^\n]{1,160}\Z|\*\*[^*\n\d=\\$]{2,80}\*\*\Z"
    r"|(?:\*\*)?(?:step|case|part|option|method|approach|claim|problem|question|equation|stage|phase|scenario)\s+"
    r"(?:\d{1,3}|[ivx]{1,4}|[a-z])[.)]?(?:\*\*)?\Z",
    re.I,
)
_LABEL = re.compile(
    r"(?:[-*•]\s+)?(?:\*\*)?(?:(?:[Oo]ption|[Cc]hoice)\s+[A-J][.):]?"
    r"|\((?:[A-Za-z]|[ivx]{1,4}|\d{1,2})\)|(?:[A-Za-z]|[ivx]{1,4})[.)]|\d{1,2}\))(?:\*\*)?\Z"
)
_YES_NO = re.compile(
    r"[*_\"“]*(?:yes|no|nope|yep|yeah|correct|right|true|false|not|of\s+course|indeed|exactly|probably|maybe|perhaps"
    r"|never|none|neither|nothing|both|certainly|definitely|sure|possibly|unlikely|likely|i\s+(?:don't\s+)?think\s+(?:so|not)"
    r"|it\s+(?:is|does|isn't|doesn't|can|can't|has|hasn't)(?:\s+not)?[.!])"
    r"(?![\w'’])(?!\s+(?:that|if|we|i|the|let)\b)",
    re.I,
)
_ANSWER_WORDS = 8  # words; a first sentence of no more does not stand without its question
_FRAGMENT_WORDS = 3
# A few words that say of the sentence before that it is not so: "Absent.", "None present.", "Not an integer."
_DENIAL_CHARACTERS = 40
_DENIAL = re.compile(
    r"(?:absent|none|not|invalid|impossible|fails?|too\s+(?:small|big|large|low|high|long|short|many|few))\b[^?=\d]*[.!]\Z",
    re.I,
)
_FRAGMENT_START = re.compile(
    r"(?:wait|hmm*|okay|ok|so|well|let|now|then|but|and|alternatively|oh|ah|first|i|we|check|yes|no)\b|#|[-*•]\s|\d+[.)]\s|<|`",
    re.I,
)
_FORMAL_START = re.compile(
    r"(?:[-*•>]\s+)?(?:\\\[|\$|\\begin\b|\\\(|```|~~~|\\[a-zA-Z]|\||[-−+±(\[{√∑∫|]*+[\d.]"
    r"|[-−+±(\[{√|]*+[^\W\d_]{1,3}\s?[=<>≈≤≥≡^_+*/(\d'’²³])"
)
_LIST_START = re.compile(r"(?:[-*•]|\d{1,2}[.)]|\([a-z\d]\))\s")
_RELATION = re.compile(r"[=≈≤≥<>≡∈→⇒]|\\(?:leq?|geq?|approx|equiv|in|to|implies|Rightarrow)\b")
_DIGIT = re.compile(r"\d")
_LONG_WORD = re.compile(r"[A-Za-z]{4,}")
_FORMAL_END = re.compile(r"(?:\\\]|\\\)|\$|\\end\{[a-z]+\*?\})[\s.,;]*\Z")
_CONTINUED_EQUATION = re.compile(r"(?:\$+|\\[(\[])?\s*&?(?:=(?![>=])|≈|≡|\\approx\b|\\equiv\b|\\quad\s*=)")
_NUMBER_LIST_END = re.compile(r"\d,\s?\d{1,2}\.(\s)(?=[A-Z][a-z])")
_WHERE = re.compile(r"where(?=\s)", re.I)
# A verdict on the sentence before, or a clause of it: "This seems plausible.", "Which is 12.", "Because it is even."
_DEPENDENT = re.compile(
    r"(?:this|that)\s+(?:seems|looks|sounds|makes\s+sense|checks\s+out)\b|which\s+(?:is|was|means|gives|equals|makes)\b"
    r"|because\b[^,]*[.!]\Z|like,",
    re.I,
)
_CONTINUING = re.compile(
    r"(?:where|which|whose|with|and|or|but|because|since|for|when|whenever|if|so|that|as|to|of|in|by|is|are|equals?"
    r"|giving|then|implying|yielding|meaning|provided|unless|while|on|at|from|into|than|we|it|hence|thus|therefore)(?=[\s,])(?!\s\S+\simport\b)(?![^\n]*[:{]$)"
)


def says_something(step: str) -> bool:
    """Whether there is more in it than a rule of dashes.

    >>> says_something("---"), says_something("\\\\[ x \\\\]")
    (False, True)
    """
    return step[:1].isalnum() or _SOLID.search(step) is not None


def introduces(step: str) -> bool:
    """Whether it announces something, whatever that is, or breaks off.

    >>> introduces("Cross-multiplying gives:"), introduces("Let me expand the left side."), introduces("So x is 5.")
    (True, True, False)
    """
    bare = step.rstrip(_MARKDOWN)
    last = bare[-1:]
    if last in ":：" or bare[-2:] in _COLON_ENDS:
        return True
    if last in ".!":
        return is_bare_plan(step) or (step.endswith(ANNOUNCING_ENDS) and _is_announced(_find_tail(step)))
    if last == ",":
        phrase = _PHRASE_AFTER_SENTENCE.split(_find_tail(step))[-1]
        return len(phrase) < 60 and len(phrase.split()) <= 4 and not _OWN_CONTENT.search(phrase)
    if last in "?;)0123456789":
        return is_heading(step)
    tail = _find_tail(step)
    if _is_announced(tail) or is_heading(step):
        return True
    return _breaks_off(tail) and (not last.isalpha() or not _RELATION.search(tail))


def _is_announced(tail: str) -> bool:
    last = tail.rstrip().rstrip(".!").rstrip().casefold()  # few ends make the search worth while
    return last.endswith(_ANNOUNCED_ENDS) and _ANNOUNCED.search(tail) is not None


def _breaks_off(tail: str) -> bool:
    """Whether the last word, or the sign in its place, cannot end a sentence."""
    end = len(tail.rstrip().rstrip(_CUT_MARKS).rstrip())
    return _CUT_END.search(tail, max(0, end - _MAX_CUT_WORD)) is not None


def is_bare_plan(step: str) -> bool:
    """Whether it is a single sentence that says what will be done, with nothing of its own.

    >>> is_bare_plan("Let me expand the left side."), is_bare_plan("Let me add 3.")
    (True, False)
    """
    start = _PLAN.match(step) if len(step) <= _MAX_PLAN_CHARACTERS else None
    return start is not None and not _SENTENCE_END.search(step, start.end()) and not _OWN_CONTENT.search(step)


def is_heading(step: str) -> bool:
    """Whether it is one line that only names what comes below it.

    >>> is_heading("### Step 2: Simplify"), is_heading("**Final answer**"), is_heading("Case 2")
    (True, True, True)
    """
    return len(step) < 200 and _HEADING.match(step) is not None


def is_cut(step: str) -> bool:
    """Whether its last line is words that do not end as a sentence: a formula that follows may complete them.

    >>> is_cut("Substituting for x"), is_cut("It is 5.")
    (True, False)
    """
    tail = _find_tail(step)
    end = tail[-1:]
    if (
        _RELATION.search(tail)
        or _DEFINITION.match(step)
        or _LIST_START.match(tail)
        or not (end.isalnum() or end in ",—–)")
    ):
        return False
    if len(step) <= _MAX_PLAN_CHARACTERS and _GERUND.match(step):
        return True
    return end not in ")" and not _DIGIT.search(tail) and _LONG_WORD.search(tail) is not None


def is_formal(step: str) -> bool:
    """Whether it begins with a formula, a plain equation, an item, a table or code.

    >>> is_formal("$x = 3$"), is_formal("3x = 9"), is_formal("- one"), is_formal("Then it is.")
    (True, True, True, False)
    """
    line = step[:_END_CHARACTERS].partition("\n")[0]
    if line.startswith(("\\[", "$$", "\\begin", "```", "~~~", "|")) or _LIST_START.match(line):
        return True
    if not _FORMAL_START.match(line):
        return False
    words = len(_LONG_WORD.findall(line))
    return words <= 2 or (words <= 4 and _RELATION.search(line) is not None)


def is_label(step: str) -> bool:
    """Whether it is the label of an option and nothing else.

    >>> is_label("(A)"), is_label("**B.**"), is_label("Option C"), is_label("A")
    (True, True, True, False)
    """
    return len(step) <= MAX_LABEL_CHARACTERS and _LABEL.match(step) is not None


def asks(step: str) -> bool:
    """Whether it ends in a question."""
    return step[-1:] != "." and step.rstrip(_MARKDOWN)[-1:] in ("?", "？")


_POINTING_BACK = re.compile(
    r"\s*(?:(?:so|and|but|then|now|thus|therefore|hence|well|yes|no|okay|ok|hmm|wait)\b[\s,]*+){0,2}"
    r"(?:(?:this|that|it|these|those|they|he|she|which|both|them|their|its|his|her|such|here)\b(?!\s+(?:problem|question)\b)"
    r"|the\s+(?:same|other|former|latter|first|second|rest|remaining|result)\b|similarly|likewise|however|otherwise|instead|but\b"
    r"|also\b|again\b|then\b(?![,:])|in\s+(?:this|that)\s+case"
    r"|(?:add|subtract|multiply|divid|combin|compar|summ)ing\s+(?:those|these|them|that|this|it|both)\b)",
    re.I,
)


def is_denial(step: str) -> bool:
    """Whether it is a few words that deny what stands before, which says the opposite without them.

    >>> is_denial("None present."), is_denial("Not an integer."), is_denial("No prime from 2 up to 7 divides it.")
    (True, True, False)
    """
    return len(step) <= _DENIAL_CHARACTERS and _DENIAL.match(step) is not None


def points_back(step: str) -> bool:
    """Whether it begins with a word that stands for something said before.

    >>> points_back("That means x is odd."), points_back("So 2x = 6.")
    (True, False)
    """
    return _POINTING_BACK.match(step) is not None


def classify_reply(step: str) -> Literal["none", "short", "long"]:
    """How it would answer a question before it: not at all, in words that need the question, or in full.

    >>> classify_reply("No."), classify_reply("Twelve."), classify_reply("Wait, let me see.")
    ('short', 'short', 'none')
    """
    first = step[:_END_CHARACTERS].partition("\n")[0]
    end = _SENTENCE_END.search(first)
    words = len((first[: end.start()] if end else first).split())
    if _YES_NO.match(first):
        return "short" if words <= _ANSWER_WORDS else "long"
    fragment = len(step) <= 40 and len(step.split()) <= _FRAGMENT_WORDS and step[-1] in ".!"
    return "short" if fragment and not _FRAGMENT_START.match(first) else "none"


def continues(step: str, before: str) -> bool:
    """Whether it goes on with a sentence or an equation of the step before.

    >>> continues("where r is the radius.", "\\\\[ r^2 \\\\]"), continues("= 12 + 3", "x = 15"), continues("So", "x")
    (True, True, False)
    """
    if not step[0].islower() and not step.startswith(CONTINUING_STARTS):
        return False
    if step.startswith(DEPENDENT_STARTS) and _DEPENDENT.match(step):
        return True
    if _CONTINUED_EQUATION.match(step):
        return True
    tail = _find_tail(before)
    if _WHERE.match(step) and not asks(step):
        return step[0] == "w" or bool(_FORMAL_END.search(tail) or _RELATION.search(tail))
    if not step[0].islower() or not _CONTINUING.match(step):
        return False
    return tail[-1:].isalnum() or tail[-1:] == "," or _FORMAL_END.search(tail) is not None


def explains_names(step: str) -> bool:
    """Whether it says, in short, what the names of the formula before it stand for.

    >>> explains_names("Where r is the radius."), explains_names("Where is Eve?")
    (True, False)
    """
    return len(step) <= _MAX_EXPLANATION_CHARACTERS and _WHERE.match(step) is not None and not asks(step)


def find_number_list_ends(text: str) -> Iterator[int]:
    """Where sentences end in a list of numbers, whose last one looks like the label of an item.

    >>> list(find_number_list_ends("It is 3, 2, 1. Let me check that."))
    [14]
    """
    return (match.start(1) for match in _NUMBER_LIST_END.finditer(text))


def _find_tail(step: str) -> str:
    """The end of its last line, without Markdown's marks."""
    return step[-_END_CHARACTERS:].rpartition("\n")[2].strip(_MARKDOWN)
