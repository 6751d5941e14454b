"""What a backend is, and the registry of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cotpress.chat.chat_model import ChatModel
from cotpress.chat.endpoint_connection import RetryPolicy
from cotpress.deprecation import rename_fields
from cotpress.errors import OptionError
from cotpress.models import ModelSpec
from cotpress.registry import Registry, first_line


@rename_fields(batch="batch_size")
@dataclass(frozen=True, slots=True)
class BackendOptions:
    """How a model is reached.

    Args:
        base_url: of an endpoint; "" for the backend's own default.
        key_env: the environment variable that holds the key.
        retry_policy: how long an answer is waited for, and how often a failed call is repeated.
        batch_size: how many replies a model in this process writes at once.
    """

    base_url: str = ""
    key_env: str = "OPENAI_API_KEY"
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    batch_size: int = 32


OpenChat = Callable[[ModelSpec, BackendOptions], ChatModel]


@dataclass(frozen=True, slots=True)
class ChatBackend:
    """A way to reach a chat model.

    Args:
        open_chat: makes the chat model; it asks nothing and loads no weights yet.
        is_local: whether the model runs in this process. Its replies are then counted with its own tokenizer, which
            the chat model gives as `load_tokenizer()`, and it takes no URL.
    """

    open_chat: OpenChat
    is_local: bool = False

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return first_line(self.open_chat)


def _adapt_backend(name: str, value: Any) -> ChatBackend:
    if isinstance(value, ChatBackend):
        return value
    if callable(value):
        return ChatBackend(value)
    raise OptionError(
        f"The backend '{name}' is a {type(value).__name__}.",
        "Give a ChatBackend, or a function of a ModelSpec and BackendOptions that gives a chat model.",
    )


BACKENDS: Registry[ChatBackend] = Registry("backend", "cotpress.backends", "cotpress.chat.backends", _adapt_backend)


def register_backend(name: str, *, is_local: bool = False) -> Callable[[OpenChat], OpenChat]:
    """A decorator that adds a backend; the function itself stays as it is.

    >>> decorate = register_backend("mine")  # @decorate above a function adds it
    """

    def add(function: OpenChat) -> OpenChat:
        BACKENDS.add(name, ChatBackend(function, is_local))
        return function

    return add


def get_backend(name: str) -> ChatBackend:
    """The backend of that name, or the one that "module:object" means.

    Raises:
        OptionError: there is none; the nearest name is offered.

    >>> get_backend("openai").is_local
    False
    """
    return BACKENDS.get_entry(name)
