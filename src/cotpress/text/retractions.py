"""Where a text takes back what it said: a wrong attempt and the words that drop it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cotpress.text.language_words import choose_language
from cotpress.text.markers import is_reflective, is_retraction

MAX_ATTEMPT_DISTANCE: Final = 3  # sentences from a retraction back to what it takes back
_PLAIN_NO = re.compile(r"[\s*_\"]*(?:no|nope)\b", re.IGNORECASE)
# At the head of a sentence: "No, that gives 9", "Wait, no", "Oh, that was a mistake".
_TAKING_BACK = re.compile(
    r"[\s*_\"]*(?!so\b,?\s+no\b)(?:(?:hmm+|oh|ah|but|wait|so|hold on|actually)\b[\s,.!…—–-]*){0,3}"
    r"(?:no\b(?=\s*[,.!—–-])|nope\b|scratch that|never ?mind"
    r"|(?:that|this|it)(?:'s| is| was| must be)(?: clearly| definitely| also)? (?:wrong|incorrect|a mistake|an error"
    r"|not right|not correct)\b(?!\s*\?)"
    r"|(?:that|this|it) (?:can't be|cannot be|doesn't (?:seem|look)|does not (?:seem|look)|isn't) (?:right|correct)\b"
    r"|i (?:made|must have made) (?:a|an) (?:\w+ )?(?:mistake|error)|i (?:must have )?"
    r"(?:miscalculated|miscounted|misread)"
    r"|that (?:doesn't|does not) (?:match|work|make sense|add up))",
    re.IGNORECASE,
)


def takes_back(sentence: str, language: str = "en") -> bool:
    """Whether a sentence says that what was said before it is wrong; `language` is that of its text.

    >>> takes_back("Wait, no, 880 + 22 is 902."), takes_back("No prime divides it."), takes_back("So, no, it is 7.")
    (True, False, False)
    """
    if language == "en" and _TAKING_BACK.match(sentence.replace("’", "'")):
        return True
    return is_reflective(sentence, language) and is_retraction(sentence, language)


def find_retracted(sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (attempt, retraction) of sentences.

    The attempt is the nearest sentence before the retraction that states something and does not itself turn back, at
    most `MAX_ATTEMPT_DISTANCE` sentences away. A "No" that answers a question takes nothing back.

    >>> find_retracted(["So 4 * 2 = 9.", "Wait, no.", "4 * 2 = 8."])
    [(0, 1)]
    """
    pairs, language = [], choose_language(sentences)
    for place, sentence in enumerate(sentences):
        if not takes_back(sentence, language):
            continue
        for back in range(place - 1, max(-1, place - 1 - MAX_ATTEMPT_DISTANCE), -1):
            earlier = sentences[back].strip()
            if earlier.endswith("?") and (_PLAIN_NO.match(sentence) or not any(map(str.isdigit, earlier))):
                break
            if earlier and not is_reflective(earlier, language) and not takes_back(earlier, language):
                pairs.append((back, place))
                break
    return pairs
