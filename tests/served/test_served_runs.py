"""Whole runs with a served model: the outcome is that of the local one, and what the summary says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import cotpress as run
from faulty_server import Behaviour
from served_case import LONG, MODEL, PLAIN, SHORT, TRACES, Serve

import cotpress
from cotpress.chat import RetryPolicy
from cotpress.errors import OptionError
from cotpress.models import ModelSpec
from cotpress.pipeline import CompressionSpec, SignalSourceConfig
from cotpress.pruning import Method
from cotpress.served import ServerConfig
from cotpress.types import Compressed, Rejected, Trace

SOME_URL = "http://localhost:8000/v1"


def write_rows(path: Path, traces: list[Trace]) -> Path:
    names = ("id", "question", "reasoning", "answer", "system")
    rows = ({name: getattr(trace, name) for name in names} for trace in traces)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read_texts(output: Path) -> str:
    return (output / "sft.jsonl").read_text()


@pytest.mark.parametrize("granularity", ["step", "token"])
def test_real_traces_are_compressed_as_by_the_local_model(
    serve: Serve, shared_data: Path, tmp_path: Path, granularity: str
) -> None:
    folder, server = shared_data / "traces", serve()
    lines = (folder / "gsm8k_train_2000.jsonl").read_text().splitlines(keepends=True)[:5]
    long = (folder / "limo_r1_distill_qwen_32b.jsonl").read_text().splitlines(keepends=True)[:1]
    for name, rows in (("short", lines), ("long", long)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(rows))
        common = [path, "--criterion", "nll", "--granularity", granularity, "--keep", "0.5", "--model", MODEL]
        common += ["--context", "900"]
        assert run("compress", *common, "-o", tmp_path / f"{name}-served", "--base-url", server.base_url) == 0
        assert run("compress", *common, "-o", tmp_path / f"{name}-local") == 0
        assert read_texts(tmp_path / f"{name}-served") == read_texts(tmp_path / f"{name}-local")
    assert len(server.bodies) > 20  # the long one takes many windows


def test_what_a_run_says_of_its_server(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORING_KEY", "sk-not-a-real-key-0123456789")
    server, path = serve(), write_rows(tmp_path / "traces.jsonl", TRACES)
    words = [path, "--criterion", "nll", "--model", MODEL, "--base-url", server.base_url, "--key-env", "SCORING_KEY"]
    assert run("compress", *words, "-o", tmp_path / "out", "--store", tmp_path / "store") == 0
    method = json.loads((tmp_path / "out" / "summary.json").read_text())["method"]
    assert method["source"] == "served"
    assert method["scoring"]["model"] == MODEL
    assert method["scoring"]["server"] == {"base_url": server.base_url, "tokenizer": "", "top_k": 5}
    everything = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"not-a-real-key" not in everything
    asked = len(server.bodies)
    assert run("compress", *words, "-o", tmp_path / "again", "--store", tmp_path / "store", "--keep", "0.3") == 0
    assert len(server.bodies) == asked  # every ratio and granularity after the first is read from the store


def test_a_failed_call_is_a_reject_and_asked_for_again(serve: Serve, tmp_path: Path) -> None:
    server = serve(Behaviour(script=["", "invalid-json"]))
    path = write_rows(tmp_path / "traces.jsonl", [SHORT, PLAIN, LONG])
    words = ["compress", path, "-o", tmp_path / "out", "--criterion", "nll", "--model", MODEL]
    words += ["--base-url", server.base_url, "--retries", "0", "--concurrency", "1", "--store", tmp_path / "store"]
    assert run(*words) == 0
    [line] = (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()
    assert (json.loads(line)["reason"], json.loads(line)["id"]) == ("call-failed", PLAIN.id)
    asked = len(server.bodies)
    assert run(*words, "--force") == 0
    assert (tmp_path / "out" / "rejected.jsonl").read_text() == ""
    assert len(server.bodies) == asked + 1


def test_rejections_stay_where_they_stood(serve: Serve) -> None:
    server = serve(Behaviour(script=["", "500"]))
    config = ServerConfig(server.base_url, concurrency=1, retry_policy=RetryPolicy(60, 0))
    source = cotpress.ServedLM(MODEL, config)
    outcomes = list(cotpress.compress(TRACES, Method("nll", "token"), keep=0.5, source=source))
    assert [type(outcome) for outcome in outcomes] == [Compressed, Rejected, Compressed]
    server.script.extend(["", "500"])
    whole = cotpress.BudgetConfig(("0.5",), corpus=True)
    outcomes = list(cotpress.compress(TRACES, Method("nll", "token"), keep=whole, source=source))
    assert len(outcomes) == 3


def test_from_python(serve: Serve) -> None:
    source = cotpress.ServedLM(MODEL, serve().base_url)
    served = cotpress.compress(TRACES, cotpress.Method("nll"), keep=0.5, source=source)
    local = cotpress.compress(TRACES, cotpress.Method("nll"), keep=0.5, source=cotpress.LM(MODEL))
    assert [outcome.text for outcome in served] == [outcome.text for outcome in local]


def test_top_k_entropy_is_a_criterion_of_its_own(serve: Serve, tmp_path: Path) -> None:
    server, path = serve(), write_rows(tmp_path / "traces.jsonl", TRACES)
    words = [path, "-o", tmp_path / "out", "--criterion", "top-k-entropy", "--model", MODEL, "--top-logprobs", "3"]
    assert run("compress", *words, "--base-url", server.base_url) == 0
    assert {body["logprobs"] for body in server.bodies} == {3}
    method = json.loads((tmp_path / "out" / "summary.json").read_text())["method"]
    assert (method["source"], method["scoring"]["server"]["top_k"]) == ("served-top-k", 3)


@pytest.mark.parametrize(
    ("criterion", "scoring", "says"),
    [
        ("entropy", {"server": ServerConfig(SOME_URL)}, "reads entropy, which served does not give"),
        ("backbone", {"server": ServerConfig(SOME_URL)}, "reads no signal"),
        ("nll", {"source": "lm", "server": ServerConfig(SOME_URL)}, "'lm' asks no server"),
        ("nll", {"source": "served"}, "which server scores"),
        ("nll", {"server": ServerConfig(SOME_URL), "model": ModelSpec()}, "needs a model"),
        ("nll", {"server": ServerConfig(SOME_URL), "model": ModelSpec(MODEL, device="cpu")}, "as it was started"),
        ("top-k-entropy", {}, "which server scores"),
    ],
)
def test_what_does_not_go_together_is_refused(criterion: str, scoring: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionError, match=says):
        CompressionSpec(Method(criterion), scoring=SignalSourceConfig(**{"model": ModelSpec(MODEL), **scoring}))


def test_settings_without_a_server_are_as_before() -> None:
    assert "server" not in SignalSourceConfig("lm", MODEL).to_dict()
