"""Rewriting that goes wrong ends in one line, or in rejects with a reason; nothing is lost, paid twice or told."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faulty_server
import pytest
from broken_rewrites import CASES, GOOD, HERE, KEY, Case, bad, fails
from command import cotpress
from faulty_server import Behaviour, FaultyServer, serving
from forked_command import fork_command
from waiting import until


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("OPENAI_BASE_URL", "NO_KEY", "COTPRESS_DEBUG"):
        monkeypatch.delenv(name, raising=False)


def _written(path: Path, rows: Iterable[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _many(path: Path, count: int) -> Path:
    said = "We need {0} plus 7. Hmm, let me see. {0} + 7 = {1}. So it is {1}."
    return _written(
        path,
        (
            {
                "id": str(one),
                "question": f"{one}+7?",
                "solution": said.format(one, one + 7),
                "gold_answer": str(one + 7),
            }
            for one in range(count)
        ),
    )


def _words(source: Path, output: Path, url: str, *options: str) -> list[str]:
    """A whole command line; an option that is given again counts in place of the one here."""
    usual = {"--level": "preserve", "--rewriter": "openai", "--model": "m", "--base-url": url, "--retries": "0"}
    kept = [word for name, value in usual.items() if name not in options for word in (name, value)]
    return ["rewrite", str(source), "-o", str(output), "--json", "-q", *kept, *options]


def _one_line(captured: Any, says: str) -> None:
    assert captured.out == ""
    assert captured.err.startswith("cotpress: ")
    assert captured.err.count("\n") == 1, captured.err
    assert says in captured.err


def _no_key_below(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_broken(case: Case, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    case.prepare(tmp_path)
    source = _written(tmp_path / "in.jsonl", case.rows)
    with serving(case.behaviour) as server:
        options = [option.replace(HERE, str(tmp_path)) for option in case.options]
        code = cotpress(*_words(source, tmp_path / "out", server.base_url, *options))
        assert case.asks or not server.asked
    captured = capfd.readouterr()
    assert code == case.code, captured.err
    assert KEY not in captured.out + captured.err
    _no_key_below(tmp_path)
    if case.says:
        _one_line(captured, case.says)
        assert not (tmp_path / "out" / "summary.json").exists()
        return
    if case.code:  # nothing is left: the reasons are said
        assert f"{case.reasons[0]}: line 1 of" in captured.err
    else:
        assert captured.err == ""
    summary = json.loads(captured.out)
    reasons = [json.loads(line)["reason"] for line in (tmp_path / "out" / "rejected.jsonl").open(encoding="utf-8")]
    assert summary["traces"] == summary["compressed"] + summary["rejected"] == len(case.rows)
    assert reasons == list(case.reasons)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


# secrets


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(), Behaviour(key="another"), fails("500"), fails("401")],
    ids=["well", "another key wanted", "down", "echoing the key"],
)
def test_the_key_is_sent_and_nowhere_else(
    behaviour: Behaviour, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = _many(tmp_path / "in.jsonl", 30)
    with serving(behaviour) as server:
        words = _words(source, tmp_path / "out", server.base_url, "--store", str(tmp_path / "store"))
        cotpress(*(word for word in words if word != "-q"))
        assert any(KEY in head for head in server.headers), "the test would find nothing either way"
    captured = capfd.readouterr()
    assert KEY not in captured.out + captured.err
    _no_key_below(tmp_path)


def test_an_answer_that_repeats_the_key_is_kept_without_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def echoing(messages: Any) -> str:
        return f"Two and three make five. {KEY} So it is 5."

    source = _written(tmp_path / "in.jsonl", [GOOD])
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setattr(faulty_server, "rewrite", echoing)
        cotpress(*_words(source, tmp_path / "out", server.base_url, "--store", str(tmp_path / "store")))
    assert KEY not in "".join(capfd.readouterr())
    _no_key_below(tmp_path)


# what may be spent


def test_a_limit_on_tokens_stops_and_more_of_them_continue(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = _many(tmp_path / "in.jsonl", 40)
    with serving() as server:
        for limit, most in (("1", 8), ("3000", 8 + 12)):
            words = _words(source, tmp_path / "out", server.base_url, "--max-spent-tokens", limit)
            assert cotpress(*words) == 7
            _one_line(capfd.readouterr(), "--max-spent-tokens")
            assert sum(server.answered.values()) <= most, "a limit is overrun by the calls under way at most"
        assert cotpress(*_words(source, tmp_path / "out", server.base_url, "--max-spent-tokens", "1000000")) == 0
        assert Counter(server.asked.values()) == {1: 40}
    assert json.loads(capfd.readouterr().out)["compressed"] == 40


@pytest.mark.parametrize("limit", [("--max-spent-tokens", "2000"), ("--max-cost", "0.002", "--price", "1,1")], ids=str)
@pytest.mark.parametrize("counts", [True, False], ids=["counting", "not counting"])
def test_a_limit_holds_whether_or_not_the_endpoint_counts(
    limit: tuple[str, ...], counts: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def uncounted(body: dict[str, Any], **changed: Any) -> dict[str, Any]:
        return {**whole(body, **changed), "usage": None}

    whole = faulty_server.completion
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        if not counts:
            patch.setattr(faulty_server, "completion", uncounted)
        words = _words(_many(tmp_path / "in.jsonl", 60), tmp_path / "out", server.base_url, "--concurrency", "2")
        assert cotpress(*words, *limit) == 7
        assert 2 <= sum(server.asked.values()) <= 12
    _one_line(capfd.readouterr(), limit[0])


# stopping and going on


def _command(source: Path, folder: Path, server: FaultyServer, output: str = "out") -> list[str]:
    words = _words(source, folder / output, server.base_url, "--store", str(folder / "store"), "--concurrency", "16")
    return list(words)


def _wait_for(count: int, server: FaultyServer) -> None:
    until(lambda: sum(server.asked.values()) >= count)


def test_ctrl_c_twice_and_nothing_is_lost_or_asked_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = _many(tmp_path / "in.jsonl", 80)
    with serving(Behaviour(delay=0.5)) as server:  # long enough to be interrupted in, on a busy machine too
        for asked in (10, 50):
            child = fork_command(_command(source, tmp_path, server), tmp_path / "logs")
            _wait_for(asked, server)
            child.interrupt()
            assert (child.wait(), child.stdout) == (130, "")
            assert child.stderr.count("\n") == 1, child.stderr
            assert "run the same command again" in child.stderr
            assert not (tmp_path / "out" / "summary.json").exists()
        server.behaviour = Behaviour()
        assert cotpress(*_command(source, tmp_path, server)) == 0
        assert Counter(server.asked.values()) == {1: 80}, "an answer was paid for twice, or lost"
    assert json.loads(capfd.readouterr().out)["compressed"] == 80


def test_two_processes_on_one_output_and_on_one_store(tmp_path: Path) -> None:
    source = _many(tmp_path / "in.jsonl", 48)
    with serving(Behaviour(delay=0.3)) as server:
        first = fork_command(_command(source, tmp_path, server), tmp_path / "logs")
        _wait_for(1, server)
        second = fork_command(_command(source, tmp_path, server, "other"), tmp_path / "logs")
        assert cotpress(*_command(source, tmp_path, server)) == 4
        for child in (first, second):
            assert child.wait() == 0
            assert json.loads(child.stdout)["compressed"] == 48
        assert sum(server.asked.values()) <= 96
    assert (tmp_path / "out" / "sft.jsonl").read_bytes() == (tmp_path / "other" / "sft.jsonl").read_bytes()


def test_a_finished_output_stays(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = _written(tmp_path / "in.jsonl", [GOOD])
    with serving() as server:
        words = _words(source, tmp_path / "out", server.base_url)
        assert cotpress(*words) == 0
        capfd.readouterr()
        assert cotpress(*words) == 4
        _one_line(capfd.readouterr(), "--force")
        assert cotpress(*words, "--force") == 0
        assert sum(server.asked.values()) == 1


def test_an_output_that_cannot_be_written_costs_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = _written(tmp_path / "in.jsonl", [GOOD])
    with serving() as server:
        assert cotpress(*_words(source, source / "out", server.base_url)) == 4
        _one_line(capfd.readouterr(), "Cannot write")
        assert not server.asked


def test_a_full_disk_loses_no_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    source = _many(tmp_path / "in.jsonl", 10)
    with serving() as server:
        words = _words(source, tmp_path / "out", server.base_url)
        with monkeypatch.context() as broken:
            broken.setattr("cotpress.pipeline.output.directory.write_traces", full)
            assert cotpress(*words) == 4
        _one_line(capfd.readouterr(), "No space left")
        assert cotpress(*words) == 0
        assert Counter(server.asked.values()) == {1: 10}


def test_a_store_damaged_inside_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = _many(tmp_path / "in.jsonl", 40)
    with serving() as server:
        words = _words(source, tmp_path / "out", server.base_url, "--store", str(tmp_path / "store"), "--force")
        assert cotpress(*words) == 0
        capfd.readouterr()
        replies = tmp_path / "store" / "replies.sqlite"
        content = replies.read_bytes()
        replies.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
        assert cotpress(*words) == 4
    _one_line(capfd.readouterr(), "Move or delete it")


# estimates and asking again


def _estimate(words: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, int]:
    capfd.readouterr()
    assert cotpress(*words, "--dry-run") == 0
    foreseen = json.loads(capfd.readouterr().out)
    return foreseen["calls"], foreseen["cached"]


def test_refusals_are_kept_foreseen_and_asked_again_on_demand(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = _many(tmp_path / "in.jsonl", 5)
    with serving(fails("filter")) as server:
        words = _words(source, tmp_path / "out", server.base_url, "--store", str(tmp_path / "store"), "--force")
        assert _estimate(words, capfd) == (5, 0)
        assert not (tmp_path / "out").exists()
        assert not (tmp_path / "store").exists()
        assert [cotpress(*words), cotpress(*words)] == [3, 3]
        assert sum(server.asked.values()) == 5
        assert _estimate(words, capfd) == (0, 5)
        assert _estimate([*words, "--retry-failed"], capfd) == (5, 0)
        server.behaviour = Behaviour()
        assert [cotpress(*words, "--retry-failed"), cotpress(*words, "--retry-failed")] == [0, 0]
        assert sum(server.asked.values()) == 10
        assert _estimate([*words, "--retry-failed"], capfd) == (0, 5)


def test_an_estimate_finds_what_a_run_would_stumble_over(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = "---\nname: a\norder: 9\nversion: 1\nsummary: s\npublished_in: s\nchecks: [nope]\n---\nShorten it.\n"
    (tmp_path / "level.md").write_text(text)
    source = _written(tmp_path / "in.jsonl", [GOOD])
    words = _words(source, tmp_path / "out", "http://127.0.0.1:9/v1", "--level", str(tmp_path / "level.md"))
    assert cotpress(*words, "--dry-run") == 2
    _one_line(capfd.readouterr(), "There is no check 'nope'")


@pytest.mark.parametrize("head", ["<think>Five? Yes.</think>\n\n", "\n <think>\n</think>", ""])
def test_long_white_space_and_thoughts_take_no_long_time(
    head: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def thoughtful(messages: Any) -> str:
        return f"{head}Two and three make five.{' ' * 100_000}So it is 5."

    source = _written(tmp_path / "in.jsonl", [GOOD])
    began = time.process_time()
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setattr(faulty_server, "rewrite", thoughtful)
        assert cotpress(*_words(source, tmp_path / "out", server.base_url)) == 0
    assert json.loads(capfd.readouterr().out)["compressed"] == 1
    assert time.process_time() - began < 6, "looking for thoughts took quadratic time"


# measuring


def _measure(capfd: pytest.CaptureFixture[str], *outputs: Path) -> dict[str, Any]:
    capfd.readouterr()
    assert cotpress("measure", *map(str, outputs), "--json") == 0
    return dict(json.loads(capfd.readouterr().out))


def test_measure_takes_pruned_and_rewritten_and_empty_outputs(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source, hollow = _many(tmp_path / "in.jsonl", 5), _written(tmp_path / "bad.jsonl", [bad(solution="")])
    pruned, rewritten, empty = (tmp_path / name for name in ("pruned", "rewritten", "empty"))
    assert cotpress("compress", source, "-o", pruned, "--keep", "0.5", "--criterion", "random", "-q") == 0
    assert cotpress("rewrite", source, "-o", rewritten, "-q") == 0
    assert cotpress("rewrite", hollow, "-o", empty, "-q") == 3
    figures = _measure(capfd, pruned, rewritten, empty)
    assert [one["traces"] for one in figures.values()] == [5, 5, 0]
    assert figures[str(empty)]["realized_ratio"] is None


@pytest.mark.parametrize("what", ["none", "folder", "text", "damaged"])
def test_measure_names_what_is_no_output(what: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("hello")
    (tmp_path / "damaged").write_bytes(b"PAR1" + b"\xff" * 100 + b"PAR1")
    assert cotpress("measure", tmp_path / what, "--json") == 3
    _one_line(capfd.readouterr(), "Give the folder that compress or rewrite wrote")
