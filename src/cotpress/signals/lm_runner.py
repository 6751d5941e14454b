"""Running token ids through a causal LM, in batches, down to two values a token, such as NLL and entropy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.errors import ModelError, import_optional
from cotpress.signals.lm_backbone import LMBackbone
from cotpress.signals.lm_head import LMHead, compute_nll_and_entropy
from cotpress.signals.scoring_sequences import ScoringSequence
from cotpress.signals.windows import plan_batches
from cotpress.types import FloatArray

TokenMeasure = Callable[[Any, Any, LMHead], tuple[Any, Any]]
"""Two values of each target token, from hidden states, targets and the head."""


@dataclass(frozen=True, slots=True, eq=False)
class LMRunner:
    """A model on its device, split into trunk and head."""

    backbone: LMBackbone
    head: LMHead
    batch_tokens: int

    def run(self, jobs: Sequence[ScoringSequence], measure: TokenMeasure = compute_nll_and_entropy) -> list[FloatArray]:
        """For each job what `measure` gives, by default NLL and entropy in nats; shape [2, scored tokens].

        Raises:
            ModelError: the device has not enough memory.
        """
        results: list[FloatArray] = [np.empty((2, 0))] * len(jobs)
        for batch in plan_batches([len(job.ids) for job in jobs], self.batch_tokens):
            for index, values in zip(batch, self._run_batch([jobs[index] for index in batch], measure), strict=True):
                results[index] = values
        return results

    def _run_batch(self, jobs: Sequence[ScoringSequence], measure: TokenMeasure) -> list[FloatArray]:
        torch = import_optional("torch", "lm")
        device = self.head.weight.device
        ids = torch.zeros((len(jobs), max(len(job.ids) for job in jobs)), dtype=torch.long)
        wanted = torch.zeros_like(ids[:, 1:], dtype=torch.bool)
        for row, job in enumerate(jobs):
            ids[row, : len(job.ids)] = torch.tensor(job.ids)
            wanted[row, job.first_scored - 1 : len(job.ids) - 1] = True
        try:
            values = self._compute_values(ids.to(device), wanted.to(device), measure).double().cpu().numpy()
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelError(
                f"There is not enough memory on {device} for a batch of {ids.numel()} tokens.",
                "Give a smaller limit for batch_tokens or context, or another device.",
            ) from error
        return [values[:, row, job.first_scored - 1 : len(job.ids) - 1] for row, job in enumerate(jobs)]

    def _compute_values(self, ids: Any, wanted: Any, measure: TokenMeasure) -> Any:
        """Shape [2, rows, tokens - 1]: both values of the tokens after the first, where wanted."""
        torch = import_optional("torch", "lm")
        values = torch.zeros((2, *wanted.shape), dtype=torch.float32, device=ids.device)
        with torch.inference_mode():
            for at, hidden in self.backbone.compute_hidden_states(ids[:, :-1]):
                part = slice(at, at + hidden.shape[1])
                here = wanted[:, part]
                first, second = measure(hidden[here], ids[:, 1:][:, part][here], self.head)
                values[0, :, part][here] = first
                values[1, :, part][here] = second
        return values
