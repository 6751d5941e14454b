"""Chat through batches, against a server that has them and fails on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

pytest.importorskip("openai")

from batch_server import BatchServer
from faulty_server import Answer, Behaviour, running

from cotpress.chat import (
    BatchChat,
    BatchClient,
    BatchJournal,
    BatchPolicy,
    CachedChat,
    ChatReply,
    ChatRequest,
    MeteredChat,
    Prices,
    ReplyCache,
    RetryPolicy,
    SpendLimit,
    batch_chat,
    batch_client,
    http_client,
)
from cotpress.errors import ModelCallError, ModelError, OptionError, OutputError, SpendLimitError

Asking = Callable[..., ChatRequest]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_chat, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(batch_client, "CREATE_TRIES", 2)


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with running(BatchServer()) as one:
        yield one


def open_chat(
    server: BatchServer, folder: Path, said: list[str] | None = None, limit: SpendLimit | None = None, **policy: float
) -> tuple[CachedChat, BatchChat]:
    """A chat as a rewriting run opens it."""
    cache = ReplyCache(folder / "replies.sqlite")
    client = BatchClient(server.base_url, "OPENAI_API_KEY", RetryPolicy(5, 1))
    shape = BatchPolicy(**{"size": 100, "poll_seconds": 0.02, **policy})  # type: ignore[arg-type]
    report = (lambda line: None) if said is None else said.append
    batches = BatchChat(client, BatchJournal(folder / "batches"), cache, shape, report)
    return CachedChat(MeteredChat(batches, 1000, limit, max_failures=None), cache), batches


def ask_all(chat: CachedChat, requests: Sequence[ChatRequest]) -> list[ChatReply | BaseException]:
    async def run() -> list[ChatReply | BaseException]:
        async with asyncio.timeout(60):
            outcomes = await asyncio.gather(*map(chat.ask, requests), return_exceptions=True)
        await chat.close()
        return outcomes

    return asyncio.run(run())


def records(folder: Path) -> list[Path]:
    return list((folder / "batches").glob("*.json"))


def texts(outcomes: Sequence[ChatReply | BaseException]) -> list[str]:
    return [outcome.text if isinstance(outcome, ChatReply) else type(outcome).__name__ for outcome in outcomes]


def test_requests_that_wait_together_are_one_batch(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path
) -> None:
    said: list[str] = []
    requests = [asking(f"Say {number}.", server.base_url, max_tokens=9) for number in range(30)]
    chat, _ = open_chat(server, tmp_path, said)
    outcomes = ask_all(chat, requests)
    assert texts(outcomes) == [f"Say {number}." for number in range(30)]
    assert [len(sent) for sent in server.sent] == [30]
    assert sorted(server.sent[0]) == sorted(request.compute_key() for request in requests)
    assert server.bodies[0]["max_tokens"] == 9
    assert f"bearer {key}" in server.headers[0].lower()
    assert said[0] == "Batch batch_0: 30 requests sent."
    assert said[-1] == "Batch batch_0: 30 of 30 replies."
    assert not records(tmp_path)
    assert all(isinstance(one, ChatReply) and one.seconds > 0.05 and not one.cached for one in outcomes)
    before = len(server.calls)
    chat, _ = open_chat(server, tmp_path)
    assert texts(ask_all(chat, requests)) == texts(outcomes)
    assert len(server.calls) == before, "a stored reply was asked for"


def test_a_batch_holds_no_more_than_its_size(server: BatchServer, key: str, asking: Asking, tmp_path: Path) -> None:
    chat, _ = open_chat(server, tmp_path, size=10)
    outcomes = ask_all(chat, [asking(f"Say {number}.", server.base_url) for number in range(25)])
    assert texts(outcomes) == [f"Say {number}." for number in range(25)]
    assert [len(sent) for sent in server.sent] == [10, 10, 5]


@pytest.mark.parametrize(
    ("fault", "batches"),
    [("create-lost", 1), ("create-500", 1), ("poll-500", 1), ("half-file", 1), ("junk-lines", 1), ("expired", 2)],
)
def test_what_passes_costs_nothing_twice(key: str, asking: Asking, tmp_path: Path, fault: str, batches: int) -> None:
    with running(BatchServer(batch_script=[fault])) as server:
        chat, _ = open_chat(server, tmp_path)
        outcomes = ask_all(chat, [asking(f"Say {number}.", server.base_url) for number in range(20)])
    assert texts(outcomes) == [f"Say {number}." for number in range(20)]
    assert len(server.batches) == batches
    assert set(server.paid.values()) == {1}
    assert not records(tmp_path)


@pytest.mark.parametrize(
    ("fault", "kept", "error", "says"),
    [
        ("failed", 0, ModelError, "The model is not"),
        ("cancelled", 10, ModelError, "was cancelled"),
        ("missing-lines", 10, ModelCallError, "no readable line"),
        ("no-output-file", 0, ModelError, "no readable line"),
        ("strange-id", 0, ModelError, "usable id"),
    ],
)
def test_what_does_not_pass(
    key: str, asking: Asking, tmp_path: Path, fault: str, kept: int, error: type[ModelError], says: str
) -> None:
    requests = []
    with running(BatchServer(batch_script=[fault])) as server:
        requests = [asking(f"Say {number}.", server.base_url) for number in range(20)]
        chat, _ = open_chat(server, tmp_path)
        outcomes = ask_all(chat, requests)
        failures = [outcome for outcome in outcomes if not isinstance(outcome, ChatReply)]
        assert len(failures) == 20 - kept
        for failure in failures:
            assert type(failure) is error
            assert says in str(failure)
            assert "\n" not in str(failure)
            assert key not in str(failure)
        chat, _ = open_chat(server, tmp_path)
        again = ask_all(chat, requests)
        assert texts(again) == [f"Say {number}." for number in range(20)], "a later run asks for the rest"
    assert len(server.sent[-1]) == (20 if fault == "strange-id" else 20 - kept)


def test_a_batch_that_expires_again_and_again_rejects_what_is_left(key: str, asking: Asking, tmp_path: Path) -> None:
    with running(BatchServer(batch_script=["expired"] * 5)) as server:
        chat, _ = open_chat(server, tmp_path)
        outcomes = ask_all(chat, [asking(f"Say {number}.", server.base_url) for number in range(20)])
    assert [len(sent) for sent in server.sent] == [20, 10]
    failures = [outcome for outcome in outcomes if isinstance(outcome, ModelCallError)]
    assert len(failures) == 5
    assert "expired" in str(failures[0])


@pytest.mark.parametrize(
    ("fault", "finish"),
    [
        ("400", "maximum context length"),
        ("empty-choices", "refused"),
        ("filter-400", "refused"),
        ("tokens-infinite", "stop"),
        ("deep-reason", "stop"),
        ("invalid-json", "answered 200"),
        ("error-200", "upstream model"),
        ("401", "answered 401"),
    ],
)
def test_a_line_that_failed_is_one_call(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path, fault: str, finish: str
) -> None:
    chat, _ = open_chat(server, tmp_path)
    requests = [asking(text, server.base_url) for text in ("Say 1.", f"[[fault:{fault}]] Say 2.", "Say 3.")]
    first, failed, last = ask_all(chat, requests)
    assert texts([first, last]) == ["Say 1.", "Say 3."]
    if isinstance(failed, ChatReply):
        assert failed.finish == finish
        assert failed.prompt_tokens < 2**31
    else:
        assert type(failed) is ModelCallError
        assert finish in str(failed)
        assert key not in str(failed)
    assert len(server.sent) == 1


def test_a_line_that_failed_for_a_reason_that_passes_is_sent_again(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path
) -> None:
    chat, _ = open_chat(server, tmp_path)
    requests = [asking(text, server.base_url) for text in ("Say 1.", "[[fault:500 x1]] Say 2.", "[[fault:429]] Say 3.")]
    outcomes = ask_all(chat, requests)
    assert texts(outcomes) == ["Say 1.", "[[fault:500 x1]] Say 2.", "ModelCallError"]
    assert [len(sent) for sent in server.sent] == [3, 2]


def test_the_other_name_of_the_limit_on_tokens(key: str, asking: Asking, tmp_path: Path) -> None:
    with running(BatchServer(Behaviour(only_completion_tokens=True))) as server:
        chat, _ = open_chat(server, tmp_path)
        outcomes = ask_all(chat, [asking(f"Say {n}.", server.base_url, max_tokens=9) for n in range(3)])
    assert texts(outcomes) == ["Say 0.", "Say 1.", "Say 2."]
    assert [len(sent) for sent in server.sent] == [3, 3]


def stop_once(server: BatchServer, folder: Path, requests: Sequence[ChatRequest], reached: Callable[[], bool]) -> None:
    """Ask, and stop like a killed run as soon as something is reached: nothing of it may need a later step."""

    async def run() -> None:
        chat, batches = open_chat(server, folder)
        tasks = [asyncio.ensure_future(chat.ask(request)) for request in requests]
        while not reached():
            await asyncio.sleep(0.005)
        batches.stop()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {SpendLimitError}
        assert "run the same command again" in str(outcomes[0])
        await chat.close()

    asyncio.run(run())


@pytest.mark.parametrize("place", ["uploaded", "created", "in progress"])
def test_a_run_that_stopped_finds_its_batch(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path, place: str
) -> None:
    requests = [asking(f"Say {number}.", server.base_url) for number in range(20)]
    server.create_delay, server.polls = (0.3 if place != "in progress" else 0.0), 10_000
    reached = {
        "uploaded": lambda: bool(server.files),
        "created": lambda: bool(server.batches),  # on the server: the answer is under way
        "in progress": lambda: any("GET /v1/batches/" in call for call in server.calls),
    }[place]
    stop_once(server, tmp_path, requests, reached)
    server.polls = 1
    chat, _ = open_chat(server, tmp_path)
    outcomes = ask_all(chat, requests[:5])
    assert texts(outcomes) == [f"Say {number}." for number in range(5)]
    assert set(server.paid.values()) == {1}
    chat, _ = open_chat(server, tmp_path)
    assert all(isinstance(one, ChatReply) and one.cached for one in ask_all(chat, requests)) or place == "uploaded"
    assert set(server.paid.values()) == {1}, "replies that nobody asked for at first are kept as well"


def test_a_record_without_a_batch_is_sent_anew(server: BatchServer, key: str, asking: Asking, tmp_path: Path) -> None:
    request = asking("Say 1.", server.base_url)
    journal = BatchJournal(tmp_path / "batches")
    journal.save(batch_chat.BatchRecord(server.base_url, "m", (request.compute_key(),), "file-of-a-killed-run"))
    journal.close()
    for number in range(5):  # batches of others: pages are turned
        server.batches[f"other_{number}"] = {"id": f"other_{number}", "object": "batch", "input_file_id": "x"}
    chat, _ = open_chat(server, tmp_path)
    assert texts(ask_all(chat, [request])) == ["Say 1."]
    assert len([call for call in server.calls if "GET /v1/batches?" in call]) == 3
    assert not records(tmp_path)


def test_a_batch_that_is_gone_is_said_and_not_paid_again(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path
) -> None:
    request = asking("Say 1.", server.base_url)
    journal = BatchJournal(tmp_path / "batches")
    journal.save(batch_chat.BatchRecord(server.base_url, "m", (request.compute_key(),), "file-0", "batch_gone"))
    journal.close()
    chat, _ = open_chat(server, tmp_path)
    [outcome] = ask_all(chat, [request])
    assert type(outcome) is ModelError
    assert "folder batches" in outcome.hint
    assert records(tmp_path)
    assert not server.sent


def test_an_endpoint_without_batches_is_named(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_route", lambda *request: Answer(404, b"No such path."))
    chat, _ = open_chat(server, tmp_path)
    [outcome] = ask_all(chat, [asking("Say 1.", server.base_url)])
    assert type(outcome) is ModelError
    assert "leave --batch out" in outcome.hint


def test_a_file_that_is_too_large_ends_the_run_and_keeps_the_batch(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asking("Say 1.", server.base_url)
    with monkeypatch.context() as small:
        small.setattr(http_client, "MAX_FILE_BYTES", 100)
        chat, _ = open_chat(server, tmp_path)
        [outcome] = ask_all(chat, [request])
    assert type(outcome) is ModelError
    assert "more than" in str(outcome)
    chat, _ = open_chat(server, tmp_path)
    assert texts(ask_all(chat, [request])) == ["Say 1."]
    assert set(server.paid.values()) == {1}


def test_a_redirect_to_another_host_is_not_followed(
    server: BatchServer, key: str, asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Answer(307, b"", "location: http://elsewhere.invalid/v1/files\r\n")
    monkeypatch.setattr(server, "_route", lambda *request: away)
    chat, _ = open_chat(server, tmp_path)
    [outcome] = ask_all(chat, [asking("Say 1.", server.base_url)])
    assert type(outcome) is ModelError
    assert "elsewhere.invalid" in str(outcome)
    assert server.calls == ["POST /v1/files"]


def test_a_wrong_key_is_not_told(monkeypatch: pytest.MonkeyPatch, asking: Asking, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key-0123456789")
    with running(BatchServer(Behaviour(key="another"))) as server:
        chat, _ = open_chat(server, tmp_path)
        [outcome] = ask_all(chat, [asking("Say 1.", server.base_url)])
    assert type(outcome) is ModelError
    assert "OPENAI_API_KEY" in outcome.hint
    assert "0123456789" not in str(outcome)


def test_the_store_is_for_one_run_at_a_time(server: BatchServer, key: str, asking: Asking, tmp_path: Path) -> None:
    other = BatchJournal(tmp_path / "batches")
    assert other.read() == []
    chat, _ = open_chat(server, tmp_path)
    [outcome] = ask_all(chat, [asking("Say 1.", server.base_url)])
    assert isinstance(outcome, OutputError)
    other.close()


def test_a_damaged_record_is_an_error(tmp_path: Path) -> None:
    journal = BatchJournal(tmp_path)
    record = journal.save(batch_chat.BatchRecord("e", "m", ("a",)))
    assert journal.read() == [record]
    for text in ("{", "[" * 100_000, "5", json.dumps({"endpoint": "e"}), json.dumps({"keys": 5}), '{"x": 1}'):
        (tmp_path / f"{record.name}.json").write_text(text)
        with pytest.raises(OutputError, match="is damaged"):
            journal.read()
    journal.close()


def test_a_limit_holds_for_the_first_batch(server: BatchServer, key: str, asking: Asking, tmp_path: Path) -> None:
    requests = [asking(f"Say {number}. " + "word " * 600, server.base_url) for number in range(20)]
    chat, _ = open_chat(server, tmp_path, limit=SpendLimit(Prices(1, 1), max_cost=0.01))
    outcomes = ask_all(chat, requests)
    assert sum(isinstance(outcome, SpendLimitError) for outcome in outcomes) == 15
    assert [len(sent) for sent in server.sent] == [5]


def test_policies_that_cannot_be() -> None:
    for wrong in ({"size": 0}, {"size": 50_001}, {"poll_seconds": 0.0}, {"repetitions": -1}):
        with pytest.raises(OptionError):
            BatchPolicy(**wrong)  # type: ignore[arg-type]
