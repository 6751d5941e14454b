"""Whole rewriting runs: what is written, what is asked, and that an interrupted run loses and repeats nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

pytest.importorskip("openai")

from faulty_server import Behaviour, FaultyServer, serving
from forked_command import fork_command

from cotpress import Compressed, RewritePolicy, Trace, make_chat_writer, read, rewrite
from cotpress.analysis.output_measures import measure_output
from cotpress.chat import Prices, RetryPolicy, SpendLimit
from cotpress.errors import ModelError, OptionError, OutputError, SpendLimitError
from cotpress.models import ModelSpec
from cotpress.pipeline import (
    ClientConfig,
    RewriterConfig,
    RewriteSpec,
    RunPaths,
    estimate_cost,
    rewriting_run,
    run_rewriting,
)
from cotpress.progress import Silent
from cotpress.study import parse_study, sweep

FILES = ("traces.parquet", "sft.jsonl", "rejected.jsonl")
QUICK = RetryPolicy(timeout=10, retries=8)


def rows(path: Path, count: int) -> Path:
    """A file of traces, each with its own numbers, the third one bad."""
    with path.open("w") as file:
        for number in range(count):
            said = f"We need {number} plus 7. Hmm, let me see. {number} + 7 = {number + 7}. So it is {number + 7}."
            row = {"id": str(number), "question": f"{number} + 7?", "solution": said, "gold_answer": str(number + 7)}
            file.write("{oops\n" if number == 2 else json.dumps(row) + "\n")
    return path


def job(server: FaultyServer, **more: Any) -> RewriteSpec:
    """Rewriting at the mildest level through the server."""
    return RewriteSpec("preserve", RewriterConfig("openai", ModelSpec("m"), server.base_url), **more)


def rewritten(
    path: Path, folder: Path, server: FaultyServer, asking: ClientConfig | None = None, **more: Any
) -> dict[str, Any]:
    """One run; replies are kept beside the output."""
    place = RunPaths(folder / "out", folder / "store", force=True)
    return run_rewriting(read(path), job(server, **more), asking or ClientConfig(retry_policy=QUICK), place, Silent())


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / "out" / name).read_bytes() for name in FILES}


def test_every_row_is_accounted_for_and_every_call_recorded(tmp_path: Path) -> None:
    with serving() as server:
        summary = rewritten(
            rows(tmp_path / "a.jsonl", 80),
            tmp_path,
            server,
            asking=ClientConfig(retry_policy=QUICK, spend_limit=SpendLimit(Prices(0.3, 2.5))),
        )
        assert set(server.answered.values()) == {1}
    assert (summary["traces"], summary["compressed"], summary["rejected"]) == (80, 79, 1)
    assert (summary["level"], summary["rewriter"], summary["target_ratio"]) == ("preserve", "m", None)
    assert summary["measures"] == {"restructuring": 0.0, "faithfulness": 1.0}
    calls = [json.loads(line) for line in (tmp_path / "out" / "calls.jsonl").read_text().splitlines()]
    assert len(calls) == summary["calls"]["asked"] == 79
    tokens = (sum(call["prompt_tokens"] for call in calls), sum(call["completion_tokens"] for call in calls))
    assert tokens == (summary["calls"]["prompt_tokens"], summary["calls"]["completion_tokens"])
    assert (
        summary["calls"]["cost_not_cached"]
        == summary["calls"]["cost"]
        == pytest.approx((tokens[0] * 0.3 + tokens[1] * 2.5) / 1e6, abs=1e-6)
    )
    table = pq.read_table(tmp_path / "out" / "traces.parquet").to_pylist()
    assert {row["restructuring"] for row in table} == {0.0}
    assert all(row["kept_spans"] is None and "Hmm" not in row["compressed"] for row in table)
    measured = measure_output(tmp_path / "out")
    assert (measured["traces"], measured["restructuring"]) == (79, 0.0)


def test_a_second_run_asks_nobody(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 20)
    with serving() as server:
        rewritten(path, tmp_path, server)
        first, asked = contents(tmp_path), sum(server.asked.values())
        summary = rewritten(path, tmp_path, server, keep=("0.9",), policy=RewritePolicy(tolerance=0.9))
        assert sum(server.asked.values()) > asked, "another budget is another request"
        asked = sum(server.asked.values())
        assert rewritten(path, tmp_path, server)["calls"]["cached"] == 19
        assert sum(server.asked.values()) == asked
    assert contents(tmp_path) == first
    assert summary["target_ratio"] == 0.9


def test_equal_traces_are_asked_for_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = {"question": "1 + 1?", "solution": "We add. 1 + 1 = 2. So it is 2.", "gold_answer": "2"}
    path.write_text("".join(json.dumps({"id": str(number), **row}) + "\n" for number in range(30)))
    with serving(Behaviour(delay=0.05)) as server:
        summary = rewritten(path, tmp_path, server)
        assert sum(server.asked.values()) == 1
    assert (summary["compressed"], summary["calls"]["cached"]) == (30, 29)


class Interrupted(Silent):
    """Stops the run, as a user would, after so many traces."""

    def __init__(self, after: int) -> None:
        self.left = after

    def advance(self, traces: int) -> None:
        self.left -= traces
        if self.left < 0:
            raise KeyboardInterrupt


def test_an_interrupted_run_continues_without_asking_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting_run, "PART_SIZE", 24)
    path = rows(tmp_path / "a.jsonl", 80)
    with serving(Behaviour(delay=0.01)) as server:
        calm = tmp_path / "calm"
        rewritten(path, calm, server)
    rough = tmp_path / "rough"
    with serving(Behaviour(delay=0.01)) as server:
        asking = ClientConfig(retry_policy=QUICK)
        for after in (12, 40, 12):
            with pytest.raises(KeyboardInterrupt):
                run_rewriting(
                    read(path), job(server), asking, RunPaths(rough / "out", rough / "store"), Interrupted(after)
                )
        summary = run_rewriting(read(path), job(server), asking, RunPaths(rough / "out", rough / "store"), Silent())
        assert set(server.answered.values()) == {1}, "an answer was paid for twice"
        assert len(server.answered) == 79
    assert summary["calls"]["asked"] == 79
    assert contents(rough) == contents(calm)


def test_a_killed_run_with_failing_calls_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 80)
    with serving() as server:
        rewritten(path, tmp_path / "calm", server)
    folder = tmp_path / "rough"
    with serving(Behaviour(delay=0.05, fail=0.3)) as server:
        options = ["--level", "preserve", "--rewriter", "openai", "--model", "m", "--base-url", server.base_url]
        words = ["rewrite", str(path), "-o", str(folder / "out"), *options, "--store", str(folder / "store")]
        words += ["--concurrency", "16", "-q"]
        for answers in (20, 50):
            child = fork_command(words, tmp_path / "logs", hasty=True)
            while sum(server.answered.values()) < answers and child.is_running:
                time.sleep(0.01)
            child.kill()
        if not (folder / "out" / "summary.json").exists():
            assert fork_command(words, tmp_path / "logs", hasty=True).wait() == 0
        assert sum(server.answered.values()) <= 79 + 2 * 16
    tables = [pq.read_table(place / "out" / "traces.parquet") for place in (folder, tmp_path / "calm")]
    assert tables[0].to_pylist() == tables[1].to_pylist()
    assert contents(folder) == contents(tmp_path / "calm")


def test_a_limit_stops_and_a_higher_one_continues(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 100)
    with serving() as server:
        place = RunPaths(tmp_path / "out", tmp_path / "store")
        tight = ClientConfig(2, SpendLimit(max_tokens=5000), QUICK)
        with pytest.raises(SpendLimitError, match="of at most 5,000 tokens are spent"):
            run_rewriting(read(path), job(server), tight, place, Silent())
        assert 0 < sum(server.asked.values()) < 40
        summary = run_rewriting(read(path), job(server), ClientConfig(2, retry_policy=QUICK), place, Silent())
        assert set(server.answered.values()) == {1}
    assert summary["compressed"] == 99


def test_failed_checks_are_remembered_and_asked_again_only_on_demand(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 10)
    with serving(Behaviour(script=["refusal"] * 9)) as server:
        assert rewritten(path, tmp_path, server)["rejected_reasons"] == {"invalid-json": 1, "refused": 9}
        again = rewritten(path, tmp_path, server)
        assert (again["rejected"], sum(server.asked.values())) == (10, 9)
        retried = rewritten(path, tmp_path, server, asking=ClientConfig(retry_policy=QUICK, retry_failed=True))
        assert (retried["compressed"], sum(server.asked.values())) == (9, 18)


def test_the_estimate_calls_nobody_and_knows_what_is_stored(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 20)
    with serving() as server:
        asking = ClientConfig(retry_policy=QUICK, spend_limit=SpendLimit(Prices(1, 1)))
        before = estimate_cost(read(path), job(server), asking, tmp_path / "store", Silent())
        assert not server.asked
        assert not (tmp_path / "store").exists()
        summary = rewritten(path, tmp_path, server, asking)
        after = estimate_cost(read(path), job(server), asking, tmp_path / "store", Silent())
    assert (before["calls"], before["calls_at_most"], before["cached"]) == (19, 57, 0)
    words = summary["calls"]["prompt_tokens"]  # this server counts words
    assert words < before["prompt_tokens"] < 3 * words
    assert before["cost"] > 0
    assert (after["calls"], after["cached"], after["cost"]) == (0, 19, 0)


def test_pruning_fills_in_where_drafts_miss_the_budget(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 10)
    steering = RewritePolicy(tries=1, tolerance=0.05, fallback="prune")
    with serving() as server:
        summary = rewritten(path, tmp_path, server, keep=("0.5",), policy=steering)
    assert summary["flags"]["pruned"] == summary["flags"]["off-budget"] == 9
    assert summary["flags"]["over-budget"] == 9  # the protected answer is most of such a row
    assert summary["realized_ratio"] <= 0.55


def test_the_python_call_needs_no_file_and_no_model() -> None:
    def traces() -> Iterator[Trace]:
        for number in range(3):
            yield Trace(str(number), "2 + 3?", "Hmm, let me think. We add. 2 + 3 = 5. So the answer is 5.")

    out: Iterable[object] = rewrite(traces(), "preserve")
    assert [one.text for one in out if isinstance(one, Compressed)] == ["We add. 2 + 3 = 5. The answer is 5."] * 3


def test_a_part_with_failed_calls_is_done_again_when_an_outage_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting_run, "PART_SIZE", 16)
    path = rows(tmp_path / "a.jsonl", 60)
    once = ClientConfig(1, retry_policy=RetryPolicy(timeout=5, retries=0))
    with serving(Behaviour(script=["500"] * 3 + [""] * 25 + ["500"] * 30)) as server:
        place = RunPaths(tmp_path / "out", tmp_path / "store")
        with pytest.raises(ModelError, match="20 calls in a row"):
            run_rewriting(read(path), job(server), once, place, Silent())
        server.script.clear()
        summary = run_rewriting(read(path), job(server), once, place, Silent())
    assert (summary["compressed"], summary["rejected_reasons"]) == (59, {"invalid-json": 1})


def _delete(content: bytes) -> bytes | None:
    return None


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    """Every reply has another letter in it."""
    assert b"plus" in content
    return content.replace(b"plus", b"pluz")


def _replace(content: bytes) -> bytes:
    return b"not a database" * 1000


@pytest.mark.parametrize("damage", [_delete, _cut, _flip, _replace])
def test_a_damaged_cache_is_an_error_or_asked_again(damage: Any, tmp_path: Path) -> None:
    source = rows(tmp_path / "a.jsonl", 12)
    with serving() as server:
        rewritten(source, tmp_path, server)
        before, asked = contents(tmp_path), sum(server.asked.values())
        cache = tmp_path / "store" / "replies.sqlite"
        changed = damage(cache.read_bytes())
        cache.unlink()
        if changed is not None:
            cache.write_bytes(changed)
        try:
            rewritten(source, tmp_path, server)
            failed = ""
        except OutputError as error:
            failed = error.hint
            cache.unlink()
            rewritten(source, tmp_path, server)
        assert ("delete it" in failed) == (damage in (_cut, _replace))
        assert sum(server.asked.values()) == 2 * asked
    assert contents(tmp_path) == before


def test_a_hint_reaches_the_model_and_is_not_for_the_rules(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", 3)
    with serving() as server:
        rewritten(path, tmp_path, server, policy=RewritePolicy(hint="backbone"))
        assert all("-facts>" in body["messages"][1]["content"] for body in server.bodies)
    with pytest.raises(OptionError, match="backbone already"):
        RewriteSpec("edit", policy=RewritePolicy(hint="backbone"))
    with pytest.raises(OptionError, match="no hint"):
        RewritePolicy(hint="bone")


def test_a_hint_reaches_the_model_from_python_and_from_a_study(tmp_path: Path) -> None:
    steering, row = RewritePolicy(hint="backbone"), Trace("a", "2 + 3?", "We add. 2 + 3 = 5. The answer is 5.", "5")
    with serving() as server:
        writer = make_chat_writer("m", base_url=server.base_url, store=tmp_path / "store")
        assert isinstance(next(rewrite([row], "preserve", writer=writer, policy=steering)), Compressed)
        assert "-facts>" in server.bodies[0]["messages"][1]["content"]
        asked = f"rewriter: openai, model: m, base_url: {server.base_url}, hint: backbone"
        conditions = "conditions: {m: {traces: world, domain: math, regime: long, limit: 2}}"
        sweep(parse_study(f"name: a\n{conditions}\nrewriting: {{levels: [preserve], {asked}}}\n", "a"), tmp_path)
        assert len(server.bodies) > 1
        assert all("-facts>" in body["messages"][1]["content"] for body in server.bodies)
    with pytest.raises(OptionError, match="backbone already"):
        rewrite([row], policy=steering)


def test_a_level_without_rules_needs_none_where_a_model_writes(tmp_path: Path) -> None:
    level = tmp_path / "mine.md"
    level.write_text(
        "---\nname: mine\norder: 9\nversion: 1\nsummary: x.\npublished_in: here\nchecks: []\n---\n- Shorten.\n"
    )
    row = Trace("a", "2 + 3?", "We add. 2 + 3 = 5. The answer is 5.", "5")
    with serving() as server:
        writer = make_chat_writer("m", base_url=server.base_url, store=tmp_path / "store")
        assert isinstance(next(rewrite([row], str(level), writer=writer)), Compressed)
    with pytest.raises(OptionError, match="no rules for the level"):
        rewrite([row], str(level))
