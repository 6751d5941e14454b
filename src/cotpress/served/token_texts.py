"""Whether the tokens that a server names are those that were sent to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

_TOKEN_ID = re.compile(r"token_id:(\d+)")  # how vLLM names tokens with --return-tokens-as-token-ids
_SPACE = re.compile(r"[\sĠĊĉ▁]+")


def count_other_tokens(tokens: Sequence[str], texts: Sequence[str], ids: Sequence[int | str]) -> int:
    """How many of a server's tokens are certainly others than those of `ids`, which cover `texts`.

    White space does not count, because tokenizers write it in different ways; nor do pieces of characters, and tokens
    with other letters than ASCII, which some servers write as bytes.

    >>> count_other_tokens(["Ġ2", "+", "\\ufffd", "token_id:9"], [" 2", "-", "é", "x"], [5, 6, 7, 8])
    2
    """
    return sum(
        token is not None and text is not None and _is_other(token, text, number)
        for token, text, number in zip_longest(tokens[: len(texts)], texts, ids[: len(texts)])
    )


def _is_other(token: str, text: str, number: int | str | None) -> bool:
    if named := _TOKEN_ID.fullmatch(token):
        return int(named[1]) != number
    token, text = _SPACE.sub("", token), _SPACE.sub("", text)
    return bool(token and text) and token.isascii() and text.isascii() and token != text
