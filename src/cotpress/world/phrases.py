"""What a teller says between the inferences: openings, doubts, filler. "{goal}" stands for what is asked."""

from __future__ import annotations

import random
from collections.abc import Sequence

OPENINGS = (
    "Okay, so I need to find out {goal}.",
    "Alright, let me see what is asked here. I need to find out {goal}.",
    "So the question is {goal}. Let me read it again carefully.",
    "Okay, let's see. The problem wants to know {goal}.",
    "Let me start by understanding the problem. I have to find out {goal}.",
)
GIVENS = (
    "Here is what I know. {facts}",
    "First, the information that is given. {facts}",
    "The problem tells me the following. {facts}",
    "Let me write down the facts. {facts}",
)
MORE_GIVENS = ("There is more. {facts}", "Then there is this. {facts}", "And it goes on. {facts}", "{facts}")
PLANS = (
    "I think the best way is to go through this one step at a time.",
    "That is quite a bit of information, so I'll take it in order.",
    "There are several parts to this, so I'll keep them apart.",
    "Nothing here looks too hard, but it is easy to lose track, so I'll go slowly.",
    "I'll write every part out so that I don't lose anything.",
)
FILLERS = (
    "Okay, next part.",
    "So far so good.",
    "Now let's move on.",
    "Alright, what comes next?",
    "Good, let's keep going.",
    "Okay, that was not too bad.",
    "Let's continue from here.",
    "Right, on to the next one.",
    "I think I have what I need for the next part.",
    "Let me keep this organised.",
    "Okay, moving along.",
)
DOUBTS = (
    "Wait, let me double-check that.",
    "Hmm, is that right?",
    "Hold on, let me verify this.",
    "Let me make sure that I didn't slip there.",
    "But wait, did I read that correctly?",
    "Actually, let me check that again.",
    "Let me just confirm this before I go on.",
    "Hmm, I want to be sure about that one.",
    "Wait, does that make sense?",
    "Let me re-check this part.",
    "Hmm, wait a second.",
    "Just to be sure, let me look at it from the other side.",
)
RELIEFS = ("Okay, that checks out.", "Good.", "Okay, I'm happy with that.", "Fine.", "")
# Before the first inference, and after it.
WORRIES = (
    "Hmm, let me make sure that I understand the question. I need to know {goal}.",
    "Wait, is there a trick in the wording? Reading it again, I don't see one.",
    "Hmm, where should I start? Probably with whatever needs nothing else.",
    "Wait, let me check that I have not left out a sentence. No, that is everything.",
    "Hmm, could this be read in another way? Maybe, but the plain reading seems fine.",
    "Alternatively, I could try to do everything at once, but then a mistake would be hard to find.",
)
MUSINGS = (
    "Hmm, did I miss anything in the question? Reading it again, I don't think so.",
    "Wait, maybe there is a trick here. But no, it seems to be as simple as it looks.",
    "Hmm, am I making this too complicated? Perhaps, but it is better to be careful.",
    "Hold on, what was I looking for? I need to know {goal}. Right.",
    "Wait, is there something that I have not used yet? I'll keep an eye on that.",
    "Actually, let me think about whether I took this in a sensible order. I believe so.",
    "Hmm, I'm a little unsure about the wording, but I think I understood it.",
    "Wait, I should be careful not to mix up two different things here.",
    "Hmm, let me think. I might be overlooking something, but I can't see what.",
    "Alternatively, there may be a quicker way, but this one works, so I'll stay with it.",
    "Wait, have I been too quick? I don't think so, each part followed from what I had.",
    "Hmm, let me pause for a moment. No, I can't find anything wrong so far.",
)
REPEATS = (
    "Just to keep track. {again}",
    "Let me say that again. {again}",
    "Right. {again}",
    "Okay, once more. {again}",
    "I'll note that down. {again}",
    "{again}",
)
RECAPS = (
    "Let me take stock. So far I have that {results}.",
    "To sum up what I have at this point: {results}.",
    "Okay, what do I know by now? I know that {results}.",
)
REVIEWS = (
    "Let me go over everything once more to be sure.",
    "Before I finish, let me double-check all of it from the start.",
    "Wait, I should verify the whole thing again.",
    "Let me re-check the steps one by one, to be safe.",
)
REVIEWED = ("{again}", "{again} Correct.", "{again} Yes.", "{again} Okay.", "{again} Good.")
OTHER_WAYS = (
    "Alternatively, there should be another way to get there. Let me try it as a check.",
    "Let me double-check with different clues, to see whether I end up at the same place.",
    "Hmm, the clues allow another way. Let me verify the result with it.",
)
SAME_END = (
    "Both ways agree, so I'm confident.",
    "That is the same result as before, so it should be right.",
    "Great, I get the same as before.",
)
CLOSINGS = (
    "So {result}. The answer is {gold}.",
    "Everything fits, so the answer is {gold}.",
    "Therefore {result}, and the answer is {gold}.",
    "I'm confident now. The answer is {gold}.",
)
SHORT_OPENINGS = ("Work through it in order.", "Take one thing at a time.", "Go step by step.")


class Deck:
    """Phrases in random order; none comes twice before all have come."""

    def __init__(self, rng: random.Random, phrases: Sequence[str]) -> None:
        self._rng, self._phrases = rng, tuple(phrases)
        self._left: list[str] = []

    def draw(self) -> str:
        if not self._left:
            self._left = self._rng.sample(self._phrases, len(self._phrases))
        return self._left.pop()
