"""NLL, entropy and rank from hidden states, the LM head applied tile by tile: no [tokens, vocabulary] matrix exists.

The reduction is the online softmax (Milakov & Gimelshein, "Online normalizer calculation for softmax", 2018)
with one more running sum for the entropy. With logits z, their running maximum m and e = exp(z - m):

    mass = sum e          moment = sum e (z - m)
    NLL = m + log(mass) - z[target]          entropy = log(mass) - moment / mass

All sums are in float32, whatever the dtype of the weights.

The rank of a token is 1 + the number of tokens that the model thinks more likely, at most MAX_RANK.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cotpress.errors import import_optional

if TYPE_CHECKING:
    from torch import Tensor

MAX_RANK = 100  # ranks are clipped there, as the authors of the rank-surprisal ratio do (evaluation/rank_surprisal.py)
TILE_TOKENS = 1024  # tokens in a tile: enough to keep a matrix multiplication busy
TILE_LOGITS = 1 << 22  # logits in a tile; two float32 buffers of this size (32 MB) are all that is allocated


@dataclass(frozen=True, slots=True, eq=False)
class LMHead:
    """The last layer of a causal LM: logits = cap * tanh(scale * (W h + bias) / cap).

    `weight` has shape [vocabulary, hidden] and `bias` [vocabulary]; `softcap` None means no cap.
    """

    weight: Tensor
    bias: Tensor | None = None
    scale: float = 1.0
    softcap: float | None = None

    def compute_logits_(self, products: Tensor, bias: Tensor | None) -> Tensor:
        """Turn products W h into logits, in place."""
        if bias is not None:
            products.add_(bias)
        if self.scale != 1.0:
            products.mul_(self.scale)
        if self.softcap is not None:
            products.div_(self.softcap).tanh_().mul_(self.softcap)
        return products


def compute_nll_and_entropy(hidden: Tensor, targets: Tensor, head: LMHead) -> tuple[Tensor, Tensor]:
    """NLL of `targets` and entropy of the whole next-token distribution, in nats.

    `hidden` has shape [tokens, hidden] and `targets` [tokens]; both results are float32 [tokens].
    """
    torch = import_optional("torch", "lm")
    nll = hidden.new_empty(len(hidden), dtype=torch.float32)
    entropy = torch.empty_like(nll)
    rows = max(1, min(TILE_TOKENS, len(hidden)))
    width = min(len(head.weight), TILE_LOGITS // rows)
    tiles = (nll.new_empty(TILE_LOGITS), nll.new_empty(TILE_LOGITS))  # of one size, so that freeing them leaves no gaps
    for at in range(0, len(hidden), rows):
        block = slice(at, at + rows)
        mass, moment, top = _accumulate_sums(hidden[block], head, tiles, width)
        nll[block] = top + mass.log() - _compute_target_logits(hidden[block], targets[block], head)
        entropy[block] = mass.log() - moment / mass
    return nll.clamp_(min=0), entropy.clamp_(min=0)  # rounding can leave -1e-7 where a token is certain


def compute_nll_and_rank(hidden: Tensor, targets: Tensor, head: LMHead) -> tuple[Tensor, Tensor]:
    """NLL of `targets` in nats, and their ranks, 1 to MAX_RANK.

    `hidden` has shape [tokens, hidden] and `targets` [tokens]; both results are float32 [tokens].
    """
    torch = import_optional("torch", "lm")
    nll, _ = compute_nll_and_entropy(hidden, targets, head)
    rank = torch.ones_like(nll)
    rows = max(1, min(TILE_TOKENS, len(hidden)))
    tile = nll.new_empty(TILE_LOGITS)
    for at in range(0, len(hidden), rows):
        block = slice(at, at + rows)
        rank[block] += _count_more_likely(hidden[block], targets[block], head, tile)
    return nll, rank.clamp_(max=MAX_RANK)


def _count_more_likely(hidden: Tensor, targets: Tensor, head: LMHead, tile: Tensor) -> Tensor:
    """How many tokens of the vocabulary have a higher logit than each target, [tokens]."""
    torch = import_optional("torch", "lm")
    logits = _compute_target_logits(hidden, targets, head)
    count: Tensor = torch.zeros_like(logits)
    width = max(1, min(len(head.weight), TILE_LOGITS // len(hidden)))
    for at in range(0, len(head.weight), width):
        weight, bias = head.weight[at : at + width], None if head.bias is None else head.bias[at : at + width]
        z = tile[: len(hidden) * len(weight)].view(len(hidden), -1)
        head.compute_logits_(_multiply_weights(hidden, weight, z), bias)
        inside = ((targets >= at) & (targets < at + len(weight))).nonzero()[:, 0]
        z[inside, targets[inside] - at] = -torch.inf  # summed in another order, a target may seem higher than itself
        count += (z > logits[:, None]).sum(-1)
    return count


def _accumulate_sums(hidden: Tensor, head: LMHead, tiles: tuple[Tensor, Tensor], width: int) -> tuple[Tensor, ...]:
    """`mass`, `moment` and the maximum of one block of tokens, over the vocabulary in tiles of `width`."""
    torch = import_optional("torch", "lm")
    rows, ones = len(hidden), tiles[0].new_ones(width)
    top = tiles[0].new_full((rows,), -1e30)
    mass, moment = torch.zeros_like(top), torch.zeros_like(top)
    for at in range(0, len(head.weight), width):
        part = slice(at, at + width)
        weight, bias = head.weight[part], None if head.bias is None else head.bias[part]
        z, e = (tile[: rows * len(weight)].view(rows, -1) for tile in tiles)
        head.compute_logits_(_multiply_weights(hidden, weight, z), bias)
        peak = top.maximum(z.amax(-1))
        drop = top - peak
        mass, moment, top = mass * drop.exp(), (moment + mass * drop) * drop.exp(), peak
        torch.exp(z.sub_(peak[:, None]), out=e)
        mass += e.mv(ones[: len(weight)])  # a row sum as a product with ones is the cheapest there is
        moment += e.mul_(z).mv(ones[: len(weight)])
    return mass, moment, top


def _multiply_weights(hidden: Tensor, weight: Tensor, out: Tensor) -> Tensor:
    """W h in float32. Half-precision products are exact in it, so they must not be rounded back to half."""
    torch = import_optional("torch", "lm")
    half = hidden.dtype in (torch.bfloat16, torch.float16)
    if half and hidden.is_cuda and torch.__version__ >= (2, 8):
        torch.mm(hidden, weight.t(), out_dtype=torch.float32, out=out)
    else:
        torch.mm(hidden.float(), weight.float().t(), out=out)
    return out


def _compute_target_logits(hidden: Tensor, targets: Tensor, head: LMHead) -> Tensor:
    products = (hidden.float() * head.weight[targets].float()).sum(-1)
    return head.compute_logits_(products, None if head.bias is None else head.bias[targets])
