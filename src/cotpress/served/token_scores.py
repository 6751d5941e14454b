"""The numbers of one window, as they are kept on disk: exact in float32, and nothing else of an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from cotpress.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class TokenScores:
    """What a server says of the scored tokens of one request.

    Args:
        nll: in nats, [tokens], each 0 or more.
        top_k_entropy: in nats, [tokens]; None where it was not asked for.
        spans: the characters of the request's text that each token covers, [tokens, 2]; None where token ids were sent.
    """

    nll: FloatArray
    top_k_entropy: FloatArray | None = None
    spans: IntArray | None = None

    def to_json(self) -> str:
        """The numbers as text, nine digits each.

        >>> TokenScores(np.array([0.5, 2.0])).to_json()
        '{"nll":[0.5,2.0]}'
        """
        stored: dict[str, list[float] | list[list[int]]] = {"nll": _round_values(self.nll)}
        if self.top_k_entropy is not None:
            stored["top_k_entropy"] = _round_values(self.top_k_entropy)
        if self.spans is not None:
            stored["spans"] = self.spans.tolist()
        return json.dumps(stored, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> TokenScores | None:
        """The numbers again; None where the text does not hold them.

        >>> scores = TokenScores.from_json('{"nll":[0.5,2.0]}')
        >>> scores.nll.tolist()
        [0.5, 2.0]
        """
        try:
            stored = json.loads(text)
            nll = np.array(stored["nll"], dtype=np.float64)
            entropy = np.array(stored["top_k_entropy"], dtype=np.float64) if "top_k_entropy" in stored else None
            spans = np.array(stored["spans"], dtype=np.int64).reshape(-1, 2) if "spans" in stored else None
        except (KeyError, TypeError, ValueError):
            return None
        parts = [part for part in (entropy, spans) if part is not None]
        return cls(nll, entropy, spans) if all(len(part) == len(nll) for part in parts) else None


def _round_values(values: FloatArray) -> list[float]:
    return [float(f"{value:.9g}") for value in values.tolist()]
