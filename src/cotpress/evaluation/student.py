"""The model that is evaluated: who answers, under which name, and what counts its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cotpress.chat import ChatModel, MeteredChat, RetryPolicy, VllmChat
from cotpress.chat.backends import BackendOptions, get_backend
from cotpress.deprecation import rename_fields, rename_parameters
from cotpress.errors import OptionError
from cotpress.models import ModelSpec, load_counter, make_model_spec
from cotpress.storage import compute_content_key
from cotpress.text import segment
from cotpress.token_counting import UNIT_COUNTER_NAME, TokenCounter, TokenizerCounter


@dataclass(frozen=True, slots=True)
class ChatStudent:
    """A chat model as it is evaluated.

    `model` is its name at an endpoint. `counter` counts what it writes, None: in units; `is_local` says that its own
    counts are of the same tokens. `has_chat_template` says whether it has a chat template, None where that is not
    known. `concurrency` requests are under way at once.
    """

    chat: ChatModel
    model: str = ""
    counter: TokenCounter | None = None
    is_local: bool = False
    has_chat_template: bool | None = None
    concurrency: int = 64

    @property
    def identity(self) -> dict[str, Any]:
        """What the replies depend on besides the plan."""
        return {"endpoint": self.chat.endpoint, "model": self.model, "chat_template": self.has_chat_template}

    @property
    def counter_name(self) -> str:
        """What counts its tokens."""
        return self.counter.name if self.counter else UNIT_COUNTER_NAME

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text."""
        if self.counter is None:
            return [len(segment(text).units) - 1 for text in texts]
        return self.counter.count(texts)


@rename_fields(batch="batch_size")
@dataclass(frozen=True, slots=True)
class ChatStudentConfig:
    """A chat student as a user names it: `open_student` makes it.

    Args:
        model: a folder, hub id or embedded model; or the model's name at an endpoint.
        backend: a backend (`cotpress backends` lists them), or "module:object".
        base_url: of an endpoint.
        key_env: the environment variable that holds the key.
        tokenizer: counts for an endpoint; a local model counts with its own.
        batch_size: how many replies a local model writes at once, and how many requests an endpoint gets at once.
        timeout: seconds to wait for a reply.

    Raises:
        OptionError: on construction, for no such backend, or an endpoint without the name of a model.
    """

    model: ModelSpec
    backend: str = "transformers"
    base_url: str = ""
    key_env: str = "OPENAI_API_KEY"
    tokenizer: str = ""
    batch_size: int = 32
    timeout: float = 600.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", make_model_spec(self.model))  # a name or a path will do, too
        get_backend(self.backend)
        if not self.model.name:
            raise OptionError("No student is named.", "Give a folder, a hub id, or the model's name at the endpoint.")
        if self.batch_size < 1:
            raise OptionError(f"The batch size is {self.batch_size}.", "Give 1 or more.")


def open_student(config: ChatStudentConfig) -> ChatStudent:
    """The student, its tokenizer loaded, its weights not yet.

    Raises:
        ModelError: it is not to be found, or has no fast tokenizer.
        MissingExtraError: the backend's library is not installed.

    >>> open_student(ChatStudentConfig("world-llama", batch_size=4)).has_chat_template
    True
    """
    backend = get_backend(config.backend)
    options = BackendOptions(config.base_url, config.key_env, RetryPolicy(config.timeout), config.batch_size)
    chat = backend.open_chat(config.model, options)
    if backend.is_local:
        return make_local_student(chat, config.batch_size)
    counter = load_counter(config.tokenizer) if config.tokenizer else None
    return ChatStudent(MeteredChat(chat, config.batch_size), config.model.name, counter, concurrency=config.batch_size)


@rename_parameters(batch="batch_size")
def make_local_student(chat: Any, batch_size: int = 32) -> ChatStudent:
    """A student in this process, counted with its own tokenizer: that of `chat.load_tokenizer()`.

    Args:
        chat: the model.
        batch_size: how many replies it writes at once; twice as many requests are under way.

    Raises:
        ModelError: as `open_student`.

    >>> from cotpress.chat import LocalChat
    >>> student = make_local_student(LocalChat("world-llama"))
    >>> student.count_tokens(["2+3=5"])
    [5]
    """
    backend = chat.load_tokenizer().backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    # The same tokenizer has the same name wherever its files lie: an adapter's is that of its base.
    counter = TokenizerCounter(f"tokenizer {compute_content_key(backend.to_str())[:12]}", backend)
    ahead = 1024 if isinstance(chat, VllmChat) else 2 * batch_size
    return ChatStudent(
        chat, counter=counter, is_local=True, has_chat_template=getattr(chat, "templated", None), concurrency=ahead
    )
