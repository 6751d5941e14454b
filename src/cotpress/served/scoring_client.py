"""Asking a server for the scores of prompts: many at once, each once in the life of the cache."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from cotpress.chat import ChatReply, ReplyCache
from cotpress.chat.api_errors import convert_sdk_error, format_message
from cotpress.chat.endpoint_connection import EXTRA, EndpointConnection, make_http_client, post_body
from cotpress.chat.metered_chat import MAX_CONSECUTIVE_FAILURES, RESUME_HINT
from cotpress.chat.request import FINISH_STOP
from cotpress.chat.response import MALFORMED_ERRORS
from cotpress.errors import CotpressError, ModelCallError, ModelError, import_optional
from cotpress.served.prompt_reply import SERVER_HINT, UnscoredPromptError, read_scores
from cotpress.served.score_request import ScoreRequest
from cotpress.served.server_config import ServerConfig
from cotpress.served.token_scores import TokenScores

SCORES_FILE = "scores.sqlite"
COMPLETIONS_PATH = "/completions"
_UNSUPPORTED_WORDS = ("echo", "logprob")  # in the message of an error, they name what the server cannot


class ScoringClient:
    """One server, asked for the scores of prompts. The first is asked alone: it shows whether the server can.

    Answers are kept as numbers alone: neither the key nor a text of the server is among them.

    Args:
        config: where the server is, and how it is asked.

    Raises:
        OptionError: on construction, where no server is named.
    """

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._connection = EndpointConnection(
            config.resolve_url(), config.key_env, config.retry_policy, make_http_client
        )
        self._cache: ReplyCache | None = None
        self._has_scored, self._failures = False, 0
        self._end_reason: CotpressError | None = None
        self._slots, self._first = asyncio.Semaphore(config.concurrency), asyncio.Lock()

    @property
    def endpoint(self) -> str:
        """The base URL."""
        return self._connection.endpoint

    def keep_answers(self, folder: Path) -> None:
        """Keep answers in this folder, and read them from there.

        Raises:
            OutputError: the folder cannot be written.
        """
        path = folder / SCORES_FILE
        if self._cache is None or self._cache.path != path:
            self._cache = ReplyCache(path)

    async def ask(self, request: ScoreRequest) -> TokenScores:
        """The scores of a prompt: stored ones, or the server's.

        Raises:
            ModelCallError: this request got no answer that makes sense.
            ModelError: no request would.
        """
        stored = None if self._cache is None else self._cache.get(request.compute_key())
        scores = None if stored is None else TokenScores.from_json(stored.text)
        if scores is not None:
            return scores
        if not self._has_scored:
            async with self._first:
                if not self._has_scored:
                    return await self._ask_counted(request)
        async with self._slots:
            return await self._ask_counted(request)

    async def close(self) -> None:
        """Close the connections; a later `ask` opens them again, from another event loop, too."""
        self._slots, self._first = asyncio.Semaphore(self._config.concurrency), asyncio.Lock()
        self._end_reason = None
        await self._connection.close()
        if self._cache is not None:
            self._cache.close()

    async def _ask_counted(self, request: ScoreRequest) -> TokenScores:
        """The server's answer, stored; many failures in a row end the run."""
        if self._end_reason is not None:
            raise self._end_reason
        began = time.monotonic()
        outcome = await self._call_endpoint(request)
        if isinstance(outcome, TokenScores):
            self._has_scored, self._failures = True, 0
            if self._cache is not None:
                reply = ChatReply(outcome.to_json(), FINISH_STOP, 0, 0, time.monotonic() - began)
                self._cache.put(request.compute_key(), request.model, reply)
            return outcome
        if isinstance(outcome, UnscoredPromptError) and self._has_scored:
            outcome = ModelCallError(outcome.message)
        if isinstance(outcome, ModelCallError):
            self._failures += 1
            if self._failures >= MAX_CONSECUTIVE_FAILURES:
                outcome = ModelError(f"{self._failures} calls in a row have failed. {outcome.message}", RESUME_HINT)
        if not isinstance(outcome, ModelCallError):
            self._end_reason = outcome
        raise outcome  # out here it does not carry the SDK's error along, which holds the headers sent

    async def _call_endpoint(self, request: ScoreRequest) -> TokenScores | CotpressError:
        client, sdk = self._connection.open(), import_optional("openai", EXTRA)
        try:
            return read_scores(await post_body(client, COMPLETIONS_PATH, request.build_payload()), request)
        except CotpressError as error:
            return type(error)(self._redact(error.message, request), error.hint)
        except sdk.OpenAIError as error:
            return self._convert_error(error, request)
        except MALFORMED_ERRORS as error:  # of a body that is JSON and makes no sense: this call's failure alone
            return ModelCallError(f"{self.endpoint} gave an answer that cannot be read ({type(error).__name__}).")

    def _convert_error(self, error: Any, request: ScoreRequest) -> ModelError:
        converted = convert_sdk_error(error, self._connection.describe_call(request.model))
        status, said = getattr(error, "status_code", None), converted.message.lower()
        if status in (405, 501) or (status in (400, 500) and any(word in said for word in _UNSUPPORTED_WORDS)):
            return ModelError(converted.message, SERVER_HINT)
        if status == 422:
            hint = "It does not know such a request. If it takes no token ids, give --scorer-tokenizer none."
            return ModelError(converted.message, hint)
        return converted

    def _redact(self, message: str, request: ScoreRequest) -> str:
        return format_message(message, self._connection.describe_call(request.model))
