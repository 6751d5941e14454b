"""The ways to reach a chat model, one file each: what answers for students, rewriters and studies alike."""

from cotpress.chat.backends.registry import BACKENDS, BackendOptions, ChatBackend, get_backend, register_backend

__all__ = ["BACKENDS", "BackendOptions", "ChatBackend", "get_backend", "register_backend"]
