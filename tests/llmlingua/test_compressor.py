from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from command import cotpress

pytest.importorskip("torch")

from cotpress.llmlingua import LLMLingua2, LLMLinguaCompressor
from cotpress.types import Compressed, Rejected, Trace

REASONING = "The sum of two numbers is 12, so let x be the first. Then 3x + 4 = 40, half of them remain. " * 3 + "So."


def letters(text: str) -> list[int]:
    return list(range(1 + len(text) // 4))


def test_one_outcome_a_trace(classifier: Callable[[str], Path]) -> None:
    model = LLMLingua2(classifier("bert"), weigh=lambda word: len(letters(word)))
    traces = [Trace("a", "Q", REASONING), Trace("b", "Q", "☃"), Trace("c", "Q", REASONING)]
    first, second, third = LLMLinguaCompressor(model, lambda trace: 0.3 if trace.id == "c" else 0.6).compress(traces)
    assert isinstance(first, Compressed)
    assert isinstance(third, Compressed)
    assert isinstance(second, Rejected)
    assert second.reason == "llmlingua-fails"
    assert first.text == model.compress_text(REASONING, 0.6).text
    assert 0 < third.tokens_kept < first.tokens_kept < first.tokens_original
    assert (first.target_ratio, third.target_ratio) == (0.6, 0.3)


def run(folder: Path, model: Path, *more: str) -> int:
    rows = [{"id": f"t{i}", "question": "Q", "reasoning": REASONING, "answer": "12"} for i in range(5)]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    chosen = ["--criterion", "saliency", "--source", "llmlingua", "--model", str(model), "--keep", "0.5"]
    return cotpress("compress", folder / "in.jsonl", "-o", folder / "out", "-q", *chosen, *more)


def test_from_the_command_line(
    classifier: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = SimpleNamespace(encoding_for_model=lambda name: SimpleNamespace(encode=letters))
    monkeypatch.setitem(sys.modules, "tiktoken", fake)
    assert run(tmp_path, classifier("xlm-roberta"), "--granularity", "token", "--protect", "none") == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["traces"], summary["compressed"]) == (5, 5)
    [first, *_] = (tmp_path / "out" / "sft.jsonl").read_text().splitlines()
    expected = LLMLingua2(classifier("xlm-roberta")).compress_text(REASONING, 0.5).text
    assert json.dumps(expected)[1:-1] in first


def test_what_the_package_does_not_know_is_refused(
    classifier: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, classifier("bert"), "--corpus") != 0
    said = " ".join(capsys.readouterr().err.split())
    for asked in ("no steps (give --granularity token)", "no protection", "no budgets other than ratios"):
        assert asked in said
