"""Models behind an endpoint."""

from __future__ import annotations

from cotpress.chat.backends.registry import BackendOptions, register_backend
from cotpress.chat.openai_chat import OpenAIChat
from cotpress.models import ModelSpec


@register_backend("openai")
def open_endpoint(model: ModelSpec, options: BackendOptions) -> OpenAIChat:
    """Any endpoint that speaks OpenAI's chat completions."""
    return OpenAIChat(options.base_url, options.key_env, options.retry_policy)
