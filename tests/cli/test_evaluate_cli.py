"""`cotpress evaluate` from the outside, with a tiny model and an endpoint that repeats the question."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from command import cotpress

pytest.importorskip("torch")

from faulty_server import serving
from tiny_models import TEMPLATE, byte_tokenizer, save, small

from cotpress.evaluation import read_evaluation_result


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama with random weights."""
    from transformers import LlamaConfig

    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = LlamaConfig(**small(len(tokenizer), num_key_value_heads=2))
    return save(tmp_path_factory.mktemp("student") / "tiny", "AutoModelForCausalLM", config, tokenizer)


@pytest.fixture
def problems(tmp_path: Path) -> Path:
    """Problems that answer themselves, for whoever repeats them."""
    path = tmp_path / "problems.jsonl"
    rows = [{"question": f"Think of {n}. The answer is {n}", "answer": f"So.\n#### {n}"} for n in range(6)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def summary_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return found


def test_a_local_student(model: Path, problems: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--benchmark", f"gsm8k={problems}", "--max-new-tokens", 8, "--limit", 4, "--device", "cpu")
    assert cotpress("evaluate", model, *words, "-o", tmp_path / "a") == 0
    told = capfd.readouterr()
    assert "gsm8k" in told.out
    assert "at most 8 tokens" in told.out
    assert "4/4 problems" in told.err
    found = summary_of(tmp_path / "a")
    assert found["overall"]["problems"] == 4
    assert found["settings"]["counted_with"].startswith("tokenizer ")
    assert found["settings"]["student"]["chat_template"] is True
    assert {"cotpress", "torch", "transformers"} <= set(found["versions"])
    rows = read_evaluation_result(tmp_path / "a").rows
    assert all(row.completion_tokens == row.generated_tokens <= 8 for row in rows)
    assert (
        cotpress("evaluate", model, *words, "-o", tmp_path / "b", "--baseline", tmp_path / "a", "--quiet", "--json")
        == 0
    )
    told = capfd.readouterr()
    printed = json.loads(told.out)
    assert printed == summary_of(tmp_path / "b")
    assert printed["comparison"]["overall"]["inference_ratio"] == {"value": 1, "low": 1, "high": 1}
    assert "problems," not in told.err


def test_many_that_are_cut_off(model: Path, problems: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert (
        cotpress("evaluate", model, "--benchmark", f"gsm8k={problems}", "--max-new-tokens", 2, "-o", tmp_path / "a")
        == 0
    )
    told = capfd.readouterr().err
    assert "cut off at 2 tokens" in told
    assert "--max-new-tokens" in told


def test_a_student_without_a_template(
    model: Path, problems: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = Path(shutil.copytree(model, tmp_path / "plain"))
    (plain / "chat_template.jinja").unlink()
    words = ("--benchmark", f"gsm8k={problems}", "--max-new-tokens", 4, "-o", tmp_path / "out")
    assert cotpress("evaluate", plain, *words) == 0
    assert "no chat template" in capfd.readouterr().err
    assert summary_of(tmp_path / "out")["settings"]["student"]["chat_template"] is False


def test_an_endpoint(
    problems: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key-0123456789")
    rows = [{"question": "Well. [[fault:413]] The answer is 9", "answer": "#### 9"}]
    rows += [json.loads(line) for line in problems.read_text().splitlines()]
    problems.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with serving() as server:
        words = ("--backend", "openai", "--base-url", server.base_url, "--model", "m", "--bare", "--quiet")
        asked = ("--benchmark", f"gsm8k={problems}", "--samples", 2, "--temperature", 1, "-o", tmp_path / "out")
        assert cotpress("evaluate", *words, *asked) == 0
        told = capfd.readouterr()
        assert "calls failed" in told.err
        assert "pass@1 0.857" in told.out
        sent = len(server.bodies)
        assert cotpress("evaluate", *words, *asked) == 0  # the failed ones alone
        assert len(server.bodies) == sent + 2
    found = summary_of(tmp_path / "out")
    assert found["overall"]["accuracy"]["value"] == pytest.approx(6 / 7)
    assert found["overall"]["outcomes"]["failed"] == pytest.approx(1 / 7)
    assert found["settings"]["counted_with"] == "units"
    assert "sk-not" not in (tmp_path / "out" / "summary.json").read_text()


def test_what_is_refused(model: Path, problems: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    gsm = f"gsm8k={problems}"
    (tmp_path / "empty.jsonl").write_text("")
    done = tmp_path / "done"
    assert cotpress("evaluate", model, "--benchmark", gsm, "--max-new-tokens", 2, "-o", done, "--quiet") == 0
    capfd.readouterr()
    out = ("-o", tmp_path / "out")
    cases = [
        ((model, "--benchmark", "gsm9k", *out), 2, "Did you mean"),
        ((model, "--benchmark", f"gsm8k={tmp_path / 'none.jsonl'}", *out), 3, "none.jsonl"),
        ((model, "--benchmark", f"gsm8k={tmp_path / 'empty.jsonl'}", *out), (2, 3), "gsm8k"),
        ((model, "--benchmark", gsm, "--benchmark", gsm, *out), 2, "given twice"),
        ((model, *out), 2, "No benchmark"),
        (("--benchmark", gsm, *out), 2, "No student"),
        ((tmp_path / "nobody", "--benchmark", gsm, *out), 5, "no model at"),
        ((model, "--benchmark", gsm, "--backend", "vlmm", *out), 2, "no backend 'vlmm'"),
        ((model, "--benchmark", gsm, "--samples", "3", *out), 2, "greedy samples"),
        ((model, "--benchmark", gsm, "--baseline", tmp_path, *out), 3, "no finished evaluation"),
        ((model, "--benchmark", gsm, "--baseline", done, *out), 2, "generation budget of 2 tokens"),
        ((model, "--benchmark", gsm, "--max-new-tokens", 3, "-o", done), 4, "other settings"),
    ]
    for words, code, said in cases:
        found = cotpress("evaluate", *words, "--quiet")
        told = capfd.readouterr().err
        assert found in (code if isinstance(code, tuple) else (code,)), (words, told)
        assert said in told, (words, told)
        assert told.count("\n") == 1
        assert not (tmp_path / "out" / "summary.json").exists()


def test_an_adapter_whose_weights_are_damaged(
    model: Path, problems: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("peft")
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    config = {"peft_type": "LORA", "r": 4, "base_model_name_or_path": str(model), "target_modules": ["q_proj"]}
    (adapter / "adapter_config.json").write_text(json.dumps(config))
    (adapter / "adapter_model.safetensors").write_bytes(b"\x08\x00")
    words = ("--benchmark", f"gsm8k={problems}", "-o", tmp_path / "out")
    assert cotpress("evaluate", adapter, *words, "--quiet") == 5
    assert "cannot be read" in capfd.readouterr().err


def test_the_loss_on_solutions_is_measured_and_compared(
    model: Path, problems: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, more in (("first", ()), ("second", ("--baseline", tmp_path / "first"))):
        assert cotpress("evaluate", model, "--loss-on", problems, "-o", tmp_path / name, *more) == 0
    assert "less the baseline" in capfd.readouterr().out
    summary = json.loads((tmp_path / "second" / "loss.json").read_text())
    assert summary["problems"] == 6
    assert summary["difference"]["all"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert cotpress("evaluate", model, "--loss-on", problems, "--preset", "aime", "-o", tmp_path / "third") == 2
    assert "--loss-on asks nothing" in capfd.readouterr().err
