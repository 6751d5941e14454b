"""vLLM in this process as a chat model, for those with a GPU that it runs on."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from cotpress.chat.gathering import Gathering
from cotpress.chat.generation import load_prompter
from cotpress.chat.prompting import Prompter
from cotpress.chat.request import LENGTH, STOP, Reply, Request, Sampling
from cotpress.errors import CotpressError, ModelError, OptionError, require
from cotpress.models import DTYPES, Limits, Wanted, adapter_rank, first_line

EXTRA = "vllm"
TOGETHER = 1024  # requests handed over at once; how many of them run at a time is vLLM's affair


class VllmChat:
    """Any model that vLLM loads: a hub id, a folder, or a folder with a LoRA adapter.

    Prompts are rendered here, as for the other local model, so that both are asked the same. A request's `model` is
    not looked at. The engine starts at the first request and stays until the process ends.

    Raises:
        ModelError: on `endpoint` and `ask`, for a model that cannot be found, loaded or used.
        MissingExtra: likewise, where vllm is not installed.
    """

    def __init__(
        self, model: str | Path, revision: str | None = None, dtype: str | None = None, trust_remote_code: bool = False
    ) -> None:
        if dtype and dtype not in DTYPES:
            raise OptionError(f"There is no dtype '{dtype}'.", f"Known: {', '.join(DTYPES)}.")
        self._wanted = Wanted(model, revision, "cpu", dtype, Limits(), trust_remote_code)
        self._dtype = dtype or "auto"
        self._gathering = Gathering(self._replies, TOGETHER)
        self._loaded: tuple[Any, Prompter] | None = None

    @cached_property
    def endpoint(self) -> str:
        """Model, revision, tokenizer and dtype, known from the files alone."""
        origin = self._wanted.origin
        return f"vllm:{origin.name}@{origin.revision}/{origin.tokenizer}/{self._dtype}"

    @property
    def templated(self) -> bool:
        """Whether the model has a chat template; without one, messages follow each other as plain text."""
        return self._wanted.origin.has_chat_template

    def load_tokenizer(self) -> Any:
        """The model's tokenizer, a fast one of `transformers`."""
        return self._wanted.load_tokenizer()

    async def ask(self, request: Request) -> Reply:
        """The model's reply; see `ChatModel`. A prompt that leaves no room in the context is a `CallFailed`."""
        return await self._gathering.ask(request)

    async def close(self) -> None:
        """Cancel who waits, and wait for the batch under way."""
        await self._gathering.close()

    def _replies(self, requests: list[Request]) -> list[Reply | CotpressError]:
        """One outcome a request. Runs in the worker's thread."""
        try:
            self._loaded = self._loaded or self._load()
            engine, prompter = self._loaded
            outcomes = [prompter.prompt(one) for one in requests]
            ready = [(one, ids) for one, ids in zip(requests, outcomes, strict=True) if isinstance(ids, list)]
            replies = iter(self._generate(engine, prompter.context, ready) if ready else [])
            return [next(replies) if isinstance(one, list) else one for one in outcomes]
        except CotpressError as error:
            return [error for _ in requests]
        except Exception as error:  # whatever vLLM raises
            name = self._wanted.origin.name
            failed = ModelError(f"vLLM cannot run {name}: {first_line(error)}", "Try --backend transformers.")
            return [failed for _ in requests]

    def _load(self) -> tuple[Any, Prompter]:
        library, origin = require("vllm", EXTRA), self._wanted.origin
        more: dict[str, Any] = {"revision": origin.commit} if origin.commit else {}
        if origin.adapter:
            rank = adapter_rank(origin.adapter)
            more |= {"enable_lora": True, "max_lora_rank": max(16, 1 << (rank - 1).bit_length())}
        if origin.words or origin.gguf:
            more["tokenizer"] = origin.words or origin.location
        engine = library.LLM(
            model=str(Path(origin.location) / origin.gguf) if origin.gguf else origin.location,
            dtype=self._dtype,
            trust_remote_code=self._wanted.trust_remote_code,
            generation_config="vllm",  # what a model recommends would make "greedy" mean something else
            **more,
        )
        return engine, load_prompter(self._wanted, engine.llm_engine.model_config.max_model_len)

    def _generate(self, engine: Any, context: int, ready: list[tuple[Request, list[int]]]) -> list[Reply]:
        drawn = [_drawn(request.sampling, context - len(ids)) for request, ids in ready]
        outputs = engine.generate(
            [{"prompt_token_ids": ids} for _, ids in ready], drawn, use_tqdm=False, lora_request=self._lora()
        )
        return [_reply(output) for output in outputs]

    def _lora(self) -> Any:
        folder = self._wanted.origin.adapter
        return require("vllm.lora.request", EXTRA).LoRARequest("student", 1, folder) if folder else None


def _drawn(sampling: Sampling, room: int) -> Any:
    return require("vllm", EXTRA).SamplingParams(
        temperature=sampling.temperature,
        top_p=sampling.top_p if sampling.temperature else 1.0,
        max_tokens=min(sampling.max_tokens or room, room),
        seed=sampling.seed,
    )


def _reply(output: Any) -> Reply:
    [written] = output.outputs
    finish = LENGTH if written.finish_reason == "length" else STOP
    return Reply(written.text, finish, len(output.prompt_token_ids), len(written.token_ids), 0.0)
