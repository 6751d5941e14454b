"""How often `advise` calls a way certain where no way is better than another: at most one study in twenty may be.

python benchmarks/advice_errors.py --repeats 200

A study of one condition is simulated anew each time: 12 ways to shorten, three training seeds, 100 problems that are
drawn each time. All ways keep the same: exactly the threshold, nine tenths of the accuracy, so that to call any of them
certain is wrong; a little less; or all of the accuracy, where it is right. --source runs another version's advice.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from cotpress.analysis.advice import Advice, AdviceRequest, advise
from simulated_study import Noise, Way, simulate_answers, whole

BASE = 0.6  # accuracy of the uncompressed students
RATIOS, CRITERIA = (0.3, 0.5, 0.7), ("nll", "entropy", "saliency", "random")
TRUTHS = {"0.90, the threshold": 0.9, "0.85": 0.85, "1.00": 1.0}
NOISES = {
    "seeds alike": Noise(),
    "seed sd 0.15": Noise(0.15),
    "seed sd 0.15, six seeds": Noise(0.15, seeds=6),
    "seed sd 0.02, 500 problems": Noise(0.02, problems=500),
}


def is_certain(advice: Advice) -> bool:
    """Whether a way to shorten is advised without a doubt; earlier versions say so by no warning."""
    if advice.kind == "baseline":
        return False
    return getattr(advice, "is_certain", not any("for certain" in warning for warning in advice.warnings))


def count_advice(retention: float, noise: Noise, students: int, repeats: int) -> tuple[int, int]:
    """How often a way is advised as certain, and how often with a doubt."""
    ways = [Way(name, BASE * retention, ratio) for name in CRITERIA for ratio in RATIOS]
    ways += [whole(BASE), Way("no-reasoning", 0.1, 0.0, "baseline", "")]
    given = []
    for number in range(repeats):
        tables = simulate_answers((("math", "long"),), students, ways, noise, np.random.default_rng(number))
        given.append(advise(AdviceRequest("math", "long"), tables))
    certain = sum(map(is_certain, given))
    return certain, sum(advice.kind != "baseline" for advice in given) - certain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--students", type=int, default=1)
    parser.add_argument("--source", type=Path, help="src of another version, whose advice is run")
    options = parser.parse_args()
    if options.source is not None:
        at = sys.argv.index("--source")
        words = [sys.executable, __file__, *sys.argv[1:at], *sys.argv[at + 2 :]]
        subprocess.run(words, env={**os.environ, "PYTHONPATH": str(options.source.resolve())}, check=True)
        return
    print(f"Share of {options.repeats} studies that call a way certain (and that advise one with a doubt)\n")
    print(f"| what all ways keep | {' | '.join(NOISES)} |\n|---|{'---|' * len(NOISES)}")
    for name, retention in TRUTHS.items():
        shown = []
        for noise in NOISES.values():
            certain, doubtful = count_advice(retention, noise, options.students, options.repeats)
            shown.append(f"{certain / options.repeats:.3f} ({doubtful / options.repeats:.3f})")
        print(f"| {name} | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    main()
