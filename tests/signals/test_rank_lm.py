"""The rank of each token under a language model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")

from cotpress.signals import LM, RankLM  # noqa: E402
from cotpress.signals import lm_head as head_module  # noqa: E402
from cotpress.signals.lm_head import LMHead, compute_nll_and_entropy, compute_nll_and_rank  # noqa: E402
from cotpress.types import SignalSource, Trace  # noqa: E402

TRACE = Trace("1", "What is x?", "Let x be the first. Then 3x + 4 = 40, so wait: naïve 漢字. The answer is 42. ")


def rank_naively(hidden: Any, targets: Any, head: LMHead) -> Any:
    bias = None if head.bias is None else head.bias.double()
    logits = head.compute_logits_(hidden.double() @ head.weight.double().T, bias)
    return (1 + (logits > logits.gather(-1, targets[:, None])).sum(-1)).clamp(max=100)


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("more", [{}, {"bias": torch.linspace(-3, 3, 301)}, {"scale": 3.0, "softcap": 5.0}], ids=str)
def test_ranks_are_those_of_the_whole_matrix(
    small: bool, more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    if small:
        monkeypatch.setattr(head_module, "TILE_TOKENS", 7)
        monkeypatch.setattr(head_module, "TILE_LOGITS", 7 * 13)
    generator = torch.Generator().manual_seed(1)
    head = LMHead(torch.randn(301, 24, generator=generator), **more)
    hidden, targets = torch.randn(60, 24, generator=generator), torch.randint(0, 301, (60,), generator=generator)
    nll, rank = compute_nll_and_rank(hidden, targets, head)
    expected = rank_naively(hidden, targets, head)
    assert rank.tolist() == expected.tolist()
    assert 1 <= rank.min() < rank.max() == 100
    assert torch.equal(nll, compute_nll_and_entropy(hidden, targets, head)[0])


def test_the_likeliest_token_has_rank_one() -> None:
    generator = torch.Generator().manual_seed(2)
    head = LMHead(torch.randn(500, 64, generator=generator))
    hidden = torch.randn(200, 64, generator=generator)
    best = (hidden @ head.weight.T).argmax(-1)
    assert compute_nll_and_rank(hidden, best, head)[1].unique().tolist() == [1.0]


def test_a_model_says_the_rank_of_each_token(tiny_llama: Path) -> None:
    source = RankLM(tiny_llama)
    assert isinstance(source, SignalSource)
    [signals], [plain] = source.score([TRACE]), LM(tiny_llama).score([TRACE])
    assert np.array_equal(signals.values["nll"], plain.values["nll"])
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_llama)
    prompt, ids = (
        tokenizer(text, add_special_tokens=False)["input_ids"]
        for text in (f"<s>user\n{TRACE.question}</s>\n<s>assistant\n", TRACE.reasoning)
    )
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny_llama, dtype=torch.float64).eval()
    with torch.no_grad():
        logits = model(torch.tensor([prompt + ids])).logits[0][len(prompt) - 1 : -1]
    expected = 1 + (logits > logits.gather(-1, torch.tensor(ids)[:, None])).sum(-1)
    assert signals.values["rank"].tolist() == expected.clamp(max=100).tolist()


def test_it_is_stored_apart_from_nll_and_entropy(tiny_llama: Path) -> None:
    assert dict(RankLM(tiny_llama).identity) == {**LM(tiny_llama).identity, "source": "lm-rank"}
