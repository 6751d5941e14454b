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

__all__ = ["BODY_EXTENSION", "BatchHttpClient", "ChatHttpClient", "Response"]

CONNECT_TIMEOUT = 10.0  # seconds to wait for a connection
KEEPALIVE_SECONDS = 30.0  # seconds that a connection is kept for the next request
POOL_COUNT = 16
MAX_RESPONSE_BYTES = 1 << 24  # bytes of one answer, unpacked
MAX_FILE_BYTES = 1 << 29  # bytes of a file of replies, unpacked
FILE_SECONDS = 600.0  # seconds that a file may take to go up or down
BODY_EXTENSION = "cotpress-answer"  # where a response carries its parsed body
# Errors that every call would end in.
_FATAL_ERRORS = (socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError)


class ChatHttpClient(httpx2.AsyncClient):
    """An HTTP client for chat completions that takes an answer whole or not at all.

    Invalid JSON, an empty body, or an error under status 200 is raised as a broken transfer, which the SDK
    tries again with its backoff like a lost connection. A try as a whole ends after `timeout` seconds, also
    when bytes trickle in. An answer of over MAX_RESPONSE_BYTES is a broken transfer, too. A redirect is followed within
    its host alone, because the trace and the headers go along.

    Raises:
        ModelError: in `send`, when the endpoint cannot be reached from the first, or sends calls to another host.
    """

    def __init__(self, timeout: float) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEEPALIVE_SECONDS)
        # A transport of our own would make the client ignore the proxies that the environment names.
        transport = None if getproxies() else _RoundRobinTransport(limits)
        allowed = httpx2.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))
        super().__init__(
            timeout=allowed,
            limits=limits,
            follow_redirects=True,
            transport=transport,
            event_hooks={"response": [_refuse_foreign_redirect]},
        )
        self._timeout_seconds = timeout
        self._has_connected = False

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await super().send(request, **{**options, "stream": True})
                response = await _read_bounded(answer, self.limit_bytes(request))
        except TimeoutError as error:
            raise httpx2.ReadTimeout("The answer did not end in time.", request=request) from error
        except httpx2.ConnectError as error:
            why = next((cause for cause in _iterate_causes(error) if isinstance(cause, _FATAL_ERRORS)), None)
            if why is None or self._has_connected:
                raise
            raise ModelError(
                f"{request.url.netloc.decode()} cannot be reached: {_describe_error(why)}.", _suggest_fix(why)
            ) from None
        self._has_connected = True
        if response.is_success:
            response.extensions[BODY_EXTENSION] = self.parse_body(response)
        return response

    def limit_bytes(self, request: httpx2.Request) -> int:
        """The most bytes that the answer to a request may have."""
        return MAX_RESPONSE_BYTES

    def parse_body(self, response: httpx2.Response) -> Any:
        """What an answer holds: the chat completion."""
        body = _parse_json(response)
        if isinstance(body, dict) and isinstance(body.get("choices"), list):
            return body
        raise _describe_wrong_body(body, response, "JSON that is no completion")


class BatchHttpClient(ChatHttpClient):
    """The same for files and batches: what is answered is one JSON object, or what a file holds."""

    def __init__(self, timeout: float) -> None:
        super().__init__(max(timeout, FILE_SECONDS))

    def limit_bytes(self, request: httpx2.Request) -> int:
        return MAX_FILE_BYTES if _is_file_content(request) else MAX_RESPONSE_BYTES

    def parse_body(self, response: httpx2.Response) -> Any:
        if _is_file_content(response.request):
            return response.content
        body = _parse_json(response)
        if isinstance(body, dict) and "object" in body:
            return body
        raise _describe_wrong_body(body, response, "JSON that is no file and no batch")


def _is_file_content(request: httpx2.Request) -> bool:
    return request.method == "GET" and request.url.path.endswith("/content")


class _RoundRobinTransport(httpx2.AsyncBaseTransport):
    """Several pools in turn: a pool looks through all its connections for every request, which takes most of
    the time where there are hundreds."""

    def __init__(self, limits: httpx2.Limits) -> None:
        context = httpx2.create_ssl_context()
        self._pools = [httpx2.AsyncHTTPTransport(verify=context, limits=limits) for _ in range(POOL_COUNT)]
        self._pool_cycle = itertools.cycle(self._pools)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await next(self._pool_cycle).handle_async_request(request)

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


async def _refuse_foreign_redirect(response: httpx2.Response) -> None:
    if not response.has_redirect_location:
        return
    asked, told = response.request.url, response.request.url.join(response.headers["location"])
    if (told.scheme, told.host, told.port) == (asked.scheme, asked.host, asked.port):
        return
    if told.host == asked.host and (asked.scheme, told.scheme) == ("http", "https"):
        return
    raise ModelError(
        f"{asked.host} sends calls on to {told.scheme}://{told.netloc.decode('ascii', 'replace')[:200]}, "
        "which is not followed: the trace and the headers would go along.",
        "Give --base-url the address of the endpoint itself.",
    )


async def _read_bounded(response: httpx2.Response, max_bytes: int) -> httpx2.Response:
    """The response with its body read, up to `max_bytes`."""
    body = bytearray()
    try:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > max_bytes:
                what = f"an answer of more than {max_bytes >> 20} MiB"
                raise httpx2.RemoteProtocolError(what, request=response.request)
    finally:
        await response.aclose()
    packing = ("content-encoding", "content-length", "transfer-encoding")
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in packing]
    return httpx2.Response(response.status_code, headers=headers, content=bytes(body), request=response.request)


def _parse_json(response: httpx2.Response) -> Any:
    try:
        return json.loads(response.content)
    except RecursionError:
        raise httpx2.RemoteProtocolError("JSON that is nested too deeply", request=response.request) from None
    except ValueError:
        what = "an empty answer" if not response.content.strip() else "an answer that is not JSON, or not all of it"
        raise httpx2.RemoteProtocolError(what, request=response.request) from None


def _describe_wrong_body(body: Any, response: httpx2.Response, what: str) -> httpx2.RemoteProtocolError:
    """The error for JSON that is not what was asked for; an endpoint's own error where it sends one."""
    error = body.get("error") if isinstance(body, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    if message and isinstance(message, str):
        what = f"an error: {message}"
    return httpx2.RemoteProtocolError(what, request=response.request)


def _iterate_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from _iterate_causes(member)
        error = error.__cause__ or error.__context__


def _describe_error(why: BaseException) -> str:
    if isinstance(why, ConnectionRefusedError):
        return "the connection is refused"
    return getattr(why, "strerror", None) or str(why)


def _suggest_fix(why: BaseException) -> str:
    if isinstance(why, ConnectionRefusedError):
        return "Check --base-url, and that the server there is running."
    return "Check --base-url and the connection."
