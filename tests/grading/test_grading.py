"""Grading: pairs of every shape, what a text states, and inputs that hang or blow up a comparison."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("math_verify", reason="grading needs the extra 'evaluate'")

from cotpress.errors import OptionError
from cotpress.grading import OUTCOMES, Attempt, Grader

PAIRS = [
    tuple(part.strip() for part in line.split(" | "))
    for line in (Path(__file__).parent / "pairs.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
HANGING = [
    r"9^{9^{9^9}}",
    r"1000000000!",
    r"2^{1000000000000}",
    "9" * 900,
    r"\frac{1}{" * 150 + "2" + "}" * 150,
    r"\sqrt{" * 150 + "2" + "}" * 150,
    r"\binom{10^9}{5 \cdot 10^8}",
    "(1+x)^{100000}",
    "(x+y+z)^{80}-(x-y+z)^{81}",
    "+".join(f"x^{{{power}}}" for power in range(90)),
    "((((((((" * 50,
    "junk " * 20_000,
]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(seconds=20.0) as made:  # a busy machine may be slow; none of the pairs needs a second
        yield made


def test_there_are_pairs_enough_of_both_sorts() -> None:
    signs = [sign for sign, *_ in PAIRS]
    assert len(PAIRS) >= 200
    assert min(signs.count("="), signs.count("!")) >= 80


def test_every_pair_is_decided_right(grader: Grader) -> None:
    grades = grader.grade([Attempt(rf"So it is \boxed{{{stated}}}.", gold, "math") for _, stated, gold in PAIRS])
    wrong = [
        (pair, grade.outcome)
        for pair, grade in zip(PAIRS, grades, strict=True)
        if grade.outcome != {"=": "right", "!": "wrong"}[pair[0]]
    ]
    assert not wrong


def test_inputs_that_hang_or_explode_end_and_the_grader_goes_on() -> None:
    with Grader(seconds=2.0, memory_mb=1024) as grader:
        began = time.monotonic()
        grades = grader.grade([Attempt(rf"\boxed{{{text}}}", r"\sqrt{7}+1", "math") for text in HANGING])
        assert time.monotonic() - began < 120
        assert all(grade.outcome in ("wrong", "timed-out", "unparsed") for grade in grades)
        [after] = grader.grade([Attempt(r"\boxed{1+\sqrt{7}}", r"\sqrt{7}+1", "math")])
        assert after.outcome == "right"


@pytest.mark.parametrize(
    ("text", "gold", "kind", "options", "outcome"),
    [
        ("First \\boxed{3}. No: \\boxed{4}.", "4", "math", (), "right"),
        ("First \\boxed{4}. No: \\boxed{3}.", "4", "math", (), "wrong"),
        ("We get 5.\n#### 72", "72", "math", (), "right"),
        ("\\boxed{\\frac{a}{b+\\{1\\}}}", "\\frac{a}{b+\\{1\\}}", "math", (), "right"),
        ("I cannot tell.", "4", "math", (), "unparsed"),
        ("  \n ", "4", "math", (), "empty"),
        ("The answer is (B).", "B", "choice", ("red", "blue"), "right"),
        ("The answer is blue.", "B", "choice", ("red", "blue"), "right"),
        ("The answer is (A).", "B", "choice", ("red", "blue"), "wrong"),
        ("Hard to say.", "B", "choice", ("red", "blue"), "unparsed"),
        ("The answer is yes.", "True", "truth", (), "right"),
        ("The answer is False.", "True", "truth", (), "wrong"),
        ("The answer is Paris.", "paris", "text", (), "right"),
    ],
)
def test_the_last_answer_counts(
    grader: Grader, text: str, gold: str, kind: str, options: tuple[str, ...], outcome: str
) -> None:
    [grade] = grader.grade([Attempt(text, gold, kind, options)])
    assert grade.outcome == outcome
    assert grade.outcome in OUTCOMES


def test_grading_works_off_the_main_thread() -> None:
    found: list[str] = []

    def work() -> None:
        with Grader(workers=1) as grader:
            found.extend(one.outcome for one in grader.grade([Attempt(r"\boxed{x+x}", "2x", "math")]))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == ["right"]


def test_the_child_gets_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    from cotpress.grading import child

    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert "secret" not in child._environment().values()


def test_impossible_limits_are_refused() -> None:
    with pytest.raises(OptionError):
        Grader(seconds=0)
    with pytest.raises(OptionError), Grader() as grader:
        grader.grade([Attempt("x", "y", "poetry")])
