"""The cache of replies, and the chat model that uses it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cotpress.chat import CachedChat, ChatReply, ChatRequest, ReplyCache
from cotpress.errors import ModelCallError, OutputError

Asking = Callable[..., ChatRequest]
REPLY = ChatReply("Two.", "stop", 12, 3, 0.25)
WRITER = """
import sys
from pathlib import Path
from cotpress.chat import ChatReply, ReplyCache
cache, name, count = ReplyCache(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
for n in range(count):
    cache.put(f"{name}/{n}", "model", ChatReply(f"text {n}", "stop", n, n, 0.5))
    print(n, flush=True)
"""


class Counting:
    """A chat model that answers with how often it was asked."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: list[str] = []
        self.failures = failures
        self.endpoint = "counting"

    async def ask(self, request: ChatRequest) -> ChatReply:
        self.asked.append(request.compute_key())
        await asyncio.sleep(0.02)
        if len(self.asked) <= self.failures:
            raise ModelCallError("Not now.")
        return ChatReply(f"Answer {len(self.asked)}", "stop", 1, 1, 0.02)

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def cache(tmp_path: Path) -> ReplyCache:
    return ReplyCache(tmp_path / "deep" / "replies.sqlite")


def test_put_and_get(cache: ReplyCache) -> None:
    assert cache.get("a") is None
    cache.put("a", "model", REPLY)
    assert cache.get("a") == ChatReply("Two.", "stop", 12, 3, 0.25, cached=True)
    again = ReplyCache(cache.path)
    assert again.get("a") == cache.get("a")
    cache.close()
    assert cache.get("a") is not None  # opens again


def test_text_that_utf8_cannot_carry(cache: ReplyCache) -> None:
    cache.put("a", "model", ChatReply("x\ud83d\x00y", "stop", 1, 1, 0.1))
    stored = cache.get("a")
    assert stored is not None
    assert stored.text == "x\ufffd\x00y"


def test_verdicts(cache: ReplyCache) -> None:
    assert cache.get_verdict("a") == ""
    cache.record_verdict("a", "ok")  # of a reply that is not there
    assert cache.get_verdict("a") == ""
    cache.put("a", "model", REPLY)
    cache.record_verdict("a", "steps")
    assert ReplyCache(cache.path).get_verdict("a") == "steps"
    cache.put("a", "model", REPLY)
    assert cache.get_verdict("a") == ""


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), "w", "1000000"], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    for _ in range(200):
        writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    told = 200 + sum(line.endswith("\n") for line in writer.stdout)
    writer.wait()
    cache = ReplyCache(path)
    for n in range(told):
        assert cache.get(f"w/{n}") == ChatReply(f"text {n}", "stop", n, n, 0.5, cached=True)
    cache.put("more", "model", REPLY)
    assert cache.get("more") is not None


def test_several_processes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    commands = [[sys.executable, "-c", WRITER, str(path), str(name), "100"] for name in range(3)]
    writers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for command in commands]
    for writer in writers:
        assert writer.communicate()[1] == b""
    cache = ReplyCache(path)
    assert all(cache.get(f"{name}/{n}") for name in range(3) for n in range(100))


