"""The client of OpenAI-compatible endpoints against a server that fails on demand."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Iterator, Sequence

import pytest

pytest.importorskip("openai")

from faulty_server import LASTING, MALFORMED, PASSING, RETRY_AFTER, Behaviour, FaultyServer, serving

from cotpress.chat import ChatMessage, ChatReply, ChatRequest, OpenAIChat, RetryPolicy, SamplingParameters
from cotpress.errors import ModelCallError, ModelError, OptionError

Asking = Callable[..., ChatRequest]


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with serving() as running:
        yield running


def ask_all(chat: OpenAIChat, requests: Sequence[ChatRequest]) -> list[ChatReply | BaseException]:
    """Ask everything at once."""

    async def run() -> list[ChatReply | BaseException]:
        outcomes = await asyncio.gather(*map(chat.ask, requests), return_exceptions=True)
        await chat.close()
        return outcomes

    return asyncio.run(run())


def ask(chat: OpenAIChat, request: ChatRequest) -> ChatReply:
    [outcome] = ask_all(chat, [request])
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def test_a_good_answer(server: FaultyServer, key: str) -> None:
    reasoning = "Wait, let me think. Add 3 and 4.\nHmm. That is 7.\nLet me say it: 7."
    messages = (
        ChatMessage("system", "Be brief."),
        ChatMessage("user", f"<ab-reasoning>\n{reasoning}\n</ab-reasoning>"),
    )
    reply = ask(OpenAIChat(server.base_url), ChatRequest("made-up", messages, SamplingParameters(0.5, 0.9, 100, 7)))
    assert reply.text == "Add 3 and 4.\nThat is 7.\nLet me say it: 7."
    assert (reply.finish, reply.prompt_tokens, reply.completion_tokens, reply.cached) == ("stop", 21, 12, False)
    assert 0 < reply.seconds < 5
    [sent] = server.bodies
    assert (sent["temperature"], sent["top_p"], sent["max_tokens"], sent["seed"]) == (0.5, 0.9, 100, 7)
    assert f"bearer {key}" in server.headers[0].lower()


def test_what_passes_is_tried_again(server: FaultyServer, key: str, asking: Asking) -> None:
    requests = [asking(f"Say it. [[fault:{fault} x1]]") for fault in PASSING]
    outcomes = ask_all(OpenAIChat(server.base_url), requests)
    for fault, outcome in zip(PASSING, outcomes, strict=True):
        assert isinstance(outcome, ChatReply), f"{fault}: {outcome}"
        assert outcome.text.startswith("Say it.")
    assert sorted(server.asked.values()) == [2] * len(PASSING)


def test_what_does_not_pass_is_one_call_failed(server: FaultyServer, key: str, asking: Asking) -> None:
    requests = [asking(f"Say it. [[fault:{fault}]]") for fault in PASSING]
    outcomes = ask_all(OpenAIChat(server.base_url, retry_policy=RetryPolicy(retries=1)), requests)
    for fault, outcome in zip(PASSING, outcomes, strict=True):
        assert isinstance(outcome, ModelCallError), f"{fault}: {outcome}"
        assert "in 2 tries" in str(outcome)
        assert "\n" not in str(outcome)
    assert sorted(server.asked.values()) == [2] * len(PASSING)


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        ("400", ModelCallError, "maximum context length"),
        ("413", ModelCallError, "too large"),
        ("401", ModelError, "OPENAI_API_KEY"),
        ("404", ModelError, "made-up"),
    ],
)
def test_what_no_repetition_mends(
    server: FaultyServer, key: str, asking: Asking, fault: str, error: type[ModelError], says: str
) -> None:
    with pytest.raises(error) as caught:
        ask(OpenAIChat(server.base_url), asking(f"[[fault:{fault}]]"))
    assert caught.type is error
    assert says in str(caught.value)
    assert bool(caught.value.hint) == (error is ModelError)
    assert sum(server.asked.values()) == 1


def test_an_empty_account_ends_the_run(server: FaultyServer, key: str, asking: Asking) -> None:
    with pytest.raises(ModelError) as caught:
        ask(OpenAIChat(server.base_url, retry_policy=RetryPolicy(retries=0)), asking("[[fault:quota]]"))
    assert caught.type is ModelError


@pytest.mark.parametrize("fault", ["filter", "filter-400", "refusal", "empty-choices"])
def test_refusals(server: FaultyServer, key: str, asking: Asking, fault: str) -> None:
    assert ask(OpenAIChat(server.base_url), asking(f"[[fault:{fault}]]")).finish == "refused"
    assert sum(server.asked.values()) == 1


@pytest.mark.parametrize("fault", MALFORMED)
def test_a_malformed_answer_is_a_reply_or_one_call_failed(
    server: FaultyServer, key: str, asking: Asking, fault: str
) -> None:
    chat = OpenAIChat(server.base_url, retry_policy=RetryPolicy(retries=0))
    [malformed, good] = ask_all(chat, [asking(f"Say it. [[fault:{fault}]]"), asking("Say 5.")])
    assert isinstance(good, ChatReply)
    if isinstance(malformed, ChatReply):
        assert 0 <= malformed.prompt_tokens < 2**31
        assert len(malformed.finish) < 50
    else:
        assert isinstance(malformed, ModelCallError), malformed
        assert len(str(malformed)) < 600
    assert isinstance(malformed, ChatReply) == (fault in MALFORMED[:3] or fault in ("deep-parts", "deep-reason"))


def test_a_redirect_to_another_host_is_not_followed(server: FaultyServer, key: str, asking: Asking) -> None:
    with pytest.raises(ModelError, match=r"elsewhere\.invalid") as caught:
        ask(OpenAIChat(server.base_url), asking("[[fault:redirect-other]]"))
    assert "--base-url" in caught.value.hint
    assert sum(server.asked.values()) == 1


def test_a_redirect_within_the_host_is_followed(server: FaultyServer, key: str, asking: Asking) -> None:
    assert ask(OpenAIChat(server.base_url), asking("[[fault:redirect-same x1]] Say it.")).finish == "stop"
    assert "/v1/elsewhere" in server.headers[-1]


def test_cut_off(server: FaultyServer, key: str, asking: Asking) -> None:
    assert ask(OpenAIChat(server.base_url), asking("Say it. [[fault:length]]")).finish == "length"


def test_silence(server: FaultyServer, key: str, asking: Asking) -> None:
    began = time.monotonic()
    with pytest.raises(ModelCallError, match="too long"):
        ask(OpenAIChat(server.base_url, retry_policy=RetryPolicy(timeout=0.3, retries=1)), asking("[[fault:silence]]"))
    assert time.monotonic() - began < 20  # it is silent for 30 s
    assert sum(server.asked.values()) == 2


def test_retry_after_is_honoured(server: FaultyServer, key: str, asking: Asking) -> None:
    ask(OpenAIChat(server.base_url), asking("[[fault:429-retry-after x1]]"))
    [(first, second)] = server.times.values()
    assert RETRY_AFTER - 0.02 <= second - first < RETRY_AFTER + 0.6


def test_waits_grow_and_differ(server: FaultyServer, key: str, asking: Asking) -> None:
    ask_all(OpenAIChat(server.base_url), [asking(f"{n} [[fault:500 x2]]") for n in range(20)])
    first = [times[1] - times[0] for times in server.times.values()]
    second = [times[2] - times[1] for times in server.times.values()]
    assert min(first) > 0.35
    assert max(first) - min(first) > 0.02
    assert sum(second) > 1.4 * sum(first)


def test_the_other_name_of_max_tokens(key: str, asking: Asking) -> None:
    with serving(Behaviour(only_completion_tokens=True)) as server:
        requests = [asking(f"Say {n}.", max_tokens=9) for n in range(3)]
        chat = OpenAIChat(server.base_url)
        assert all(isinstance(one, ChatReply) for one in ask_all(chat, requests))
        before = len(server.bodies)
        ask(chat, asking("And this.", max_tokens=9))
        assert len(server.bodies) == before + 1  # learnt
        assert server.bodies[-1]["max_completion_tokens"] == 9


def test_many_at_once_over_few_connections(key: str, asking: Asking) -> None:
    with serving(Behaviour(delay=0.1)) as server:
        chat = OpenAIChat(server.base_url)

        async def run() -> None:
            for wave in range(3):
                await asyncio.gather(*(chat.ask(asking(f"{wave}/{n}")) for n in range(64)))
            await chat.close()

        asyncio.run(run())
        assert server.most_under_way > 48
        assert server.connections <= 96  # kept alive: 192 requests


def test_closed_it_opens_again_on_another_loop(server: FaultyServer, key: str, asking: Asking) -> None:
    chat = OpenAIChat(server.base_url)
    assert ask(chat, asking("One.")).text == "One."
    assert asyncio.run(chat.ask(asking("Two."))).text == "Two."  # not closed
    assert ask(chat, asking("Three.")).text == "Three."


def test_an_endpoint_that_is_not_there(key: str, asking: Asking) -> None:
    with serving() as server:
        port = server.port
    began = time.monotonic()
    for url in (f"http://127.0.0.1:{port}/v1", "http://nowhere.invalid/v1"):
        with pytest.raises(ModelError, match="cannot be reached") as caught:
            ask(OpenAIChat(url), asking("Hello."))
        assert "--base-url" in caught.value.hint
        assert caught.value.__context__ is None  # it would hold the headers
    assert time.monotonic() - began < 30  # all retries would take longer


def test_no_key(monkeypatch: pytest.MonkeyPatch, server: FaultyServer, asking: Asking) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(ModelError, match="MY_KEY"):
        ask(OpenAIChat(key_env="MY_KEY"), asking("Hello."))
    assert ask(OpenAIChat(server.base_url), asking("Hello.")).text == "Hello."


def test_a_key_with_a_line_break(monkeypatch: pytest.MonkeyPatch, server: FaultyServer, asking: Asking) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-first\nsk-second")
    with pytest.raises(ModelError, match="OPENAI_API_KEY") as caught:
        ask(OpenAIChat(server.base_url), asking("Hello."))
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize("url", ["host/v1", "ftp://host/v1", "http://", "http://host:port/v1"])
def test_no_base_url(url: str) -> None:
    with pytest.raises(OptionError, match="no base URL"):
        OpenAIChat(url)


@pytest.mark.parametrize("url", ["https://me:hidden@host/v1", "https://host/v1?key=hidden", "htp://me:hidden@host"])
def test_credentials_in_the_base_url(url: str) -> None:
    with pytest.raises(OptionError) as caught:
        OpenAIChat(url)
    assert "hidden" not in str(caught.value)


def test_the_key_is_nowhere(
    server: FaultyServer, key: str, asking: Asking, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in errors and what they carry along, replies, `repr`, logs or output, although the endpoint repeats it."""
    caplog.set_level(logging.DEBUG)
    chat = OpenAIChat(server.base_url, retry_policy=RetryPolicy(timeout=0.3, retries=0))
    faults = [*PASSING, *LASTING]
    outcomes = ask_all(chat, [asking(f"{key} [[fault:{fault}]]") for fault in faults] + [asking(f"Echo {key}.")])
    shown = [repr(chat), str(vars(chat)), caplog.text, *capfd.readouterr()]
    for outcome in outcomes:
        shown.append(repr(outcome))
        if isinstance(outcome, BaseException):
            shown += traceback.format_exception(outcome)
            assert outcome.__cause__ is None
            assert outcome.__context__ is None
    assert isinstance(outcomes[-1], ChatReply)
    assert outcomes[-1].text == "Echo ***."
    assert len(shown) > len(faults)
    for text in shown:
        assert key not in text
