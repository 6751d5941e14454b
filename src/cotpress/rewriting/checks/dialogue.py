"""What belongs together in talk to oneself: a question with its answer, a wrong attempt with its retraction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from cotpress.rewriting.checks.clause_meaning import cut_text, read_clause
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check
from cotpress.text.language_words import choose_language
from cotpress.text.retractions import find_retracted, takes_back
from cotpress.text.steps.step_shapes import classify_reply

_REPLY = re.compile(
    r"[\s*_\"“]*(?:(?P<no>no|nope|not|never|none|false|incorrect|it (?:isn't|doesn't|can't)|unlikely)"
    r"|(?P<yes>yes|yep|yeah|right|correct|true|indeed|exactly|it (?:is|does|can)))\b(?! (?:that|if|we|the)\b)",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not?|wrong|incorrect|mistake|error|instead|but)\b|n['’]t\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIGN = re.compile(r"[+*/×÷^]|(?<![^\s\d)])[-−](?=\s?[\d(\w])|\b(?:times|plus|minus|divided by)\b", re.IGNORECASE)
_SIGNS = {"times": "*", "×": "*", "plus": "+", "minus": "-", "−": "-", "divided by": "/", "÷": "/"}
MAX_RETRACTIONS = 60  # of a trace that are looked for; it bounds the time
_MIN_OVERLAP = 0.8  # share of a sentence's content that another one must have to be the same sentence


@lru_cache(maxsize=8)
def _split(text: str) -> tuple[str, ...]:
    return tuple(text[start:end].strip() for start, end in pairwise(cut_text(text, "sentence")))


def _is_same(one: str, other: str) -> bool:
    """Whether two sentences have most of their content in common, and all numbers and signs."""
    first, second = read_clause(one).stems, read_clause(other).stems
    if not first or not second:
        return one.casefold().strip(" .!?") == other.casefold().strip(" .!?")
    if _list_signs(one) != _list_signs(other) or _NUMBER.findall(one) != _NUMBER.findall(other):
        return False
    return len(first & second) >= _MIN_OVERLAP * max(len(first), len(second))


def _list_signs(sentence: str) -> tuple[str, ...]:
    """The operators of a sentence, in words or signs: 2 + 5 is not 2 - 5."""
    found = (_SIGNS.get(sign.lower(), sign) for sign in _SIGN.findall(sentence))
    return tuple(sorted(found))


def _polarity(reply: str) -> str:
    """ "yes", "no", or "" for a reply that is neither."""
    match = _REPLY.match(reply)
    return "" if match is None else "no" if match["no"] else "yes"


def _asks(sentence: str) -> bool:
    return sentence.rstrip(" *_\"')").endswith("?")


def _find_replies(sentences: Sequence[str]) -> list[tuple[int, str]]:
    """(place, polarity) of each question with a short reply of yes or no after it."""
    found = []
    for at, (question, reply) in enumerate(pairwise(sentences)):
        if _asks(question) and not _asks(reply) and classify_reply(reply or " ") != "none" and _polarity(reply):
            found.append((at, _polarity(reply)))
    return found


@register_check("replies-kept")
def replies_kept(draft: Draft) -> str | None:
    """Fails where a question to oneself has lost its "No.", has got another answer, or an answer its question."""
    before, now = _split(draft.trace.reasoning), _split(draft.text)
    wanted: dict[str, set[str]] = {}
    for at, polarity in _find_replies(before):
        wanted.setdefault(_fold(before[at]), set()).add(polarity)
    if not wanted:
        return None
    unanswered = {_fold(one) for one, after in pairwise([*before, ""]) if _asks(one) and not _polarity(after or " ")}
    for place, sentence in enumerate(now):
        polarities = wanted.get(_fold(sentence)) if _asks(sentence) else None
        if polarities is None or _fold(sentence) in unanswered:
            continue
        following = [_polarity(part) for part in now[place + 1 : place + 2]]
        if not polarities.intersection(following):
            return f'It does not answer "{sentence[:80]}" as the original does.'
    return None


def _fold(sentence: str) -> str:
    """A question by its content, so that fillers in it do not count."""
    return " ".join((*sorted(read_clause(sentence).stems), *_list_signs(sentence))) or sentence.casefold().strip()


def _is_retold(sentence: str, retraction: str) -> bool:
    """Whether a sentence says what a retraction says, and that something is not so."""
    return _is_same(sentence, retraction) and _DENIAL.search(sentence) is not None


@register_check("retractions-kept")
def retractions_kept(draft: Draft) -> str | None:
    """Fails where a wrong attempt is there and the words that take it back are not."""
    before = _split(draft.trace.reasoning)
    pairs = find_retracted(before)
    if not pairs:
        return None
    language = choose_language(before)
    now = [part for sentence in _split(draft.text) for part in sentence.split("; ")]
    places: dict[str, list[int]] = {}
    for at, sentence in enumerate(now):
        places.setdefault(_fold(sentence), []).append(at)
    attempts = {attempt for attempt, _ in pairs}
    others = [sentence for at, sentence in enumerate(before) if at not in attempts]
    repeated = set(map(_fold, others))
    for attempt, retraction in pairs[:MAX_RETRACTIONS]:
        fold = _fold(before[attempt])
        if fold in repeated or len(read_clause(before[attempt]).stems) < 2 or _asks(before[attempt]):
            continue  # a question claims nothing that would have to be taken back
        if any(_is_same(other, before[attempt]) for other in others):
            continue  # what is said elsewhere as well is not taken back as such
        found = places.get(fold) or [at for at, each in enumerate(now) if _is_same(each, before[attempt])]
        for at in found:
            later = now[at + 1 : at + 6]
            if not any(takes_back(each, language) or _is_retold(each, before[retraction]) for each in later):
                return f'It has "{before[attempt][:80]}" without the words that take it back.'
    return None
