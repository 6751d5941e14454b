"""Any endpoint that speaks OpenAI's chat completions, through the `openai` SDK."""

from __future__ import annotations

import time
from typing import Any

from cotpress.chat.api_errors import convert_sdk_error
from cotpress.chat.endpoint_connection import (
    EXTRA,
    EndpointConnection,
    RetryPolicy,
    make_http_client,
    post_body,
)
from cotpress.chat.request import FINISH_REFUSED, ChatReply, ChatRequest, replace_surrogates
from cotpress.chat.response import MALFORMED_ERRORS, is_refusal, read_reply
from cotpress.deprecation import rename_parameters
from cotpress.errors import CotpressError, ModelCallError, import_optional

CHAT_PATH = "/chat/completions"
MAX_TOKENS_KEY, MAX_COMPLETION_TOKENS_KEY = "max_tokens", "max_completion_tokens"


class OpenAIChat:
    """A chat model behind an OpenAI-compatible endpoint: hosted, vLLM, llama.cpp, Ollama.

    The key is read at the first request; a local endpoint needs none. It appears in no error, no reply and no `repr`.
    The caller decides how many requests are under way at once.

    Args:
        base_url: "" for $OPENAI_BASE_URL, and OpenAI's own where that is not set.
        key_env: the environment variable that holds the key.
        retry_policy: how long an answer is waited for, and how often a failed call is repeated.

    Raises:
        OptionError: on construction, for a base URL that is invalid or carries credentials or a query, and for a
            `key_env` that cannot be the name of a variable.
        MissingExtraError: at the first request, where the SDK is not installed.
        ModelError: at the first request, for a hosted endpoint without a key.
    """

    @rename_parameters(limits="retry_policy")
    def __init__(
        self, base_url: str = "", key_env: str = "OPENAI_API_KEY", retry_policy: RetryPolicy | None = None
    ) -> None:
        self._connection = EndpointConnection(base_url, key_env, retry_policy or RetryPolicy(), make_http_client)
        self.endpoint = self._connection.endpoint
        self._limit_key = MAX_TOKENS_KEY

    def __repr__(self) -> str:
        return f"OpenAIChat({self.endpoint!r})"

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The endpoint's reply; see `ChatModel`."""
        outcome = await self._call_endpoint(self._connection.open(), request)
        if isinstance(outcome, CotpressError):
            raise outcome  # out here it does not carry the SDK's error along, which holds the headers sent
        return outcome

    async def close(self) -> None:
        """Close the connections; a later request opens them again."""
        await self._connection.close()

    async def _call_endpoint(self, client: Any, request: ChatRequest) -> ChatReply | CotpressError:
        sdk, began = import_optional("openai", EXTRA), time.monotonic()
        key = self._connection.api_key
        try:
            body = await self._post(client, request)
            return read_reply(body, time.monotonic() - began, key)
        except CotpressError as error:
            return type(error)(error.message, error.hint)
        except sdk.OpenAIError as error:
            if is_refusal(getattr(error, "status_code", None), getattr(error, "code", None)):
                return ChatReply("", FINISH_REFUSED, 0, 0, time.monotonic() - began)
            return convert_sdk_error(error, self._connection.describe_call(request.model))
        except MALFORMED_ERRORS as error:  # of a body that is JSON and makes no sense: this call's failure alone
            return ModelCallError(f"{self.endpoint} gave an answer that cannot be read ({type(error).__name__}).")

    async def _post(self, client: Any, request: ChatRequest) -> dict[str, Any]:
        """The body of the answer, with whichever name of the limit on tokens the endpoint knows."""
        sdk, limit_name = import_optional("openai", EXTRA), self._limit_key
        try:
            return await post_body(client, CHAT_PATH, build_payload(request, limit_name))
        except sdk.BadRequestError as error:
            if (
                request.sampling.max_tokens is None
                or limit_name == MAX_COMPLETION_TOKENS_KEY
                or MAX_COMPLETION_TOKENS_KEY not in str(error)
            ):
                raise
        self._limit_key = MAX_COMPLETION_TOKENS_KEY
        return await post_body(client, CHAT_PATH, build_payload(request, MAX_COMPLETION_TOKENS_KEY))


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
