"""Steps that speak of the reply instead of the matter: of its form, of what the user wants, of rules to comply with.

Traces of models that reason about their reply hold many of them: "We must comply with the policy", "Provide a rating
and brief reasoning", "The user might be testing me". Looked for in English alone.
"""

from __future__ import annotations

import re
from typing import Final

_MAX_CHARACTERS: Final = 200  # of a step that are read; a longer one has moved on to the matter
_ADVERBS = r"(?:(?:also|then|just|now|not|only|still|really|thus|simply|likely|probably)\s+){0,3}"
_REPLY = (
    r"(?:answer|reply|response|reasoning|rating|disclaimer|explanation|format|tone|language|wording"
    r"|completion|output)s?"
)
_REPLY_TALK = re.compile(
    r"\b(?:polic(?:y|ies)|disallowed|disclaimers?|complian(?:t|ce)|comply(?:ing)?|safe\s+completion|allowed\s+content)\b"
    rf"|\b(?:we|i)(?:'ll|\s+(?:need|have|want|are\s+asked|ought)\s+to|\s+(?:must|should|can|could|may|might|will))\s+{_ADVERBS}"
    r"(?:answer|respond|reply|phrase|craft|draft|format|provide|produce|output|be\s+(?:concise|brief)"
    rf"|(?:give|write|ensure|keep|make\s+sure)\s+(?:\w+\s+){{0,3}}{_REPLY})\b"
    r"|\bthe\s+user(?:'s\s+(?:request|question|query|instructions?|prompt)\b"
    r"|\s+(?:(?:also|just|clearly|likely|probably|only|really|explicitly)\s+){0,2}(?:is\s+(?:asking|requesting|looking)"
    r"|asks?|asked|wants?|wanted|specified|requests?|requested|expects?|hasn't|didn't|might|may|could|says?\b(?!\s+they)"
    r"|said\b(?!\s+they)|needs?)\b)"
    rf"|\blet(?:'s|\s+me|\s+us)\s+{_ADVERBS}(?:craft|compose|draft|respond|reply|finali[sz]e|(?:produce|write|give|format)\s+"
    rf"(?:\w+\s+){{0,3}}{_REPLY})\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:(?:so|then|now|thus|also|and|must|should|will|need\s+to|we)\b[,\s]*+){0,3}"
    r"(?:provide|give|add|include|use|output|return|produce|craft|keep|respond|reply|answer|compose)\b"
    rf"[^.:\n]{{0,80}}\b{_REPLY}\b",
    re.IGNORECASE,
)


def speaks_of_reply(step: str) -> bool:
    """Whether a step is about the reply, the user or rules, not about what is asked.

    >>> speaks_of_reply("We must comply with the policy."), speaks_of_reply("Provide a rating and brief reasoning.")
    (True, True)
    >>> speaks_of_reply("We need to give each child 3."), speaks_of_reply("The sum is the answer.")
    (False, False)
    """
    head = step.lstrip()[:_MAX_CHARACTERS].replace("’", "'")
    return _REPLY_TALK.search(head) is not None or _REQUEST.match(head) is not None
