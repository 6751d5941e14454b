"""Where an endpoint is, the key for it, and the SDK's client that both ways of asking it share."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cotpress.chat.api_errors import CallContext
from cotpress.chat.request import strip_endpoint
from cotpress.errors import ModelError, OptionError, import_optional

EXTRA = "rewrite"
DEFAULT_URL = "https://api.openai.com/v1"
_VARIABLE_NAME = re.compile(r"[A-Z_][A-Z0-9_]*|[a-z_][a-z0-9_]*")  # keys mostly mix cases, or have dashes
PLACEHOLDER_KEY = "none-needed"  # local servers want a header, and do not look at it


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long an answer is waited for, and how often a failed call is repeated.

    Args:
        timeout: seconds for one try.
        retries: how often a failed try is repeated.

    The SDK repeats what failed for a time: a lost connection, HTTP 408, 409, 429 and from 500 on. It waits 0.5 s before
    the first repetition, twice as long before each next one, 8 s at most, each less a random quarter; or as long as
    the endpoint's Retry-After says, up to two minutes.

    Raises:
        OptionError: on construction, for values out of range.
    """

    timeout: float = 120.0
    retries: int = 8

    def __post_init__(self) -> None:
        if not 0 < self.timeout < float("inf"):
            raise OptionError(f"The timeout is {self.timeout} seconds.", "Give a number above 0.")
        if self.retries < 0:
            raise OptionError(f"retries is {self.retries}.", "Give 0 or more.")


class EndpointConnection:
    """An endpoint's address, its key, and one client of the SDK for the event loop that runs.

    Args:
        base_url: "" for $OPENAI_BASE_URL, and OpenAI's own where that is not set.
        key_env: the environment variable that holds the key.
        retry_policy: how long an answer is waited for, and how often a failed call is repeated.
        make_http_client: makes the HTTP client, given the seconds that one try may take.

    Raises:
        OptionError: on construction, for a base URL or a name of a variable that cannot be one.
        MissingExtraError: in `open`, where the SDK is not installed.
        ModelError: in `open`, for a hosted endpoint without a key.
    """

    def __init__(
        self, base_url: str, key_env: str, retry_policy: RetryPolicy, make_http_client: Callable[[float], Any]
    ) -> None:
        self.endpoint = check_base_url(base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL)
        self.key_env, self._retry_policy = check_variable_name(key_env), retry_policy
        self._make_http_client = make_http_client
        self._client: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def api_key(self) -> str:
        """The key that is sent, "" for none. Known once the client is open."""
        key = "" if self._client is None else str(self._client.api_key)
        return "" if key == PLACEHOLDER_KEY else key

    def open(self) -> Any:
        """The SDK's client, one for each event loop: connections cannot move from one to another."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            sdk = import_optional("openai", EXTRA)
            http = self._make_http_client(self._retry_policy.timeout)
            self._client = sdk.AsyncOpenAI(
                api_key=self._read_key(),
                base_url=self.endpoint,
                timeout=http.timeout,
                max_retries=self._retry_policy.retries,
                http_client=http,
            )
            self._loop = loop
        return self._client

    def describe_call(self, model: str) -> CallContext:
        """What an error says of a call to `model`."""
        return CallContext(self.endpoint, model, self.key_env, self.api_key)

    async def close(self) -> None:
        """Close the connections; a later `open` makes new ones."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.close()

    def _read_key(self) -> str:
        key = os.environ.get(self.key_env, "").strip()
        if not key and not _is_local_host(urlsplit(self.endpoint).hostname or ""):
            raise ModelError(
                f"There is no key for {self.endpoint}.", f"Put it in the environment variable {self.key_env}."
            )
        if not (key.isascii() and key.isprintable()):
            raise ModelError(
                f"What the environment variable {self.key_env} holds is no key: it has line breaks or characters "
                "outside ASCII.",
                "Set it to the key alone.",
            )
        return key or PLACEHOLDER_KEY


def make_http_client(timeout: float) -> Any:
    """The HTTP client for completions, `timeout` seconds a try."""
    from cotpress.chat.http_client import ChatHttpClient

    return ChatHttpClient(timeout)


async def post_body(client: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer's body as JSON: the SDK's typed methods and models would take a third more of a request's time."""
    from cotpress.chat.http_client import BODY_EXTENSION, Response

    response = await client.post(path, cast_to=Response, body=body)
    answer: dict[str, Any] = response.extensions[BODY_EXTENSION]
    return answer


def check_base_url(url: str) -> str:
    """A base URL without a closing slash.

    Raises:
        OptionError: it is no URL of http or https, or it carries credentials or a query.

    >>> check_base_url("http://localhost:8000/v1/")
    'http://localhost:8000/v1'
    """
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


def check_variable_name(name: str) -> str:
    """The name of an environment variable. What does not look like one may be the key itself: it is not repeated.

    Raises:
        OptionError: it cannot be the name of a variable.

    >>> check_variable_name("OPENAI_API_KEY")
    'OPENAI_API_KEY'
    """
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
