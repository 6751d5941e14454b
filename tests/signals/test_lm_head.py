from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from cotpress.signals import lm_head as head_module  # noqa: E402
from cotpress.signals.lm_head import LMHead, compute_nll_and_entropy  # noqa: E402


def naive(hidden: Any, targets: Any, head: LMHead) -> tuple[Any, Any]:
    """The whole matrix of logits, in float64."""
    bias = None if head.bias is None else head.bias.double()
    logits = head.compute_logits_(hidden.double() @ head.weight.double().T, bias)
    log_p = logits.log_softmax(-1)
    return -log_p.gather(-1, targets[:, None])[:, 0], -(log_p.exp() * log_p).sum(-1)


def example(tokens: int, vocabulary: int, spread: float = 0.5, **more: Any) -> tuple[Any, Any, LMHead]:
    generator = torch.Generator().manual_seed(tokens)
    hidden = torch.randn(tokens, 24, generator=generator)
    weight = torch.randn(vocabulary, 24, generator=generator) * spread
    return hidden, torch.randint(0, vocabulary, (tokens,), generator=generator), LMHead(weight, **more)


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles so small that several blocks of tokens meet several of the vocabulary, with rests."""
    monkeypatch.setattr(head_module, "TILE_TOKENS", 7)
    monkeypatch.setattr(head_module, "TILE_LOGITS", 7 * 13)


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize(
    "more",
    [{}, {"bias": torch.linspace(-3, 3, 101)}, {"scale": 0.2}, {"softcap": 2.0}, {"scale": 3.0, "softcap": 5.0}],
    ids=str,
)
@pytest.mark.parametrize("tokens", [1, 7, 30])
def test_tiles_give_the_full_softmax(tokens: int, more: dict[str, Any]) -> None:
    hidden, targets, head = example(tokens, 101, **more)
    nll, entropy = compute_nll_and_entropy(hidden, targets, head)
    expected_nll, expected_entropy = naive(hidden, targets, head)
    assert (nll - expected_nll).abs().max() < 1e-5
    assert (entropy - expected_entropy).abs().max() < 1e-5


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("spread", [0.0, 1e-3, 20.0])
def test_flat_and_certain_distributions(spread: float) -> None:
    hidden, targets, head = example(30, 101, spread)
    nll, entropy = compute_nll_and_entropy(hidden, targets, head)
    expected_nll, expected_entropy = naive(hidden, targets, head)
    assert torch.allclose(nll.double(), expected_nll, atol=1e-4, rtol=1e-5)
    assert (entropy - expected_entropy).abs().max() < 1e-4
    assert nll.min() >= 0
    assert entropy.min() >= 0
    assert entropy.max() <= math.log(101) + 1e-5


def test_a_shift_of_all_logits_changes_nothing() -> None:
    hidden, targets, head = example(30, 101)
    plain = compute_nll_and_entropy(hidden, targets, head)
    shifted = compute_nll_and_entropy(hidden, targets, LMHead(head.weight, torch.full((101,), -200.0)))
    assert (plain[0] - shifted[0]).abs().max() < 1e-3
    assert (plain[1] - shifted[1]).abs().max() < 1e-3


def test_entropy_is_nll_less_its_derivative_along_the_hidden_state() -> None:
    """Without a bias, h . dNLL/dh = sum p z - z[target], so NLL less it is logsumexp - sum p z: the entropy."""
    hidden, targets, head = example(40, 3000, spread=0.7)
    nll, entropy = compute_nll_and_entropy(hidden, targets, head)
    variable = hidden.double().requires_grad_()
    loss = torch.nn.functional.cross_entropy(variable @ head.weight.double().T, targets, reduction="sum")
    [slope] = torch.autograd.grad(loss, variable)
    assert (entropy - (nll - (hidden.double() * slope).sum(-1))).abs().max() < 1e-4


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_weights_are_summed_in_float32(dtype: Any) -> None:
    """The reference holds the same half-precision numbers, so what is left is the error of the sums."""
    hidden, targets, head = example(50, 5000)
    hidden, head = hidden.to(dtype), LMHead(head.weight.to(dtype))
    nll, entropy = compute_nll_and_entropy(hidden, targets, head)
    expected_nll, expected_entropy = naive(hidden, targets, head)
    assert nll.dtype == entropy.dtype == torch.float32
    assert (nll - expected_nll).abs().max() < 1e-4
    assert (entropy - expected_entropy).abs().max() < 1e-4


def test_no_tokens() -> None:
    hidden, targets, head = example(3, 101)
    nll, entropy = compute_nll_and_entropy(hidden[:0], targets[:0], head)
    assert nll.shape == entropy.shape == (0,)


def test_no_tensor_is_larger_than_a_tile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tensor that any operation gives back is counted, while 40 x 3000 logits are reduced."""
    from torch.utils._python_dispatch import TorchDispatchMode

    sizes = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, call: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = call(*args, **(kwargs or {}))
            sizes.append(getattr(result, "numel", int)())
            return result

    monkeypatch.setattr(head_module, "TILE_TOKENS", 16)
    monkeypatch.setattr(head_module, "TILE_LOGITS", 4096)
    hidden, targets, head = example(40, 3000)
    with Watch():
        compute_nll_and_entropy(hidden, targets, head)
    assert max(sizes) < 40 * 3000 / 10


def test_agrees_with_the_kernel_that_trl_ships() -> None:
    """A contract test: the same numbers as another implementation of the same reduction, where it is installed."""
    kernel = pytest.importorskip("trl.kernels.chunked_logprob", reason="TRL with its chunked kernel is not installed")
    hidden, targets, head = example(60, 3000, softcap=4.0, scale=1.5)
    log_p, entropy, *_ = kernel.ChunkedLogProbFunction.apply(
        hidden, head.weight, None, targets, 1.0, 512, head.softcap, head.scale, ("entropy",)
    )
    ours = compute_nll_and_entropy(hidden, targets, head)
    assert (ours[0] + log_p).abs().max() < 1e-4
    assert (ours[1] - entropy).abs().max() < 1e-4
