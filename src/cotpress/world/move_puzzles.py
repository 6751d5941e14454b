"""The general domain: where is the key, after people moved what is in one container into another?

The last place that is named, the most frequent one or the place of the clue is rarely the answer: moves that leave the
key alone and remarks that move nothing stand between those that count.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

# In this order: the n-th person acts n-th.
PEOPLE = ("Ann", "Bob", "Cam", "Dan", "Eve", "Flo", "Gus", "Hal", "Ida", "Jon", "Kay", "Lea", "Max", "Ned")
CONTAINERS = ("bag", "box", "cup", "jar", "mug", "pan", "pot", "tin", "tub", "urn")  # option (A) is the bag, and so on
OPTION_LETTERS = "ABCDEFGHIJ"
# One in four names the target first.
MOVE_WORDINGS = (
    "empties the {source} into the {target}",
    "puts what is in the {source} into the {target}",
    "moves all from the {source} to the {target}",
    "fills the {target} from the {source}",
)
NOISE_WORDINGS = ("puts a coin into the {target}", "takes a coin out of the {target}", "cleans the {target}")
MOVES_AFTER_CLUE = 3  # moves at least, so that no one of them is the last that counts in most problems
# Of the last moves, from the end: which one is the last that moves the key.
LAST_RELEVANT_WEIGHTS = (0.40, 0.23, 0.37)
RELEVANT_PROBABILITY = 0.65  # of an earlier move
RELEVANT_BEFORE_LAST_PROBABILITY = 0.1  # of the move right before a very last move that counts
ONTO_KEY_PROBABILITY = 0.1  # of a move that leaves the key alone: that it ends where the key is
CHAINED_PROBABILITY = 0.6  # ... and that it starts where the move before it ended, as if it went on from there


@dataclass(frozen=True, slots=True)
class Event:
    """What one person did; `before` and `after` say where the key was. A remark that moves nothing has no `source`."""

    person: str
    clause: str
    source: str
    target: str
    before: str
    after: str

    @property
    def is_move(self) -> bool:
        """Whether the content of a container was moved."""
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class MovePuzzle:
    """Containers in the order of their letters, where the key was, what happened, and after which event it was seen."""

    containers: tuple[str, ...]
    start: str
    events: tuple[Event, ...]
    clue: int

    @property
    def end(self) -> str:
        """Where the key is."""
        return self.events[-1].after


def draw_puzzle(rng: random.Random, move_count: int, container_count: int) -> MovePuzzle:
    """A puzzle of `move_count` moves, 4..11, among `container_count` containers, 3..10, with one remark."""
    containers = CONTAINERS[:container_count]
    start = place = rng.choice(containers)
    clue_move = rng.randint(1, move_count - MOVES_AFTER_CLUE)
    relevance = draw_relevance(rng, move_count)
    remark = rng.randrange(move_count)
    people, events, clue = iter(PEOPLE), list[Event](), 0
    for number, relevant in enumerate(relevance):
        if number == remark:
            events.append(_draw_remark(rng, next(people), containers, place))
        events.append(_draw_move(rng, next(people), containers, place, relevant, events))
        place = events[-1].after
        if number + 1 == clue_move:
            clue = len(events) - 1
    return MovePuzzle(containers, start, tuple(events), clue)


def draw_relevance(rng: random.Random, move_count: int) -> list[bool]:
    """Which moves move the key: up to two at the end do not, and the last that does rarely follows another one."""
    [idle] = rng.choices(range(len(LAST_RELEVANT_WEIGHTS)), LAST_RELEVANT_WEIGHTS)
    earlier = [rng.random() < RELEVANT_PROBABILITY for _ in range(move_count - idle - 1)]
    if not idle:
        earlier[-1] = rng.random() < RELEVANT_BEFORE_LAST_PROBABILITY
    return [*earlier, True, *[False] * idle]


def write_question(puzzle: MovePuzzle) -> tuple[str, ...]:
    """What the question tells, one sentence each: where the key was, every event, and the clue after its event."""
    sentences = [f"The key is in the {puzzle.start}."]
    for number, event in enumerate(puzzle.events):
        sentences.append(f"{event.person} {event.clause}.")
        if number == puzzle.clue:
            sentences.append(f"After {event.person}, the key is seen in the {event.after}.")
    return tuple(sentences)


def _draw_move(
    rng: random.Random, person: str, containers: Sequence[str], place: str, relevant: bool, earlier: Sequence[Event]
) -> Event:
    source = place if relevant else _draw_other_source(rng, containers, place, earlier)
    target = rng.choice([name for name in containers if name not in (source, place)])
    if not relevant and rng.random() < ONTO_KEY_PROBABILITY:
        target = place
    clause = rng.choice(MOVE_WORDINGS).format(source=source, target=target)
    return Event(person, clause, source, target, place, target if relevant else place)


def _draw_other_source(rng: random.Random, containers: Sequence[str], place: str, earlier: Sequence[Event]) -> str:
    """A container without the key, by preference the one that the move before filled."""
    last = next((event.target for event in reversed(earlier) if event.is_move), place)
    if last != place and rng.random() < CHAINED_PROBABILITY:
        return last
    return rng.choice([name for name in containers if name != place])


def _draw_remark(rng: random.Random, person: str, containers: Sequence[str], place: str) -> Event:
    target = rng.choice(containers)
    return Event(person, rng.choice(NOISE_WORDINGS).format(target=target), "", target, place, place)
