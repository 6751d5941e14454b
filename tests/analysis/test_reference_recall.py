"""What an output keeps of reference solutions, beside random pruning."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command import cotpress as run

from cotpress import Method, Trace, compress, measure, read, write
from cotpress.analysis.reference_recall import measure_output_references, prune_at_random
from cotpress.errors import InputError
from cotpress.pipeline.gauging import make_baseline
from cotpress.text import segment
from cotpress.traces import ReferenceSolutions

DERIVATION = "\n\n".join(
    f"Hmm, let me look at the next one.\n\nSo ${number}a = {37 * number}$." for number in range(11, 31)
)
TRACES = [Trace(str(number), f"Question {number}?", DERIVATION, "Done.") for number in range(8)]
REFERENCE = "We have $" + "$, $".join(f"{number}a = {37 * number}" for number in range(11, 31)) + "$."
REFERENCES = ReferenceSolutions([Trace(trace.id, trace.question, REFERENCE) for trace in TRACES])


def _compress(folder: Path, criterion: object, keep: float = 0.5) -> Path:
    write(compress(TRACES, Method(criterion), keep=keep), folder)  # type: ignore[arg-type]
    return folder


def keep_formulas(evidence):  # type: ignore[no-untyped-def]  # a criterion as a user writes one
    """Steps with a formula are kept."""
    bounds = evidence.segments.tolist()
    return [float("=" in evidence.text[start:end]) for start, end in pairwise(bounds)]


def test_a_criterion_that_keeps_the_formulas_keeps_the_reference_and_chance_does_not(tmp_path: Path) -> None:
    formal = measure_output_references(_compress(tmp_path / "out", keep_formulas, 0.6), REFERENCES)["formal"]
    assert formal["recall"] == formal["low"] == formal["high"] == 1.0
    assert 0.4 < formal["random"] < 0.9
    assert formal["gain_low"] > 0
    assert formal["traces"] == len(TRACES)


def test_random_pruning_is_level_with_chance(tmp_path: Path) -> None:
    formal = measure_output_references(_compress(tmp_path / "out", "random"), REFERENCES)["formal"]
    assert formal["gain_low"] <= 0 <= formal["gain_high"]


@pytest.mark.parametrize("ratio", [0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("granularity", ["step", "token"])
def test_random_pruning_comes_near_to_the_ratio(granularity: str, ratio: float) -> None:
    whole = len(segment(DERIVATION).kinds)
    for text in prune_at_random(TRACES[0], ratio, make_baseline(Method("random", granularity))):
        assert len(segment(text).kinds) / whole == pytest.approx(ratio, abs=0.1)


def test_traces_of_other_problems_have_no_reference(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"None of the 8 traces of .* has a reference"):
        measure_output_references(_compress(tmp_path / "out", "head"), ReferenceSolutions([Trace("1", "Other?", "x")]))


def test_the_verb_prints_a_table_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, file = _compress(tmp_path / "out", "head"), tmp_path / "short.jsonl"
    rows = ({"question": trace.question, "solution": REFERENCE, "gold_answer": "37"} for trace in TRACES)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("measure", out, "--reference", file) == 0
    assert "formulas and numbers" in capsys.readouterr().out
    assert run("measure", out, "--reference", file, "--json") == 0
    recall = json.loads(capsys.readouterr().out)[str(out)]["reference"]
    assert recall["formal"]["traces"] == recall["traces"] == len(TRACES)
    assert recall["words"]["traces"] == len(TRACES)
    assert measure(out, file)["reference"] == recall
    assert run("measure", out, "--reference-field", "solution") == 2
    assert "Add --reference FILE" in capsys.readouterr().err


def test_a_run_measures_its_traces_against_the_references(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the summary beside random pruning, a column each, and with the references in what an output is keyed by."""
    traces, short, out = (tmp_path / name for name in ("long.jsonl", "short.jsonl", "out"))
    for file, text in ((traces, DERIVATION), (short, REFERENCE)):
        rows = ({"question": trace.question, "solution": text, "gold_answer": "37"} for trace in TRACES)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = ("--criterion", "head", "--keep", 0.5, "-q", "--json")
    assert run("compress", traces, "-o", out, "--reference", short, *options) == 0
    summary = json.loads(capsys.readouterr().out)
    figures = summary["gauges"]["reference_formal"]
    assert figures["traces"] == len(TRACES)
    assert figures["compressed"] == pytest.approx(0.5, abs=0.05)
    assert 0.2 < figures["random"] < 0.8
    assert pq.read_table(out / "traces.parquet")["gauge_reference_formal"].to_pylist() == [figures["compressed"]] * 8
    assert [Path(entry[0]).name for entry in summary["input"]] == ["long.jsonl", "short.jsonl"]
    assert run("compress", traces, "-o", tmp_path / "plain", *options) == 0
    assert json.loads(capsys.readouterr().out)["gauges"].get("reference_formal", {"traces": 0})["traces"] == 0
    assert run("rewrite", traces, "-o", tmp_path / "rewritten", "--reference", short, "-q", "--json") == 0
    assert json.loads(capsys.readouterr().out)["gauges"]["reference_formal"]["traces"] == len(TRACES)
    assert run("compress", traces, "-o", tmp_path / "x", "--reference", short, "--executor", "local", *options) == 2
    assert "cotpress measure OUT --reference FILE" in capsys.readouterr().err


def test_real_tokens_kept_by_nll_hold_less_of_a_solution_than_chance(shared_data: Path, tmp_path: Path) -> None:
    rows = list(read(shared_data / "traces" / "limo_r1_distill_qwen_32b.jsonl"))
    shortest = sorted((row for row in rows if isinstance(row, Trace)), key=lambda row: len(row.reasoning))[:20]
    write(compress(shortest, Method("nll", "token", ("answer",), formulas="inside"), keep=0.3), tmp_path / "out")
    recall = measure(tmp_path / "out", shared_data / "traces" / "limo_human.jsonl")["reference"]["formal"]
    assert recall["gain_high"] < 0
