"""A child process: calls what its parent sends it through a pipe.

What is sent is pickled, as the executors pickle their steps to send them. Nothing that lies in a file is unpickled.
"""

from __future__ import annotations

import pickle
import sys

if __name__ == "__main__":
    pickle.load(sys.stdin.buffer)()  # noqa: S301 (from the parent process)
