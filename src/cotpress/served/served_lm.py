"""NLL of each token from a model behind an endpoint that gives the log-probabilities of a prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from cotpress.chat.event_loop import run_coroutine
from cotpress.chat.request import strip_endpoint
from cotpress.errors import ModelCallError, ModelError
from cotpress.models import ModelLoader, ModelSpec, make_model_spec
from cotpress.served.score_request import SERVED_VERSION, ScoreRequest
from cotpress.served.scoring_client import ScoringClient
from cotpress.served.server_config import NO_TOKENIZER, ServerConfig
from cotpress.served.text_planner import TextPlanner
from cotpress.served.token_planner import DEFAULT_CONTEXT, TokenPlanner
from cotpress.served.trace_plan import NLL, TOP_K_ENTROPY, TracePlan
from cotpress.types import Rejected, Signals, Trace


class ServedLM:
    """A causal LM behind an OpenAI-compatible endpoint of completions that knows `echo` with `logprobs`.

    With the model's tokenizer at hand, token ids are sent: the prompt and the windows of `LM`, so that the numbers are
    those of `LM` on the same weights and the same context. Otherwise texts are sent, without a chat template. A window
    has 4096 tokens at most where nothing else is asked for.

    Args:
        model: the name by which the server knows the model; or a ModelSpec, of which name, revision of the tokenizer
            and limits count.
        server: its base URL, or a ServerConfig.
        top_k_entropy: whether the entropy of the most probable tokens is given, too: of the `top_k` most probable ones
            and of all others as one. It is never above the entropy of the whole distribution, and not comparable with
            it.

    Raises:
        OptionError: on construction, where no server is named or its URL is none.
        ModelError: in `score`, where the server cannot be used; a trace whose own requests fail is a `Rejected`.
        MissingExtraError: in `score`, where openai or, for the tokenizer, transformers is not installed.

    >>> ServedLM("qwen3-8b", ServerConfig("http://localhost:8000/v1", tokenizer="none")).identity["endpoint"]
    'http://localhost:8000/v1'
    """

    def __init__(
        self, model: ModelSpec | str | Path, server: ServerConfig | str = "", top_k_entropy: bool = False
    ) -> None:
        self._spec = make_model_spec(model)
        self._server = server if isinstance(server, ServerConfig) else ServerConfig(server)
        self._top_k = self._server.top_k if top_k_entropy else 0
        self._client = ScoringClient(self._server)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._spec.name!r}, {self._client.endpoint!r})"

    @property
    def provides(self) -> frozenset[str]:
        """ "nll", and "top_k_entropy" where it is asked for."""
        return frozenset({NLL, TOP_K_ENTROPY} if self._top_k else {NLL})

    @property
    def reads(self) -> frozenset[str]:
        """What the signals depend on besides the model."""
        return frozenset({"system", "question", "reasoning"})

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """The name of the model and of the server, and what the requests are made with. Nothing is asked."""
        return {
            "source": "served",
            "policy": SERVED_VERSION,
            "model": self._spec.name,
            "endpoint": strip_endpoint(self._client.endpoint),
            "top_k": str(self._top_k),
            **self._planner.identity,
        }

    def keep_answers(self, folder: Path) -> None:
        """Keep the server's answers in this folder, so that a run which breaks off asks for none of them again."""
        self._client.keep_answers(folder)

    def score(self, traces: Sequence[Trace]) -> list[Signals | Rejected]:
        """For each trace its signals, in nats, or a `Rejected` where the server gave no answer that makes sense."""
        plans = self._planner.plan(traces)
        return run_coroutine(self._score_all(traces, plans))

    async def _score_all(self, traces: Sequence[Trace], plans: Sequence[TracePlan]) -> list[Signals | Rejected]:
        tasks = [
            asyncio.ensure_future(self._score_trace(trace, plan)) for trace, plan in zip(traces, plans, strict=True)
        ]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._client.close()

    async def _score_trace(self, trace: Trace, plan: TracePlan) -> Signals | Rejected:
        answers = await asyncio.gather(*map(self._client.ask, plan.requests), return_exceptions=True)
        failures = [answer for answer in answers if isinstance(answer, BaseException)]
        for failure in failures:
            if not isinstance(failure, ModelCallError):
                raise failure
        if failures:
            return Rejected("call-failed", str(failures[0]), id=trace.id)
        return plan.build_signals([answer for answer in answers if not isinstance(answer, BaseException)])

    @cached_property
    def _planner(self) -> TokenPlanner | TextPlanner:
        blank = ScoreRequest(self._spec.name, self._client.endpoint, "", 0, self._top_k)
        if self._server.tokenizer == NO_TOKENIZER:
            return TextPlanner(blank, self._spec.limits.context or DEFAULT_CONTEXT)
        loader = ModelLoader(replace(self._spec, name=self._server.tokenizer or self._spec.name))
        try:
            _ = loader.resolved
        except ModelError as error:
            raise ModelError(
                f"The tokenizer of the served model is not to be had. {error.message}",
                "Give --scorer-tokenizer HUB_ID_OR_FOLDER, or none to send texts.",
            ) from error
        return TokenPlanner(loader, blank)
