"""Signals of a model behind an endpoint that gives the log-probabilities of a prompt."""

from cotpress.served.served_lm import ServedLM
from cotpress.served.server_config import NO_TOKENIZER, ServerConfig

__all__ = ["NO_TOKENIZER", "ServedLM", "ServerConfig"]
