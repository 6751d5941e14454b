"""Chat models: requests, replies, the ways to reach a model, and a cache of the replies that were paid for."""

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
