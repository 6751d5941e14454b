"""What the SDK's HTTP client lacks. Imported when a client is first used: it needs the extra `rewrite`."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.request import getproxies

import httpx2
from httpx2 import Response

from cotpress.errors import ModelError

__all__ = ["ANSWER", "Response", "WholeAnswers"]

CONNECT = 10.0  # seconds to wait for a connection
IDLE = 30.0  # seconds that a connection is kept for the next request
POOLS = 16
ANSWER = "cotpress-answer"  # where a response carries its parsed body
# What the first call meets, and every other one would too.
_HOPELESS = (socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError)


class WholeAnswers(httpx2.AsyncClient):
    """An HTTP client for chat completions that takes an answer whole or not at all.

    Invalid JSON, an empty body, or an error under status 200 is raised as a broken transfer, which the SDK
    tries again with its backoff like a lost connection. A try as a whole ends after `timeout` seconds, also
    when bytes trickle in.

    Raises:
        ModelError: in `send`, when the endpoint cannot be reached from the first.
    """

    def __init__(self, timeout: float) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=IDLE)
        # A transport of our own would make the client ignore the proxies that the environment names.
        transport = None if getproxies() else _Spread(limits)
        allowed = httpx2.Timeout(timeout, connect=min(timeout, CONNECT))
        super().__init__(timeout=allowed, limits=limits, follow_redirects=True, transport=transport)
        self._seconds = timeout
        self._reached = False

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        try:
            async with asyncio.timeout(self._seconds):
                response = await super().send(request, **options)
        except TimeoutError as error:
            raise httpx2.ReadTimeout("The answer did not end in time.", request=request) from error
        except httpx2.ConnectError as error:
            why = next((one for one in _roots(error) if isinstance(one, _HOPELESS)), None)
            if why is None or self._reached:
                raise
            raise ModelError(f"{request.url.netloc.decode()} cannot be reached: {_said(why)}.", _hint(why)) from None
        self._reached = True
        if response.is_success:
            response.extensions[ANSWER] = _parsed(response)
        return response


class _Spread(httpx2.AsyncBaseTransport):
    """Several pools in turn: a pool looks through all its connections for every request, which takes most of
    the time where there are hundreds."""

    def __init__(self, limits: httpx2.Limits) -> None:
        context = httpx2.create_ssl_context()
        self._pools = [httpx2.AsyncHTTPTransport(verify=context, limits=limits) for _ in range(POOLS)]
        self._turns = itertools.cycle(self._pools)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await next(self._turns).handle_async_request(request)

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


def _parsed(response: httpx2.Response) -> dict[str, Any]:
    """The body of a chat completion, its list of choices there."""
    try:
        body = json.loads(response.content)
    except ValueError:
        what = "an empty answer" if not response.content.strip() else "an answer that is not JSON, or not all of it"
        raise httpx2.RemoteProtocolError(what, request=response.request) from None
    if isinstance(body, dict) and isinstance(body.get("choices"), list):
        return body
    error = body.get("error") if isinstance(body, dict) else None
    said = error.get("message") if isinstance(error, dict) else error
    what = f"an error: {said}" if said else "JSON that is no chat completion"
    raise httpx2.RemoteProtocolError(what, request=response.request)


def _roots(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _roots(one)
        error = error.__cause__ or error.__context__


def _said(why: BaseException) -> str:
    if isinstance(why, ConnectionRefusedError):
        return "the connection is refused"
    return getattr(why, "strerror", None) or str(why)


def _hint(why: BaseException) -> str:
    if isinstance(why, ConnectionRefusedError):
        return "Check --base-url, and that the server there is running."
    return "Check --base-url and the connection."