@pytest.mark.parametrize("content", [b"this is no database " * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "replies.sqlite"
    path.write_bytes(content)
    with pytest.raises(OutputError, match="damaged") as caught:
        ReplyCache(path)
    assert "delete" in caught.value.hint
    assert path.read_bytes() == content


def test_a_file_damaged_later_on(cache: ReplyCache) -> None:
    for n in range(500):
        cache.put(f"{n}", "model", ChatReply("text " * 50, "stop", 1, 1, 0.1))
    cache.close()
    content = bytearray(cache.path.read_bytes())
    content[8192:] = os.urandom(len(content) - 8192)
    cache.path.write_bytes(content)

    def read_all() -> None:
        for n in range(500):
            cache.get(f"{n}")

    with pytest.raises(OutputError, match="damaged"):
        read_all()


def test_someone_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE replies (id INTEGER)")
    with pytest.raises(OutputError):
        ReplyCache(path)


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "replies.sqlite"):
        with pytest.raises(OutputError, match="cannot be used"):
            ReplyCache(path)


def test_asked_once(cache: ReplyCache, asking: Asking) -> None:
    model = Counting()

    async def run() -> list[ChatReply]:
        chat = CachedChat(model, cache)
        return [await chat.ask(asking("One.")), await chat.ask(asking("One.")), await chat.ask(asking("Two."))]

    replies = asyncio.run(run())
    assert [reply.cached for reply in replies] == [False, True, False]
    assert replies[0].text == replies[1].text
    assert len(model.asked) == 2
    assert all(reply.cached for reply in asyncio.run(run()))  # another run
    assert len(model.asked) == 2


def test_many_waiting_for_the_same(cache: ReplyCache, asking: Asking) -> None:
    model = Counting()

    async def run() -> list[ChatReply]:
        chat = CachedChat(model, cache)
        return await asyncio.gather(*(chat.ask(asking("One.")) for _ in range(10)))

    replies = asyncio.run(run())
    assert len(model.asked) == 1
    assert {reply.text for reply in replies} == {"Answer 1"}
    assert [reply.cached for reply in replies] == [False] + [True] * 9


def test_a_failed_call_is_not_stored(cache: ReplyCache, asking: Asking) -> None:
    model = Counting(failures=1)

    async def run() -> ChatReply:
        chat = CachedChat(model, cache)
        outcomes = await asyncio.gather(*(chat.ask(asking("One.")) for _ in range(2)), return_exceptions=True)
        assert all(isinstance(one, ModelCallError) for one in outcomes)
        return await chat.ask(asking("One."))

    assert asyncio.run(run()).text == "Answer 2"


def test_a_cancelled_caller_does_not_waste_the_call(cache: ReplyCache, asking: Asking) -> None:
    model = Counting()

    async def run() -> ChatReply:
        chat = CachedChat(model, cache)
        first = asyncio.create_task(chat.ask(asking("One.")))
        await asyncio.sleep(0.005)
        second = asyncio.create_task(chat.ask(asking("One.")))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(run()).text == "Answer 1"
    assert len(model.asked) == 1
    assert cache.get(asking("One.").compute_key()) is not None


@pytest.mark.parametrize(("verdict", "calls"), [("", 1), ("ok", 1), ("refused", 2), ("steps", 2)])
def test_failed_replies_are_asked_anew_on_demand(cache: ReplyCache, asking: Asking, verdict: str, calls: int) -> None:
    model, request = Counting(), asking("One.")

    async def run() -> None:
        chat = CachedChat(model, cache)
        await chat.ask(request)
        chat.record_verdict(request, verdict)
        assert (await chat.ask(request)).cached
        again = CachedChat(model, cache, retry_failed=True)
        for _ in range(3):
            await again.ask(request)
            again.record_verdict(request, verdict)

    asyncio.run(run())
    assert len(model.asked) == calls


def test_refused_replies_are_kept(cache: ReplyCache, asking: Asking) -> None:
    cache.put(asking("One.").compute_key(), "model", ChatReply("", "refused", 1, 0, 0.1))
    reply = asyncio.run(CachedChat(Counting(), cache).ask(asking("One.")))
    assert (reply.finish, reply.cached) == ("refused", True)


def test_the_key_is_not_in_the_file(tmp_path: Path, key: str, asking: Asking) -> None:
    pytest.importorskip("openai")
    from faulty_server import serving

    from cotpress.chat import OpenAIChat

    with serving() as server:
        chat = CachedChat(OpenAIChat(server.base_url), ReplyCache(tmp_path / "replies.sqlite"))

        async def run() -> None:
            for text in (f"Echo {key}.", "[[fault:401]]", "[[fault:refusal]]", "Fine."):
                await asyncio.gather(chat.ask(asking(text, chat.endpoint)), return_exceptions=True)
            files = list(tmp_path.iterdir())  # with the log of what was written, before it is merged
            assert len(files) > 1
            assert all(key.encode() not in file.read_bytes() for file in files)
            await chat.close()

        asyncio.run(run())
    assert all(key.encode() not in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize(
    "change", ["text = 'Too.'", "text = x'00ff'", "finish = 7", "prompt_tokens = 'x'", "seconds = 'x'", "digest = 'x'"]
)
def test_a_damaged_reply_is_none_and_a_warning_says_so(
    change: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = ReplyCache(tmp_path / "replies.sqlite")
    cache.put("a", "model", REPLY)
    cache.put("b", "model", REPLY)
    cache.close()
    with sqlite3.connect(cache.path) as database:
        database.execute(f"UPDATE replies SET {change} WHERE key = 'a'")
    assert cache.get("a") is None
    assert "damaged" in caplog.text
    stored = cache.get("b")
    assert stored is not None
    assert stored.text == REPLY.text
    cache.put("a", "model", REPLY)
    assert cache.get("a") == stored


def test_a_cache_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "replies.sqlite") as database:
        database.execute(
            "CREATE TABLE replies (key TEXT PRIMARY KEY, model TEXT NOT NULL, text TEXT NOT NULL, "
            "finish TEXT NOT NULL, prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, "
            "seconds REAL NOT NULL, verdict TEXT NOT NULL DEFAULT '') WITHOUT ROWID"
        )
        database.execute("INSERT INTO replies VALUES ('a', 'm', 'Two.', 'stop', 12, 3, 0.25, 'ok')")
    cache = ReplyCache(tmp_path / "replies.sqlite")
    stored = cache.get("a")
    assert stored is not None
    assert stored.text == "Two."
    cache.put("b", "model", REPLY)
    assert cache.get("b") is not None


def test_the_secret_is_made_once_and_stays_with_the_replies(tmp_path: Path) -> None:
    first, same, other = (ReplyCache(tmp_path / name / "replies.sqlite") for name in ("a", "a", "b"))
    assert first.read_secret() == same.read_secret() != other.read_secret()
    assert len(first.read_secret()) == 32
