"""English phrases that say nothing (deleted) and wordy ones with a short form (replaced). Prose only.

The tables are the project's own. Patterns are matched without regard to case; none crosses a line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

# At the head of a sentence, as often as they come. Some need a comma behind them: "Right triangles" are no talk.
_OPENERS: Final = (
    r"(?:okay|ok|alright|hm+|uh|um|oh|ah|basically|anyways?|(?:but|and)\s+(?=wait\b|hmm)"
    r"|so(?!\s+(?:many|much|far|that|long|few|called)\b)|now(?!\s+(?:that|on|and)\b)|then(?=,)|well,|right,|yes,|yeah,"
    r"|yep,|wait,|look,|great,|good,|cool,|perfect,|sure,|actually,|interesting,|again,|hold on,|you know,"
    r"|first of all,|to start(?: with)?,|let'?s see,|let me see[,:]|let me think[,:]|oh\s+wait,)"
    r"[,.!…]*(?:\s*[—–-]+(?=\s))?[ \t]+"
)
# Anywhere in prose.
_FILLERS: Final = (
    r"i (?:think|believe|guess|suppose|mean)(?: that)?",
    r"it (?:seems|appears|looks)(?: like| that)(?! (?:a|an|the)\b)",
    r"(?:as|like) (?:we can see|i said|i mentioned|mentioned (?:before|above|earlier))",
    r"(?:we|i|you) can (?:easily )?see that|it(?: i|')s (?:clear|obvious|easy to see|evident) that",
    r"(?:note|notice|recall|remember|observe) that|keep in mind that",
    r"(?:of course|obviously|clearly|certainly|undoubtedly|needless to say|in fact|to be honest)",
    r"(?:basically|essentially|actually|really|simply|literally|perhaps|maybe|probably|presumably)",
    r"just(?! (?:as|like|before|after|under|over|above|below)\b)",
    r"let me (?:see|think)(?: about (?:this|that|it))?(?=[,.…])",
)
# What has a shorter form.
_SHORTER: Final = {
    r"(?:is|are) equal to|equals": "=",
    r"in order to|so as to": "to",
    r"due to the fact that|since it is the case that|owing to the fact that": "because",
    r"which means(?: that)?|which implies(?: that)?|which gives us|(?:then )?this means(?: that)?|that means(?: that)?"
    r"|this implies(?: that)?|this gives us|from this we get": "so",
    r"therefore|thus|hence|consequently|as a result|accordingly|it follows that|we can conclude that": "so",
    r"(?:i|we) (?:need|have|want) to (?:find|determine|figure out|calculate|compute|work out)": "find",
    r"(?:let me (?:go ahead and )?|let'?s )(?:calculate|compute|work out|figure out)"
    r"|(?:i|we) (?:can|will|should|could) (?:now )?(?:calculate|compute|work out|figure out)": "compute",
    r"let me (?:go ahead and )?(?:try to )?|let'?s (?:try to )?|let us ": "",
    r"a total of ": "",
    r"as well as|and also": "and",
    r"at this point in time|at this point": "now",
    r"in the case that|in the event that|in case": "if",
    r"with respect to|with regard to|regarding": "about",
    r"a (?:large|great) number of|a lot of": "many",
    r"the fact that": "that",
    r"has the ability to|have the ability to|(?:is|are) able to": "can",
    r"for the purpose of": "for",
    r"despite the fact that|even though|although": "though",
    r"(?:additionally|furthermore|moreover|in addition)(?:,(?= ))?": "also",
    r"in addition to": "besides",
    r"however": "but",
    r"approximately|roughly|around(?= \d)": "about",
    r"prior to": "before",
    r"subsequent to|following(?= the\b)": "after",
    r"the (?:vast )?majority of": "most",
    r"a (?:wide )?(?:number|variety|range) of": "several",
    r"individuals": "people",
    r"numerous": "many",
    r"utilize": "use",
    r"(?:is|are) located in": "lies in",
    r"known as": "called",
    r"more than(?= \d)": "over",
    r"less than(?= \d)": "under",
    r"in the year(?= \d)": "in",
    r"currently|at the present time|nowadays": "now",
    r"in other words|that is to say": "i.e.",
    r"for example|for instance": "e.g.",
    r"we (?:get|have|obtain)(?: that)?(?= )": "",
    r"(?<=\d )(?:multiplied by|times)(?= \d)": "×",
    r"(?<=\d )divided by(?= \d)": "/",
    r"(?<=\d )plus(?= \d)": "+",
    r"(?<=\d )minus(?= \d)": "-",
    r"is not": "isn't",
    r"are not": "aren't",
    r"was not": "wasn't",
    r"were not": "weren't",
    r"do not": "don't",
    r"does not": "doesn't",
    r"did not": "didn't",
    r"would not": "wouldn't",
    r"could not": "couldn't",
    r"cannot|can not": "can't",
    r"will not": "won't",
    r"has not": "hasn't",
    r"have not": "haven't",
}
# A whole sentence of talk to oneself: any number of interjections, then at most one stock phrase.
_INTERJECTIONS = (
    r"okay|ok|alright|right|yes|yep|yeah|no|hm+|wait|so|well|now|great|good|perfect|interesting|cool|sure|correct"
    r"|exactly"
)
_STOCK = (
    r"got it|(?:(?:that|this|it)(?:'s| is| seems| looks| sounds| should be| must be)? )?"
    r"(?:right|correct|fine|good|it|okay|weird|interesting|makes sense|checks out|works)"
    r"|(?:let me|let'?s|i'll|i will) (?:see|think|check|try|start|go|begin|verify|confirm|recheck|do (?:this|that|it))"
    r"|i (?:think|hope|guess|see|wonder)(?: so| not)?|hold on|so far so good|what (?:else|now|next)"
    r"|how (?:to|do i|should i|can i) (?:do|approach|start|proceed)"
)
TALK: Final = re.compile(
    rf"[\s*]*(?:(?:{_INTERJECTIONS})\b[\s,.!?…—–-]*)*"
    rf"(?:(?:{_STOCK})\b(?: (?:again|about it|this|that|it|here|now|then))*)?[\s,.!?…—–*-]*",
    re.IGNORECASE,
)
ANNOUNCES: Final = re.compile(
    r"[\s*]*(?:(?:so|now|okay|ok|first|next|then|alright|and|but)[,\s]+)*(?:let me\b|let'?s\b|let us\b"
    r"|i(?:'ll| will| need| should| want| have| can| could| might| am going| must|'m going)\b"
    r"|we (?:need|want|will|should|have) to\b|to (?:do|solve|find) th)",
    re.IGNORECASE,
)
CONCLUDES: Final = re.compile(
    r"[\s*]*(?:so|therefore|thus|hence|consequently|as a result|this means|which means)\b", re.IGNORECASE
)
ASKS: Final = re.compile(
    r"\b(?:find|determine|compute|calculate|evaluate|how many|how much|how long|how far|how old|what is|what are"
    r"|what was|which|who|prove|show that|simplify|express|solve)\b",
    re.IGNORECASE,
)
# A sentence of a question that says how to word the reply.
ORDERS: Final = re.compile(
    r"\b(?:(?:end|finish|begin|start) your (?:reply|answer|response)"
    r"|(?:put|give|write|state|provide|express|box) (?:your|the) (?:final )?answer"
    r"|(?:answer|respond|reply) (?:with|in)\b|step[- ]by[- ]step|in the form(?:at)? of)",
    re.IGNORECASE,
)
# Words whose loss leaves the sense of a sentence; negations, quantities, comparisons and conditions are not among them.
_LIGHT_WORDS = """
    a an the that this these those very so also then there here be been being am is are was were will would shall should
    can could do does did has have had its it we i you they he she our my your their his her us me them to of for in on
    at by with from into as and
"""
LIGHT: Final = frozenset(_LIGHT_WORDS.split())


@cache
def openers() -> re.Pattern[str]:
    """Matches one opener at the position given."""
    return re.compile(_OPENERS, re.IGNORECASE)


@cache
def fillers() -> re.Pattern[str]:
    """Matches a filler, the comma and the space behind it."""
    return re.compile(rf"\b(?:{'|'.join(_FILLERS)})\b(?![-'’])(?:,(?=\s))?[ \t]*", re.IGNORECASE)


@cache
def shorter() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Matches a wordy phrase; its last group's number - 1 is the place of the short form."""
    forms = "|".join(f"({pattern})" for pattern in _SHORTER)
    return re.compile(rf"\b(?:{forms})(?:(?<=\s)|\b(?![-'’]))", re.IGNORECASE), tuple(_SHORTER.values())
