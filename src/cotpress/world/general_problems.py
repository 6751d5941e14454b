"""Problems of the general domain with their rationales: from the start, or from where the key was seen on the way."""

from __future__ import annotations

import random
from collections.abc import Sequence

from cotpress.world.move_puzzles import OPTION_LETTERS, Event, MovePuzzle, draw_puzzle, write_question
from cotpress.world.structures import Deduction, WorldProblem

MAX_FOLLOWERS = 2  # events that a mistaken attempt goes on with


def generate_move_problem(rng: random.Random, move_count: int, container_count: int) -> WorldProblem:
    """A multiple-choice problem with two valid rationales, the second from the clue on.

    Args:
        rng: where the problem is drawn from.
        move_count: moves, 4..11; a remark comes beside them.
        container_count: containers, which are the options, 3..10.
    """
    puzzle = draw_puzzle(rng, move_count, container_count)
    letter = OPTION_LETTERS[puzzle.containers.index(puzzle.end)]
    options = (f"({letter}) {name}" for letter, name in zip(OPTION_LETTERS, puzzle.containers, strict=False))
    sentences = write_question(puzzle)
    return WorldProblem(
        question=f"{' '.join(sentences)} Where is the key?\n" + "\n".join(options),
        gold=letter,
        answer=f"The answer is ({letter}).",
        goal="where the key is",
        givens=(sentences[0], next(sentence for sentence in sentences if sentence.startswith("After "))),
        rationales=(_build_rationale(rng, puzzle, 0), _build_rationale(rng, puzzle, puzzle.clue + 1)),
    )


def _build_rationale(rng: random.Random, puzzle: MovePuzzle, first: int) -> tuple[Deduction, ...]:
    """Where the key is known to be, what every event from `first` on does to it, and which option that is."""
    known = _build_clue(rng, puzzle) if first else _build_start(rng, puzzle)
    steps = [
        _build_move(rng, puzzle, at) if puzzle.events[at].is_move else _build_remark(puzzle.events[at])
        for at in range(first, len(puzzle.events))
    ]
    return (known, *steps, _build_conclusion(rng, puzzle))


def _build_start(rng: random.Random, puzzle: MovePuzzle) -> Deduction:
    place, wrong = puzzle.start, _other(rng, puzzle, puzzle.start)
    return Deduction(
        fact=f"start: {place}",
        brief=f"First, «the key is in the {place}».",
        full=(f"First, «the key is in the {place}».", f"I know that at first «the key is in the {place}»."),
        restatements=(f"At first «the key is in the {place}».",),
        confirmations=(f"It says that the key is in the {place}.",),
        dead_end=(f"At first the key should be in the {wrong}.",),
        correction=f"No, wait. It says that the key is in the {place}, so that is wrong.",
        result=f"at first «the key is in the {place}»",
        invention=f"The key is in the {wrong}.",
    )


def _build_clue(rng: random.Random, puzzle: MovePuzzle) -> Deduction:
    event = puzzle.events[puzzle.clue]
    wrong = _other(rng, puzzle, event.after)
    told = f"«after {event.person} the key is in the {event.after}»"
    return Deduction(
        fact=f"{event.person}: {event.after}",
        brief=f"It says that {told}.",
        full=(f"It says that {told}.", f"I know that {told}, as it is seen there."),
        restatements=(f"I know that {told}.", f"It is seen that {told}."),
        confirmations=(f"It is seen in the {event.after}.",),
        dead_end=(f"After {event.person} the key should be in the {wrong}.",),
        correction=f"No, wait. It is seen in the {event.after}, so that is wrong.",
        result=told,
        invention=f"After {event.person} the key is in the {wrong}.",
    )


def _build_move(rng: random.Random, puzzle: MovePuzzle, at: int) -> Deduction:
    event = puzzle.events[at]
    person, moves = event.person, event.before == event.source
    path, here = f"{event.source} to {event.target}", f"the key is in the {event.before}"
    ends = f"{'goes to' if moves else 'stays in'} the {event.after}"
    told, spoken = f"«{_tell_move(event, event.before)}»", f"«For {person} it is {path} and {here}, so it {ends}»"
    wrong = _other(rng, puzzle, event.after) if moves else event.target
    if wrong == event.after:
        wrong = event.source
    attempt = f"With {person} the key should be in the {wrong}."
    return Deduction(
        fact=f"{person}: {event.after}",
        brief=rng.choice((f"{told}.", f"{spoken}.", f"Then {told}.")),
        full=(
            f"Next, {person} {event.clause}. {told}.",
            f"Now for {person}. I see that {person} {event.clause}. That is, {told}.",
            f"I know that {here}. {spoken}.",
        ),
        restatements=(f"With {person}, «the key {ends}».", f"{person} {event.clause}, so «the key {ends}»."),
        confirmations=(f"{person} {event.clause}.", f"It is {path}, and {here}."),
        dead_end=_follow(attempt, puzzle.events[at + 1 :], wrong),
        correction=rng.choice(
            (
                f"No, wait. {person} {event.clause}, so I drop the {wrong} and go back to {person}.",
                f"Hmm, that is wrong. It is {path}, and {here}, so I go back to {person}.",
            )
        ),
        result=f"«after {person} the key is in the {event.after}»",
        invention=f"{person}: {path}, {here}, so it {'stays in' if wrong == event.before else 'goes to'} the {wrong}.",
    )


def _tell_move(event: Event, before: str) -> str:
    """What a move does to a key that is in `before`."""
    ends = f"goes to the {event.target}" if event.source == before else f"stays in the {before}"
    return f"{event.person}: {event.source} to {event.target}, the key is in the {before}, so it {ends}"


def _follow(attempt: str, events: Sequence[Event], place: str) -> tuple[str, ...]:
    """A mistaken attempt, and what the next moves would do to a key in the wrong `place`."""
    sentences = [attempt]
    for event in [event for event in events if event.is_move][:MAX_FOLLOWERS]:
        sentences.append(f"By that, {_tell_move(event, place)}.")
        place = event.target if event.source == place else place
    return tuple(sentences)


def _build_remark(event: Event) -> Deduction:
    told = f"{event.person} only {event.clause}"
    return Deduction(
        fact="",
        brief=f"{told}.",
        full=(f"{told}.", f"{told}, so nothing moves."),
        restatements=(f"{told}.",),
        confirmations=(f"{told}.",),
        dead_end=(),
        correction="",
        result="",
        invention="",
    )


def _build_conclusion(rng: random.Random, puzzle: MovePuzzle) -> Deduction:
    letter = OPTION_LETTERS[puzzle.containers.index(puzzle.end)]
    slip = _other(rng, puzzle, puzzle.end)
    return Deduction(
        fact=f"({letter})",
        brief=f"So «the {puzzle.end} is right, that is ({letter})».",
        full=(
            f"So «the {puzzle.end} is right, that is ({letter})».",
            f"And that means «the {puzzle.end} is right, that is ({letter})».",
        ),
        restatements=(f"«The {puzzle.end} is ({letter})».",),
        confirmations=(f"The {puzzle.end} is ({letter}).",),
        dead_end=(f"So the {slip} should be right.",),
        correction=f"No, wait. The key is not in the {slip}, so I drop it.",
        result=f"«the {puzzle.end} is ({letter})»",
        invention=f"So the {slip} is right.",
    )


def _other(rng: random.Random, puzzle: MovePuzzle, place: str) -> str:
    return rng.choice([name for name in puzzle.containers if name != place])
