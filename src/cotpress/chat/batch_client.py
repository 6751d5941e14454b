"""Files and batches of an OpenAI-compatible endpoint, as the batch interface has them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from cotpress.chat.api_errors import convert_sdk_error, format_message
from cotpress.chat.endpoint_connection import EXTRA, EndpointConnection, RetryPolicy
from cotpress.chat.redaction import redact
from cotpress.chat.response import read_count, read_mapping
from cotpress.errors import CotpressError, ModelCallError, ModelError, import_optional

COMPLETIONS_PATH = "/v1/chat/completions"  # how a line of a batch names what it calls
CREATE_TRIES = 4
MAX_PAGES = 50  # pages of the list of batches that are looked through
PAGE_SIZE = 100
MAX_TOLD_FAULTS = 3  # faults of an input file that an error repeats
ENDED_STATES = ("completed", "failed", "expired", "cancelled")
_ID = re.compile(r"[A-Za-z0-9_:-][\w.:-]*(?:/[A-Za-z0-9_:-][\w.:-]*)*", re.ASCII)  # with no ".." in it
_MAX_ID_CHARS = 200


@dataclass(frozen=True, slots=True)
class BatchState:
    """What an endpoint says of a batch.

    Args:
        id: the endpoint's name for it.
        status: such as "validating", "in_progress", or one of `ENDED_STATES`.
        answered: how many requests have ended, well or not.
        input_file: the file with its requests.
        output_files: the files with what came out: replies, then failures.
        faults: what was wrong with the input, "" for nothing.
    """

    id: str
    status: str
    answered: int
    input_file: str
    output_files: tuple[str, ...]
    faults: str

    @property
    def has_ended(self) -> bool:
        """Whether no more replies will come."""
        return self.status in ENDED_STATES


class BatchClient:
    """The calls that a batch takes. Each raises ModelError, or OptionError and MissingExtraError as a chat would.

    Args:
        base_url: "" for $OPENAI_BASE_URL, and OpenAI's own where that is not set.
        key_env: the environment variable that holds the key.
        retry_policy: how long an answer is waited for, and how often a failed call is repeated.
    """

    def __init__(self, base_url: str, key_env: str, retry_policy: RetryPolicy) -> None:
        self._connection = EndpointConnection(base_url, key_env, retry_policy, _make_http_client)
        self.endpoint = self._connection.endpoint

    @property
    def key(self) -> str:
        """The key that was sent, "" for none."""
        return self._connection.api_key

    async def upload(self, requests: bytes) -> str:
        """The name of the file that now holds the requests, a line each."""
        file = ("cotpress.jsonl", requests, "application/jsonl")
        hint = "Check --base-url. Not every endpoint takes files and batches; leave --batch out where it does not."
        body = await self._call("post", "/files", hint, body={"purpose": "batch"}, files={"file": file})
        return self._read_id(body.get("id"))

    async def create(self, input_file: str) -> BatchState:
        """A batch of the requests in a file. A call whose answer was lost is not made again before the endpoint was
        asked whether there is such a batch already: a second one would be paid for, too."""
        body = {"input_file_id": input_file, "endpoint": COMPLETIONS_PATH, "completion_window": "24h"}
        for tries in range(1, CREATE_TRIES + 1):
            try:
                return self._read_state(await self._call("post", "/batches", body=body, options={"max_retries": 0}))
            except ModelCallError as error:
                if (made := await self.find(input_file)) is not None:
                    return made
                if tries == CREATE_TRIES:
                    raise ModelError(f"The batch cannot be created. {error.message}", error.hint) from None
                await asyncio.sleep(2 ** (tries - 1))
        raise AssertionError

    async def find(self, input_file: str) -> BatchState | None:
        """The batch that was made of a file, None where there is none."""
        after = ""
        for _ in range(MAX_PAGES):
            hint = "The endpoint does not list its batches, so whether one was created cannot be known."
            body = await self._call("get", f"/batches?limit={PAGE_SIZE}{after}", hint)
            batches = [read_mapping(one) for one in body["data"]] if isinstance(body.get("data"), list) else []
            for batch in batches:
                if batch.get("input_file_id") == input_file:
                    return self._read_state(batch)
            if not batches or body.get("has_more") is not True:
                return None
            after = f"&after={quote(self._read_id(batches[-1].get('id')), safe='')}"
        raise ModelError(
            f"{self.endpoint} lists more than {MAX_PAGES * PAGE_SIZE} batches; whether one was created cannot be known."
        )

    async def read(self, batch: str) -> BatchState:
        """How a batch stands."""
        hint = (
            "Was it made with another key? If it was deleted, delete its record in the folder batches of the store, "
            "and its requests are sent anew."
        )
        state = self._read_state(await self._call("get", f"/batches/{quote(batch, safe='')}", hint))
        if state.id != batch:
            raise ModelError(f"{self.endpoint} gave another batch than the one asked for.")
        return state

    async def download(self, file: str) -> bytes:
        """What a file holds."""
        content: bytes = await self._call("get", f"/files/{quote(file, safe='')}/content", "The file has gone.")
        return content

    async def close(self) -> None:
        """Close the connections; a later call opens them again."""
        await self._connection.close()

    async def _call(self, method: str, path: str, hint: str = "", **sent: Any) -> Any:
        outcome = await self._try_call(method, path, hint, sent)
        if isinstance(outcome, CotpressError):
            raise outcome  # out here it does not carry the SDK's error along, which holds the headers sent
        return outcome

    async def _try_call(self, method: str, path: str, hint: str, sent: dict[str, Any]) -> Any:
        sdk, client = import_optional("openai", EXTRA), self._connection.open()
        from cotpress.chat.http_client import BODY_EXTENSION, Response

        if "files" in sent:
            sent = {**sent, "options": {"headers": {"Content-Type": "multipart/form-data"}}}
        try:
            response = await getattr(client, method)(path, cast_to=Response, **sent)
            return response.extensions[BODY_EXTENSION]
        except CotpressError as error:
            return type(error)(error.message, error.hint)
        except sdk.OpenAIError as error:
            failure = convert_sdk_error(error, self._connection.describe_call(""))
            missing = getattr(error, "status_code", None) in (404, 405, 501)
            return ModelError(failure.message, hint) if missing else failure

    def _read_state(self, body: Mapping[str, Any]) -> BatchState:
        counts, told = read_mapping(body.get("request_counts")), read_mapping(body.get("errors")).get("data")
        faults = [read_mapping(fault) for fault in told[:MAX_TOLD_FAULTS]] if isinstance(told, list) else []
        files = [body.get(name) for name in ("output_file_id", "error_file_id")]
        call, status = self._connection.describe_call(""), body.get("status")
        return BatchState(
            id=self._read_id(body.get("id")),
            status=redact(status[:40], self.key) if isinstance(status, str) else "unknown",
            answered=read_count(counts.get("completed")) + read_count(counts.get("failed")),
            input_file=str(body.get("input_file_id")),
            output_files=tuple(self._read_id(file) for file in files if file),
            faults=" ".join(format_message(str(fault.get("message")), call) for fault in faults),
        )

    def _read_id(self, value: Any) -> str:
        """A name that the endpoint gave, fit to be part of a path."""
        fit = isinstance(value, str) and len(value) <= _MAX_ID_CHARS and _ID.fullmatch(value)
        if not isinstance(value, str) or not fit or redact(value, self.key) != value:
            raise ModelError(f"{self.endpoint} gave a file or a batch without a usable id.")
        return value


def _make_http_client(timeout: float) -> Any:
    from cotpress.chat.http_client import BatchHttpClient

    return BatchHttpClient(timeout)
