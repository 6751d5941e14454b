"""Chat models: requests, replies, the ways to reach a model, and a cache of the replies that were paid for."""

from typing import TYPE_CHECKING

from cotpress.lazy_exports import load_on_demand

if TYPE_CHECKING:
    from cotpress.chat.batch_chat import BatchChat, BatchPolicy
    from cotpress.chat.batch_client import BatchClient
    from cotpress.chat.batch_journal import BatchJournal
    from cotpress.chat.cached_chat import CachedChat
    from cotpress.chat.chat_model import ChatModel
    from cotpress.chat.endpoint_connection import RetryPolicy
    from cotpress.chat.local_chat import LocalChat
    from cotpress.chat.metered_chat import CHARS_PER_TOKEN, MeteredChat, SpendLimit
    from cotpress.chat.openai_chat import OpenAIChat
    from cotpress.chat.prices import Prices, parse_prices
    from cotpress.chat.prompt_encoding import ChatPromptEncoder
    from cotpress.chat.reply_cache import ReplyCache
    from cotpress.chat.request import FINISH_LENGTH, ChatMessage, ChatReply, ChatRequest, SamplingParameters
    from cotpress.chat.vllm_chat import VllmChat

__all__ = [
    "CHARS_PER_TOKEN",
    "FINISH_LENGTH",
    "BatchChat",
    "BatchClient",
    "BatchJournal",
    "BatchPolicy",
    "CachedChat",
    "ChatMessage",
    "ChatModel",
    "ChatPromptEncoder",
    "ChatReply",
    "ChatRequest",
    "LocalChat",
    "MeteredChat",
    "OpenAIChat",
    "Prices",
    "ReplyCache",
    "RetryPolicy",
    "SamplingParameters",
    "SpendLimit",
    "VllmChat",
    "parse_prices",
]

__getattr__ = load_on_demand(
    __name__,
    {
        "batch_chat": "BatchChat BatchPolicy",
        "batch_client": "BatchClient",
        "batch_journal": "BatchJournal",
        "cached_chat": "CachedChat",
        "chat_model": "ChatModel",
        "endpoint_connection": "RetryPolicy",
        "local_chat": "LocalChat",
        "metered_chat": "CHARS_PER_TOKEN MeteredChat SpendLimit",
        "openai_chat": "OpenAIChat",
        "prices": "Prices parse_prices",
        "prompt_encoding": "ChatPromptEncoder",
        "reply_cache": "ReplyCache",
        "request": "FINISH_LENGTH ChatMessage ChatReply ChatRequest SamplingParameters",
        "vllm_chat": "VllmChat",
    },
)
