"""The child process of `user_patterns.py`: a line of JSON [pattern, text] in, a line of [[start, end], ...] out.

It is run as a file and imports nothing of the package, so that it starts at once.
"""

from __future__ import annotations

import json
import re
import sys


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin.buffer:
        pattern, text = json.loads(line)
        spans = [match.span() for match in re.finditer(pattern, text)]
        sys.stdout.buffer.write(json.dumps(spans).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
