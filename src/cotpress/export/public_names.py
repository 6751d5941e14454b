"""Names as others may read them: what is published tells neither the folders of a machine nor a password in a URL."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

_LOGIN = re.compile(r"(?<=://)[^/@\s]{1,500}@")


def hide_folders(value: Any) -> Any:
    """JSON-able data with the bare name in place of each path of this machine, also in "NAME=PATH".

    A URL loses its user and password.

    >>> import os
    >>> os.mkdir("private"), open("private/a.jsonl", "w").close()
    (None, None)
    >>> hide_folders({"source": ["private/a.jsonl", 12], "model": "org/name", "bench": "mine=private/a.jsonl"})
    {'source': ['a.jsonl', 12], 'model': 'org/name', 'bench': 'mine=a.jsonl'}
    """
    if isinstance(value, Mapping):
        return {key: hide_folders(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [hide_folders(part) for part in value]
    if not isinstance(value, str):
        return value
    value = _LOGIN.sub("", value)
    name, mark, path = value.rpartition("=")
    return f"{name}{mark}{os.path.basename(path.rstrip(os.sep))}" if _is_path(path) else value


def _is_path(text: str) -> bool:
    """Whether it names something here, or begins as an absolute path does, be the file still there or not."""
    text = text.removeprefix("file://")
    if os.sep not in text or "\0" in text:
        return False
    if text.startswith("~"):
        return True
    root, first, *_ = text.split(os.sep)
    return os.path.exists(text) or (not root and bool(first) and os.path.isdir(os.sep + first))
