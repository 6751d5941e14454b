"""Where a served model is, and how it is asked. Plain data; it holds the name of the key's variable, never the key."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from cotpress.chat import RetryPolicy
from cotpress.chat.endpoint_connection import check_base_url, check_variable_name
from cotpress.errors import OptionError

NO_TOKENIZER = "none"  # texts are sent, and the server cuts them into tokens
DEFAULT_TOP_K = 5  # what OpenAI's interface allows, and so the least that servers do
SERVER_TIMEOUT = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """A server that gives the log-probabilities of a prompt, and how it is asked.

    Args:
        base_url: of an OpenAI-compatible endpoint; "" for $OPENAI_BASE_URL.
        tokenizer: the tokenizer of the served model: a hub id, a folder or a `.gguf` file; "" for the model's own name;
            "none" where texts are sent in place of token ids.
        top_k: how many alternatives of each token are asked for, 1 or more, for `top_k_entropy` alone.
        key_env: the environment variable that holds the key; a local endpoint needs none.
        concurrency: how many requests may be under way, 1 or more.
        retry_policy: how long an answer is waited for, and how often a failed try is repeated.

    Raises:
        OptionError: on construction, for a URL that is none or carries credentials, and for values out of range.

    >>> ServerConfig("http://localhost:8000/v1").to_dict()
    {'base_url': 'http://localhost:8000/v1', 'tokenizer': '', 'top_k': 5}
    """

    base_url: str = ""
    tokenizer: str = ""
    top_k: int = DEFAULT_TOP_K
    key_env: str = "OPENAI_API_KEY"
    concurrency: int = 8
    retry_policy: RetryPolicy = field(default_factory=lambda: RetryPolicy(SERVER_TIMEOUT))

    def __post_init__(self) -> None:
        if self.base_url:
            object.__setattr__(self, "base_url", check_base_url(self.base_url))
        check_variable_name(self.key_env)
        for name, value in (("top_k", self.top_k), ("concurrency", self.concurrency)):
            if value < 1:
                raise OptionError(f"{name} is {value}.", "Give 1 or more.")

    def to_dict(self) -> dict[str, Any]:
        """What the numbers depend on, as JSON-able data; how patiently the server is asked does not count."""
        return {"base_url": self.base_url, "tokenizer": self.tokenizer, "top_k": self.top_k}

    def resolve_url(self) -> str:
        """The endpoint's URL.

        Raises:
            OptionError: none is given, and $OPENAI_BASE_URL is not set.
        """
        url = self.base_url or os.environ.get("OPENAI_BASE_URL", "")
        if not url:
            raise OptionError(
                "It is not said which server scores.", "Give --base-url, such as http://localhost:8000/v1."
            )
        return check_base_url(url)
