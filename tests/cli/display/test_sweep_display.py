"""A sweep that is watched: a table of cells that fits the terminal whatever its size, and plain lines for a log."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from rich.console import Console

from cotpress.cli.display.sweep_display import _REFRESHES_PER_SECOND, SweepLines, SweepLiveTable
from cotpress.cli.display.sweep_table import count_shown_cells, draw_table, pick_entries
from cotpress.study import JobResult, StudyJob, SweepStatus, Usage, parse_study
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.context import StudyContext
from cotpress.study.jobs import plan_stages

WORLD = "{traces: world, domain: math, regime: long, benchmarks: {world_math: null}}"
STUDY = f"""
name: watched
conditions: {{math-long: {WORLD}, math-short: {WORLD}}}
scorer: some-model
pruning:
  criteria: [nll, entropy, random, head]
  granularities: [step, token]
  keep: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
rewriting: {{levels: [edit]}}
students: [Qwen/Qwen2.5-0.5B-Instruct, models/tiny]
seeds: [0, 1, 2, 3, 4]
"""
LARGE = STUDY.replace("seeds: [0, 1, 2, 3, 4]", f"seeds: {list(range(11))}")
ANY_STATE = "scoring|shortening|training|evaluating|waiting|failed|done|stored"
COUNT = re.compile(rf"([\d,]+) ({ANY_STATE})")


def plan(text: str) -> list[list[StudyJob]]:
    return list(plan_stages(StudyContext(parse_study(text, "watched"), ArtifactStore(Path("nowhere")))))


PLAN = plan(STUDY)
SMALL = plan(STUDY.replace("[nll, entropy, random, head]", "[nll]").replace("[0, 1, 2, 3, 4]", "[0]"))


def seen(board: SweepStatus, width: int, height: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height)
    with console.capture() as captured:
        console.print(draw_table(board, *console.size))
    return captured.get().splitlines()


def counts(line: str) -> Counter[str]:
    return Counter({state: int(number.replace(",", "")) for number, state in COUNT.findall(line)})


def rows(lines: list[str]) -> Counter[str]:
    """The states in a table in which every row is a cell."""
    return Counter(re.findall(rf" ({ANY_STATE})\b", "\n".join(line for line in lines if line.startswith("math-"))))


def teaching(done: int = 0, running: int = 0, stored: int = 0, planned: list[list[StudyJob]] = PLAN) -> SweepStatus:
    """A board on which students are taught; every 50th cell fails."""
    board, cells = SweepStatus(2, lambda: 100.0), planned[2]
    board.start_sweep(planned, set(cells[:stored]))
    for jobs in planned:
        board.progress.start_stage(jobs, jobs)
    for number, cell in enumerate(cells[stored : stored + done]):
        error = "ValueError: [of] no\nuse\x1b[2J" if number % 50 == 20 else None
        board.end_job(cell, JobResult(65.0, error, Usage(1_234_567, note="41 of 60 right", written_tokens=34_567)))
    for cell in cells[stored + done : stored + done + running]:
        board.update_job(cell, "training")
    return board


def test_a_thousand_cells_fit_thirty_lines_and_every_one_is_counted() -> None:
    board = teaching(done=400, running=3, stored=40)
    assert len(board.cells) > 1000
    lines = seen(board, 140, 30)
    assert len(lines) == 29
    assert max(map(len, lines)) <= 140
    (hidden,) = [counts(line) for line in lines if line.startswith("…")]
    (totals,) = [counts(line) for line in lines if " cells: " in line]
    assert rows(lines) + hidden == totals == board.state_counts
    assert totals.total() == len(board.cells)
    assert set(totals) == {"training", "waiting", "failed", "done", "stored"}


def test_what_is_worked_on_comes_first_then_failures_what_is_done_and_what_waits() -> None:
    lines = seen(teaching(done=400, running=3), 140, 30)
    states = [found[1] for line in lines if (found := re.search(rf"^math-.* ({ANY_STATE})\b", line))]
    assert states[:3] == ["training"] * 3
    assert list(dict.fromkeys(states)) == ["training", "failed", "done", "waiting"]
    assert states.count("waiting") >= 5


def test_a_row_says_what_the_cell_is_and_what_became_of_it() -> None:
    board = teaching(done=400, running=1)
    board.update_job(board.cells[400], "evaluating")
    lines = seen(board, 140, 30)
    assert lines[1].split() == ["condition", "traces", "keep", "student", "seed", "state", "tokens"]
    whose = ["math-long", "random step", "0.7", "Qwen2.5-0.5B-Instruct", "0", "evaluating"]
    assert re.split(r"  +", lines[2])[:6] == whose
    assert lines[2].endswith("0 s, 1 min 5 s left")
    failed = next(line for line in lines if " failed " in line)
    assert failed.endswith("ValueError: [of] no use [2J")  # on one line, and no word to the terminal
    done = next(line for line in lines if " done " in line and "math" in line)
    assert done.endswith("1.2M+35k  41 of 60 right, 1 min 5 s")
    assert lines[0].startswith("train and evaluate: 392/1,160 (math-long 196/580, math-short 196/580)")
    assert "about 6 h 51 min left to train and evaluate, 493,826,800 tokens" in lines[-1]


def test_a_failure_is_seen_however_many_cells_are_worked_on_and_done() -> None:
    assert any("ValueError" in line for line in seen(teaching(done=400, running=60), 100, 12))
    board = teaching(done=21)  # the last one failed
    for cell in board.cells[21:900]:
        board.end_job(cell, JobResult(1.0))
    assert any("ValueError" in line for line in seen(board, 100, 12))


def test_a_failed_compression_is_one_row_for_its_cells() -> None:
    board = SweepStatus(2)
    board.start_sweep(PLAN, set())
    board.progress.start_stage(PLAN[1], PLAN[1])
    broken = next(job for job in PLAN[1] if job.name.startswith("math-long edit"))
    board.end_job(broken, JobResult(2.0, "ValueError: of no use"))
    lines = seen(board, 140, 30)
    (row,) = [line for line in lines if "ValueError" in line]
    assert row.split(maxsplit=3) == ["math-long", "edit", "failed", "for 10 cells: ValueError: of no use"]
    assert counts(lines[-1]) == {"failed": 10, "waiting": len(board.cells) - 10}


def test_a_small_study_is_shown_whole() -> None:
    board = teaching(done=3, running=1, stored=2, planned=SMALL)
    lines = seen(board, 140, 200)
    assert not any(line.startswith("…") for line in lines)
    assert rows(lines) == board.state_counts
    assert len(lines) == len(board.cells) + 3


def test_the_cost_of_a_paid_rewriter_has_its_column() -> None:
    board = SweepStatus(2, lambda: 100.0)
    board.start_sweep(PLAN, set())
    paid = next(job for job in PLAN[1] if job.name.startswith("math-long edit"))
    for jobs in PLAN:
        board.progress.start_stage(jobs, jobs)
    board.end_job(paid, JobResult(2.0, None, Usage(cost=0.25)))
    assert "cost" not in seen(board, 140, 30)[1]
    board.update_job(next(cell for cell in PLAN[2] if cell.name.startswith("math-long edit")), "training")
    lines = seen(board, 140, 30)
    assert lines[1].split()[-1] == "cost"
    assert "training  $0.25  0 s" in lines[2]
    assert lines[-1].endswith("$0.25")


EVENTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 10**6), st.sampled_from(["training", "evaluating", "done", "failed"])),
    max_size=120,
)


def after(events: list[tuple[int, int, str]], stored: int) -> SweepStatus:
    """A board on which things happened, stage by stage."""
    board = SweepStatus(3, lambda: 100.0)
    board.start_sweep(SMALL, set(SMALL[2][:stored]))
    for stage, jobs in enumerate(SMALL):
        for entry in board.list_running():
            board.end_job(entry.job, JobResult(1.0))
        board.progress.start_stage(jobs, jobs)
        for _, number, event in (one for one in events if one[0] == stage):
            job = jobs[number % len(jobs)]
            if event in ("done", "failed"):
                board.end_job(job, JobResult(1.0, "wrong" if event == "failed" else None))
            else:
                board.update_job(job, event)
    return board


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.integers(0, 60), st.integers(20, 200), st.integers(1, 60))
def test_whatever_happens_all_is_within_the_terminal_and_every_cell_is_counted(
    events: list[tuple[int, int, str]], stored: int, width: int, height: int
) -> None:
    board = after(events, stored)
    assert board.state_counts.total() == len(board.cells)
    lines = seen(board, width, height)
    assert len(lines) <= max(1, height - 1)
    assert max(map(len, lines)) <= width
    for room in range(1, 30):
        shown = pick_entries(board, room)
        assert len(shown) <= room
        assert count_shown_cells(shown) <= board.state_counts
        assert any(one.state == "failed" for one in shown) or not any(one.state == "failed" for one in board.ended_jobs)
    assert count_shown_cells(pick_entries(board, 200)) == board.state_counts


def test_a_drawing_of_2500_cells_takes_a_small_part_of_the_time_between_two() -> None:
    planned = plan(LARGE)
    board = teaching(done=1200, running=4, planned=planned)
    assert len(board.cells) > 2500
    took = []
    for _ in range(7):
        began = time.thread_time()
        seen(board, 160, 50)
        took.append(time.thread_time() - began)
    assert min(took) < 0.1 / _REFRESHES_PER_SECOND


def test_live_the_table_is_drawn_by_itself_and_stays_when_all_is_done() -> None:
    said = io.StringIO()
    console = Console(file=said, force_terminal=True, width=120, height=16, color_system=None)
    live = SweepLiveTable(1, console)
    live.start_sweep(SMALL, set())
    live.start_stage(SMALL[2], SMALL[2])
    live.update_job(SMALL[2][0], "training")
    until = time.monotonic() + 20
    while "training" not in said.getvalue() and time.monotonic() < until:
        time.sleep(0.05)
    assert "1 training, 63 waiting" in said.getvalue()
    live.end_job(SMALL[2][0], JobResult(1.0, None, Usage(note="1 of 2 right")))
    live.update_job(SMALL[2][1], "training")
    live.end_sweep()
    last = said.getvalue().rpartition("train and evaluate:")[2]
    assert "1 of 2 right, 1 s" in last
    assert "63 waiting, 1 done" in last
    assert "\x1b[?25h" in last  # the cursor is back


def test_a_line_names_no_dollars_where_nothing_was_paid(capsys: pytest.CaptureFixture[str]) -> None:
    lines, cells = SweepLines(2), SMALL[2][:2]
    lines.start_sweep(SMALL, set())
    lines.start_stage(cells, cells)
    lines.end_job(cells[0], JobResult(90.4, None, Usage(1200)))
    assert "1,200 tokens] " in capsys.readouterr().err


def test_lines_for_a_log_are_plain(capsys: pytest.CaptureFixture[str]) -> None:
    lines, (first, second, *_), cells = SweepLines(2), SMALL[2], SMALL[2][:2]
    lines.start_sweep(SMALL, set())
    lines.start_stage([], [])
    lines.start_stage([], [])
    lines.start_stage(cells, cells)
    lines.update_job(first, "training")
    lines.end_job(first, JobResult(90.4, None, Usage(1200, 0.5, "1 of 2 right")))
    lines.end_job(second, JobResult(3.0, "of no use"))
    lines.end_sweep()
    assert capsys.readouterr().err.splitlines() == [
        "train and evaluate: 0/2",
        f"[train and evaluate: 1/2, about 1 min 30 s left, 1,200 tokens, $0.50] {first.name}: 1 of 2 right (90 s)",
        f"[train and evaluate: 1/2, 1 failed, 1,200 tokens, $0.50] {second.name}: of no use (3 s)",
    ]
