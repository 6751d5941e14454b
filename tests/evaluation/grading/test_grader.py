"""The grader and its children: lazy, kept, replaced, ended; nothing inherited that is not needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cotpress.errors import CotpressError, MissingExtraError, OptionError
from cotpress.evaluation.grading import Grade, Grader, GradingInput
from cotpress.evaluation.grading import grader as module
from cotpress.evaluation.grading.comparison_client import ComparisonClient

ALGEBRA = GradingInput(r"\boxed{(x+1)(x-1)}", "x^2-1", "math")


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[ComparisonClient]:
    """Every child that is started."""
    started: list[ComparisonClient] = []

    def start(seconds: float, memory_mb: int) -> ComparisonClient:
        started.append(ComparisonClient(seconds, memory_mb))
        return started[-1]

    monkeypatch.setattr(module, "ComparisonClient", start)
    return started


def _pid(child: ComparisonClient) -> int:
    return child._process.pid


def test_no_child_where_spelling_decides(children: list[ComparisonClient]) -> None:
    attempts = [
        GradingInput(r"\boxed{0.5}", r"\frac12", "math"),
        GradingInput(r"\boxed{41}", "42", "math"),
        GradingInput(r"\boxed{5\text{ cm}}", r"5\text{ m}", "math"),
        GradingInput("The answer is (B).", "B", "choice"),
    ]
    with Grader() as grader:
        assert [one.outcome for one in grader.grade(attempts)] == ["right", "wrong", "wrong", "right"]
    assert children == []


def test_children_are_kept_then_ended_and_the_grader_can_go_on(children: list[ComparisonClient]) -> None:
    grader = Grader(workers=1)
    for _ in range(2):
        assert grader.grade([ALGEBRA]) == [Grade("right", "(x+1)(x-1)")]
    assert len(children) == 1
    assert children[0].is_alive
    grader.close()
    grader.close()
    assert not children[0].is_alive
    with grader:
        assert grader.grade([ALGEBRA])[0].outcome == "right"
    assert [one.is_alive for one in children] == [False, False]


def test_a_child_that_died_is_replaced(children: list[ComparisonClient]) -> None:
    with Grader(workers=1) as grader:
        grader.grade([ALGEBRA])
        os.kill(_pid(children[0]), signal.SIGKILL)
        children[0]._process.wait()
        assert grader.grade([ALGEBRA])[0].outcome == "right"
    assert len(children) == 2


def test_a_child_that_stands_still_is_killed(children: list[ComparisonClient]) -> None:
    with Grader(seconds=4, workers=1) as grader:  # on a busy machine the first comparison may take a second or two
        grader.grade([ALGEBRA])
        children[0]._seconds = 0.2  # of waiting for one that does not answer
        os.kill(_pid(children[0]), signal.SIGSTOP)
        assert grader.grade([ALGEBRA])[0].outcome == "timed-out"
        assert grader.grade([ALGEBRA])[0].outcome == "right"


def test_equal_comparisons_are_made_once_and_order_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(Grader, "_compare_in_process", lambda self, pair, alone: asked.append(pair) or True)
    other = GradingInput(r"\boxed{\sqrt{8}}", r"2\sqrt{2}", "math")
    grades = Grader().grade([ALGEBRA, GradingInput("", "1", "math"), other, ALGEBRA])
    assert [one.answer for one in grades] == ["(x+1)(x-1)", "", r"\sqrt{8}", "(x+1)(x-1)"]
    assert len(asked) == 2
    assert Grader().grade([]) == []


def test_several_threads_share_a_grader(children: list[ComparisonClient]) -> None:
    attempts = [GradingInput(rf"\boxed{{(x+{k})(x-{k})}}", f"x^2-{k * k}", "math") for k in range(1, 9)]
    with Grader() as grader, ThreadPoolExecutor(2) as threads:
        graded = list(threads.map(grader.grade, [attempts[:4], attempts[4:]]))
    assert {one.outcome for part in graded for one in part} == {"right"}
    assert not any(one.is_alive for one in children)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc")
def test_a_child_inherits_no_secrets(monkeypatch: pytest.MonkeyPatch, children: list[ComparisonClient]) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-mine")
    with Grader(workers=1) as grader:
        grader.grade([ALGEBRA])
        assert b"secret" not in Path(f"/proc/{_pid(children[0])}/environ").read_bytes()


def test_a_child_ends_with_its_parent() -> None:
    code = (
        "import os; from cotpress.evaluation.grading import Grader, GradingInput; g = Grader(workers=1);"
        r"g.grade([GradingInput(r'\boxed{\sqrt{8}}', r'2\sqrt2', 'math')]);"
        "print(g._idle[0]._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    pid = int(done.stdout)
    for _ in range(100):
        if not _runs(pid):
            return
        subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("the child outlived its parent")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_file_beside_the_user_cannot_stand_in_for_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sympy.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    with Grader(workers=1) as grader:
        assert grader.grade([ALGEBRA])[0].outcome == "right"


def test_a_child_that_cannot_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CotpressError, match="does not start"):
        Grader().grade([ALGEBRA])


def test_without_the_library_only_algebra_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "math_verify", None)
    assert Grader().grade([GradingInput(r"\boxed{7}", "7", "math")])[0].outcome == "right"
    with pytest.raises(MissingExtraError, match=r"cotpress\[evaluate\]"):
        Grader().grade([ALGEBRA])


@pytest.mark.parametrize("limits", [(0, 2048, 2), (float("inf"), 2048, 2), (5, 10, 2), (5, 2048, 0)])
def test_limits_that_nothing_could_keep(limits: tuple[float, int, int]) -> None:
    with pytest.raises(OptionError, match="Cannot grade within"):
        Grader(*limits)


def test_an_unknown_kind() -> None:
    with pytest.raises(OptionError, match="Did you mean 'math'"):
        Grader().grade([GradingInput("5", "5", "maths")])


def test_the_package_imports_no_models_and_no_algebra() -> None:
    code = (
        "import sys, cotpress.evaluation.grading; print(sorted({'torch', 'transformers', 'sympy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
