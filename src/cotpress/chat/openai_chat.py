"""Any endpoint that speaks OpenAI's chat completions, through the `openai` SDK."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cotpress.chat.answer import is_refusal, read_reply
from cotpress.chat.failure import Circumstances, failure
from cotpress.chat.request import REFUSED, Reply, Request, bare_endpoint, encodable
from cotpress.errors import CotpressError, ModelError, OptionError, require

EXTRA = "rewrite"
DEFAULT_URL = "https://api.openai.com/v1"
OLD_LIMIT, NEW_LIMIT = "max_tokens", "max_completion_tokens"
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*|[a-z_][a-z0-9_]*")  # keys mostly mix cases, or have dashes
PLACEHOLDER = "none-needed"  # local servers want a header, and do not look at it


@dataclass(frozen=True, slots=True)
class Patience:
    """`timeout` is seconds for one try, `retries` how often a failed try is repeated.

    The SDK waits 0.5 s before the first repetition, twice as long before each next one, 8 s at most, each
    less a random quarter; or as long as the endpoint's Retry-After says, up to two minutes.

    Raises:
        OptionError: on construction, for values out of range.
    """

    timeout: float = 60.0
    retries: int = 8

    def __post_init__(self) -> None:
        if not 0 < self.timeout < float("inf"):
            raise OptionError(f"The timeout is {self.timeout} seconds.", "Give a number above 0.")
        if self.retries < 0:
            raise OptionError(f"retries is {self.retries}.", "Give 0 or more.")


class OpenAIChat:
    """A chat model behind an OpenAI-compatible endpoint: hosted, vLLM, llama.cpp, Ollama.

    `base_url` is "" for $OPENAI_BASE_URL, and OpenAI's own where that is not set. The key is read from the
    environment variable `key_env` at the first request; a local endpoint needs none. It stands in no error,
    no reply and no `repr`. Many requests may be under way at once; whoever asks sets the bound.

    Raises:
        OptionError: on construction, for a base URL that is none, or that carries credentials or a query, and for a
            `key_env` that cannot be the name of a variable.
        MissingExtra: at the first request, where the SDK is not installed.
        ModelError: at the first request, for a hosted endpoint without a key.
    """

    def __init__(self, base_url: str = "", key_env: str = "OPENAI_API_KEY", limits: Patience | None = None) -> None:
        self.endpoint = _checked(base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL)
        self._key_env, self._patience = _name_of_variable(key_env), limits or Patience()
        self._client: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._limit_name = OLD_LIMIT

    def __repr__(self) -> str:
        return f"OpenAIChat({self.endpoint!r})"

    async def ask(self, request: Request) -> Reply:
        """The endpoint's reply; see `ChatModel`."""
        outcome = await self._outcome(self._ready(), request)
        if isinstance(outcome, CotpressError):
            raise outcome  # out here it does not carry the SDK's error along, which holds the headers sent
        return outcome

    async def close(self) -> None:
        """Close the connections; a later request opens them again."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.close()

    async def _outcome(self, client: Any, request: Request) -> Reply | CotpressError:
        sdk, began = require("openai", EXTRA), time.monotonic()
        key = "" if client.api_key == PLACEHOLDER else client.api_key
        try:
            body = await self._post(client, request)
        except CotpressError as error:
            return type(error)(error.message, error.hint)
        except sdk.OpenAIError as error:
            if is_refusal(error):
                return Reply("", REFUSED, 0, 0, time.monotonic() - began)
            return failure(error, Circumstances(self.endpoint, request.model, self._key_env, key))
        return read_reply(body, time.monotonic() - began, key)

    async def _post(self, client: Any, request: Request) -> dict[str, Any]:
        """The body of the answer, with whichever name of the limit on tokens the endpoint knows."""
        sdk, limit_name = require("openai", EXTRA), self._limit_name
        try:
            return await _send(client, payload(request, limit_name))
        except sdk.BadRequestError as error:
            if request.sampling.max_tokens is None or limit_name == NEW_LIMIT or NEW_LIMIT not in str(error):
                raise
        self._limit_name = NEW_LIMIT
        return await _send(client, payload(request, NEW_LIMIT))

    def _ready(self) -> Any:
        """The SDK's client, one for each event loop: connections cannot move from one to another."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            sdk = require("openai", EXTRA)
            from cotpress.chat.wire import WholeAnswers

            http = WholeAnswers(self._patience.timeout)
            self._client = sdk.AsyncOpenAI(
                api_key=self._key(),
                base_url=self.endpoint,
                timeout=http.timeout,
                max_retries=self._patience.retries,
                http_client=http,
            )
            self._loop = loop
        return self._client

    def _key(self) -> str:
        key = os.environ.get(self._key_env, "").strip()
        if not key and not _is_local(urlsplit(self.endpoint).hostname or ""):
            raise ModelError(
                f"There is no key for {self.endpoint}.", f"Put it in the environment variable {self._key_env}."
            )
        if not (key.isascii() and key.isprintable()):
            raise ModelError(
                f"What the environment variable {self._key_env} holds is no key: it has line breaks or characters "
                "outside ASCII.",
                "Set it to the key alone.",
            )
        return key or PLACEHOLDER


def payload(request: Request, limit_name: str = OLD_LIMIT) -> dict[str, Any]:
    """A request as the endpoint gets it."""
    sampling = request.sampling
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": one.role, "content": encodable(one.content)} for one in request.messages],
        "temperature": sampling.temperature,
    }
    if sampling.top_p != 1:
        body["top_p"] = sampling.top_p  # some endpoints refuse to hear of it beside a temperature
    if sampling.max_tokens is not None:
        body[limit_name] = sampling.max_tokens
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    return body


async def _send(client: Any, body: dict[str, Any]) -> dict[str, Any]:
    """The answer's body as JSON: the SDK's typed methods and models would take a third more of a request's time."""
    from cotpress.chat.wire import ANSWER, Response

    response = await client.post("/chat/completions", cast_to=Response, body=body)
    answer: dict[str, Any] = response.extensions[ANSWER]
    return answer


def _checked(url: str) -> str:
    """A base URL without a closing slash."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")  # a ValueError where no network has such a name
    except ValueError:
        fine = False
    if not fine:
        shown = url.rpartition("@")[2].partition("?")[0]
        raise OptionError(f"'{shown}' is no base URL.", "Give one such as http://localhost:8000/v1.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise OptionError(
            f"The base URL {bare_endpoint(url)} was given with a user, a password or a query.",
            "Give it without; the key is read from an environment variable.",
        )
    return url.rstrip("/")


def _name_of_variable(given: str) -> str:
    """The name of an environment variable. What does not look like one may be the key itself: it is not repeated."""
    if given in os.environ or _VARIABLE.fullmatch(given):
        return given
    raise OptionError(
        "What was given for --key-env is no name of an environment variable.",
        "Give the name of the one that holds the key, such as OPENAI_API_KEY, not the key.",
    )


def _is_local(host: str) -> bool:
    """Whether a host is this machine or one of the same network, as far as its name tells."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
