"""Rewriting in batches: the output of single calls, further batches for second drafts, and kills at every place."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

import hasty_command
from batch_server import BatchServer
from command import cotpress
from faulty_server import running
from forked_command import fork_command
from waiting import until

from cotpress import RewritePolicy, Trace, read, rewrite
from cotpress.chat import BatchPolicy, Prices, RetryPolicy, SpendLimit, batch_chat
from cotpress.errors import OptionError, SpendLimitError
from cotpress.models import ModelSpec
from cotpress.pipeline import (
    ClientConfig,
    RewriterConfig,
    RewriteSpec,
    RunPaths,
    estimate_cost,
    make_chat_writer,
    run_rewriting,
)
from cotpress.progress import Silent

FILES = ("traces.parquet", "sft.jsonl", "rejected.jsonl")
QUICK = RetryPolicy(timeout=10, retries=2)
BATCHES = BatchPolicy(100, 0.02)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[BatchServer]:
    monkeypatch.setattr(batch_chat, "IDLE_SECONDS", hasty_command.SECONDS)
    with running(BatchServer()) as one:
        yield one


class Heard(Silent):
    """Keeps what is said of the run as a whole."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def rows(path: Path, count: int) -> Path:
    """A file of traces, each with its own numbers."""
    with path.open("w") as file:
        for number in range(count):
            said = f"We need {number} plus 7. Hmm, let me see. {number} + 7 = {number + 7}. So it is {number + 7}."
            row = {"id": str(number), "question": f"{number} + 7?", "solution": said, "gold_answer": str(number + 7)}
            file.write(json.dumps(row) + "\n")
    return path


def job(server: BatchServer, **more: Any) -> RewriteSpec:
    return RewriteSpec("preserve", RewriterConfig("openai", ModelSpec("m"), server.base_url), **more)


def rewritten(path: Path, folder: Path, spec: RewriteSpec, asking: ClientConfig, progress: Silent) -> dict[str, Any]:
    return run_rewriting(read(path), spec, asking, RunPaths(folder / "out", folder / "store", force=True), progress)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / "out" / name).read_bytes() for name in FILES}


def test_batches_give_what_calls_give_and_share_their_replies(server: BatchServer, tmp_path: Path) -> None:
    path, heard = rows(tmp_path / "a.jsonl", 60), Heard()
    one_by_one = ClientConfig(retry_policy=QUICK)
    rewritten(path, tmp_path / "calls", job(server), one_by_one, Silent())
    batched = ClientConfig(retry_policy=QUICK, batch=BatchPolicy(40, 0.02), spend_limit=SpendLimit(Prices(1, 1, 0.5)))
    summary = rewritten(path, tmp_path / "batches", job(server), batched, heard)
    assert contents(tmp_path / "batches") == contents(tmp_path / "calls")
    assert [len(sent) for sent in server.sent] == [40, 20]
    assert set(server.paid.values()) == {1}
    told = summary["calls"]
    tokens = told["prompt_tokens"] + told["completion_tokens"]
    assert told["cost"] == pytest.approx(0.5 * tokens / 1e6, abs=1e-6)
    assert heard.lines[0] == "Batch batch_0: 40 requests sent."
    asked = len(server.calls)
    again = rewritten(path, tmp_path / "batches", job(server), one_by_one, Silent())
    assert again["calls"]["cached"] == 60
    assert len(server.calls) == asked


def test_second_drafts_are_a_further_batch(server: BatchServer, tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 40)
    spec = job(server, keep=("0.2",), policy=RewritePolicy(tries=3, tolerance=0.05))
    summary = rewritten(path, tmp_path, spec, ClientConfig(retry_policy=QUICK, batch=BATCHES), Silent())
    assert [len(sent) for sent in server.sent] == [40, 40], "the same draft twice ends a trace"
    assert summary["calls"]["asked"] == 80
    assert len({name for sent in server.sent for name in sent}) == 80


def test_the_python_function_asks_in_batches_as_well(server: BatchServer, tmp_path: Path) -> None:
    asking = ClientConfig(retry_policy=QUICK, batch=BATCHES)
    writer = make_chat_writer("m", base_url=server.base_url, store=tmp_path, client=asking)
    traces = [Trace(str(n), f"{n}+7?", f"Hmm. We add. {n} + 7 = {n + 7}. So it is {n + 7}.") for n in range(60)]
    assert len(list(rewrite(traces, "preserve", writer=writer))) == 60
    assert [len(sent) for sent in server.sent] == [60]


def test_the_estimate_knows_the_price_and_what_is_under_way(server: BatchServer, tmp_path: Path) -> None:
    path, store = rows(tmp_path / "a.jsonl", 10), tmp_path / "store"
    prices = SpendLimit(Prices(0.3, 2.5, 0.5))
    full = estimate_cost(read(path), job(server), ClientConfig(spend_limit=prices), store, Silent())
    batched = ClientConfig(spend_limit=prices, batch=BATCHES, retry_policy=QUICK)
    half = estimate_cost(read(path), job(server), batched, store, Silent())
    assert half["cost"] == pytest.approx(full["cost"] / 2, abs=1e-6)
    assert half["in_batches"] == 0
    assert not store.exists()

    server.polls = 10_000
    writer = make_chat_writer("m", base_url=server.base_url, store=store, client=batched)
    threading.Timer(1.0, writer.stop).start()
    with pytest.raises(SpendLimitError, match="stopped"):
        list(rewrite(read(path), "preserve", writer=writer))
    under_way = estimate_cost(read(path), job(server), batched, store, Silent())
    assert (under_way["in_batches"], under_way["calls"], under_way["cost"]) == (10, 0, 0)


def test_who_has_no_batches_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rows(tmp_path / "a.jsonl", 1)
    with pytest.raises(OptionError, match="has no batches"):
        rewritten(path, tmp_path, RewriteSpec("edit"), ClientConfig(batch=BATCHES), Silent())
    executor = ["--executor", "local", "--rewriter", "openai", "--model", "m"]
    assert cotpress("rewrite", str(path), "-o", str(tmp_path / "out"), "--batch", *executor) == 2
    assert "one process" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["uploaded", "created", "in progress", "second batch"])
def test_a_killed_run_pays_nothing_twice(server: BatchServer, tmp_path: Path, place: str) -> None:
    path = rows(tmp_path / "a.jsonl", 30)
    reached: dict[str, Callable[[], object]] = {
        "uploaded": lambda: server.files,
        "created": lambda: server.batches,  # there, and the answer still under way
        "in progress": lambda: [call for call in server.calls if "GET /v1/batches/" in call],
        "second batch": lambda: len(server.batches) == 2,
    }
    server.create_delay = 60.0 if place in ("uploaded", "created") else 0.0
    server.polls = 1 if place == "second batch" else 10_000
    options = ["--level", "preserve", "--rewriter", "openai", "--model", "m", "--base-url", server.base_url]
    words = ["rewrite", str(path), "-o", str(tmp_path / "out"), *options, "--store", str(tmp_path / "store")]
    words += ["--batch", "--batch-poll", "0.05", "--batch-size", "20", "-q"]
    child = fork_command(words, tmp_path / "logs", hasty=True)
    until(reached[place], 60)
    child.kill()
    server.create_delay, server.polls = 0.0, 1
    assert fork_command(words, tmp_path / "logs", hasty=True).wait() == 0
    assert set(server.paid.values()) == {1}, "a reply was paid for twice"
    assert len(server.paid) == 30
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["compressed"], summary["rejected"]) == (30, 0)
    assert not list((tmp_path / "store" / "batches").glob("*.json"))
