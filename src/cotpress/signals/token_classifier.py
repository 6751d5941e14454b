"""Running spans of token ids through a token classifier, down to P(keep)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.errors import ModelError, import_optional
from cotpress.models import InferenceLimits
from cotpress.signals.windows import Window, plan_batches, plan_covering_windows
from cotpress.types import FloatArray

ROBERTA_LIKE = ("xlm-roberta", "roberta")  # their positions start after the padding id
CLASSIFIER_MODEL_TYPES = ("bert", *ROBERTA_LIKE)
KEEP_LABELS = ("keep", "preserve", "preserved", "retain")
CPU_BATCH_TOKENS, GPU_BATCH_TOKENS = 2048, 32768  # tokens


@dataclass(frozen=True, slots=True, eq=False)
class TokenClassifier:
    """A token classifier on its device. `start_id` and `end_id` are the ids around a span; `max_span` is a span's
    most tokens."""

    model: Any
    keep_index: int
    start_id: int
    end_id: int
    pad_id: int
    max_span: int
    batch_tokens: int

    def classify(self, spans: Sequence[Sequence[int]]) -> list[FloatArray]:
        """P(keep) of each token of each span.

        Raises:
            ModelError: the device has not enough memory.
        """
        results: list[FloatArray] = [np.empty(0)] * len(spans)
        for batch in plan_batches([len(span) + 2 for span in spans], self.batch_tokens):
            for index, values in zip(batch, self._run_batch([spans[index] for index in batch]), strict=True):
                results[index] = values
        return results

    def plan_windows(self, tokens: int) -> list[Window]:
        """How a text of so many tokens is read: neighbours share a sixteenth of the most a window holds. More would
        cost more than chunks that share nothing but are padded, as the `llmlingua` package's are."""
        return plan_covering_windows(tokens, self.max_span, self.max_span // 16)

    def pad_spans(self, spans: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        """Ids and attention mask of a batch, each [spans, longest + 2]: padded on the right, `start_id` and `end_id`
        around each span. What the model is trained on and what it scores is laid out here."""
        torch = import_optional("torch", "lm")
        ids = torch.full((len(spans), max(map(len, spans)) + 2), self.pad_id, dtype=torch.long)
        real = torch.zeros_like(ids)
        for row, span in enumerate(spans):
            ids[row, : len(span) + 2] = torch.tensor([self.start_id, *span, self.end_id])
            real[row, : len(span) + 2] = 1
        return ids, real

    def _run_batch(self, spans: Sequence[Sequence[int]]) -> list[FloatArray]:
        torch, (ids, real) = import_optional("torch", "lm"), self.pad_spans(spans)
        device = self.model.device
        try:
            with torch.inference_mode():
                logits = self.model(input_ids=ids.to(device), attention_mask=real.to(device)).logits
                chances = logits.float().softmax(-1)[:, :, self.keep_index].double().cpu().numpy()
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise ModelError(
                f"There is not enough memory on {device} for a batch of {ids.numel()} tokens.",
                "Give a smaller limit for batch_tokens, or another device.",
            ) from error
        return [chances[row, 1 : len(span) + 1] for row, span in enumerate(spans)]


def build_classifier(model: Any, tokenizer: Any, name: str, limits: InferenceLimits) -> TokenClassifier:
    """Read from a loaded model's configuration what running it takes.

    Args:
        model: a token classifier of `transformers`, on its device.
        tokenizer: its tokenizer.
        name: what it is called in messages.
        limits: caps on its context and on the tokens of a batch.

    Raises:
        ModelError: it is no BERT or XLM-R classifier with two labels, or has no special tokens.
        OptionError: `limits` asks for more context than the model has.

    >>> from transformers import AutoModelForTokenClassification, AutoTokenizer
    >>> from cotpress.models import embedded_folder
    >>> folder = embedded_folder() / "world-saliency"
    >>> model = AutoModelForTokenClassification.from_pretrained(folder)
    >>> tokenizer = AutoTokenizer.from_pretrained(folder)
    >>> build_classifier(model, tokenizer, "mine", InferenceLimits(context=130)).max_span
    128
    """
    config = model.config
    if config.model_type not in CLASSIFIER_MODEL_TYPES or config.num_labels != 2:
        raise ModelError(
            f"{name} is a '{config.model_type}' model with {config.num_labels} labels.",
            f"Saliency needs a token classifier with 2 labels of one of the kinds {', '.join(CLASSIFIER_MODEL_TYPES)}, "
            "such as microsoft/llmlingua-2-xlm-roberta-large-meetingbank.",
        )
    start, end, pad = tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id
    if start is None or end is None:
        raise ModelError(f"The tokenizer of {name} names no cls and sep tokens.", "Add them to tokenizer_config.json.")
    positions = config.max_position_embeddings
    if config.model_type in ROBERTA_LIKE:
        positions -= config.pad_token_id + 1
    room = limits.resolve_context(positions, name) - 2
    budget = limits.batch_tokens or (CPU_BATCH_TOKENS if model.device.type == "cpu" else GPU_BATCH_TOKENS)
    return TokenClassifier(model, find_keep_label(config.label2id), start, end, pad or 0, room, budget)


def find_keep_label(label2id: dict[str, int]) -> int:
    """The label that means keep: the one that is named so, else 1 as in LLMLingua-2."""
    return next((int(label) for word, label in label2id.items() if word.lower() in KEEP_LABELS), 1)
