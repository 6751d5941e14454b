"""The served source against the local one on the same weights, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faulty_server import Behaviour, _error
from served_case import LONG, MODEL, PARAGRAPH, PLAIN, SHORT, TRACES, Serve

from cotpress.chat import RetryPolicy
from cotpress.errors import ModelError, OptionError
from cotpress.models import InferenceLimits, ModelSpec
from cotpress.served import ServedLM, ServerConfig
from cotpress.signals import LM, score_and_validate
from cotpress.types import Rejected, Signals, SignalSource, Trace

TOLERANCE = 1e-4  # nats a token: float32 sums in another order
KEY = "sk-not-a-real-key-0123456789"
ONCE = RetryPolicy(60, 0)


def ask(source: ServedLM, traces: list[Trace]) -> list[Signals]:
    signals = [said for said in score_and_validate(source, traces) if isinstance(said, Signals)]
    assert len(signals) == len(traces)
    return signals


@pytest.mark.parametrize("context", [None, 200, 64])
def test_numbers_are_those_of_the_local_source(serve: Serve, context: int | None) -> None:
    spec = ModelSpec(MODEL, limits=InferenceLimits(context))
    server = serve()
    served = ask(ServedLM(spec, server.base_url), TRACES)
    for mine, local in zip(served, LM(spec).score(TRACES), strict=True):
        assert (mine.offsets == local.offsets).all()
        assert np.abs(mine.values["nll"] - local.values["nll"]).max() < TOLERANCE
        assert local.values["nll"].std() > 1  # the example tells tokens apart
    assert (len(server.bodies) > len(TRACES)) == (context is not None)
    assert all(len(body["prompt"]) <= (context or 1023) for body in server.bodies)


def test_windows_leave_room_for_the_generated_token(serve: Serve) -> None:
    server = serve()
    source = ServedLM(MODEL, server.base_url)
    ask(source, [Trace("huge", "What is x?", PARAGRAPH * 40)])
    assert source.identity["context"].startswith("1023,")  # the model's 1024 positions, less the generated token
    assert max(len(body["prompt"]) for body in server.bodies) == 1023
    assert {body["max_tokens"] for body in server.bodies} == {1}


def test_texts_in_place_of_token_ids(serve: Serve) -> None:
    """Without a chat template the numbers differ; the tokens, and what each covers, do not."""
    server = serve()
    served = ask(ServedLM(MODEL, ServerConfig(server.base_url, tokenizer="none")), TRACES)
    assert all(isinstance(body["prompt"], str) for body in server.bodies)
    for trace, mine, local in zip(TRACES, served, LM(MODEL).score(TRACES), strict=True):
        assert (mine.offsets == local.offsets).all()
        prompt = "".join(f"{part}\n\n" for part in (trace.system, trace.question) if part)
        ids = server.tokenizer(prompt + trace.reasoning)["input_ids"]
        told = server.complete({"model": MODEL, "prompt": ids, "logprobs": 1})["choices"][0]["logprobs"]
        expected = -np.array(told["token_logprobs"][1:-1])[-len(mine) :]
        assert np.abs(mine.values["nll"] - expected).max() < TOLERANCE


def test_texts_in_pieces_cover_each_character_once(serve: Serve) -> None:
    spec = ModelSpec(MODEL, limits=InferenceLimits(100))
    server = serve()
    [signals] = ask(ServedLM(spec, ServerConfig(server.base_url, tokenizer="none")), [LONG])
    assert len(server.bodies) > 3
    assert max(len(body["prompt"]) for body in server.bodies) <= 200
    covered = np.zeros(len(LONG.reasoning), dtype=int)
    for start, end in np.unique(signals.offsets, axis=0).tolist():
        covered[start:end] += 1
    assert (covered == 1).all()


def test_top_k_entropy(serve: Serve) -> None:
    """A signal of its own: never above the entropy, equal to it where all of the vocabulary is asked for."""
    server = serve()
    few = ask(ServedLM(MODEL, ServerConfig(server.base_url, top_k=5), top_k_entropy=True), TRACES)
    many = ask(ServedLM(MODEL, ServerConfig(server.base_url, top_k=20), top_k_entropy=True), TRACES)
    for five, twenty, local in zip(few, many, LM(MODEL).score(TRACES), strict=True):
        assert sorted(five.values) == ["nll", "top_k_entropy"]
        assert (five.values["top_k_entropy"] <= twenty.values["top_k_entropy"] + TOLERANCE).all()
        assert (twenty.values["top_k_entropy"] <= local.values["entropy"] + TOLERANCE).all()
        assert (five.values["top_k_entropy"] < local.values["entropy"] - 0.01).any()
        assert np.abs(five.values["nll"] - local.values["nll"]).max() < TOLERANCE


def test_it_is_a_signal_source(serve: Serve) -> None:
    source = ServedLM(MODEL, serve().base_url)
    assert isinstance(source, SignalSource)
    assert source.provides == {"nll"}
    assert "entropy" not in ServedLM(MODEL, "http://localhost:1/v1", top_k_entropy=True).provides


def test_what_is_stored_is_not_asked_for_again(serve: Serve, spec: ModelSpec, tmp_path: Path) -> None:
    server = serve()
    first, second = (ServedLM(spec, server.base_url) for _ in range(2))
    for source in (first, second):
        source.keep_answers(tmp_path)
    before = ask(first, TRACES)
    asked = len(server.bodies)
    after = ask(second, TRACES)
    assert len(server.bodies) == asked
    for one, other in zip(before, after, strict=True):
        assert (one.values["nll"] == other.values["nll"]).all()
    other = ServedLM(spec, ServerConfig(server.base_url), top_k_entropy=True)
    other.keep_answers(tmp_path)
    ask(other, [SHORT])
    assert len(server.bodies) == asked + 1  # another request


def test_a_damaged_answer_on_disk_is_asked_for_again(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    for text in ("", "{}", '{"nll":[1.0]'):
        source = ServedLM(MODEL, server.base_url)
        source.keep_answers(tmp_path)
        [before] = ask(source, [SHORT])
        with sqlite3.connect(tmp_path / "scores.sqlite") as database:
            database.execute("UPDATE replies SET text = ?, digest = ''", (text,))
        [after] = ask(source, [SHORT])
        assert (before.values["nll"] == after.values["nll"]).all()


def test_a_run_that_breaks_off_continues(serve: Serve, spec: ModelSpec, tmp_path: Path) -> None:
    """Windows that were answered before the server went away are asked for once in all."""
    server = serve(Behaviour(script=["", "", "", *["401"] * 50]))
    config = ServerConfig(server.base_url, concurrency=1, retry_policy=ONCE)
    broken = ServedLM(spec, config)
    broken.keep_answers(tmp_path)
    with pytest.raises(ModelError, match="401"):
        broken.score(TRACES)
    assert len(server.bodies) == 4  # nothing is asked of a server that refuses every call
    server.script.clear()
    again = ServedLM(spec, config)
    again.keep_answers(tmp_path)
    resumed = ask(again, TRACES)
    whole = {str(body["prompt"]) for body in server.bodies}
    assert len(server.bodies) == len(whole) + 1
    for mine, local in zip(resumed, LM(spec).score(TRACES), strict=True):
        assert np.abs(mine.values["nll"] - local.values["nll"]).max() < TOLERANCE


def test_requests_are_under_way_together_and_no_more_than_allowed(serve: Serve, spec: ModelSpec) -> None:
    server = serve(Behaviour(delay=0.05, together=3))
    ask(ServedLM(spec, ServerConfig(server.base_url, concurrency=3)), TRACES)
    assert server.most_under_way == 3


def _drop_prompt(answer: dict[str, Any], body: dict[str, Any]) -> None:
    told = answer["choices"][0]["logprobs"]
    told.update({name: values[-1:] for name, values in told.items()})


def _give_none(answer: dict[str, Any], body: dict[str, Any]) -> None:
    answer["choices"][0]["logprobs"] = None


@pytest.mark.parametrize("tokenizer", ["", "none"])
@pytest.mark.parametrize(
    ("alter", "says"), [(_drop_prompt, "ignores `echo`"), (_give_none, "gave no log-probabilities")]
)
def test_a_server_that_ignores_echo_is_found_out_by_its_first_answer(
    serve: Serve, alter: Any, says: str, tokenizer: str
) -> None:
    server = serve(alter=alter)
    with pytest.raises(ModelError, match=says) as caught:
        ServedLM(MODEL, ServerConfig(server.base_url, tokenizer=tokenizer)).score(TRACES)
    assert "vLLM" in caught.value.hint
    assert len(server.bodies) == 1


def test_one_answer_without_numbers_among_others_is_its_own_traces_reject(serve: Serve) -> None:
    def alter(answer: dict[str, Any], body: dict[str, Any]) -> None:
        if len(server.bodies) == 2:
            _give_none(answer, body)

    server = serve(alter=alter)
    source = ServedLM(MODEL, ServerConfig(server.base_url, concurrency=1))
    first, second, third = source.score(TRACES)
    assert isinstance(first, Signals)
    assert isinstance(third, Signals)
    assert isinstance(second, Rejected)
    assert (second.reason, second.id) == ("call-failed", LONG.id)
    assert "gave no log-probabilities" in second.detail


@pytest.mark.parametrize("fault", ["500", "invalid-json", "half", "drop", "deep-body", "too-large", "empty-choices"])
def test_a_malformed_answer_is_its_own_traces_reject(serve: Serve, fault: str) -> None:
    server = serve(Behaviour(script=["", fault]))
    source = ServedLM(MODEL, ServerConfig(server.base_url, concurrency=1, retry_policy=ONCE))
    outcomes = source.score(TRACES)
    assert [type(outcome) for outcome in outcomes] == [Signals, Rejected, Signals]


def test_what_passes_is_tried_again(serve: Serve) -> None:
    server = serve(Behaviour(script=["500", "", "invalid-json"]))
    ask(ServedLM(MODEL, server.base_url), [SHORT, PLAIN])
    assert len(server.bodies) == 4


def test_a_server_that_is_down_ends_the_run(serve: Serve) -> None:
    server = serve(Behaviour(script=["500"] * 100))
    traces = [Trace(str(at), f"What is {at}?", PLAIN.reasoning) for at in range(40)]
    with pytest.raises(ModelError, match="20 calls in a row have failed"):
        ServedLM(MODEL, ServerConfig(server.base_url, retry_policy=ONCE)).score(traces)
    assert len(server.bodies) == 20


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        (400, "Only no echo is supported", "vLLM"),  # llama.cpp
        (400, "Requested sample logprobs of 5, which is more than allowed: 1", "vLLM"),
        (500, "logprobs is not supported for models created with logits_all=False", "vLLM"),  # llama-cpp-python
        (405, "Method Not Allowed", "vLLM"),
        (422, "prompt: Input should be a valid string", "--scorer-tokenizer none"),  # llama-cpp-python
        (404, "There is no such model", "--model"),
    ],
)
def test_a_server_that_refuses_is_asked_once(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, status: int, message: str, hint: str
) -> None:
    server = serve(Behaviour(script=["fault"]))
    monkeypatch.setattr("scoring_server._fault_answer", lambda *given: _error(status, message))
    with pytest.raises(ModelError, match=message) as caught:
        ServedLM(MODEL, ServerConfig(server.base_url, retry_policy=ONCE)).score(TRACES)
    assert caught.type is ModelError
    assert hint in caught.value.hint
    assert len(server.bodies) == 1


def test_a_window_that_is_too_long_for_the_server_is_a_reject(serve: Serve) -> None:
    server = serve(Behaviour(script=["", "400"]))
    outcomes = ServedLM(MODEL, ServerConfig(server.base_url, concurrency=1)).score(TRACES)
    assert isinstance(outcomes[1], Rejected)
    assert "maximum context length" in outcomes[1].detail


def test_the_key_is_written_nowhere(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SCORING_KEY", KEY)

    def repeat_key(answer: dict[str, Any], body: dict[str, Any]) -> None:
        answer["choices"][0]["text"] = KEY
        if len(server.bodies) == 2:
            answer["choices"][0]["logprobs"]["token_logprobs"][-2] = KEY

    server = serve(Behaviour(key=KEY), alter=repeat_key)
    config = ServerConfig(server.base_url, key_env="SCORING_KEY", concurrency=1, retry_policy=ONCE)
    source = ServedLM(MODEL, config)
    source.keep_answers(tmp_path)
    good, bad = source.score([SHORT, PLAIN])
    assert isinstance(good, Signals)
    assert isinstance(bad, Rejected)
    assert f"bearer {KEY}" in server.headers[0].lower()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"nll" in kept
    assert b"0123456789" not in kept
    for shown in (bad.detail, str(source.identity), repr(source), str(config.to_dict())):
        assert "not-a-real-key" not in shown
    monkeypatch.setenv("SCORING_KEY", "sk-another-key-9876543210")
    with pytest.raises(ModelError, match="401") as caught:
        ServedLM(MODEL, config).score([SHORT])
    assert "another-key" not in str(caught.value)


def test_another_tokenizer_is_found_out(serve: Serve, tmp_path: Path) -> None:
    from tiny_models import TEMPLATE, byte_tokenizer, save, small
    from transformers import LlamaConfig

    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    folder = save(tmp_path, "AutoModelForCausalLM", LlamaConfig(**small(len(tokenizer))), tokenizer)
    server = serve()
    with pytest.raises(ModelError, match="takes the token ids for others") as caught:
        ServedLM(MODEL, ServerConfig(server.base_url, tokenizer=str(folder))).score(TRACES)
    assert "--scorer-tokenizer" in caught.value.hint
    assert len(server.bodies) == 1


def test_it_works_where_an_event_loop_runs(serve: Serve) -> None:
    source = ServedLM(MODEL, serve().base_url)

    async def run() -> Any:
        return source.score([PLAIN])

    [signals] = asyncio.run(run())
    assert isinstance(signals, Signals)


def test_traces_without_text(serve: Serve) -> None:
    server = serve()
    signals = ask(ServedLM(MODEL, ServerConfig(server.base_url), top_k_entropy=True), [Trace("1", "What?", "")])
    assert [len(one) for one in signals] == [0]
    assert not server.bodies


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"base_url": "localhost:8000"}, "is no base URL"),
        ({"base_url": "http://me:secret@localhost/v1"}, "with a user"),
        ({"base_url": "http://localhost/v1", "top_k": 0}, "top_k is 0"),
        ({"base_url": "http://localhost/v1", "concurrency": 0}, "concurrency is 0"),
        ({"base_url": "http://localhost/v1", "key_env": KEY}, "no name of an environment variable"),
        ({}, "which server scores"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionError, match=says) as caught:
        ServedLM(MODEL, ServerConfig(**given))
    assert "secret" not in str(caught.value)


def test_a_tokenizer_that_is_not_to_be_had(serve: Serve) -> None:
    with pytest.raises(ModelError, match="tokenizer of the served model is not to be had") as caught:
        ServedLM(str(Path("nowhere") / "at" / "all"), serve().base_url).score(TRACES)
    assert "--scorer-tokenizer" in caught.value.hint
