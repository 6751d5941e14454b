"""How likely the end of a sequence is when a part before it is taken out, the beginning being run only once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cotpress.errors import import_optional
from cotpress.signals.lm_backbone import MAX_PIECE_TOKENS, compute_piece_length
from cotpress.signals.lm_head import compute_nll_and_entropy
from cotpress.signals.lm_runner import LMRunner
from cotpress.signals.scoring_sequences import ScoringSequence

if TYPE_CHECKING:
    from torch import Tensor

Cut = tuple[int, int]


def score_endings(runner: LMRunner, ids: Sequence[int], scored: int, cuts: Sequence[Cut]) -> list[float]:
    """For each cut [start, end) the mean NLL, in nats, of the last `scored` of `ids` without ids[start:end].

    Everything before a cut is run once for all cuts, where the model's cache of keys and values can be cut back; what
    comes after a cut is run for each. Memory is that of one pass with its cache.

    Args:
        runner: the model.
        ids: the whole sequence.
        scored: how many tokens at its end are scored, 1 at least.
        cuts: positions of `ids`, each from 1 to the first scored token; an empty cut takes nothing out.

    Raises:
        ModelError: the device has not enough memory.
    """
    if not _can_cut_back(runner):
        whole = [[*ids[:start], *ids[end:]] for start, end in cuts]
        rows = runner.run([ScoringSequence(row, len(row) - scored) for row in whole])
        return [float(values[0].mean()) for values in rows]
    torch, ending = import_optional("torch", "lm"), _Prefix(runner)
    scores = np.empty(len(cuts))
    with torch.inference_mode():
        for index in sorted(range(len(cuts)), key=lambda number: -cuts[number][0]):
            start, end = cuts[index]
            ending.return_to(ids, start - 1)
            scores[index] = ending.score([ids[start - 1], *ids[end:]], scored)
    return [float(score) for score in scores]


def _can_cut_back(runner: LMRunner) -> bool:
    """Whether a cache can be shortened to any length: layers that look back only so far have forgotten the rest."""
    kinds = getattr(runner.backbone.model.config.get_text_config(), "layer_types", None) or ()
    return runner.backbone.supports_cache and all(kind == "full_attention" for kind in kinds)


@dataclass(slots=True, eq=False)
class _Prefix:
    """The cache of a beginning. It is only ever shortened."""

    runner: LMRunner
    cache: Any = None

    def return_to(self, ids: Sequence[int], length: int) -> None:
        """Have the cache hold the first `length` of `ids`."""
        if self.cache is None:
            library = import_optional("transformers", "lm")
            self.cache = library.DynamicCache(config=self.runner.backbone.model.config)
            for _ in self._feed(ids[:length]):
                pass
        elif length < self.cache.get_seq_length():
            self.cache.crop(length - self.cache.get_seq_length())  # less than 0: so many go from the end

    def score(self, ids: Sequence[int], scored: int) -> float:
        """The mean NLL of the last `scored` of `ids`, which go on from the cache."""
        torch, first, at = import_optional("torch", "lm"), len(ids) - 1 - scored, 0
        kept = []
        for hidden in self._feed(ids[:-1]):
            kept.append(hidden[max(0, first - at) :])
            at += len(hidden)
        targets = torch.tensor(ids[len(ids) - scored :], device=kept[0].device)
        nll, _ = compute_nll_and_entropy(torch.cat(kept), targets, self.runner.head)
        return float(nll.double().mean())

    def _feed(self, ids: Sequence[int]) -> Any:
        """Hidden states of `ids`, piece by piece: [tokens, hidden]."""
        torch, at, backbone = import_optional("torch", "lm"), 0, self.runner.backbone
        device = self.runner.head.weight.device
        while at < len(ids):
            seen = self.cache.get_seq_length()
            piece = ids[at : at + compute_piece_length(seen, backbone.max_piece_tokens or MAX_PIECE_TOKENS)]
            row: Tensor = torch.tensor([list(piece)], device=device)
            yield backbone.model(input_ids=row, past_key_values=self.cache, use_cache=True).last_hidden_state[0]
            at += len(piece)
