"""Running spans of token ids through a token classifier, down to P(keep)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.errors import ModelError, require
from cotpress.models import Limits
from cotpress.signals.batching import plan_batches
from cotpress.signals.windows import Window, covering_windows
from cotpress.types import FloatArray

ROBERTA_LIKE = ("xlm-roberta", "roberta")  # their positions start after the padding id
KNOWN = ("bert", *ROBERTA_LIKE)
KEEP_NAMES = ("keep", "preserve", "preserved", "retain")
BATCH_CPU, BATCH_GPU = 2048, 32768  # tokens


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A token classifier on its device. `start` and `end` are the ids around a span; `room` is a span's most tokens."""

    model: Any
    keep: int
    start: int
    end: int
    pad: int
    room: int
    batch_tokens: int

    def run(self, spans: Sequence[Sequence[int]]) -> list[FloatArray]:
        """P(keep) of each token of each span.

        Raises:
            ModelError: the device has not enough memory.
        """
        results: list[FloatArray] = [np.empty(0)] * len(spans)
        for batch in plan_batches([len(span) + 2 for span in spans], self.batch_tokens):
            for index, values in zip(batch, self._run_batch([spans[index] for index in batch]), strict=True):
                results[index] = values
        return results

    def windows(self, tokens: int) -> list[Window]:
        """How a text of so many tokens is read: neighbours share a sixteenth of the most a window holds. More would
        cost more than chunks that share nothing but are padded, as the `llmlingua` package's are."""
        return covering_windows(tokens, self.room, self.room // 16)

    def padded(self, spans: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        """Ids and attention mask of a batch, each [spans, longest + 2]: padded on the right, `start` and `end` around
        each span. What the model is trained on and what it scores is laid out here."""
        torch = require("torch", "lm")
        ids = torch.full((len(spans), max(map(len, spans)) + 2), self.pad, dtype=torch.long)
        real = torch.zeros_like(ids)
        for row, span in enumerate(spans):
            ids[row, : len(span) + 2] = torch.tensor([self.start, *span, self.end])
            real[row, : len(span) + 2] = 1
        return ids, real

    def _run_batch(self, spans: Sequence[Sequence[int]]) -> list[FloatArray]:
        torch, (ids, real) = require("torch", "lm"), self.padded(spans)
        device = self.model.device
        try:
            with torch.inference_mode():
                logits = self.model(input_ids=ids.to(device), attention_mask=real.to(device)).logits
                chances = logits.float().softmax(-1)[:, :, self.keep].double().cpu().numpy()
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelError(
                f"There is not enough memory on {device} for a batch of {ids.numel()} tokens.",
                "Give a smaller limit for batch_tokens, or another device.",
            ) from error
        return [chances[row, 1 : len(span) + 1] for row, span in enumerate(spans)]


def as_classifier(model: Any, tokenizer: Any, name: str, limits: Limits) -> Classifier:
    """Read from a loaded model's configuration what running it takes.

    Raises:
        ModelError: it is no BERT or XLM-R classifier with two labels, or has no special tokens.
        OptionError: `limits` asks for more context than the model has.
    """
    config = model.config
    if config.model_type not in KNOWN or config.num_labels != 2:
        raise ModelError(
            f"{name} is a '{config.model_type}' model with {config.num_labels} labels.",
            f"Saliency needs a token classifier with 2 labels of one of the kinds {', '.join(KNOWN)}, such as "
            "microsoft/llmlingua-2-xlm-roberta-large-meetingbank.",
        )
    start, end, pad = tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id
    if start is None or end is None:
        raise ModelError(f"The tokenizer of {name} names no cls and sep tokens.", "Add them to tokenizer_config.json.")
    positions = config.max_position_embeddings
    if config.model_type in ROBERTA_LIKE:
        positions -= config.pad_token_id + 1
    room = limits.room(positions, name) - 2
    budget = limits.batch_tokens or (BATCH_CPU if model.device.type == "cpu" else BATCH_GPU)
    return Classifier(model, keep_label(config.label2id), start, end, pad or 0, room, budget)


def keep_label(label2id: dict[str, int]) -> int:
    """The label that means keep: the one that is named so, else 1 as in LLMLingua-2."""
    return next((int(label) for word, label in label2id.items() if word.lower() in KEEP_NAMES), 1)
