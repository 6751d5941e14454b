"""Short waits for a command in a process of its own.

What is waited for on purpose (for more requests of a batch, before a failed call is repeated) is no part of what tests
of killed runs show.
"""

from __future__ import annotations

import openai._base_client

from cotpress.chat import batch_chat

SECONDS = 0.05


def hurry() -> None:
    """Make the waits of this process short."""
    batch_chat.IDLE_SECONDS = SECONDS
    openai._base_client.INITIAL_RETRY_DELAY = openai._base_client.MAX_RETRY_DELAY = SECONDS
