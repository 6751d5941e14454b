"""How often verdicts are decided wrongly where the truth lies on their threshold: at most one in twenty may be.

python benchmarks/verdict_errors.py --repeats 400

Each row is a study, simulated anew each time: four comparisons (two conditions, two students), three training seeds,
100 problems that are drawn each time, 40 ranked traces a condition. The truth lies on the verdict's threshold, so that
"holds" and "does not hold" are both wrong. Each verdict is judged by itself at level 0.05, the largest that Holm's
correction can give it; in a study with other verdicts it is held against less. With --effects the truth is off the
threshold, so that one of the answers is right, and the rows say how often it is given. --source runs other rules of
judging, such as those of an earlier version.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from cotpress.analysis.agreement import tabulate_agreement
from cotpress.analysis.deletions import tabulate_deletions
from cotpress.analysis.verdicts import VERDICTS, StudyMeasurements
from cotpress.analysis.verdicts.judgement import judge_finding
from cotpress.tables import StudyTables
from simulated_study import Noise, Way, level, simulate_answers, simulate_rankings, whole

LEVELS = ("preserve", "edit", "fuse", "replace")
MATH, GENERAL = (("math", "long"), ("math", "short")), (("general", "long"), ("general", "short"))
LONG, SHORT = (("math", "long"), ("general", "long")), (("math", "short"), ("general", "short"))
REALIZED = (0.2, 0.5, 0.7, 0.9)
NOISES = {
    "seeds alike": Noise(),
    "seed sd 0.15": Noise(0.15),
    "seed sd 0.15, comparisons differ by 0.1": Noise(0.15, 0.1),
}
Scene = tuple[tuple[tuple[str, str], ...], list[Way]]


def _curve(
    method: str, accuracy: float | dict[float, float], granularity: str = "step", symbols: bool = False
) -> list[Way]:
    by_ratio = accuracy if isinstance(accuracy, dict) else dict.fromkeys(REALIZED, accuracy)
    return [Way(method, right, ratio, "criterion", granularity, symbols) for ratio, right in by_ratio.items()]


def _verbose(share: float) -> list[Way]:
    """Students who give up that share of the saving."""
    shortened = [Way("nll", 0.5, ratio, length=ratio + share * (1 - ratio)) for ratio in REALIZED]
    return [whole(0.5), *shortened]


PLATEAU = {0.2: 0.40, 0.5: 0.50, 0.7: 0.54, 0.9: 0.58}  # of 0.6: nine tenths at 0.7, where the width is 0.3
RIVALS = ("nll", "entropy", "saliency", "head", "random")
SCENES: dict[str, tuple[str, Scene]] = {
    "symbol-protection": (
        "half of the gap is closed",
        (
            MATH,
            [
                *_curve("nll", 0.3, "token"),
                *_curve("nll", 0.4, "token", symbols=True),
                *_curve("saliency", 0.5, "token"),
            ],
        ),
    ),
    "math-restructuring": ("all levels alike", (MATH, [whole(0.6), *(level(name, 0.5) for name in LEVELS)])),
    "general-rewriting": (
        "fuse and replace worse by 0.02",
        (GENERAL, [level("preserve", 0.5), level("fuse", 0.48), level("replace", 0.48)]),
    ),
    "replace-variance": ("all levels alike", (MATH, [level(name, 0.5) for name in LEVELS])),
    "plateau-math": ("nine tenths at ratio 0.7", (MATH, [whole(0.6), *_curve("nll", PLATEAU)])),
    "plateau-general": ("nine tenths at ratio 0.7", (GENERAL, [whole(0.6), *_curve("nll", PLATEAU)])),
    "drop": ("a tenth is lost at ratio 0.2", (MATH, [whole(0.6), *_curve("nll", {0.2: 0.54, 0.5: 0.6, 0.9: 0.6})])),
    "diffuse-redundancy, equal rivals": (
        "reflection better by 0.02 than all",
        (LONG, [*_curve("reflection", 0.52), *(way for name in RIVALS for way in _curve(name, 0.5))]),
    ),
    "diffuse-redundancy, one rival": (
        "better by 0.02 than the best, 0.3 than the rest",
        (LONG, [*_curve("reflection", 0.52), *_curve("nll", 0.5), *_curve("head", 0.22), *_curve("random", 0.22)]),
    ),
    "over-random": ("all alike", (MATH, [*_curve("nll", 0.5), *_curve("entropy", 0.5), *_curve("random", 0.5)])),
    "short-diagonal": ("a quarter of the saving is lost", (SHORT, _verbose(0.25))),
    "long-verbose": ("a quarter of the saving is lost", (LONG, _verbose(0.25))),
}

EFFECTS: dict[str, tuple[str, Scene]] = {
    "math-restructuring, falls": (
        "0.1 is lost a level",
        (MATH, [whole(0.7), *(level(name, 0.7 - 0.1 * at) for at, name in enumerate(LEVELS))]),
    ),
    "general-rewriting, better": (
        "fuse and replace better by 0.2",
        (GENERAL, [level("preserve", 0.4), level("fuse", 0.6), level("replace", 0.6)]),
    ),
    "general-rewriting, worse": (
        "fuse and replace worse by 0.3",
        (GENERAL, [level("preserve", 0.7), level("fuse", 0.4), level("replace", 0.4)]),
    ),
    "plateau-math, wide": (
        "all is kept down to 0.5, half of it lost at 0.2",
        (MATH, [whole(0.6), *_curve("nll", {0.2: 0.3, 0.5: 0.6, 0.7: 0.6, 0.9: 0.6})]),
    ),
    "plateau-math, narrow": (
        "a quarter is lost at 0.9 already",
        (MATH, [whole(0.6), *_curve("nll", {0.2: 0.3, 0.5: 0.4, 0.7: 0.4, 0.9: 0.45})]),
    ),
    "drop, half": ("half is lost at ratio 0.2", (MATH, [whole(0.6), *_curve("nll", {0.2: 0.3, 0.5: 0.6, 0.9: 0.6})])),
    "diffuse-redundancy, worse": (
        "reflection worse by 0.2 than truncation",
        (LONG, [*_curve("reflection", 0.4), *_curve("head", 0.6), *_curve("nll", 0.4)]),
    ),
    "over-random, better": (
        "better by 0.15",
        (MATH, [*_curve("nll", 0.55), *_curve("entropy", 0.55), *_curve("random", 0.4)]),
    ),
    "long-verbose, verbose": ("six tenths of the saving are lost", (LONG, _verbose(0.6))),
}


def measure_error(finding: str, draw: Callable[[np.random.Generator], StudyTables], repeats: int) -> tuple[int, int]:
    """How many of the repeats hold, and how many do not."""
    known = {test.name: test for test in VERDICTS.values()}
    test = known.get(finding) or known[finding.partition("-")[0]]  # an earlier version has one plateau
    answers = []
    for number in range(repeats):
        tables = draw(np.random.default_rng(number))
        answers.append(judge_finding(test.finding, test.measure(StudyMeasurements(tables))).answer)
    return answers.count("holds"), answers.count("does not hold")


def _worth_shared(share: float) -> Callable[..., list[np.ndarray]]:
    """Three criteria whose importance has this share of its variance in common, and a taste for short steps."""

    def worth(lengths: np.ndarray, symbol: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
        common = rng.normal(size=len(lengths))
        noises = rng.normal(size=(3, len(lengths)))
        return [np.sqrt(share) * common + np.sqrt(1 - share) * noise - 0.05 * lengths for noise in noises]

    return worth


def _worth_biased(bias: float) -> Callable[..., list[np.ndarray]]:
    """NLL and entropy put symbols back by the bias, saliency does not."""

    def worth(lengths: np.ndarray, symbol: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
        noises = rng.normal(size=(3, len(lengths)))
        return [noises[0] - bias * symbol, noises[1] - bias * symbol, noises[2]]

    return worth


CRITERIA = ("entropy", "nll", "saliency")
RANKING_FINDINGS = {"step-agreement", "agreement-order", "symbol-deletion"}


def _bisect(figure: Callable[[float], float], target: float, low: float, high: float) -> float:
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (middle, high) if figure(middle) < target else (low, middle)
    return (low + high) / 2


def _find_share() -> float:
    """The share at which agreement, corrected by length, is 0.1."""

    def agree(share: float) -> float:
        tables = simulate_rankings(
            1, 1500, (*CRITERIA[:2], "x"), "step", _worth_shared(share), np.random.default_rng(1)
        )
        found = tabulate_agreement(tables)
        name = "corrected_by_length" if "corrected_by_length" in found else "corrected"
        return float(found[found.of == "kept"][name].mean())

    return _bisect(agree, 0.1, 0.0, 0.8)


def _find_bias() -> float:
    """The bias at which NLL deletes 1.5 times the share of symbols that saliency deletes."""

    def compare(bias: float) -> float:
        tables = simulate_rankings(1, 300, CRITERIA, "token", _worth_biased(bias), np.random.default_rng(1))
        found = tabulate_deletions(tables, (0.5, 0.7, 0.9))
        shares = found[found.unit_class == "symbol"].groupby("criterion").composition.mean()
        return float((shares.nll + shares.entropy) / 2 / shares.saliency)

    return _bisect(compare, 1.5, 0.0, 3.0)


def list_ranking_studies() -> dict[str, tuple[str, Callable[[np.random.Generator], StudyTables]]]:
    """Findings that are read from traces, with what is true and a study of it."""
    share, bias = _find_share(), _find_bias()
    alike = _worth_shared(0.5)
    return {
        "step-agreement": (
            "each two agree by 0.1 beyond length",
            lambda rng: simulate_rankings(4, 40, CRITERIA, "step", _worth_shared(share), rng),
        ),
        "agreement-order": ("each two agree alike", lambda rng: simulate_rankings(4, 40, CRITERIA, "step", alike, rng)),
        "symbol-deletion": (
            "1.5 times the share",
            lambda rng: simulate_rankings(4, 40, CRITERIA, "token", _worth_biased(bias), rng),
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=400)
    parser.add_argument("--students", type=int, default=2)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--effects", action="store_true", help="truths off the threshold")
    parser.add_argument("--source", type=Path, help="src of another version, whose rules are run")
    options = parser.parse_args()
    if options.source is not None:
        _run_other_version(options.source)
        return
    print(f"Share of {options.repeats} studies in which the verdict is decided (holds + does not)\n")
    print(f"| finding | truth | {' | '.join(NOISES)} |\n|---|---|{'---|' * len(NOISES)}")
    for name, (truth, (conditions, ways)) in (EFFECTS if options.effects else SCENES).items():
        if not options.only or name in options.only:
            draws = [partial(simulate_answers, conditions, options.students, ways, noise) for noise in NOISES.values()]
            shown = [
                _show(*measure_error(name.split(",")[0], draw, options.repeats), options.repeats) for draw in draws
            ]
            print(f"| {name} | {truth} | {' | '.join(shown)} |", flush=True)
    if not options.effects and (not options.only or set(options.only) & RANKING_FINDINGS):
        for name, (truth, draw_rankings) in list_ranking_studies().items():
            share = _show(*measure_error(name, draw_rankings, options.repeats), options.repeats)
            print(f"| {name} | {truth} | {share} | no seeds | no seeds |", flush=True)


def _run_other_version(source: Path) -> None:
    """The same command with another version's package; the rest of the arguments stay."""
    at = sys.argv.index("--source")
    words = [sys.executable, __file__, *sys.argv[1:at], *sys.argv[at + 2 :]]
    subprocess.run(words, env={**os.environ, "PYTHONPATH": str(source.resolve())}, check=True)


def _show(holds: int, fails: int, repeats: int) -> str:
    return f"{(holds + fails) / repeats:.3f} ({holds} + {fails})"


if __name__ == "__main__":
    main()
