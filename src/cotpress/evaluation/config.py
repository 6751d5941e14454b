"""What is asked of a student: how many samples, how they are drawn, and how long they may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cotpress.chat import ChatMessage, SamplingParameters
from cotpress.errors import OptionError
from cotpress.storage import compute_content_key

if TYPE_CHECKING:
    from cotpress.evaluation.benchmarks import BenchmarkItem

DEFAULT_MAX_NEW_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class EvaluationConfig:
    """The same for every problem of a run, and for every run that is compared with it.

    `max_new_tokens` is the generation budget: one number, whatever the student was trained on. A `temperature` of 0
    is greedy. Each sample is drawn from a seed of its own, made of `seed`, the problem and the sample's number.

    Raises:
        OptionError: on construction, for values out of range, and for several greedy samples.
    """

    max_new_tokens: int = DEFAULT_MAX_NEW_TOKENS
    samples: int = 1
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    system: str = ""

    def __post_init__(self) -> None:
        SamplingParameters(self.temperature, self.top_p, self.max_new_tokens)  # raises what there is to raise
        if self.samples < 1:
            raise OptionError(f"{self.samples} samples are none.", "Give 1 or more.")
        if self.samples > 1 and not self.temperature:
            raise OptionError(
                f"{self.samples} greedy samples would all be the same.", "Give a temperature above 0, such as 0.6."
            )

    def make_messages(self, item: BenchmarkItem) -> tuple[ChatMessage, ...]:
        """The conversation that the student continues."""
        system = (ChatMessage("system", self.system),) if self.system else ()
        return (*system, ChatMessage("user", item.prompt))

    def make_samplings(self, benchmark: str, item: BenchmarkItem) -> Iterator[SamplingParameters]:
        """How each sample of a problem is drawn."""
        for sample in range(self.samples):
            seed = int(compute_content_key(self.seed, benchmark, item.id, sample)[:7], 16) if self.temperature else None
            yield SamplingParameters(self.temperature, self.top_p, self.max_new_tokens, seed)
