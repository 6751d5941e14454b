"""The tables of `student_loss.py`, printed from its stored results.

    python benchmarks/student_loss_tables.py docs/results/smollm2-loss

Losses are in nats a token, the mean over the tokens of all held-out problems. Intervals (95%) resample problems and
seeds, both alike for all students: the students of one seed were trained on the same problems. A difference is of the
seeds that both have. With one seed the intervals know the problems alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cotpress.analysis.bootstrap_draws import compute_interval, draw_seed_weights, draw_weights
from cotpress.types import FloatArray

LOSSES_FILE, STUDENTS_FILE = "losses.parquet", "students.parquet"
UNTRAINED, COMPARED = "untrained", ("random", "whole")
TRAINING_SETS = (UNTRAINED, "whole", "backbone", "nll", "random", "random-block", "head", "native short")
REFERENCES = {"human": "human solutions", "qwen": "solutions of Qwen2.5-32B-Instruct"}
TRAINING_COLUMNS = (
    *("seeds", "tokens kept", "formal", "examples", "passes", "steps"),
    *("tokens with a loss", "all tokens", "training loss"),
)
KINDS = {"formal": "formal", "digit": "of these digits", "other": "of these others", "word": "words"}


class StudentLosses:
    """The losses on one reference: sums by student and problem."""

    def __init__(self, losses: pd.DataFrame, reference: str) -> None:
        """The rows of one reference, of columns training_set, seed, id, and tokens and nll of each kind."""
        rows = losses[losses["reference"] == reference]
        others = {f"other_{part}": rows[f"formal_{part}"] - rows[f"digit_{part}"] for part in ("tokens", "nll")}
        rows = rows.assign(**others)
        self.problems = sorted(rows["id"].unique())
        self._of = {
            (str(name), int(seed)): group.set_index("id").loc[self.problems]
            for (name, seed), group in rows.groupby(["training_set", "seed"])
        }

    def list_seeds(self, name: str) -> list[int]:
        """The seeds with a student of that training set; the untrained one is the same with all seeds."""
        return sorted({seed for other, seed in self._of if name in (UNTRAINED, other)})

    def draw_mean(self, name: str, kind: str, seeds: Sequence[int]) -> FloatArray:
        """The mean loss of one kind of tokens over some seeds, [draws]."""
        students = [self._of[name, 0 if name == UNTRAINED else seed] for seed in seeds]
        problems, of_seeds = draw_weights(len(self.problems)), draw_seed_weights("students", len(seeds))
        sums = [
            (of_seeds * (problems @ np.stack([one[f"{kind}_{part}"].to_numpy(float) for one in students], 1))).sum(1)
            for part in ("nll", "tokens")
        ]
        mean: FloatArray = sums[0] / sums[1]
        return mean

    def draw_difference(self, name: str, other: str, kind: str) -> FloatArray | None:
        """The mean loss less another's, [draws]; None where they share no seed."""
        shared = sorted(set(self.list_seeds(name)) & set(self.list_seeds(other)))
        if not shared:
            return None
        return self.draw_mean(name, kind, shared) - self.draw_mean(other, kind, shared)


def main() -> None:
    print_tables(Path(sys.argv[1]))


def print_tables(results: Path) -> None:
    """All tables, as Markdown."""
    print_students(pd.read_parquet(results / STUDENTS_FILE))
    losses = pd.read_parquet(results / LOSSES_FILE)
    for reference, name in REFERENCES.items():
        print_losses(StudentLosses(losses, reference), name)


def print_students(students: pd.DataFrame) -> None:
    """What each student was trained on, a row a training set, its seeds by comma. "formal" is a share of the tokens."""
    print("### Training\n")
    print_heads("trained on", *TRAINING_COLUMNS)
    for name in TRAINING_SETS:
        rows = students[(students["training_set"] == name) & students["steps"].notna()].sort_values("seed")
        described = list(map(_describe_student, rows.to_dict("records")))
        if described:
            print_row(name, *(", ".join(of_seeds) for of_seeds in zip(*described, strict=True)))


def _describe_student(row: dict[str, Any]) -> tuple[str, ...]:
    shares = f"{row['kept']:.3f}", f"{row['formal_share']:.1%}"
    seen = f"{row['examples']:.0f}", f"{row['passes']:.2f}"
    counts = (f"{row[name]:,.0f}" for name in ("steps", "trained_tokens", "tokens"))
    return (str(row["seed"]), *shares, *seen, *counts, f"{row['first_loss']:.2f} to {row['final_loss']:.2f}")


def print_losses(losses: StudentLosses, reference: str) -> None:
    """Mean losses, and differences to the students of `COMPARED`, a row a training set."""
    names = [name for name in TRAINING_SETS if losses.list_seeds(name)]
    print(f"\n### Loss on {reference}, {len(losses.problems)} held-out problems\n")
    print_heads("trained on", "seeds", *KINDS.values())
    for name in names:
        seeds = [0] if name == UNTRAINED else losses.list_seeds(name)
        means = (losses.draw_mean(name, kind, seeds) for kind in KINDS)
        print_row(name, "-" if name == UNTRAINED else str(len(seeds)), *map(_format, means))
    for other in COMPARED:
        print(f"\nThe same less that of {other}:\n")
        print_heads("trained on", *KINDS.values())
        for name in names:
            drawn = [losses.draw_difference(name, other, kind) for kind in KINDS]
            known = [draws for draws in drawn if draws is not None]
            if name != other and known:
                print_row(name, *map(_format_signed, known))


def _format(drawn: FloatArray) -> str:
    return "{:.3f} [{:.3f}, {:.3f}]".format(*compute_interval(drawn))


def _format_signed(drawn: FloatArray) -> str:
    return "{:+.3f} [{:+.3f}, {:+.3f}]".format(*compute_interval(drawn))


def print_heads(*names: str) -> None:
    """The head of a Markdown table."""
    print_row(*names)
    print("|" + "---|" * len(names))


def print_row(*entries: str) -> None:
    """A row of a Markdown table."""
    print(f"| {' | '.join(entries)} |")


if __name__ == "__main__":
    main()
