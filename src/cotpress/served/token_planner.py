"""Windows as token ids: those of the source `lm`, by the same tokenizer and the same code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cotpress.models import ModelLoader
from cotpress.served.score_request import ScoreRequest
from cotpress.served.trace_plan import TracePlan
from cotpress.signals.scoring_sequences import plan_sequences
from cotpress.signals.trace_encoding import TracePromptEncoder, encode_texts
from cotpress.types import Trace

DEFAULT_CONTEXT = 4096  # tokens of a window: servers may hold as many rows of the whole vocabulary


@dataclass(frozen=True)
class TokenPlanner:
    """Cuts traces into windows of token ids.

    Args:
        loader: finds the tokenizer, and no weights.
        blank: a request without its prompt.
    """

    loader: ModelLoader
    blank: ScoreRequest

    @property
    def identity(self) -> dict[str, str]:
        """What the windows depend on."""
        found = self.loader.resolved
        return {
            "tokenizer": f"{found.name} {found.tokenizer_revision}",
            "prompt": "chat template" if found.has_chat_template else "plain",
            "context": f"{self.context}, overlap 1/4, question up to 1/4",
        }

    @cached_property
    def context(self) -> int:
        """The most tokens of a window: as asked, else 4096 or what the model has, less the token that is generated."""
        if asked := self.loader.spec.limits.context:
            return asked
        positions = _read_positions(self.loader.resolved.read("config.json"))
        return min(DEFAULT_CONTEXT, positions - 1) if positions else DEFAULT_CONTEXT

    def plan(self, traces: Sequence[Trace]) -> list[TracePlan]:
        """What is asked about each trace."""
        encoded = encode_texts(self._prompter.tokenizer, [trace.reasoning for trace in traces])
        plans = []
        for trace, (ids, offsets) in zip(traces, encoded, strict=True):
            texts = [trace.reasoning[start:end] for start, end in offsets.tolist()]
            requests, scored = [], 0
            for window in plan_sequences(self._prompter, trace, ids, self.context):
                count = len(window.ids) - window.first_scored
                of_window = tuple(texts[scored : scored + count])
                requests.append(
                    replace(self.blank, prompt=tuple(window.ids), first=window.first_scored, token_texts=of_window)
                )
                scored += count
            plans.append(TracePlan(tuple(requests), offsets))
        return plans

    @cached_property
    def _prompter(self) -> TracePromptEncoder:
        return TracePromptEncoder(self.loader.load_tokenizer(), self.loader.resolved.has_chat_template)


def _read_positions(config: str) -> int:
    """The positions that a model's configuration states, 0 where it states none."""
    try:
        settings = json.loads(config or "{}")
        text = settings.get("text_config") or settings
        return int(text.get("max_position_embeddings") or 0)
    except (AttributeError, TypeError, ValueError):
        return 0
