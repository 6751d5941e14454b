"""Language models that answer: requests, replies, a cache of what was paid for, and who to ask."""

from cotpress.chat.cache import ReplyCache
from cotpress.chat.cached import CachedChat
from cotpress.chat.local import LocalChat
from cotpress.chat.metered import CHARS_PER_TOKEN, Allowance, MeteredChat
from cotpress.chat.model import ChatModel
from cotpress.chat.openai_chat import OpenAIChat, Patience
from cotpress.chat.prices import Prices, parse_prices
from cotpress.chat.prompting import Prompter
from cotpress.chat.request import LENGTH, Message, Reply, Request, Sampling
from cotpress.chat.vllm_chat import VllmChat

__all__ = [
    "CHARS_PER_TOKEN",
    "LENGTH",
    "Allowance",
    "CachedChat",
    "ChatModel",
    "LocalChat",
    "Message",
    "MeteredChat",
    "OpenAIChat",
    "Patience",
    "Prices",
    "Prompter",
    "Reply",
    "ReplyCache",
    "Request",
    "Sampling",
    "VllmChat",
    "parse_prices",
]
