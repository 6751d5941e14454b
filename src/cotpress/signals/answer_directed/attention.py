"""Attention of the last layer, and NLL, of short pairs of texts, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cotpress.errors import ModelError, import_optional
from cotpress.signals.lm_head import compute_nll_and_entropy
from cotpress.signals.lm_runner import LMRunner
from cotpress.signals.windows import plan_batches

if TYPE_CHECKING:
    from torch import Tensor

TokenPair = tuple[Sequence[int], Sequence[int]]


def score_with_attention(runner: LMRunner, pairs: Sequence[TokenPair]) -> list[tuple[float, float]]:
    """For each pair (x, y) of token ids, neither empty: how much y attends to x, and how likely y is after x.

    The first is the mean attention weight from the tokens of y to those of x over all heads of the last layer, 0..1;
    the second is the mean NLL of y after x, in nats.

    Raises:
        ModelError: the model gives no attention weights.
    """
    results: list[tuple[float, float]] = [(0.0, 0.0)] * len(pairs)
    torch = import_optional("torch", "lm")
    with torch.inference_mode(), _keep_last_attention(runner) as kept:
        for batch in plan_batches([len(x) + len(y) for x, y in pairs], runner.batch_tokens):
            scored = _score_batch(runner, [pairs[index] for index in batch], kept)
            for index, values in zip(batch, scored, strict=True):
                results[index] = values
    return results


def _score_batch(runner: LMRunner, pairs: Sequence[TokenPair], kept: list[Tensor]) -> Iterator[tuple[float, float]]:
    torch, device = import_optional("torch", "lm"), runner.head.weight.device
    ids = torch.zeros((len(pairs), max(len(x) + len(y) for x, y in pairs)), dtype=torch.long)
    for row, (x, y) in enumerate(pairs):
        ids[row, : len(x) + len(y)] = torch.tensor([*x, *y])
    kept.clear()
    hidden = runner.backbone.model(input_ids=ids.to(device), use_cache=False).last_hidden_state
    if not kept:
        raise ModelError("The model gives no attention weights.", "Use another model, or another criterion.")
    for row, (x, y) in enumerate(pairs):
        end = len(x) + len(y)
        nll, _ = compute_nll_and_entropy(
            hidden[row, len(x) - 1 : end - 1], ids[row, len(x) : end].to(device), runner.head
        )
        weights = kept[0][row, :, len(x) : end, : len(x)]
        yield float(weights.float().mean()), float(nll.double().mean())


@contextmanager
def _keep_last_attention(runner: LMRunner) -> Iterator[list[Tensor]]:
    """Have the model compute its attention in the open, and hold that of the last layer after each call."""
    model, kept = runner.backbone.model, list[Any]()
    layers = [module for module in model.modules() if type(module).__name__.endswith("Attention")]
    if not layers or not hasattr(model, "set_attn_implementation"):
        raise ModelError("The model shows no attention weights.", "Use another model, or another criterion.")

    def keep(module: Any, arguments: Any, output: Any) -> None:
        kept[:] = [part for part in output[1:2] if hasattr(part, "dim") and part.dim() == 4]

    before = model.config._attn_implementation
    hook = layers[-1].register_forward_hook(keep)
    try:
        model.set_attn_implementation("eager")
        yield kept
    finally:
        hook.remove()
        model.set_attn_implementation(before)
