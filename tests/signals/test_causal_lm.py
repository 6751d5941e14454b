from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")

from cotpress.errors import OptionError  # noqa: E402
from cotpress.models import InferenceLimits  # noqa: E402
from cotpress.signals import LM  # noqa: E402
from cotpress.signals import lm_backbone as trunk_module  # noqa: E402
from cotpress.types import SignalSource, Trace  # noqa: E402

REASONING = "Let x be the first. Then 3x + 4 = 40, so $\\frac{x}{2} = 6$.\n\nHmm, wait: naïve 漢字. The answer is 42. "
SHORT = Trace("short", "What is x?", REASONING)
LONG = Trace("long", "What is the sum?", REASONING * 2)


def naive(folder: Path, prompt: list[int], ids: list[int]) -> Any:
    """NLL and entropy of `ids` after `prompt` from the model's whole logits, all in float64."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64).eval()
    with torch.no_grad():
        log_p = model(torch.tensor([prompt + ids])).logits[0].log_softmax(-1)[len(prompt) - 1 : -1]
    nll = -log_p.gather(-1, torch.tensor(ids)[:, None])[:, 0]
    return nll.numpy(), -(log_p.exp() * log_p).sum(-1).numpy()


def tokens_of(folder: Path, text: str) -> list[int]:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids


def chat_prompt(folder: Path, question: str) -> list[int]:
    return tokens_of(folder, f"<s>user\n{question}</s>\n<s>assistant\n")


def assert_same(one: Any, other: Any, within: float = 1e-4) -> None:
    for name in ("nll", "entropy"):
        assert np.abs(one.values[name] - other.values[name]).max() < within


def test_a_model_is_a_signal_source(tiny_llama: Path) -> None:
    assert isinstance(LM(tiny_llama), SignalSource)


@pytest.mark.parametrize("trace", [SHORT, LONG], ids=lambda trace: trace.id)
def test_numbers_are_those_of_the_full_softmax(tiny_llama: Path, trace: Trace) -> None:
    [signals] = LM(tiny_llama).score([trace])
    ids = tokens_of(tiny_llama, trace.reasoning)
    nll, entropy = naive(tiny_llama, chat_prompt(tiny_llama, trace.question), ids)
    assert len(signals) == len(ids) > 40
    assert np.abs(signals.values["nll"] - nll).max() < 1e-4
    assert np.abs(signals.values["entropy"] - entropy).max() < 1e-3
    assert nll.std() > 1  # the example tells tokens apart


def test_offsets_are_of_the_reasoning_and_cover_it(tiny_llama: Path) -> None:
    [signals] = LM(tiny_llama).score([SHORT])
    covered = {place for start, end in signals.offsets for place in range(start, end)}
    assert covered == set(range(len(REASONING)))
    pieces = [REASONING[start:end] for start, end in signals.offsets]
    assert (np.diff(signals.offsets[:, 0]) >= 0).all()
    assert pieces.count("漢") >= 2  # the pieces of one character share its offsets


def test_padding_changes_nothing(tiny_llama: Path) -> None:
    traces = [Trace(str(n), "Why?", REASONING[: 3 + 9 * n]) for n in range(9)]
    alone = LM(tiny_llama, limits=InferenceLimits(batch_tokens=1)).score(traces)
    for budget in (100, 400, 10_000):
        together = LM(tiny_llama, limits=InferenceLimits(batch_tokens=budget)).score(traces)
        for one, other in zip(alone, together, strict=True):
            assert np.array_equal(one.offsets, other.offsets)
            assert_same(one, other)


def test_a_long_row_in_pieces_changes_nothing(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [whole] = LM(tiny_llama).score([LONG])
    monkeypatch.setattr(trunk_module, "MAX_PIECE_TOKENS", 64)
    monkeypatch.setattr(trunk_module, "MAX_MASK_ENTRIES", 80 * 80)  # pieces of 64, 54, 37, 32 ... tokens
    [pieced] = LM(tiny_llama).score([LONG])
    assert_same(whole, pieced)
    assert not np.array_equal(whole.values["nll"], pieced.values["nll"])  # it did take another way


def test_windows_equal_the_full_context_where_the_context_is_the_same(tiny_llama: Path) -> None:
    [full] = LM(tiny_llama).score([LONG])
    [windowed] = LM(tiny_llama, limits=InferenceLimits(context=96)).score([LONG])
    first = 96 - len(chat_prompt(tiny_llama, LONG.question))
    assert len(full) == len(windowed) > first
    for name in ("nll", "entropy"):
        same = np.abs(full.values[name] - windowed.values[name]) < 1e-4
        assert same[:first].all()
        assert not same[first:].all()


def test_a_later_window_sees_prompt_overlap_and_itself(tiny_llama: Path) -> None:
    context = 96
    [signals] = LM(tiny_llama, limits=InferenceLimits(context=context)).score([LONG])
    prompt, ids = chat_prompt(tiny_llama, LONG.question), tokens_of(tiny_llama, LONG.reasoning)
    first = context - len(prompt)
    begin = first - context // 4
    last = begin + first
    nll, entropy = naive(tiny_llama, prompt, ids[begin:last])
    assert np.abs(signals.values["nll"][first:last] - nll[context // 4 :]).max() < 1e-4
    assert np.abs(signals.values["entropy"][first:last] - entropy[context // 4 :]).max() < 1e-3


def test_a_model_without_a_chat_template_is_prompted_plainly(tiny_gpt2: Path) -> None:
    lm = LM(tiny_gpt2)
    [signals] = lm.score([SHORT])
    prompt = tokens_of(tiny_gpt2, "<s>What is x?\n\n")
    nll, _ = naive(tiny_gpt2, prompt, tokens_of(tiny_gpt2, REASONING))
    assert np.abs(signals.values["nll"] - nll).max() < 1e-4
    assert lm.identity["prompt"] == "plain"


def test_empty_reasoning_has_no_tokens(tiny_llama: Path) -> None:
    empty, full = LM(tiny_llama).score([Trace("0", "What?", ""), SHORT])
    assert empty.offsets.shape == (0, 2)
    assert len(empty.values["nll"]) == 0
    assert len(full)


def test_no_traces_no_signals(tiny_llama: Path) -> None:
    assert LM(tiny_llama).score([]) == []


ARCHITECTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "caps its logits": ("Gemma2Config", {"final_logit_softcapping": 3.0, "head_dim": 8, "sliding_window": 16}),
    "divides its logits": ("GraniteConfig", {"logits_scaling": 5.0}),
    "multiplies its logits": ("CohereConfig", {"logit_scale": 0.3}),
    "slides its attention": ("MistralConfig", {"sliding_window": 8, "num_key_value_heads": 2}),
    "has a bias in its head": ("PhiConfig", {}),
    "keeps another cache": ("MambaConfig", {}),
}


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_architectures_of_many_kinds(kind: str, save_model: Callable[..., Path], tiny_shape: Any) -> None:
    name, more = ARCHITECTURES[kind]
    tokenizer, shape = tiny_shape
    config = getattr(transformers, name)(**shape(len(tokenizer), **more))
    folder = save_model(name, "AutoModelForCausalLM", config, tokenizer)
    [signals] = LM(folder).score([SHORT])
    nll, entropy = naive(folder, chat_prompt(folder, SHORT.question), tokens_of(folder, REASONING))
    assert np.abs(signals.values["nll"] - nll).max() < 1e-3
    assert np.abs(signals.values["entropy"] - entropy).max() < 1e-3


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_is_near(tiny_llama: Path, dtype: str) -> None:
    [exact] = LM(tiny_llama).score([SHORT])
    [half] = LM(tiny_llama, dtype=dtype).score([SHORT])
    assert_same(exact, half, within=0.5)
    assert not np.allclose(exact.values["nll"], half.values["nll"], atol=1e-6)


@pytest.mark.parametrize("limits", [{"context": 3}, {"batch_tokens": 0}])
def test_limits_that_cannot_work(limits: dict[str, int]) -> None:
    with pytest.raises(OptionError, match="Give at least"):
        InferenceLimits(**limits)


def test_a_context_beyond_the_model(tiny_llama: Path) -> None:
    with pytest.raises(OptionError, match="256"):
        LM(tiny_llama, limits=InferenceLimits(context=1000)).score([SHORT])
