"""Keeping keys out of whatever is shown or written."""

from __future__ import annotations

from urllib.parse import quote

SHORTEST = 8  # shorter values are placeholders such as "EMPTY", and may well be words of a text


def redact(text: str, key: str) -> str:
    """The text with the key, also as it stands in a URL, replaced by "***"."""
    if len(key) < SHORTEST:
        return text
    return text.replace(key, "***").replace(quote(key, safe=""), "***")
