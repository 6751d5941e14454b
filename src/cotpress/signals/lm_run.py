"""Running token ids through a causal LM, in batches, down to NLL and entropy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.errors import ModelError, require
from cotpress.signals.batching import plan_batches
from cotpress.signals.head import Head, reduce_head
from cotpress.signals.trunk import Trunk
from cotpress.types import FloatArray


@dataclass(frozen=True, slots=True)
class Job:
    """One sequence to run. Its tokens from `first` on, 1 at least, are scored; those before are context."""

    ids: Sequence[int]
    first: int


@dataclass(frozen=True, slots=True, eq=False)
class Runner:
    """A model on its device, split into trunk and head."""

    trunk: Trunk
    head: Head
    batch_tokens: int

    def run(self, jobs: Sequence[Job]) -> list[FloatArray]:
        """For each job NLL and entropy in nats, shape [2, scored tokens].

        Raises:
            ModelError: the device has not enough memory.
        """
        results: list[FloatArray] = [np.empty((2, 0))] * len(jobs)
        for batch in plan_batches([len(job.ids) for job in jobs], self.batch_tokens):
            for index, values in zip(batch, self._run_batch([jobs[index] for index in batch]), strict=True):
                results[index] = values
        return results

    def _run_batch(self, jobs: Sequence[Job]) -> list[FloatArray]:
        torch = require("torch", "lm")
        device = self.head.weight.device
        ids = torch.zeros((len(jobs), max(len(job.ids) for job in jobs)), dtype=torch.long)
        wanted = torch.zeros_like(ids[:, 1:], dtype=torch.bool)
        for row, job in enumerate(jobs):
            ids[row, : len(job.ids)] = torch.tensor(job.ids)
            wanted[row, job.first - 1 : len(job.ids) - 1] = True
        try:
            values = self._values(ids.to(device), wanted.to(device)).double().cpu().numpy()
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelError(
                f"There is not enough memory on {device} for a batch of {ids.numel()} tokens.",
                "Give a smaller limit for batch_tokens or context, or another device.",
            ) from error
        return [values[:, row, job.first - 1 : len(job.ids) - 1] for row, job in enumerate(jobs)]

    def _values(self, ids: Any, wanted: Any) -> Any:
        """Shape [2, rows, tokens - 1]: NLL and entropy of the tokens after the first, where wanted."""
        torch = require("torch", "lm")
        values = torch.zeros((2, *wanted.shape), dtype=torch.float32, device=ids.device)
        with torch.inference_mode():
            for at, hidden in self.trunk.hidden(ids[:, :-1]):
                part = slice(at, at + hidden.shape[1])
                here = wanted[:, part]
                nll, entropy = reduce_head(hidden[here], ids[:, 1:][:, part][here], self.head)
                values[0, :, part][here] = nll
                values[1, :, part][here] = entropy
        return values
