"""What is asked of a server about one window of a trace, and its key among the stored answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cotpress.chat.request import strip_endpoint
from cotpress.storage import compute_content_key

SERVED_VERSION = "1"  # raised whenever the numbers change for the same answers of a server


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """A prompt whose log-probabilities are asked for.

    Args:
        model: the name by which the server knows the model.
        endpoint: its base URL.
        prompt: token ids, or a text that the server cuts into tokens itself.
        first: where scoring begins: the index of a token, or of a character of a text.
        top_k: how many alternatives of each token are asked for; 0 where none are needed.
        token_texts: with token ids, what the scored tokens cover, to see that the server's tokens are these. It is not
            sent, and not part of the key.
    """

    model: str
    endpoint: str
    prompt: tuple[int, ...] | str
    first: int
    top_k: int = 0
    token_texts: tuple[str, ...] = ()

    def compute_key(self) -> str:
        """The content key over everything that the numbers depend on.

        >>> one, other = (ScoreRequest("m", "http://a/v1", (1, last), 1) for last in (2, 3))
        >>> one.compute_key() == other.compute_key()
        False
        """
        prompt = self.prompt if isinstance(self.prompt, str) else list(self.prompt)
        endpoint = strip_endpoint(self.endpoint)
        return compute_content_key("score", SERVED_VERSION, self.model, endpoint, prompt, self.first, self.top_k)

    def build_payload(self) -> dict[str, Any]:
        """The request as the endpoint gets it.

        One token is generated and left out: `max_tokens: 0` means "without a limit" to some servers.
        """
        return {
            "model": self.model,
            "prompt": self.prompt if isinstance(self.prompt, str) else list(self.prompt),
            "echo": True,
            "logprobs": max(1, self.top_k),
            "max_tokens": 1,
            "temperature": 0,
        }
