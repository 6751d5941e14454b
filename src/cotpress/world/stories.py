"""Word problems: a chain of events in one setting, where each amount needs the one before."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from cotpress.world.arithmetic import NOTATIONS, Calculation, Sum, calculation, tell
from cotpress.world.parts import Problem
from cotpress.world.themes import GROWTH, NAMES, NUMERALS, THEMES, Theme

MOST = 9999


class _Stuck(Exception):
    """The amount so far allows no event of this kind."""


@dataclass
class _Story:
    """A story as it grows: its sentences, its links, and the amount reached."""

    rng: random.Random
    theme: Theme
    names: list[str]
    amount: int = 0
    unit: str = ""
    sentences: list[str] = field(default_factory=list)
    links: list[Calculation] = field(default_factory=list)

    def say(self, sentence: str, **values: object) -> None:
        name = self.names[-1]
        text = sentence.format(name=name, **values)
        if "{name}" in sentence:
            self.names.pop()
        self.sentences.append(text[:1].upper() + text[1:])

    def link(self, op: str, right: int, lead: str, why: str, left: int | None = None) -> int:
        done = Sum(self.amount if left is None else left, op, right)
        if not 1 < done.value <= MOST or (op == "/" and done.left % right):
            raise _Stuck
        self.links.append(calculation(self.rng, done, lead, why, self.unit))
        return done.value


def _start(story: _Story) -> None:
    theme, groups, each = story.theme, story.rng.randint(4, 18), story.rng.randint(6, 36)
    story.unit = theme.things
    story.say(theme.start, groups=groups, each=each)
    why = f"there are {groups} {theme.holders} with {each} {theme.things} in each"
    story.amount = story.link("*", each, f"the number of {theme.things} at the start", why, left=groups)


def _gain(story: _Story) -> None:
    theme, k = story.theme, story.rng.randint(11, 95)
    story.say(theme.gain, k=k)
    why = f"{k} {theme.things} come on top of the {story.amount}"
    story.amount = story.link("+", k, f"the number of {theme.things} after {theme.gain_noun}", why)


def _lose(story: _Story) -> None:
    theme, k = story.theme, story.rng.randint(5, 60)
    story.say(theme.loss, k=k)
    why = f"{k} of the {story.amount} {theme.things} are gone"
    story.amount = story.link("-", k, f"the number of {theme.things} after {theme.loss_noun}", why)


def _deliver(story: _Story) -> None:
    theme, groups, each = story.theme, story.rng.randint(3, 12), story.rng.randint(4, 24)
    story.say(theme.delivery, groups=groups, each=each)
    before = story.amount
    why = f"the new ones come as {groups} groups of {each}"
    new = story.link("*", each, f"the number of new {theme.things}", why, left=groups)
    why = f"the {new} new {theme.things} join the {before} from before"
    story.amount = story.link("+", new, f"the number of {theme.things} together", why)


def _give(story: _Story) -> None:
    theme = story.theme
    share = story.rng.choice([k for k in NUMERALS if story.amount % k == 0] or [0])
    if not share:
        raise _Stuck
    story.say(theme.gift, part=NUMERALS[share])
    before = story.amount
    why = f"{NUMERALS[share]} of the {before} {theme.things} is given away"
    gone = story.link("/", share, f"the number of {theme.things} given away", why)
    why = f"those {gone} {theme.things} come off the {before}"
    story.amount = story.link("-", gone, f"the number of {theme.things} that stay", why)


def _grow(story: _Story) -> None:
    theme, factor = story.theme, story.rng.choice(list(GROWTH))
    story.say(theme.growth, grows=GROWTH[factor])
    why = f"the number {GROWTH[factor]} from {story.amount}"
    story.amount = story.link("*", factor, f"the number of {theme.things} once it {GROWTH[factor]}", why)


def _pack(story: _Story) -> None:
    theme = story.theme
    size = story.rng.choice([k for k in range(3, 13) if story.amount % k == 0] or [0])
    if not size:
        raise _Stuck
    story.say(f"All the {theme.things} are then put into {theme.packs} of {size}.")
    why = f"the {story.amount} {theme.things} go into {theme.packs} of {size}"
    story.unit = theme.packs
    story.amount = story.link("/", size, f"the number of {theme.packs}", why)


def _sell(story: _Story) -> None:
    price, sold = story.rng.randint(3, 19), story.unit
    story.say(f"All the {sold} that there are now are sold for {price} dollars each.")
    why = f"each of the {story.amount} {sold} brings in {price} dollars"
    story.unit = "dollars"
    story.amount = story.link("*", price, "the money taken in", why)


def _spend(story: _Story) -> None:
    cost = story.rng.randint(15, 90)
    story.say(f"Out of this money, {cost} dollars pay for {story.theme.expense}.")
    why = f"{cost} of the {story.amount} dollars go on {story.theme.expense}"
    story.amount = story.link("-", cost, "the money left over", why)


def _split(story: _Story) -> None:
    people = story.rng.choice([k for k in range(2, 10) if story.amount % k == 0] or [0])
    if not people:
        raise _Stuck
    story.say(f"The rest is divided equally among {people} {story.theme.sharers}.")
    why = f"{people} {story.theme.sharers} share the {story.amount} dollars equally"
    story.amount = story.link("/", people, "the share of each", why)


Event = Callable[[_Story], None]
MIDDLE: tuple[tuple[Event, int], ...] = ((_gain, 1), (_lose, 1), (_grow, 1), (_deliver, 2), (_give, 2))
ENDINGS: tuple[tuple[Event, ...], ...] = (
    (),
    (_pack,),
    (_sell,),
    (_sell, _spend),
    (_pack, _sell),
    (_pack, _sell, _spend),
    (_sell, _spend, _split),
    (_pack, _sell, _spend, _split),
)
LONGEST_CHAIN = 12
GOALS: dict[Event, tuple[str, str]] = {
    _pack: ("How many {unit} does that make?", "how many {unit} that makes"),
    _sell: ("How many dollars are taken in?", "how many dollars are taken in"),
    _spend: ("How many dollars are left over?", "how many dollars are left over"),
    _split: ("How many dollars does each of them get?", "how many dollars each of them gets"),
}
PLAIN_GOAL = ("How many {unit} are there now?", "how many {unit} there are in the end")


def story(rng: random.Random, length: int) -> Problem:
    """A word problem whose one rationale has exactly `length` calculations, 2..12."""
    while True:
        try:
            return _told(rng, length)
        except _Stuck:
            continue


def _told(rng: random.Random, length: int) -> Problem:
    plan = _plan(rng, length)
    grown = _Story(rng, rng.choice(THEMES), rng.sample(NAMES, 8))
    for event in plan:
        event(grown)
    question, goal = (text.format(unit=grown.unit) for text in GOALS.get(plan[-1], PLAIN_GOAL))
    notation = rng.choice(NOTATIONS)
    return Problem(
        question=" ".join((*grown.sentences, question)),
        gold=str(grown.amount),
        answer=f"The answer is {grown.amount}.",
        goal=goal,
        facts=tuple(grown.sentences),
        rationales=(tuple(tell(rng, link, notation) for link in grown.links),),
    )


def _plan(rng: random.Random, length: int) -> list[Event]:
    """Events whose calculations number exactly `length`: a start, some in the middle, an ending."""
    middle = list(MIDDLE)
    most = sum(size for _, size in middle)
    ending = rng.choice([one for one in ENDINGS if 0 <= length - 1 - len(one) <= most])
    room = length - 1 - len(ending)
    rng.shuffle(middle)
    chosen: list[Event] = []
    for event, size in sorted(middle, key=lambda item: item[1], reverse=rng.random() < 0.5):
        if size <= room:
            chosen.append(event)
            room -= size
    if room:
        raise _Stuck
    rng.shuffle(chosen)
    return [_start, *chosen, *ending]
