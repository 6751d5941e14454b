"""Models that run in this process."""

from __future__ import annotations

from cotpress.chat.backends.registry import BackendOptions, register_backend
from cotpress.chat.local_chat import LocalChat
from cotpress.chat.vllm_chat import VllmChat
from cotpress.models import ModelSpec


@register_backend("transformers", is_local=True)
def open_transformers(model: ModelSpec, options: BackendOptions) -> LocalChat:
    """A model of transformers in this process: a folder, a hub id, a .gguf file or an embedded model."""
    return LocalChat(model, batch_size=options.batch_size)


@register_backend("vllm", is_local=True)
def open_vllm(model: ModelSpec, options: BackendOptions) -> VllmChat:
    """The same by vLLM, in this process."""
    return VllmChat(model)
