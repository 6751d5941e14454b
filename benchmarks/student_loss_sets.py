"""Which problems the students of `student_loss.py` are trained on, which are held out, and how often each is seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from cotpress import Trace
from cotpress.models import load_counter
from pools import read_traces

TRACES = "limo_r1_distill_qwen_32b.jsonl"
REFERENCE_FILES = {"human": "limo_human.jsonl", "qwen": "limo_qwen2.5_32b_instruct.jsonl"}
MAX_REFERENCE_TOKENS, MAX_TRACE_TOKENS = 700, 2300
TOLERANCE, FILLING_TRIES = 0.02, 300


@dataclass(frozen=True)
class Problem:
    """A problem with its long trace, the reference solutions by name, and the tokens of each."""

    trace: Trace
    references: dict[str, Trace]
    trace_tokens: int
    reference_tokens: dict[str, int]


def load_problems(data: Path, model: Path) -> list[Problem]:
    """The problems of LIMO of which there is a long trace and both references, tokens counted by the student's."""
    files = {"trace": TRACES, **REFERENCE_FILES}
    traces = {name: {row.id: row for row in read_traces(data / "traces" / file)} for name, file in files.items()}
    counter = load_counter(str(model))
    counts = {
        name: dict(zip(rows, counter.count([row.reasoning for row in rows.values()]), strict=True))
        for name, rows in traces.items()
    }
    shared = [name for name in traces["trace"] if all(name in rows for rows in traces.values())]
    return [
        Problem(
            traces["trace"][name],
            {kind: traces[kind][name] for kind in REFERENCE_FILES},
            counts["trace"][name],
            {kind: counts[kind][name] for kind in REFERENCE_FILES},
        )
        for name in shared
    ]


def split_problems(problems: Sequence[Problem], held_out: int) -> tuple[list[Problem], list[Problem]]:
    """Problems to train on, and those held out: the first `held_out` with short references, ordered by a hash.

    The rule looks at lengths and the hash of the id alone, and is the same for all students.
    """
    mixed = sorted(problems, key=lambda one: sha256(one.trace.id.encode()).hexdigest())
    short = [one for one in mixed if max(one.reference_tokens.values()) <= MAX_REFERENCE_TOKENS][:held_out]
    apart = {one.trace.id for one in short}
    return [one for one in mixed if one.trace.id not in apart and one.trace_tokens <= MAX_TRACE_TOKENS], short


def draw_training_problems(pool: Sequence[Problem], count: int, seed: int) -> list[Problem]:
    """The problems of a seed: the next `count` of the pool, so that seeds share none while the pool lasts.

    Raises:
        SystemExit: the pool has fewer.
    """
    if len(pool) < count:
        raise SystemExit(f"There are {len(pool)} problems to train on, fewer than {count}.")
    return [pool[(seed * count + place) % len(pool)] for place in range(count)]


def fill_budget(lengths: Sequence[int], budget: int, seed: int) -> list[int]:
    """Which examples are seen, in order: whole epochs, and of the last one a part that comes nearest to the budget.

    Raises:
        SystemExit: no part tried comes within `TOLERANCE` of the budget.

    >>> fill_budget([5, 5], 20, 0)
    [0, 1, 0, 1]
    """
    epochs, rest = divmod(budget, sum(lengths))
    random, best = np.random.default_rng(seed), list[int]()
    for _ in range(FILLING_TRIES):
        part = _fill_part(lengths, rest, random.permutation(len(lengths)).tolist())
        best = max(best, part, key=lambda places: sum(lengths[place] for place in places))
    chosen = [*list(range(len(lengths))) * epochs, *best]
    if abs(sum(lengths[place] for place in chosen) / budget - 1) > TOLERANCE:
        raise SystemExit(f"No repetition comes within {TOLERANCE:.0%} of {budget} tokens.")
    return chosen


def _fill_part(lengths: Sequence[int], room: int, order: Sequence[int]) -> list[int]:
    part = []
    for place in order:
        if lengths[place] <= room:
            part.append(place)
            room -= lengths[place]
    return part


def count_accumulation(examples: int, steps: int) -> int:
    """Examples a step, so that there are about `steps` steps.

    >>> count_accumulation(33, 10), count_accumulation(10, 10)
    (3, 1)
    """
    return min(range(1, examples + 1), key=lambda size: abs(math.ceil(examples / size) - steps))
