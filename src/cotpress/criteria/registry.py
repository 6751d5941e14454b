"""The catalogue of criteria: a name, the signal it reads, where it comes from, and the function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cotpress.criteria import by_position, by_random, by_reflection, by_signal
from cotpress.criteria.evidence import Evidence
from cotpress.errors import unknown_name
from cotpress.types import FloatArray


@dataclass(frozen=True, slots=True)
class Criterion:
    """Importance of each segment of a trace. Higher = keep.

    `needs` is the signal it reads ("" for none); `source` is where the method was published.
    """

    name: str
    importance: Callable[[Evidence], FloatArray]
    source: str
    needs: str = ""

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.importance.__doc__ or "").strip().splitlines()[0]


_ALL = (
    Criterion("nll", by_signal.nll, "self-information: Selective Context, arXiv 2310.06201", needs="nll"),
    Criterion("entropy", by_signal.entropy, "step entropy: arXiv 2508.03346", needs="entropy"),
    Criterion(
        "saliency", by_signal.saliency, "LLMLingua-2: arXiv 2403.12968; TokenSkip: arXiv 2502.12067", "keep_probability"
    ),
    Criterion("random", by_random.random, "baseline: arXiv 2607.28707"),
    Criterion("head", by_position.head, "baseline: truncation"),
    Criterion("tail", by_position.tail, "baseline: truncation"),
    Criterion("middle-out", by_position.middle_out, "baseline: position"),
    Criterion("reflection", by_reflection.reflection, "baseline: targeted reflection, arXiv 2606.21704"),
)

CRITERIA: dict[str, Criterion] = {criterion.name: criterion for criterion in _ALL}


def get_criterion(name: str) -> Criterion:
    """The criterion of that name.

    Raises:
        OptionError: there is none; the nearest name is offered.
    """
    if name not in CRITERIA:
        raise unknown_name("criterion", name, CRITERIA)
    return CRITERIA[name]
