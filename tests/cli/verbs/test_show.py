"""`cotpress show`: what is printed, for people and for programs, on terminals and into pipes."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from command import cotpress
from pair_outputs import HOSTILE, make_pruned, write_pruned, write_rewritten
from rich.console import Console

from cotpress import Compressed, Trace, reassemble, write
from cotpress.analysis.pairs import OutputPairs, PairFigures, open_pairs
from cotpress.cli.display.pair_display import PairPrinter, describe_pair_gauges


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pruned(tmp_path_factory.mktemp("show") / "pruned")


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rewritten(tmp_path_factory.mktemp("show") / "rewritten")


def _show(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    assert cotpress("show", *words) == code
    said = capsys.readouterr()
    return said.err if code else said.out


def test_a_pruned_pair_shows_what_was_deleted(pruned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _show(capsys, pruned, "some")
    lines = [
        "[-Hmm, so what is asked?-]",
        "We have 2 + 3 = 5.",
        "[-Wait.-]",
        "Then 5 * 2 = 10.",
        "So the answer is 10.",
    ]
    assert "\n".join(lines) in told
    assert "realized ratio 0.750 (target 0.5)" in told
    assert "Question: 2+3, doubled?" in told
    assert "Answer: #### 10" in told
    assert "Gold: 10" in told
    full = _show(capsys, pruned, "some", "--full")
    assert "equations 1.000" in full
    assert "code_blocks" not in full  # does not apply


def test_gauges_without_a_fault_are_only_counted(pruned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief, full = (
        next(line for line in _show(capsys, pruned, "some", *words).splitlines()[-20:] if line.startswith("gauges: "))
        for words in ((), ("--full",))
    )
    told = re.fullmatch(r"gauges: (?:(.*); )?(\d+) (?:more )?without a fault \(--full lists them\)", brief)
    assert told is not None
    named = told[1].split(", ") if told[1] else []
    entries = full.removeprefix("gauges: ").split(", ")
    assert len(named) + int(told[2]) == len(entries)
    assert not {"equations 1.000", "false_equalities 0.000"} & set(named)
    assert {"equations 1.000", "false_equalities 0.000"} <= set(entries)


def test_an_order_by_a_figure_that_all_pairs_share_is_said_to_be_none(
    pruned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "the worst by false_equalities first (all of them have 0.000)" in _show(
        capsys, pruned, "--worst", "false_equalities"
    )
    assert "all of them have" not in _show(capsys, pruned, "--worst", "realized")


def test_a_list_without_a_figure_is_in_the_order_of_the_rows(pruned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = [line.split()[0] for line in _show(capsys, pruned, "--list").splitlines()[1:]]
    assert listed == [figures.id for figures in open_pairs(pruned).figures]


def test_a_rewritten_pair_shows_what_was_inserted(rewritten: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _show(capsys, rewritten, "plain")
    assert "[-Okay, so two-]{+Two+} and three make 5. [-Let me check.-]" in told
    assert "flags: off-budget" in told
    assert "restructuring 0.250" in told


def test_the_overview_tells_of_the_whole_output(pruned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _show(capsys, pruned, "--limit", "2")
    assert "3 traces compressed, 1 rejected" in told
    assert "2 of 3 pairs, of all lengths" in told
    assert "from 0.000 to 1.000" in told
    assert told == _show(capsys, pruned, "--limit", "2")  # the same sample each time


def test_warnings_of_the_run_are_repeated(pruned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_pruned(tmp_path / "out")
    summary = json.loads((folder / "summary.json").read_text())
    summary["warnings"] = ["keeps 20% of the equation lines"]
    summary["gauges"]["equations"]["random"] = 0.6
    (folder / "summary.json").write_text(json.dumps(summary))
    told = _show(capsys, folder, "none")
    assert "warning: keeps 20% of the equation lines" in told
    assert "worse than random pruning (its means in brackets): equations 0.000 (0.600)" in told


def test_only_faults_are_listed_as_worse_than_random_pruning() -> None:
    values = {"equations": 0.5, "answer_restatements": 10.0, "negations": 0.95, "hanging_openers": 0.02}
    means = {"equations": 0.6, "answer_restatements": 3.75, "negations": 0.97, "hanging_openers": 0.01}
    gauges = {name: {"random": mean} for name, mean in means.items()}
    pairs = OutputPairs(Path("out"), (), (PairFigures(0, "a", 9, 4, 0.4, gauges=dict(values)),), {"gauges": gauges})
    worse, others = describe_pair_gauges(values, pairs, full=False)
    assert worse == "worse than random pruning (its means in brackets): equations 0.500 (0.600)"
    assert others == "gauges: answer_restatements 10.000, negations 0.950, hanging_openers 0.020"


def test_the_worst_by_a_gauge_come_first(pruned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _show(capsys, pruned, "--worst", "equations", "--limit", "1")
    assert "the worst by equations first" in told
    assert "\nnone ──" in told
    assert "\nall ──" in _show(capsys, pruned, "--best", "realized", "--limit", "1")


def test_lists_have_a_line_a_pair(pruned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _show(capsys, pruned, "--list", "--worst", "realized").splitlines()
    assert [line.split()[0] for line in lines] == ["id", "none", "some", "all"]
    assert lines[0].split() == ["id", "tokens", "realized", "flags"]
    assert "equations" in _show(capsys, pruned, "--list", "--best", "equations")
    assert "reflective_share" in _show(capsys, pruned, "--list", "--full")


def test_neighbours_of_one_kind_are_marked_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Hm. Let me see. First 2+3=5. Good. So it is 5."
    spans = np.array([[16, 28], [34, 46]])
    trace = Trace("1", "2+3?", text)
    write([Compressed(trace, reassemble(text, spans), spans, 12, 7, None)], tmp_path / "out")
    told = _show(capsys, tmp_path / "out")
    assert "[-Hm. Let me see.-] First 2+3=5. [-Good.-] So it is 5." in told


def test_only_pairs_with_a_flag(rewritten: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "flagged off-budget" in _show(capsys, rewritten, "--flag", "off-budget")
    assert "Did you mean 'off-budget'" in _show(capsys, rewritten, "--flag", "of-budget", code=2)
    assert "0 of " in _show(capsys, rewritten, "--flag", "over-budget")  # a flag that no pair here has


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["sone"], 2, "Did you mean 'some'"),
        (["lost"], 2, "was rejected, cut-off: No end"),
        (["--worst", "equatoins"], 2, "Did you mean 'equations'"),
        (["--worst", "equations", "--best", "realized"], 2, "not two of them"),
        (["some", "--worst", "equations"], 2, "not two of them"),
        (["--view", "side"], 2, "Did you mean 'sides'"),
        (["--limit", "0"], 2, "from 1 up"),
        (["--json", "--list"], 2, "Only one of"),
        (["--rejected", "--html", "x.html"], 2, "A page or picture has no rejected rows"),
    ],
)
def test_what_cannot_be_says_what_can(
    pruned: Path, words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _show(capsys, pruned, *words, code=code)
    assert message in said
    assert "\x1b" not in said


def test_no_output_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is no folder" in _show(capsys, tmp_path / "nowhere", code=3)


def test_rejected_rows_have_their_reasons(pruned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _show(capsys, pruned, "--rejected")
    assert "lost (a.jsonl:4)" in told
    assert "cut-off: No end" in told
    assert json.loads(_show(capsys, pruned, "--rejected", "--json"))["rejected"][0]["id"] == "lost"
    assert "no row was rejected under that id" in _show(capsys, pruned, "some", "--rejected")


def test_nothing_of_a_trace_steers_the_terminal(
    pruned: Path, rewritten: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([rewritten], [rewritten, "--view", "sides"], [rewritten, "--view", "after", "--full"]):
        told = _show(capsys, *words)
        assert "\\x1b[2J\\x9b31m\\x07\\u202eevil\\r" in told.replace("\n", "").replace(" ", "")
        assert not set("\x1b\x9b\x07\u202e\r") & set(told)
    for words in ([rewritten, "--json"], [pruned, "--rejected"], [pruned, "--rejected", "--json"]):
        assert not set("\x1b\x9b\x07\u202e\r") & set(_show(capsys, *words))


def test_json_has_the_parts(rewritten: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [pair] = json.loads(_show(capsys, rewritten, "hostile", "--json"))["pairs"]
    assert "".join(text for kind, text in pair["parts"] if kind != "inserted") == f"Okay. {HOSTILE} is 5."
    assert "".join(text for kind, text in pair["parts"] if kind != "deleted") == pair["compressed"] == f"{HOSTILE} = 5."
    assert pair["measures"] == {"restructuring": 0.25, "faithfulness": 1.0}


@pytest.mark.parametrize("width", [24, 80, 200])
@pytest.mark.parametrize("view", ["marked", "sides", "after"])
def test_nothing_is_lost_on_terminals_of_any_width(pruned: Path, width: int, view: str) -> None:
    written = io.StringIO()
    console = Console(file=written, width=width, force_terminal=True, color_system="truecolor", markup=False)
    pairs = open_pairs(pruned)
    chosen = [figures for figures in pairs.figures if figures.id == "some"]
    PairPrinter(console, pairs, view, full=False).print_pair(next(pairs.read(chosen)))
    told = written.getvalue()
    assert "".join(["So", "the", "answer", "is", "10."]) in "".join(told.split())
    assert ("\x1b[3;31m" in told) == (view != "after")  # in colours, without marks
    assert "[-" not in told


@pytest.mark.parametrize("words", [[], ["--full"]])
def test_long_runs_are_folded_unless_all_is_asked_for(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [f"Line {number} is {number}." for number in range(40)]
    write([make_pruned("long", "1" + "0" * 20 + "1" * 19, steps=steps)], tmp_path / "out")
    told = _show(capsys, tmp_path / "out", *words)
    assert ("… 17 steps deleted …" in told) != bool(words)
    assert ("Line 10 is 10." in told) == bool(words)


def test_terminals_are_paged_and_pipes_are_not(
    pruned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paged: list[str] = []
    monkeypatch.setattr("pydoc.pager", paged.append)
    _show(capsys, pruned)
    assert paged == []
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    _show(capsys, pruned, "--no-pager")
    assert paged == []
    _show(capsys, pruned)
    assert len(paged) == 1
    assert "We have 2 + 3 = 5." in paged[0]


def test_a_page_is_written(rewritten: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert f"2 pairs of 2 written to {page}" in _show(capsys, rewritten, "--html", page)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_runs_end_with_what_to_look_at(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    traces = tmp_path / "traces.jsonl"
    traces.write_text('{"question": "2+3?", "reasoning": "Well. 2+3=5. So 5.", "answer": "5"}\n')
    folder = tmp_path / "out put"
    assert cotpress("compress", traces, "-o", folder, "--criterion", "head", "--keep", "0.5", "-q") == 0
    assert capfd.readouterr().out.endswith(f"look at it: cotpress show '{folder}'\n")
    assert cotpress("rewrite", traces, "-o", folder, "--force", "-q") == 0
    assert f"look at it: cotpress show '{folder}'" in capfd.readouterr().out
    assert "level edit, written by rules" in _show_text(folder, capfd)


def _show_text(folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    assert cotpress("show", folder) == 0
    return capfd.readouterr().out
