"""The model that is evaluated: who answers, under which name, and what counts its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cotpress.chat import ChatModel, LocalChat, MeteredChat, OpenAIChat, Patience, VllmChat
from cotpress.errors import OptionError, unknown_name
from cotpress.models import load_counter
from cotpress.segment import segment
from cotpress.store import content_key
from cotpress.tokens import UNITS, FastTokenizer, TokenCounter

BACKENDS = ("transformers", "vllm", "openai")


@dataclass(frozen=True, slots=True)
class Student:
    """A chat model as it is evaluated.

    `model` is its name at an endpoint. `counter` counts what it writes, None: in units; `local` says that its own
    counts are of the same tokens. `templated` says whether it has a chat template, None where that is not known.
    `concurrency` requests are under way at once.
    """

    chat: ChatModel
    model: str = ""
    counter: TokenCounter | None = None
    local: bool = False
    templated: bool | None = None
    concurrency: int = 64

    @property
    def identity(self) -> dict[str, Any]:
        """What the replies depend on besides the plan."""
        return {"endpoint": self.chat.endpoint, "model": self.model, "chat_template": self.templated}

    @property
    def counted_with(self) -> str:
        """What counts its tokens."""
        return self.counter.name if self.counter else UNITS

    def count(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text."""
        if self.counter is None:
            return [len(segment(text).units) - 1 for text in texts]
        return self.counter.count(texts)


@dataclass(frozen=True, slots=True)
class Backend:
    """A student as a user names it.

    `name` is one of BACKENDS. `batch` is how many replies a local model writes at once, and how many requests an
    endpoint gets at once. `tokenizer` counts for an endpoint; a local model counts with its own.

    Raises:
        OptionError: on construction, for no such backend, or an endpoint without the name of a model.
    """

    model: str
    name: str = "transformers"
    base_url: str = ""
    key_env: str = "OPENAI_API_KEY"
    revision: str = ""
    device: str = ""
    dtype: str = ""
    trust_remote_code: bool = False
    tokenizer: str = ""
    batch: int = 32
    timeout: float = 600.0

    def __post_init__(self) -> None:
        if self.name not in BACKENDS:
            raise unknown_name("backend", self.name, BACKENDS)
        if not self.model:
            raise OptionError("No student is named.", "Give a folder, a hub id, or the model's name at the endpoint.")
        if self.batch < 1:
            raise OptionError(f"The batch is {self.batch}.", "Give 1 or more.")


def open_student(backend: Backend) -> Student:
    """The student, its tokenizer loaded, its weights not yet.

    Raises:
        ModelError: it is not to be found, or has no fast tokenizer.
        MissingExtra: the backend's library is not installed.
    """
    if backend.name == "openai":
        return _at_endpoint(backend)
    chat: LocalChat | VllmChat
    rest = {"revision": backend.revision or None, "dtype": backend.dtype or None}
    if backend.name == "vllm":
        chat = VllmChat(backend.model, trust_remote_code=backend.trust_remote_code, **rest)
    else:
        place = {"device": backend.device or None, "batch": backend.batch}
        chat = LocalChat(backend.model, trust_remote_code=backend.trust_remote_code, **rest, **place)  # type: ignore[arg-type]
    return local_student(chat, backend.batch)


def local_student(chat: LocalChat | VllmChat, batch: int = 32) -> Student:
    """A student in this process, counted with its own tokenizer.

    Raises:
        ModelError: as `open_student`.
    """
    backend = chat.load_tokenizer().backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    # The same tokenizer has the same name wherever its files lie: an adapter's is that of its base.
    counter = FastTokenizer(f"tokenizer {content_key(backend.to_str())[:12]}", backend)
    ahead = 1024 if isinstance(chat, VllmChat) else 2 * batch
    return Student(chat, counter=counter, local=True, templated=chat.templated, concurrency=ahead)


def _at_endpoint(backend: Backend) -> Student:
    chat = OpenAIChat(backend.base_url, backend.key_env, Patience(backend.timeout))
    counter = load_counter(backend.tokenizer) if backend.tokenizer else None
    return Student(MeteredChat(chat, backend.batch), backend.model, counter, concurrency=backend.batch)
