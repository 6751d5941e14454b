"""Order puzzles: who stands where. Two chains of clues lead to the asked place, so either is a rationale."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from cotpress.world.parts import Move, Problem
from cotpress.world.themes import NAMES

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
)  # fmt: skip
LETTERS = "ABCDEFGHIJK"
MOST_OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """How one kind of order is spoken of. `later` and `earlier` go between two people."""

    intro: str
    at: str
    ask: str
    goal: str
    later: str
    earlier: str
    just_later: str
    just_earlier: str
    reminder: str


SETTINGS = (
    Setting(
        intro="{names} are waiting in one line at a bakery.", at="{who} is {place} in line",
        ask="Who is {place} in line?", goal="who is {place} in line",
        later="{steps} places behind", earlier="{steps} places in front of",
        just_later="right behind", just_earlier="right in front of",
        reminder="Behind means a later place in line, in front of means an earlier one.",
    ),
    Setting(
        intro="{names} speak one after another at a meeting.", at="{who} is the {place} to speak",
        ask="Who is the {place} to speak?", goal="who is the {place} to speak",
        later="{steps} turns after", earlier="{steps} turns before",
        just_later="directly after", just_earlier="directly before",
        reminder="After means a later turn, before means an earlier one.",
    ),
    Setting(
        intro="{names} live in a row of houses, counted from the left.", at="{who} lives in the {place} house",
        ask="Who lives in the {place} house?", goal="who lives in the {place} house",
        later="{steps} houses to the right of", earlier="{steps} houses to the left of",
        just_later="next door to the right of", just_earlier="next door to the left of",
        reminder="Houses count from the left, so to the right means a higher number.",
    ),
    Setting(
        intro="{names} finished a bicycle race, with no ties.", at="{who} finished {place}",
        ask="Who finished {place}?", goal="who finished {place}",
        later="{steps} places after", earlier="{steps} places ahead of",
        just_later="one place after", just_earlier="one place ahead of",
        reminder="Ahead of means a smaller place number, after means a larger one.",
    ),
    Setting(
        intro="{names} live on different floors of a tower, one person to a floor.", at="{who} is on the {place} floor",
        ask="Who is on the {place} floor?", goal="who is on the {place} floor",
        later="{steps} floors above", earlier="{steps} floors below",
        just_later="one floor above", just_earlier="one floor below",
        reminder="Above means a higher floor, below means a lower one.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clue:
    """`who` is at place `steps`, or `steps` places after `other` (before, where negative)."""

    who: str
    steps: int
    other: str | None = None

    def holds(self, places: Mapping[str, int]) -> bool:
        return places[self.who] - (places[self.other] if self.other else 0) == self.steps

    def text(self, setting: Setting) -> str:
        """The clue as a clause, without a period."""
        if self.other is None:
            return setting.at.format(who=self.who, place=ORDINALS[self.steps - 1])
        near = setting.just_later if self.steps > 0 else setting.just_earlier
        far = setting.later if self.steps > 0 else setting.earlier
        verb = "" if setting.at.startswith("{who} finished") else "is "
        relation = near if abs(self.steps) == 1 else far.format(steps=abs(self.steps))
        return f"{self.who} {verb or 'came in '}{relation} {self.other}"


@dataclass(frozen=True, slots=True)
class Lineup:
    """A puzzle before it is told: `chains` are clues in the order that leads from a fixed place to the asked one."""

    setting: Setting
    people: tuple[str, ...]
    clues: tuple[Clue, ...]
    chains: tuple[tuple[Clue, ...], ...]
    place: int
    options: tuple[str, ...]
    answer: str


def draw_lineup(rng: random.Random, difficulty: int) -> Lineup:
    """A puzzle whose two disjoint chains both have `difficulty` links after a fixed place, and need them all."""
    people = rng.sample(NAMES, 2 * difficulty + 2)
    while True:
        order = rng.sample(people, len(people))
        places = {who: place for place, who in enumerate(order, 1)}
        asked, bystander, *others = rng.sample(people, len(people))
        chains = tuple(_chain((*others[at::2], asked), places) for at in (0, 1))
        if all(_needs_all(chain, places) for chain in chains):
            break
    extra = Clue(bystander, places[bystander] - places[others[0]], others[0])
    clues = [clue for chain in chains for clue in chain] + [extra]
    rng.shuffle(clues)
    options = rng.sample([who for who in people if who != asked], min(MOST_OPTIONS, len(people)) - 1)
    options.insert(rng.randint(0, len(options)), asked)
    return Lineup(rng.choice(SETTINGS), tuple(people), tuple(clues), chains, places[asked], tuple(options), asked)


def _needs_all(chain: tuple[Clue, ...], places: Mapping[str, int]) -> bool:
    """Whether the last place stays open without any one clue (wide steps can only fit in one way)."""
    row = [places[clue.who] for clue in chain]
    for cut in range(len(chain)):
        fixed, loose = row[:cut], row[cut:]
        shifts = range(1 - min(loose), len(places) + 1 - max(loose))
        if sum(all(place + shift not in fixed for place in loose) for shift in shifts) < 2:
            return False
    return True


def _chain(people: tuple[str, ...], places: Mapping[str, int]) -> tuple[Clue, ...]:
    links = [Clue(who, places[who] - places[before], before) for before, who in pairwise(people)]
    return (Clue(people[0], places[people[0]]), *links)


def lineup(rng: random.Random, difficulty: int) -> Problem:
    """An order puzzle with options; each of its two rationales has `difficulty` + 2 moves."""
    puzzle = draw_lineup(rng, difficulty)
    setting, place = puzzle.setting, ORDINALS[puzzle.place - 1]
    sentences = [f"{clue.text(setting)}." for clue in puzzle.clues]
    names = f"{', '.join(puzzle.people[:-1])} and {puzzle.people[-1]}"
    options = "\n".join(f"({letter}) {who}" for letter, who in zip(LETTERS, puzzle.options, strict=False))
    intro, ask = setting.intro.format(names=names), setting.ask.format(place=place)
    gold = LETTERS[puzzle.options.index(puzzle.answer)]
    return Problem(
        question=f"{intro} {' '.join(sentences)} {ask}\n{options}",
        gold=gold,
        answer=f"The answer is ({gold}).",
        goal=setting.goal.format(place=place),
        facts=(intro, *sentences),
        rationales=tuple(_rationale(rng, puzzle, chain) for chain in puzzle.chains),
    )


def _rationale(rng: random.Random, puzzle: Lineup, chain: tuple[Clue, ...]) -> tuple[Move, ...]:
    place, moves = chain[0].steps, [_anchor(rng, puzzle, chain[0])]
    for clue in chain[1:]:
        moves.append(_link(rng, puzzle, clue, place))
        place += clue.steps
    return (*moves, _choice(rng, puzzle))


def _anchor(rng: random.Random, puzzle: Lineup, clue: Clue) -> Move:
    fact = clue.text(puzzle.setting)
    mixed = rng.choice([who for who in puzzle.people if who != clue.who])
    swapped = Clue(mixed, clue.steps).text(puzzle.setting)
    return Move(
        brief=rng.choice((f"One clue says directly that {fact}.", f"{fact}, as given.", f"We are told that {fact}.")),
        full=(
            f"The best place to start is a fixed one: {fact}.",
            f"There is a clue that needs no other clue. {fact}, so I can write that down.",
            f"Okay, {fact}. That is given outright, so it makes a good starting point.",
        ),
        again=(f"{fact}, as given.", f"The fixed point is that {fact}.", f"{fact}, that was given outright."),
        proof=(f"It is there word for word: {fact}.", f"Yes, the clue reads that {fact}, nothing to work out."),
        wrong=f"I'll start with {mixed}, because {swapped}.",
        noticed=f"Wait, no. That clue is about {clue.who} and not about {mixed}. I'll forget that start.",
        result=fact,
    )


def _link(rng: random.Random, puzzle: Lineup, clue: Clue, known: int) -> Move:
    setting, other = puzzle.setting, clue.other or ""
    fact, before = clue.text(setting), Clue(other, known).text(setting)
    found = known + clue.steps
    now, count = Clue(clue.who, found).text(setting), abs(clue.steps)
    way, back = ("on", "back") if clue.steps > 0 else ("back", "on")
    turned = known - clue.steps
    off = turned if 1 <= turned <= len(puzzle.people) else (found + 1 if found < len(puzzle.people) else found - 1)
    mistaken = Clue(clue.who, off).text(setting)
    why_not = setting.reminder if off == turned else f"I have to count {count} {way} from {ORDINALS[known - 1]} place."
    return Move(
        brief=rng.choice(
            (f"Since {before} and {fact}, {now}.", f"{fact}, so {now}.", f"{before}, and {fact}, so {now}.")
        ),
        full=(
            f"Now for {clue.who}. {fact}, and {before}, so I count {count} {way} and get that {now}.",
            f"The next clue says that {fact}. I know that {before}, so {now}.",
            f"Since {before} and {fact}, it follows that {now}.",
            f"{fact}. With {other} fixed as {ORDINALS[known - 1]}, going {count} {way} means that {now}.",
        ),
        again=(
            f"Since {before} and {fact}, {now}.",
            f"{now}, because {fact}.",
            f"{fact}, and {before}, so again {now}.",
        ),
        proof=(
            f"Counting {count} {back} from {ORDINALS[found - 1]} lands on {ORDINALS[known - 1]}, which is {other}.",
            f"{setting.reminder} So {count} {way} from {ORDINALS[known - 1]} is {ORDINALS[found - 1]}, as I had it.",
        ),
        wrong=rng.choice(
            (f"{fact}, so that should mean that {mistaken}.", f"So for {clue.who} I get that {mistaken}.")
        ),
        noticed=rng.choice(
            (
                f"Wait, no. {why_not} So that was wrong, and I drop it.",
                f"Hmm, that can't be right. {why_not} Scrap that.",
            )
        ),
        result=now,
    )


def _choice(rng: random.Random, puzzle: Lineup) -> Move:
    letter = LETTERS[puzzle.options.index(puzzle.answer)]
    slip = rng.choice([at for at, who in enumerate(puzzle.options) if who != puzzle.answer])
    who, place = puzzle.answer, ORDINALS[puzzle.place - 1]
    now = Clue(who, puzzle.place).text(puzzle.setting)
    return Move(
        brief=rng.choice((f"So it is {who}, option ({letter}).", f"{who} is option ({letter}).")),
        full=(
            f"The question asks for the {place}, and that is {who}. In the list {who} is ({letter}).",
            f"So {now}, and {who} is option ({letter}).",
            f"That settles it: {who}, which is listed under ({letter}).",
        ),
        again=(f"{who} is option ({letter}).", f"So it is {who}, and {who} is ({letter})."),
        proof=(f"Looking at the list once more, ({letter}) is {who}.", f"And ({letter}) does say {who}."),
        wrong=f"That would be option ({LETTERS[slip]}).",
        noticed=f"No, hold on. ({LETTERS[slip]}) is {puzzle.options[slip]}, I looked at the wrong line.",
        result=f"{who} is option ({letter})",
    )
