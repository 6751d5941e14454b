"""Answers to a move problem without reasoning, from its question alone: what the general domain must not give away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from cotpress.world.move_puzzles import CONTAINERS, OPTION_LETTERS

_SENTENCE = re.compile(r"[^.?]+")
Heuristic = Callable[[Sequence[str]], str]


def answer_by(name: str, question: str) -> str:
    """The letter that a heuristic of `HEURISTICS` gives.

    >>> question = "The key is in the bag. Ann empties the bag into the cup. Where is the key?"
    >>> answer_by("last place", question), answer_by("first place", question)
    ('C', 'A')
    """
    told = [found.strip() for found in _SENTENCE.findall(question.partition("Where is")[0]) if found.strip()]
    return OPTION_LETTERS[CONTAINERS.index(HEURISTICS[name](told))]


def _find_places(told: Sequence[str]) -> list[str]:
    """The containers that are named, in the order of the sentences."""
    return [word for sentence in told for word in re.findall(r"\w+", sentence) if word in CONTAINERS]


def _read_moves(told: Sequence[str]) -> list[tuple[str, str]]:
    """Source and target of every move."""
    moves = []
    for sentence in told:
        places = _find_places([sentence])
        if len(places) == 2:
            moves.append((places[1], places[0]) if " fills " in sentence else (places[0], places[1]))
    return moves


def _find_target(told: Sequence[str], back: int) -> str:
    """Where the `back`-th last move ends."""
    return _read_moves(told)[-back][1]


def _find_clue(told: Sequence[str]) -> int:
    return next(at for at, sentence in enumerate(told) if sentence.startswith("After "))


def _follow_last_two(told: Sequence[str]) -> str:
    """The end of the last move where it goes on from the one before, else the end of that one."""
    *_, before, last = _read_moves(told)
    return last[1] if last[0] == before[1] else before[1]


def _follow_one_from_clue(told: Sequence[str]) -> str:
    """Where the first move out of the clue's place ends."""
    at = _find_clue(told)
    place = _find_places([told[at]])[0]
    return next((target for source, target in _read_moves(told[at + 1 :]) if source == place), place)


def _find_never_emptied(told: Sequence[str]) -> str:
    """The last target that nothing is taken out of afterwards."""
    moves = _read_moves(told)
    left = [target for at, (_, target) in enumerate(moves) if target not in [source for source, _ in moves[at:]]]
    return left[-1]


HEURISTICS: Final[Mapping[str, Heuristic]] = {
    "first place": lambda told: _find_places(told)[0],
    "last place": lambda told: _find_places(told)[-1],
    "most frequent place": lambda told: Counter(_find_places(told)).most_common(1)[0][0],
    "least frequent place": lambda told: Counter(_find_places(told)).most_common()[-1][0],
    "place of the clue": lambda told: _find_places([told[_find_clue(told)]])[0],
    "target of the last move": lambda told: _find_target(told, 1),
    "target of the move before": lambda told: _find_target(told, 2),
    "target of the third last move": lambda told: _find_target(told, 3),
    "most frequent target": lambda told: Counter(target for _, target in _read_moves(told)).most_common(1)[0][0],
    "last target never emptied": _find_never_emptied,
    "last two moves": _follow_last_two,
    "one move from the clue": _follow_one_from_clue,
}
"""Each gives a container from the sentences of a question."""
