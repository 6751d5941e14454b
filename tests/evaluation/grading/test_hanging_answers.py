"""Answers that hang or blow up a grader: all end within the limits, and leave the grader working."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from cotpress.evaluation.grading import Grader, GradingInput

SECONDS = 0.5
START = 30.0  # of a child, on a busy machine

HANGING = {
    "tower of powers": "9^{9^{9^9}}",
    "tower in a fraction": r"\frac{5^{\left(5^{\left(5^{\left(5^5\right)}\right)} - 4\right)} - 5}{16}",
    "tower with a logarithm": r"10^{(5^{5^{5^{5^{5}}} \cdot \log_{10}(5)} - 4)}",
    "huge factorial": "100000000!",
    "factorial of factorials": "((10!)!)!",
    "huge exponent": "2^{10000000000}",
    "complex power": "(1+i)^{100000000}",
    "enormous binomial": r"\binom{100000000}{50000000}",
    "long product": r"\prod_{k=1}^{1000000} k",
    "expanded power": "(a+b+c+d+e+f)^{60}",
    "product of factors": "".join(f"(x+{k})" for k in range(1, 60)),
    "continued fraction": r"\frac{1}{1+" * 30 + "2" + "}" * 30,
    "nested roots": r"\sqrt{2+" * 50 + "2" + "}" * 50,
    "tower of variables": "x^{" * 80 + "2" + "}" * 80,
    "many digits": "7" * 599,
    "root of a power": r"\sqrt[10^9]{2^{10^9}}",
}
LONG = {
    "digits": "7" * 100_000,
    "decimals": "1." + "3" * 100_000,
    "braces": "{" * 50_000 + "1" + "}" * 50_000,
    "fractions": r"\frac{1}{" * 10_000 + "2" + "}" * 10_000,
    "junk": "xq%&$\\{}^_ " * 10_000,
    "open displays": r"\[" * 50_000,
    "dollars": "$" * 100_000,
    "open boxes": r"\boxed{" * 15_000,
    "answers": "answer is " * 10_000,
    "spaces": " " * 100_000 + "x",
    "factorials": "5!" * 50_000,
    "brackets": "(" * 100_000,
    "backslashes": "\\" * 100_000,
}
HALVES = [dict(list(HANGING.items())[at::2]) for at in (0, 1)]


@pytest.mark.parametrize("half", HALVES, ids=["even", "odd"])
def test_what_hangs_ends_in_time_and_the_rest_goes_on(half: dict[str, str]) -> None:
    good = GradingInput(r"\boxed{\sqrt{8}}", r"2\sqrt{2}", "math")
    attempts = [good]
    for at, bad in enumerate(half.values()):
        # A comparison that was made is not made again, so each of the good ones is another.
        attempts += [
            GradingInput(rf"\boxed{{{bad}}}", r"\sqrt{3}+x", "math"),
            GradingInput(rf"\boxed{{\sqrt{{{8 * (at + 1) ** 2}}}}}", rf"{2 * (at + 1)}\sqrt{{2}}", "math"),
        ]
    with Grader(seconds=SECONDS) as grader:
        start = time.monotonic()
        outcomes = [grade.outcome for grade in grader.grade(attempts)]
        assert time.monotonic() - start < len(half) * (SECONDS + START)
        assert outcomes[::2] == ["right"] * (len(half) + 1)
        assert set(outcomes[1::2]) <= {"timed-out", "wrong"}
        assert "timed-out" in outcomes
        assert grader.grade([good])[0].outcome == "right"


@pytest.mark.parametrize("kind", ["math", "choice", "truth", "text"])
def test_long_texts_are_read_at_once(kind: str) -> None:
    """What is read here cannot be killed, so it may not take long for any text."""
    with Grader(seconds=SECONDS) as grader:
        for name, junk in LONG.items():
            for text in (junk, rf"\boxed{{{junk}}}", f"The answer is {junk}", f"Answer: {junk}\n"):
                start = time.process_time()
                (grade,) = grader.grade([GradingInput(text, "B", kind, ("a bank", "a mall"))])
                assert time.process_time() - start < 3, name
                assert grade.outcome in ("wrong", "unparsed", "timed-out"), name


def test_an_answer_too_long_to_compare_is_not_called_wrong() -> None:
    with Grader(seconds=SECONDS) as grader:
        long, same = (
            GradingInput(rf"\boxed{{{'1+' * 349}1}}", "350", "math"),
            GradingInput(r"\boxed{350}", "350", "math"),
        )
        assert [grade.outcome for grade in grader.grade([long, same])] == ["unparsed", "right"]


HUNGRY = r"""
import resource
from cotpress.evaluation.grading import Grader, GradingInput
with Grader(seconds=6, memory_mb=300, workers=1) as grader:
    print(grader.grade([GradingInput(r"\boxed{2^{10000000000}}", r"\sqrt{5}", "math")])[0].outcome)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_memory_is_limited() -> None:
    """In a process of its own, whose only children are the grader's."""
    pytest.importorskip("resource")
    ran = subprocess.run([sys.executable, "-c", HUNGRY], capture_output=True, text=True, check=True)
    outcome, kibibytes = ran.stdout.split()
    assert outcome in ("timed-out", "wrong")
    assert int(kibibytes) < 400 * 1024
