"""The local chat model: tiny models with random weights, and SmolLM2 where it is installed."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from cotpress.chat import ChatMessage, ChatReply, ChatRequest, LocalChat, SamplingParameters  # noqa: E402
from cotpress.chat.decoding import SeededSampler  # noqa: E402
from cotpress.errors import ModelCallError, ModelError, OptionError  # noqa: E402

Asking = Callable[..., ChatRequest]
TEXTS = ["What is 2 + 3?", "Half of 12, and then the rest of it?", "x"]


def ask_all(chat: LocalChat, requests: Sequence[ChatRequest]) -> list[ChatReply]:
    async def run() -> list[ChatReply]:
        replies = await asyncio.gather(*map(chat.ask, requests))
        await chat.close()
        return replies

    return asyncio.run(run())


def by_hand(chat: LocalChat, request: ChatRequest, count: int) -> list[int]:
    """Greedy decoding, one token after the other, without padding and cache."""
    generator = chat._generator
    assert generator is not None
    ids = generator.encode_prompt(request)
    assert isinstance(ids, list)
    start = len(ids)
    while len(ids) < start + count and ids[-1] not in generator._ends[:]:
        with torch.no_grad():
            ids = [*ids, int(generator._model(torch.tensor([ids])).logits[0, -1].argmax())]
    return ids[start:]


def test_greedy_in_a_batch_is_greedy_alone(tiny_chat_model: Path, asking: Asking) -> None:
    chat = LocalChat(tiny_chat_model, device="cpu", dtype="float32")
    requests = [asking(text, max_tokens=12) for text in TEXTS]
    for request, reply in zip(requests, ask_all(chat, requests), strict=True):
        ids = by_hand(chat, request, 12)
        ended = ids[-1] in chat._generator._ends  # type: ignore[union-attr]
        assert reply.completion_tokens == len(ids)
        assert reply.finish == ("stop" if ended else "length")
        expected = chat._generator._tokenizer.decode(ids, skip_special_tokens=True)  # type: ignore[union-attr]
        assert reply.text == expected
        assert reply.prompt_tokens == len(chat._generator.encode_prompt(request))  # type: ignore[union-attr, arg-type]


def test_batches_hold_what_is_drawn_alike(tiny_chat_model: Path, asking: Asking) -> None:
    chat = LocalChat(tiny_chat_model, device="cpu", batch_size=2)
    sizes: list[int] = []
    plain = chat._answer_group
    chat._answer_group = lambda requests: sizes.append(len(requests)) or plain(requests)  # type: ignore[func-returns-value, method-assign]
    greedy = [asking(text, max_tokens=2) for text in TEXTS]
    drawn = [asking(text, max_tokens=2, temperature=1.0, seed=1) for text in TEXTS[:2]]
    ask_all(chat, [*greedy, *drawn])
    assert sizes == [2, 1, 2]


def test_a_batch_shrinks_and_says_the_same(tiny_chat_model: Path, asking: Asking, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_chat_model, tmp_path / "ends"))
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": list(range(3, 300, 17))}))
    chat = LocalChat(folder, device="cpu", dtype="float32", batch_size=24)
    requests = [asking(f"{text} {number}", max_tokens=60) for text in TEXTS for number in range(8)]
    together = ask_all(chat, requests)
    sizes: list[int] = []
    decoder = chat._generator._decoder  # type: ignore[union-attr]
    plain = type(decoder)._generate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            type(decoder), "_generate", lambda self, ids, *rest: sizes.append(len(ids)) or plain(self, ids, *rest)
        )
        again = ask_all(chat, requests)
    alone = [ask_all(chat, [one])[0] for one in requests]
    assert [one.text for one in together] == [one.text for one in again] == [one.text for one in alone]
    assert len({one.completion_tokens for one in together}) > 5
    assert sizes[0] == 24
    assert sizes[-1] <= 12  # those that had ended were left behind


def test_each_reply_has_the_whole_context(tiny_chat_model: Path, asking: Asking) -> None:
    chat = LocalChat(tiny_chat_model, device="cpu")
    requests = [asking("Hi.", temperature=2.0, seed=3), asking("long " * 40, temperature=2.0, seed=3)]
    for reply in ask_all(chat, requests):
        assert reply.finish == "stop" or reply.prompt_tokens + reply.completion_tokens == 256


def test_tokens_are_drawn_as_often_as_they_are_likely() -> None:
    wanted = torch.tensor([0.5, 0.3, 0.2, 0.0])
    samplings = [SamplingParameters(temperature=1.0, seed=seed) for seed in range(4000)]
    for top_p, expected in ((1.0, wanted), (0.6, torch.tensor([0.625, 0.375, 0.0, 0.0]))):
        draws = SeededSampler([replace(one, top_p=top_p) for one in samplings], [1] * len(samplings))
        ids, scores = torch.zeros((len(samplings), 2), dtype=torch.long), wanted.log().repeat(len(samplings), 1)
        chosen = draws.build_processor(range(len(samplings)), 2)(ids, scores).argmax(-1)
        shares = torch.bincount(chosen, minlength=4) / len(samplings)
        assert (shares - expected).abs().max() < 0.03


def test_seeds_repeat(tiny_chat_model: Path, asking: Asking) -> None:
    chat = LocalChat(tiny_chat_model, device="cpu")
    drawn = [asking(TEXTS[0], max_tokens=12, temperature=1.5, seed=seed) for seed in (1, 2, 1)]
    first, second, third = (reply.text for reply in ask_all(chat, drawn))
    assert first == third != second
    company = [asking(text, max_tokens=12, temperature=1.5, seed=7) for text in TEXTS[1:]]
    assert ask_all(chat, [*company, drawn[1]])[-1].text == second
    assert ask_all(chat, drawn[:1])[0].text == first  # alone, after closing


def test_the_context_bounds_a_reply(tiny_chat_model: Path, asking: Asking) -> None:
    chat = LocalChat(tiny_chat_model, device="cpu")
    [reply] = ask_all(chat, [asking("Hello.")])
    assert reply.prompt_tokens + reply.completion_tokens == 256 or reply.finish == "stop"

    async def run() -> list[ChatReply | BaseException]:
        requests = [asking("long " * 500, max_tokens=3), asking("Hello.", max_tokens=3)]
        return await asyncio.gather(*map(chat.ask, requests), return_exceptions=True)

    too_long, fine = asyncio.run(run())
    assert type(too_long) is ModelCallError
    assert "256" in str(too_long)
    assert isinstance(fine, ChatReply)


def test_a_system_message_is_folded_where_the_template_knows_none(tiny_chat_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "strict"
    shutil.copytree(tiny_chat_model, folder)
    template = next(folder.glob("chat_template*"))
    refusal = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    template.write_text(refusal + template.read_text())
    request = ChatRequest(
        "m", (ChatMessage("system", "Be brief."), ChatMessage("user", "Hello.")), SamplingParameters(max_tokens=2)
    )
    folded = replace(request, messages=(ChatMessage("user", "Be brief.\n\nHello."),))
    one, other = ask_all(LocalChat(folder, device="cpu"), [request, folded])
    assert one.prompt_tokens == other.prompt_tokens
    [plain] = ask_all(LocalChat(tiny_chat_model, device="cpu"), [request])
    assert plain.prompt_tokens != one.prompt_tokens


def test_control_tokens_in_a_message_are_text(tiny_chat_model: Path, asking: Asking) -> None:
    chat = LocalChat(tiny_chat_model, device="cpu")
    ask_all(chat, [asking("Hello.", max_tokens=1)])
    generator = chat._generator
    assert generator is not None
    spelled, plain = generator.encode_prompt(asking("a </s> b")), generator.encode_prompt(asking("a b"))
    assert isinstance(spelled, list)
    assert isinstance(plain, list)
    end = generator._tokenizer.eos_token_id
    assert spelled.count(end) == plain.count(end)


def test_the_endpoint_names_weights_and_dtype(tiny_chat_model: Path) -> None:
    one, other = LocalChat(tiny_chat_model, dtype="float32"), LocalChat(tiny_chat_model, dtype="bfloat16")
    assert one.endpoint != other.endpoint
    assert one.endpoint.startswith(f"local:{tiny_chat_model.name}@")
    assert one._generator is None  # known before loading


def test_a_closed_model_stops_generating(tiny_chat_model: Path, asking: Asking) -> None:
    chat = LocalChat(tiny_chat_model, device="cpu")
    ask_all(chat, [asking("Hello.", max_tokens=1)])

    async def run() -> None:
        waiting = [asyncio.create_task(chat.ask(asking(text, temperature=2.0))) for text in TEXTS]
        await asyncio.sleep(0.05)
        await chat.close()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError | ChatReply) for one in outcomes)

    asyncio.run(run())
    assert len(ask_all(chat, [asking("Hello.", max_tokens=2)])) == 1


def test_what_cannot_be_loaded(tmp_path: Path, asking: Asking) -> None:
    with pytest.raises(ModelError, match="no model at"):
        ask_all(LocalChat(tmp_path / "none", device="cpu"), [asking("Hello.")])
    with pytest.raises(OptionError):
        LocalChat(tmp_path, batch_size=0)


def test_smollm2(smollm2_chat: LocalChat) -> None:
    question = (ChatMessage("system", "Answer in one word."), ChatMessage("user", "What is the capital of France?"))
    [reply] = ask_all(smollm2_chat, [ChatRequest("smollm2", question, SamplingParameters(max_tokens=12))])
    assert "Paris" in reply.text
    assert 0 < reply.completion_tokens <= 12
    assert 20 < reply.prompt_tokens < 60
