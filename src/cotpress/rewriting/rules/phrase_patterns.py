"""English phrases that say nothing (deleted) and wordy ones with a short form (replaced). Prose only.

The tables are the project's own. Patterns are matched without regard to case; none crosses a line. A hedge
("perhaps", "I think") says how sure a claim is, and "wait" or "actually" that it takes something back: they stay.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

# At the head of a sentence, as often as they come. Some need a comma behind them: "Right triangles" are no talk.
_OPENERS: Final = (
    r"(?:okay|ok|alright|hm+|uh|um|oh|ah|basically|anyways?|(?:but|and)\s+(?=hmm)"
    r"|so(?!\s+(?:many|much|far|that|long|few|called|too|do|does|did|is|are|was)\b)"
    r"|now(?!\s+(?:that|on|and|is|was)\b)|then(?=,)|well,|yeah,"
    r"|look,|great,|good,|cool,|perfect,|interesting,|again,|you know,"
    r"|first of all,|to start(?: with)?,|let'?s see,|let me see[,:]|let me think[,:])"
    r"[,.!…]*(?:\s*[—–-]+(?=\s))?[ \t]+"
)
# At the head of a sentence; they answer a question before it, if there is one.
_REPLIES: Final = r"(?:right|yes|yep|sure|exactly|correct),[ \t]+"
# Where a clause begins: with their subject, so that none is left without a verb.
_CLAUSE_FILLERS: Final = (
    r"(?:as|like) (?:we can see|i said|i mentioned|mentioned (?:before|above|earlier)),",
    r"(?:we|i|you) can (?:easily |clearly )?see that(?! (?:is|was)\b)",
    r"it(?: is|'s) (?:clear|obvious|easy to see|evident) that",
    r"(?:(?:i|we|you|let(?: me|'s| us)) (?:(?:can|should|also|must|need to) )?)?(?:note|notice|recall|remember|observe)"
    r"(?: here)? that(?! (?:is|was|time|day|one)\b)",
    r"keep in mind that(?! (?:is|was)\b)",
    r"i mean,",
)
# Anywhere in prose, unless a word before them governs them ("not really").
_FILLERS: Final = (
    r"(?:of course|obviously|clearly|undoubtedly|needless to say|in fact|to be honest)",
    r"(?:basically|actually(?!,)|really|literally)",
)
_GOVERNING = frozenset(
    [
        "not",
        "never",
        "n't",
        "almost",
        "quite",
        "pretty",
        "so",
        "very",
        "more",
        "most",
        "how",
        "too",
        "less",
        "hardly",
        "nearly",
        "can't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "won't",
        "wouldn't",
        "couldn't",
        "shouldn't",
        "haven't",
        "hasn't",
    ]
)
# What has a shorter form anywhere.
_SHORT_FORMS: Final = {
    r"(?:is|are) equal to(?= ?(?:\d|\$|\\))|equals(?= (?:\d|\$|\\))": "=",
    r"in order to|so as to": "to",
    r"(?:due to|because of|in view of|owing to) the fact that|since it is the case that": "because",
    r"despite the fact that|in spite of the fact that|even though|although": "though",
    r"a total of(?= \d)": "",
    r"as well as": "and",
    r"at this point in time": "now",
    r"in the event that": "if",
    r"a (?:large|great) number of(?! the\b| form\b)": "many",
    r"has the ability to|(?:is|are) able to|have the ability to": "can",
    r"for the purpose of": "for",
    r"in addition to": "besides",
    r"approximately|roughly(?= \d)|around(?= \d)": "about",
    r"prior to": "before",
    r"subsequent to": "after",
    r"individuals": "people",
    r"numerous": "many",
    r"(?:is|are) located in": "lies in",
    r"in the year(?= \d)": "in",
    r"at the present time|nowadays": "now",
    r"(?<=\d )(?:multiplied by|times)(?= \d)": "×",
    r"(?<=\d )divided by(?= \d)": "/",
    r"(?<=\d )plus(?= \d)": "+",
    r"(?<=\d )minus(?= \d)": "-",
    r"is not(?! only\b)": "isn't",
    r"are not(?! only\b)": "aren't",
    r"was not(?! only\b)": "wasn't",
    r"were not(?! only\b)": "weren't",
    r"do not": "don't",
    r"does not": "doesn't",
    r"did not": "didn't",
    r"would not": "wouldn't",
    r"could not": "couldn't",
    r"will not": "won't",
    r"has not": "hasn't",
    r"have not": "haven't",
}
# What has a shorter form where a clause begins; elsewhere it is part of another phrase ("what we need to find is").
_CLAUSE_SHORT_FORMS: Final = {
    r"which (?:means|implies) that|(?:then )?(?:this|that) (?:means|implies) that": "so",
    r"therefore,?|thus,?|hence,?|consequently,?|as a result,|accordingly,|it follows that"
    r"|(?:from this )?we can conclude that": "so",
    r"however,": "but",
    r"which gives us": "giving",
    r"(?:we|i) (?:get|have|obtain)(?: that)?(?= (?:\$|\\\(|\\\[|[a-z]\s?=))": "",
    r"(?:i|we) (?:need|have|want) to (?:find|determine|figure out|calculate|compute|work out)": "find",
    r"(?:let me (?:go ahead and )?|let'?s )(?:calculate|compute|work out|figure out)"
    r"|(?:i|we) (?:can|will|should|could) (?:now |just )?(?:calculate|compute|work out|figure out)": "compute",
    r"(?:let me (?:go ahead and )?|let'?s |let us )(?:try to |just |now |quickly )?"
    r"(?=(?:find|check|see if|see whether|consider|write|expand|simplify|substitute|plug|solve|express|list|denote"
    r"|define"
    r"|verify|recall|test|break|use|start|calculate|analy[sz]e|examine|try)\b)": "",
    r"(?:additionally|furthermore|moreover|in addition),": "also,",
}
# A whole sentence of talk to oneself: any number of interjections, then at most one stock phrase.
_INTERJECTIONS = (
    r"okay|ok|alright|right|yes|yep|yeah|hm+|wait|so|well|now|great|good|perfect|interesting|cool|sure|correct|exactly"
)
_STOCK_PHRASES = (
    r"got it|(?:(?:that|this|it)(?:'s| is| seems| looks| sounds| should be| must be)? )?"
    r"(?:right|correct|fine|good|it|okay|weird|interesting|makes sense|checks out|works)"
    r"|(?:let me|let'?s|i'll|i will) (?:see|think|check|try|start|go|begin|verify|confirm|recheck|do (?:this|that|it))"
    r"|i (?:think|hope|guess|see|wonder)(?: so)?|hold on|so far so good|what (?:else|now|next)"
    r"|how (?:to|do i|should i|can i) (?:do|approach|start|proceed)"
)
SELF_TALK: Final = re.compile(
    rf"[\s*]*+(?:(?:{_INTERJECTIONS})\b[\s,.!?…—–-]*+)*"
    rf"(?:(?:{_STOCK_PHRASES})\b(?: (?:again|about it|this|that|it|here|now|then))*)?[\s,.!?…—–*-]*",
    re.IGNORECASE,
)
PLAN: Final = re.compile(
    r"[\s*]*(?:(?:so|now|okay|ok|first|next|then|alright|and|but|well|hmm)[,\s]+)*"
    r"(?:to (?:solve|find|answer|determine)\b"
    r"|(?:i|we)(?:'ll| will| need to| should| want to| have to| can)\b|let me\b|let'?s\b|let us\b"
    r"|my (?:plan|approach|strategy)\b|the (?:plan|approach|strategy|idea) is\b)",
    re.IGNORECASE,
)
QUESTION_PHRASE: Final = re.compile(
    r"\b(?:find|determine|compute|calculate|evaluate|how many|how much|how long|how far|how old|what is|what are"
    r"|what was|which|who|prove|show that|simplify|express|solve)\b",
    re.IGNORECASE,
)
# A sentence of a question that says how to word the reply.
REPLY_INSTRUCTION: Final = re.compile(
    r"\b(?:(?:end|finish|begin|start) your (?:reply|answer|response)"
    r"|(?:put|give|write|state|provide|express|box) (?:your|the) (?:final )?answer"
    r"|(?:answer|respond|reply) (?:with|in)\b|step[- ]by[- ]step|in the form(?:at)? of)",
    re.IGNORECASE,
)


@cache
def compile_openers(after_question: bool) -> re.Pattern[str]:
    """Matches one opener at the position given; a reply is none where the sentence before asks."""
    return re.compile(_OPENERS if after_question else f"(?:{_OPENERS}|{_REPLIES})", re.IGNORECASE)


@cache
def compile_fillers() -> re.Pattern[str]:
    """Matches a filler, the comma and the space behind it; group "clause" where a clause has to begin there."""
    clause, anywhere = "|".join(_CLAUSE_FILLERS), "|".join(_FILLERS)
    return re.compile(
        rf"\b(?:(?P<clause>{clause})|(?:{anywhere}))(?:(?<=,)|\b(?![-'’])(?:,(?=\s))?)[ \t]*", re.IGNORECASE
    )


@cache
def compile_short_forms() -> tuple[re.Pattern[str], tuple[tuple[str, bool], ...]]:
    """Matches a wordy phrase; its last group's number - 1 is the place of (short form, whether a clause begins)."""
    forms = [(pattern, form, True) for pattern, form in _CLAUSE_SHORT_FORMS.items()]
    forms += [(pattern, form, False) for pattern, form in _SHORT_FORMS.items()]
    joined = "|".join(f"({pattern})" for pattern, _, _ in forms)
    pattern = re.compile(rf"\b(?:{joined})(?:(?<=[\s,])|\b(?![-'’]))", re.IGNORECASE)
    return pattern, tuple((form, clause) for _, form, clause in forms)


def is_governed(before: str) -> bool:
    """Whether the last word before a filler governs it: "not really" is not "not".

    >>> is_governed("It is not "), is_governed("The box ")
    (True, False)
    """
    words = before.lower().replace("’", "'").split()
    return bool(words) and (words[-1] in _GOVERNING or words[-1].endswith("n't"))
