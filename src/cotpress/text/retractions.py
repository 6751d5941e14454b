"""Where a text takes back what it said: a wrong attempt and the words that drop it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from cotpress.text.language_words import choose_language
from cotpress.text.markers import STOPWORDS, is_reflective, is_retraction

MAX_ATTEMPT_DISTANCE: Final = 3  # sentences from a retraction back to what it takes back
MAX_NAMED_DISTANCE: Final = 12  # the same, where the retraction names what it drops
_MAX_BARE_WORDS = 6  # a retraction of no more says itself nothing; the sentence after it may
_PLAIN_NO = re.compile(r"[\s*_\"]*(?:no|nope)\b", re.IGNORECASE)
# At the head of a sentence: "No, that gives 9", "Wait, no", "Oh, that was a mistake".
_TAKING_BACK = re.compile(
    r"[\s*_\"]*(?!so\b,?\s+no\b)(?:(?:hmm+|oh|ah|but|wait|so|hold on|actually)\b[\s,.!…—–-]*){0,3}"
    r"(?:no\b(?=\s*[,.!—–-])"
    r"(?![\s,.!—–-]*+(?:it|that|this)(?:'s| is| was)(?: all)? (?:fine|okay|ok|right|correct|true)\b)"
    r"|nope\b|scratch that|never ?mind"
    r"|(?:that|this|it)(?:'s| is| was| must be)(?: clearly| definitely| also)? (?:wrong|incorrect|a mistake|an error"
    r"|not right|not correct)\b(?!\s*\?)"
    r"|(?:that|this|it) (?:can't be|cannot be|doesn't (?:seem|look)|does not (?:seem|look)|isn't) (?:right|correct)\b"
    r"|i (?:made|must have made) (?:a|an) (?:\w+ )?(?:mistake|error)|i (?:must have )?"
    r"(?:miscalculated|miscounted|misread)"
    r"|that (?:doesn't|does not) (?:match|work|make sense|add up))",
    re.IGNORECASE,
)

# "I drop 9 and go back to c", "so 9 is wrong"
_DROPPING = re.compile(
    r"\b(?:drop|discard|scrap|reject|forget(?: about)?|go(?:ing)? back to)\s+(?:the\s+|that\s+)?(\w+)"
    r"|\b(\w+)\s+(?:is|was)\s+(?:wrong|incorrect)\b"
)
# "So far so good.", "Okay, that works."
_ASSENT = re.compile(
    r"(?:(?:okay|ok|good|great|fine|right|yes|so far so good|that (?:works|fits|makes sense|seems right))[\s,.!]*)+\Z",
    re.IGNORECASE,
)
_NAMING_NOTHING = frozenset(
    ["beginning", "start", "problem", "question", "equation", "previous", "first", "original", "drawing", "step", "one"]
)
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1 << 12)  # of dead ends, digressions and checks, which ask of the same steps
def takes_back(sentence: str, language: str = "en") -> bool:
    """Whether a sentence says that what was said before it is wrong; `language` is that of its text.

    >>> takes_back("Wait, no, 880 + 22 is 902."), takes_back("No prime divides it."), takes_back("So, no, it is 7.")
    (True, False, False)
    >>> takes_back("Wait, no, it is fine."), takes_back("No, that's right.")
    (False, False)
    """
    if language == "en" and _TAKING_BACK.match(sentence.replace("’", "'")):
        return True
    return is_reflective(sentence, language) and is_retraction(sentence, language)


def find_retracted(sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (attempt, retraction) of sentences: the ends of each dead end.

    >>> find_retracted(["So 4 * 2 = 9.", "Wait, no.", "4 * 2 = 8."])
    [(0, 1)]
    """
    return [(dead_end[0], dead_end[-1]) for dead_end in find_dead_ends(sentences)]


def find_dead_ends(sentences: Sequence[str]) -> list[tuple[int, ...]]:
    """The sentences of each wrong attempt, from the one that is taken back to the one that takes it back.

    Where the retraction names what it drops ("I drop 9 and go back to c", "so 9 is wrong"), the attempt is the nearest
    sentence before that has these words, at most `MAX_NAMED_DISTANCE` away, and all between belong to it. Else it is
    the nearest that states something and does not itself turn back, at most `MAX_ATTEMPT_DISTANCE` away, without what
    lies between. A "No" that answers a question takes nothing back.

    >>> find_dead_ends(["So c is 9.", "Then d is 10.", "So far so good.", "No, wait.", "It is plus, so 9 is wrong."])
    [(0, 1, 2, 3, 4)]
    >>> find_dead_ends(["So c is 9.", "Hmm.", "Wait, no."])
    [(0, 2)]
    """
    dead_ends, language = [], choose_language(sentences)
    for place, sentence in enumerate(sentences):
        if takes_back(sentence, language):
            found = _find_named_attempt(sentences, place, language) or _find_near_attempt(sentences, place, language)
            if found:
                dead_ends.append(found)
    return dead_ends


def _find_named_attempt(sentences: Sequence[str], place: int, language: str) -> tuple[int, ...]:
    """The dead end that the retraction at `place`, or the sentence after a bare one, drops by name; () for none."""
    last = place
    names = _read_dropped_names(sentences[place])
    if not names and place + 1 < len(sentences) and len(_WORD.findall(sentences[place])) <= _MAX_BARE_WORDS:
        last = place + 1
        names = _read_dropped_names(sentences[last])
    for back in range(place - 1, max(-1, place - 1 - MAX_NAMED_DISTANCE), -1) if names else ():
        earlier = sentences[back]
        says_one_thing = 1 <= earlier.count("=") <= 2  # "c = 3 - 3 = 0"; a paragraph of more holds right steps, too
        if names <= set(_WORD.findall(earlier.lower())) and (says_one_thing or not is_reflective(earlier, language)):
            return tuple(range(back, last + 1))
    return ()


def _read_dropped_names(sentence: str) -> frozenset[str]:
    """What a sentence says is dropped, in small letters; words that name nothing left out."""
    found = (name for match in _DROPPING.finditer(sentence.lower()) for name in match.groups() if name)
    return frozenset(name for name in found if name not in STOPWORDS and name not in _NAMING_NOTHING)


def _find_near_attempt(sentences: Sequence[str], place: int, language: str) -> tuple[int, ...]:
    """The nearest statement before a retraction, and the retraction; () for none."""
    for back in range(place - 1, max(-1, place - 1 - MAX_ATTEMPT_DISTANCE), -1):
        earlier = sentences[back].strip()
        if earlier.endswith("?") and (_PLAIN_NO.match(sentences[place]) or not any(map(str.isdigit, earlier))):
            return ()
        if _ASSENT.match(earlier):
            continue
        calculates = back == place - 1 and "=" in earlier  # "Hmm, let me compute 80 * 5 = 400."
        if earlier and (calculates or not is_reflective(earlier, language)) and not takes_back(earlier, language):
            return (back, place)
    return ()
