"""What is asked of a language model, its key in the cache, and what is replied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from cotpress.errors import OptionError
from cotpress.storage import compute_content_key

ROLES = ("system", "user", "assistant")
FINISH_STOP, FINISH_LENGTH, FINISH_REFUSED = "stop", "length", "refused"
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn of a conversation. `role` is "system", "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class SamplingParameters:
    """How the reply is drawn.

    `temperature` is 0 (greedy) to 2, `top_p` above 0 up to 1; `max_tokens` caps the reply, None leaves that
    to the endpoint; `seed` makes sampling repeatable where the endpoint can.

    Raises:
        OptionError: on construction, for values out of range.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 2:
            raise OptionError(f"The temperature {self.temperature} is out of range.", "Give a number from 0 to 2.")
        if not 0 < self.top_p <= 1:
            raise OptionError(f"top_p is {self.top_p}.", "Give a number above 0, at most 1.")
        if self.max_tokens is not None and self.max_tokens < 1:
            raise OptionError(f"max_tokens is {self.max_tokens}.", "Give 1 or more.")
        object.__setattr__(self, "temperature", float(self.temperature))  # 0 and 0.0 are one request
        object.__setattr__(self, "top_p", float(self.top_p))


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A conversation to be continued by `model` at `endpoint` (its base URL).

    `version` is that of whatever made the messages; it is part of the key, and is not sent.
    """

    model: str
    messages: Sequence[ChatMessage]
    sampling: SamplingParameters = SamplingParameters()
    endpoint: str = ""
    version: str = ""

    def compute_key(self) -> str:
        """The content key over everything as sent; credentials and the query of the endpoint do not count."""
        turns = [[message.role, message.content] for message in self.messages]
        return compute_content_key(
            "chat", self.model, strip_endpoint(self.endpoint), turns, asdict(self.sampling), self.version
        )


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What came back. Tokens are the endpoint's own count, 0 where it gives none.

    `finish` is "stop", "length" (cut off at the limit), "refused" (a content filter, a refusal, or nothing
    said), or whatever else the endpoint calls it. `seconds` is from asking to the reply, retries included.
    `cached` says that it was paid for earlier.
    """

    text: str
    finish: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cached: bool = False


def strip_endpoint(url: str) -> str:
    """A URL without user, password, query and closing slash; anything else as it is."""
    parts = urlsplit(url)
    if not parts.netloc:
        return url
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")


def replace_surrogates(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 cannot carry, replaced by U+FFFD."""
    return _LONE_SURROGATES.sub("\ufffd", text)
