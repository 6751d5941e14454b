"""How the field asks its benchmarks, by name, so that figures can be held beside published ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cotpress.deprecation import rename_fields
from cotpress.evaluation.config import EvaluationConfig

LONG_REPLY_TOKENS: Final = 32_768


@rename_fields(source="published_in")
@dataclass(frozen=True, slots=True)
class EvaluationPreset:
    """Benchmarks, and how replies to them are drawn. `published_in` says who asks so."""

    benchmarks: tuple[str, ...]
    config: EvaluationConfig
    published_in: str


def _sample(count: int) -> EvaluationConfig:
    """So many replies as DeepSeek-R1's report draws them (arXiv 2501.12948, section 3): temperature 0.6, top-p 0.95."""
    return EvaluationConfig(LONG_REPLY_TOKENS, count, temperature=0.6, top_p=0.95)


PRESETS: Final = {
    "aime": EvaluationPreset(("aime24", "aime25"), _sample(64), "avg@64: arXiv 2501.12948, section 3"),
    "gpqa": EvaluationPreset(("gpqa_diamond",), _sample(8), "avg@8: arXiv 2606.21704"),
    "math500": EvaluationPreset(("math500",), _sample(4), "avg@4: arXiv 2606.21704"),
}
