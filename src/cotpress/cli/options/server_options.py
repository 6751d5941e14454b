"""Options of a server that scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.cli.options.choices import PATHS

if TYPE_CHECKING:
    from cotpress.served import ServerConfig

SERVER_GROUP = Group("Server that scores (--source served)", sort_key=6)


@Parameter(name="*", group=SERVER_GROUP)
@dataclass(frozen=True)
class ServerOptions:
    """Where a served model is, and how it is asked."""

    base_url: str = ""
    "Endpoint that gives log-probabilities of a prompt, such as http://localhost:8000/v1; --model is the name there."
    scorer_tokenizer: Annotated[str, PATHS] = ""
    "Tokenizer of the served model: hub id, folder or .gguf file; --model by default; none: texts are sent, not ids."
    top_logprobs: int = 5
    "Alternatives of each token that are asked for, for --criterion top-k-entropy."
    key_env: str = "OPENAI_API_KEY"
    "Environment variable that holds the key. Keys are read from nowhere else and never written."
    concurrency: int = 8
    "Requests under way at once."
    timeout: float = 120.0
    "Seconds to wait for an answer."
    retries: int = 8
    "Times that a failed request is repeated, with growing pauses; Retry-After is honoured."

    def build_config(self) -> ServerConfig:
        """The server."""
        from cotpress.chat import RetryPolicy
        from cotpress.served import ServerConfig

        return ServerConfig(
            base_url=self.base_url,
            tokenizer=self.scorer_tokenizer,
            top_k=self.top_logprobs,
            key_env=self.key_env,
            concurrency=self.concurrency,
            retry_policy=RetryPolicy(self.timeout, self.retries),
        )
