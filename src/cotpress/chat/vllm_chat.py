"""vLLM in this process as a chat model, for those with a GPU that it runs on."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

from cotpress.chat.generation import load_prompt_encoder
from cotpress.chat.prompt_encoding import ChatPromptEncoder
from cotpress.chat.request import FINISH_LENGTH, FINISH_STOP, ChatReply, ChatRequest, SamplingParameters
from cotpress.chat.request_queue import RequestQueue
from cotpress.errors import CotpressError, ModelError, import_optional
from cotpress.models import ModelLoader, ModelSettings, ModelSpec, make_model_spec, read_adapter_rank, summarize_error

EXTRA = "vllm"
MAX_BATCH = 1024  # requests handed over at once; vLLM decides how many of them run at a time


class VllmChat:
    """Any model that vLLM loads: a hub id, a folder, or a folder with a LoRA adapter.

    Prompts are rendered here, as for the other local model, so that both are asked the same. A request's `model` is
    not looked at. The engine starts at the first request and stays until the process ends.

    Args:
        model: a ModelSpec, which then says everything; or a hub id or a folder.
        settings: other fields of ModelSpec: revision, dtype, trust_remote_code. vLLM chooses the device.

    Raises:
        ModelError: on `endpoint` and `ask`, for a model that cannot be found, loaded or used.
        MissingExtraError: likewise, where vllm is not installed.
    """

    def __init__(self, model: ModelSpec | str | Path, **settings: Unpack[ModelSettings]) -> None:
        spec = make_model_spec(model, **settings)
        self._loader = ModelLoader(replace(spec, device="cpu"))  # what is loaded here is the tokenizer alone
        self._dtype = spec.dtype or "auto"
        self._queue = RequestQueue(self._answer_group, MAX_BATCH)
        self._loaded: tuple[Any, ChatPromptEncoder] | None = None

    @cached_property
    def endpoint(self) -> str:
        """Model, revision, tokenizer and dtype, known from the files alone."""
        origin = self._loader.resolved
        return f"vllm:{origin.name}@{origin.revision}/{origin.tokenizer_revision}/{self._dtype}"

    @property
    def templated(self) -> bool:
        """Whether the model has a chat template; without one, messages follow each other as plain text."""
        return self._loader.resolved.has_chat_template

    def load_tokenizer(self) -> Any:
        """The model's tokenizer, a fast one of `transformers`."""
        return self._loader.load_tokenizer()

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The model's reply; see `ChatModel`. A prompt that fills the context is a `ModelCallError`."""
        return await self._queue.ask(request)

    async def close(self) -> None:
        """Cancel who waits, and wait for the batch under way."""
        await self._queue.close()

    def _answer_group(self, requests: list[ChatRequest]) -> list[ChatReply | CotpressError]:
        """One outcome a request. Runs in the worker's thread."""
        try:
            self._loaded = self._loaded or self._load()
            engine, prompter = self._loaded
            outcomes = [prompter.encode(request) for request in requests]
            ready = [(request, ids) for request, ids in zip(requests, outcomes, strict=True) if isinstance(ids, list)]
            replies = iter(self._generate(engine, prompter.context, ready) if ready else [])
            return [next(replies) if isinstance(outcome, list) else outcome for outcome in outcomes]
        except CotpressError as error:
            return [error for _ in requests]
        except Exception as error:  # whatever vLLM raises
            name = self._loader.resolved.name
            failed = ModelError(f"vLLM cannot run {name}: {summarize_error(error)}", "Try --backend transformers.")
            return [failed for _ in requests]

    def _load(self) -> tuple[Any, ChatPromptEncoder]:
        library, origin = import_optional("vllm", EXTRA), self._loader.resolved
        more: dict[str, Any] = {"revision": origin.commit} if origin.commit else {}
        if origin.adapter:
            rank = read_adapter_rank(origin.adapter)
            more |= {"enable_lora": True, "max_lora_rank": max(16, 1 << (rank - 1).bit_length())}
        if origin.tokenizer_folder or origin.gguf:
            more["tokenizer"] = origin.tokenizer_folder or origin.location
        engine = library.LLM(
            model=str(Path(origin.location) / origin.gguf) if origin.gguf else origin.location,
            dtype=self._dtype,
            trust_remote_code=self._loader.spec.trust_remote_code,
            generation_config="vllm",  # what a model recommends would make "greedy" mean something else
            **more,
        )
        return engine, load_prompt_encoder(self._loader, engine.llm_engine.model_config.max_model_len)

    def _generate(self, engine: Any, context: int, ready: list[tuple[ChatRequest, list[int]]]) -> list[ChatReply]:
        drawn = [_build_sampling_params(request.sampling, context - len(ids)) for request, ids in ready]
        outputs = engine.generate(
            [{"prompt_token_ids": ids} for _, ids in ready],
            drawn,
            use_tqdm=False,
            lora_request=self._build_lora_request(),
        )
        return [_build_reply(output) for output in outputs]

    def _build_lora_request(self) -> Any:
        folder = self._loader.resolved.adapter
        return import_optional("vllm.lora.request", EXTRA).LoRARequest("student", 1, folder) if folder else None


def _build_sampling_params(sampling: SamplingParameters, space: int) -> Any:
    return import_optional("vllm", EXTRA).SamplingParams(
        temperature=sampling.temperature,
        top_p=sampling.top_p if sampling.temperature else 1.0,
        max_tokens=min(sampling.max_tokens or space, space),
        seed=sampling.seed,
    )


def _build_reply(output: Any) -> ChatReply:
    [written] = output.outputs
    finish = FINISH_LENGTH if written.finish_reason == "length" else FINISH_STOP
    return ChatReply(written.text, finish, len(output.prompt_token_ids), len(written.token_ids), 0.0)
