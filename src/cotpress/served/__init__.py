"""Signals of a model behind an endpoint that gives the log-probabilities of a prompt."""

from typing import TYPE_CHECKING

from cotpress.lazy_exports import load_on_demand

if TYPE_CHECKING:
    from cotpress.served.served_lm import ServedLM
    from cotpress.served.server_config import NO_TOKENIZER, ServerConfig

__all__ = ["NO_TOKENIZER", "ServedLM", "ServerConfig"]

__getattr__ = load_on_demand(
    __name__,
    {
        "served_lm": "ServedLM",
        "server_config": "NO_TOKENIZER ServerConfig",
    },
)
