"""What a training came to: the content of training.json."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from cotpress._version import __version__

VERSIONED_LIBRARIES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets", "tokenizers")


@dataclass(frozen=True, slots=True)
class LossPoint:
    """A point of the loss curve. `loss` is in nats a token with a loss, the mean over the steps since the last point;
    `tokens` and `seconds` count from the beginning."""

    step: int
    loss: float
    learning_rate: float
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What was trained on. `key` is a content key of the examples in their order; rows = examples + rejected."""

    inputs: tuple[str, ...]
    key: str
    examples: int
    rejected: int
    rejected_reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A finished training.

    `tokens` are those that went through the model, prompts included and padding not, once for every epoch;
    `loss_tokens` of them had a loss. `seconds` are of the steps alone, over all runs where it was continued from
    checkpoints. `peak_memory` is in bytes: "process" the most that the process ever held, "gpu" on its GPU.
    `parameters` of the model with its adapter, `trained_parameters` of them trained. `max_length` is the recipe's, or
    what the model has positions for.
    """

    student: Mapping[str, str]
    method: str
    data: TrainingData
    steps: int
    epochs: float
    tokens: int
    loss_tokens: int
    seconds: float
    final_loss: float
    loss: tuple[LossPoint, ...]
    max_length: int
    parameters: int
    trained_parameters: int
    device: str
    processes: int
    peak_memory: Mapping[str, int]
    continued_from: int | None
    seed: int
    recipe: Mapping[str, Any]
    versions: Mapping[str, str]

    @property
    def tokens_per_second(self) -> float:
        """Tokens through the model a second."""
        return self.tokens / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {**asdict(self), "tokens_per_second": round(self.tokens_per_second, 1)}


def collect_training_versions() -> dict[str, str]:
    """The version of everything that the numbers depend on."""
    versions = {"cotpress": __version__, "python": platform.python_version()}
    for name in VERSIONED_LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unknown"
    return versions
