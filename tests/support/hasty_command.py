"""The command line as a program whose waits are short: a script to run in a process of its own.

What is waited for on purpose (for more requests of a batch, before a failed call is repeated) is no part of what tests
of killed runs show.
"""

from __future__ import annotations

import openai._base_client

from cotpress.chat import batch_chat
from cotpress.cli import main

SECONDS = 0.05

if __name__ == "__main__":
    batch_chat.IDLE_SECONDS = SECONDS
    openai._base_client.INITIAL_RETRY_DELAY = openai._base_client.MAX_RETRY_DELAY = SECONDS
    main()
