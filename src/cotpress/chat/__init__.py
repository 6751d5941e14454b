"""Language models that answer: requests, replies, a cache of what was paid for, and who to ask."""

from cotpress.chat.cache import ReplyCache
from cotpress.chat.cached import CachedChat
from cotpress.chat.local import LocalChat
from cotpress.chat.metered import CHARS_PER_TOKEN, Allowance, MeteredChat
from cotpress.chat.model import ChatModel
from cotpress.chat.openai_chat import OpenAIChat, Patience
from cotpress.chat.prices import Prices, parse_prices
from cotpress.chat.request import Message, Reply, Request, Sampling

__all__ = [
    "CHARS_PER_TOKEN",
    "Allowance",
    "CachedChat",
    "ChatModel",
    "LocalChat",
    "Message",
    "MeteredChat",
    "OpenAIChat",
    "Patience",
    "Prices",
    "Reply",
    "ReplyCache",
    "Request",
    "Sampling",
    "parse_prices",
]
