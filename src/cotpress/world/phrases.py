"""What a teller says between the inferences: openings, doubts, filler. "{goal}" stands for what is asked."""

from __future__ import annotations

import random
from collections.abc import Sequence

OPENINGS = (
    "Okay, so I need to find out {goal}.",
    "Alright, the question is {goal}.",
    "Let me see. I need to find out {goal}.",
)
GIVENS = ("Here is what I know. {facts}", "The problem says this. {facts}", "These are the facts. {facts}")
PLANS = ("I will go one step at a time.", "I will take it in order.", "I will go slowly here.")
FILLERS = ("Okay, next part.", "So far so good.", "Good, let's keep going.", "Okay, moving along.", "Right, go on.")
DOUBTS = (
    "Wait, let me check that.",
    "Hmm, is that right?",
    "Let me double-check this.",
    "Hold on, let me verify that.",
)
CONFIRMATIONS = ("That checks out.", "Good.", "Fine.", "Yes.")
# More doubts in a row, and what ends them: a reader of what was said last knows whether they go on.
FURTHER_DOUBTS = ("Hmm.", "Wait, is it?", "Hmm, I am not sure.")
LAST_DOUBTS = ("Hmm, okay, it is fine.", "Wait, no, it is fine.")
# Inside an attempt that is dropped later.
CONFIDENT_REMARKS = ("So far so good.", "Good.", "Okay, that works.")
# Before the first inference, and after it.
HESITATIONS = (
    "Hmm, where should I start?",
    "Wait, is there a trick here? I don't see one.",
    "Hmm, let me read it again.",
)
REFLECTIONS = (
    "Hmm, did I miss something? I don't think so.",
    "Wait, what did I need? Right, {goal}.",
    "Alternatively, I could go another way, but this works.",
    "Wait, was I too quick? I don't think so.",
)
REPEATS = ("To keep track: {again}", "Once more: {again}", "Again: {again}", "{again}")
RECAPS = ("So far I have that {results}.", "To sum up, {results}.")
REVIEWS = ("Let me double-check all of it.", "Wait, let me verify the whole thing.")
REVIEW_RESTATEMENTS = ("{again}", "{again} Yes.", "{again} Okay.")
ALTERNATIVES = ("Alternatively, I can start from another place. Let me check.",)
AGREEMENTS = ("Both ways agree.", "That is the same as before.")
CLOSINGS = ("So {result}. The answer is {gold}.", "It all fits, so the answer is {gold}.")


class PhraseSampler:
    """Phrases in random order; none comes twice before all have come."""

    def __init__(self, rng: random.Random, phrases: Sequence[str]) -> None:
        self._rng, self._phrases = rng, tuple(phrases)
        self._left: list[str] = []

    def draw(self) -> str:
        if not self._left:
            self._left = self._rng.sample(self._phrases, len(self._phrases))
        return self._left.pop()
