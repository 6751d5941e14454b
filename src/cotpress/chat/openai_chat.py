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

from cotpress.chat.api_errors import CallContext, convert_sdk_error
from cotpress.chat.request import FINISH_REFUSED, ChatReply, ChatRequest, replace_surrogates, strip_endpoint
from cotpress.chat.response import is_refusal, read_reply
from cotpress.errors import CotpressError, ModelCallError, ModelError, OptionError, import_optional

EXTRA = "rewrite"
DEFAULT_URL = "https://api.openai.com/v1"
MAX_TOKENS_KEY, MAX_COMPLETION_TOKENS_KEY = "max_tokens", "max_completion_tokens"
_VARIABLE_NAME = re.compile(r"[A-Z_][A-Z0-9_]*|[a-z_][a-z0-9_]*")  # keys mostly mix cases, or have dashes
_MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
PLACEHOLDER_KEY = "none-needed"  # local servers want a header, and do not look at it


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long an answer is waited for, and how often a failed call is repeated.

    Args:
        timeout: seconds for one try.
        retries: how often a failed try is repeated.

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

    The key is read at the first request; a local endpoint needs none. It appears in no error, no reply and no `repr`.
    The caller decides how many requests are under way at once.

    Args:
        base_url: "" for $OPENAI_BASE_URL, and OpenAI's own where that is not set.
        key_env: the environment variable that holds the key.
        limits: how long an answer is waited for, and how often a failed call is repeated.

    Raises:
        OptionError: on construction, for a base URL that is invalid or carries credentials or a query, and for a
            `key_env` that cannot be the name of a variable.
        MissingExtraError: at the first request, where the SDK is not installed.
        ModelError: at the first request, for a hosted endpoint without a key.
    """

    def __init__(self, base_url: str = "", key_env: str = "OPENAI_API_KEY", limits: RetryPolicy | None = None) -> None:
        self.endpoint = _check_base_url(base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL)
        self._key_env, self._retry_policy = _check_variable_name(key_env), limits or RetryPolicy()
        self._client: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._limit_key = MAX_TOKENS_KEY

    def __repr__(self) -> str:
        return f"OpenAIChat({self.endpoint!r})"

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The endpoint's reply; see `ChatModel`."""
        outcome = await self._call_endpoint(self._get_client(), request)
        if isinstance(outcome, CotpressError):
            raise outcome  # out here it does not carry the SDK's error along, which holds the headers sent
        return outcome

    async def close(self) -> None:
        """Close the connections; a later request opens them again."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.close()

    async def _call_endpoint(self, client: Any, request: ChatRequest) -> ChatReply | CotpressError:
        sdk, began = import_optional("openai", EXTRA), time.monotonic()
        key = "" if client.api_key == PLACEHOLDER_KEY else client.api_key
        try:
            body = await self._post(client, request)
            return read_reply(body, time.monotonic() - began, key)
        except CotpressError as error:
            return type(error)(error.message, error.hint)
        except sdk.OpenAIError as error:
            if is_refusal(error):
                return ChatReply("", FINISH_REFUSED, 0, 0, time.monotonic() - began)
            return convert_sdk_error(error, CallContext(self.endpoint, request.model, self._key_env, key))
        except _MALFORMED as error:  # of a body that is JSON and makes no sense: this call's failure alone
            return ModelCallError(f"{self.endpoint} gave an answer that cannot be read ({type(error).__name__}).")

    async def _post(self, client: Any, request: ChatRequest) -> dict[str, Any]:
        """The body of the answer, with whichever name of the limit on tokens the endpoint knows."""
        sdk, limit_name = import_optional("openai", EXTRA), self._limit_key
        try:
            return await _send(client, build_payload(request, limit_name))
        except sdk.BadRequestError as error:
            if (
                request.sampling.max_tokens is None
                or limit_name == MAX_COMPLETION_TOKENS_KEY
                or MAX_COMPLETION_TOKENS_KEY not in str(error)
            ):
                raise
        self._limit_key = MAX_COMPLETION_TOKENS_KEY
        return await _send(client, build_payload(request, MAX_COMPLETION_TOKENS_KEY))

    def _get_client(self) -> Any:
        """The SDK's client, one for each event loop: connections cannot move from one to another."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            sdk = import_optional("openai", EXTRA)
            from cotpress.chat.http_client import ChatHttpClient

            http = ChatHttpClient(self._retry_policy.timeout)
            self._client = sdk.AsyncOpenAI(
                api_key=self._read_key(),
                base_url=self.endpoint,
                timeout=http.timeout,
                max_retries=self._retry_policy.retries,
                http_client=http,
            )
            self._loop = loop
        return self._client

    def _read_key(self) -> str:
        key = os.environ.get(self._key_env, "").strip()
        if not key and not _is_local_host(urlsplit(self.endpoint).hostname or ""):
            raise ModelError(
                f"There is no key for {self.endpoint}.", f"Put it in the environment variable {self._key_env}."
            )
        if not (key.isascii() and key.isprintable()):
            raise ModelError(
                f"What the environment variable {self._key_env} holds is no key: it has line breaks or characters "
                "outside ASCII.",
                "Set it to the key alone.",
            )
        return key or PLACEHOLDER_KEY


def build_payload(request: ChatRequest, limit_name: str = MAX_TOKENS_KEY) -> dict[str, Any]:
    """A request as the endpoint gets it."""
    sampling = request.sampling
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [
            {"role": message.role, "content": replace_surrogates(message.content)} for message in request.messages
        ],
        "temperature": sampling.temperature,
    }
    if sampling.top_p != 1:
        body["top_p"] = sampling.top_p  # some endpoints refuse it beside a temperature
    if sampling.max_tokens is not None:
        body[limit_name] = sampling.max_tokens
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    return body


async def _send(client: Any, body: dict[str, Any]) -> dict[str, Any]:
    """The answer's body as JSON: the SDK's typed methods and models would take a third more of a request's time."""
    from cotpress.chat.http_client import BODY_EXTENSION, Response

    response = await client.post("/chat/completions", cast_to=Response, body=body)
    answer: dict[str, Any] = response.extensions[BODY_EXTENSION]
    return answer


def _check_base_url(url: str) -> str:
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
            f"The base URL {strip_endpoint(url)} was given with a user, a password or a query.",
            "Give it without; the key is read from an environment variable.",
        )
    return url.rstrip("/")


def _check_variable_name(name: str) -> str:
    """The name of an environment variable. What does not look like one may be the key itself: it is not repeated."""
    if name in os.environ or _VARIABLE_NAME.fullmatch(name):
        return name
    raise OptionError(
        "What was given for --key-env is no name of an environment variable.",
        "Give the name of the one that holds the key, such as OPENAI_API_KEY, not the key.",
    )


def _is_local_host(host: str) -> bool:
    """Whether a host is this machine or one of the same network, as far as its name tells."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
