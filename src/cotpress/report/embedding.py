"""Text and data put into a page so that they stay text and data."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from importlib.resources import files
from typing import Any

# In a script element, "</script" and "<!--" end or change the script wherever they stand, in strings too.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def embedded_json(data: Any) -> str:
    """Data as JSON that can stand in a script element; not-a-number and infinities become null."""
    return json.dumps(_finite(data), ensure_ascii=True, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


def asset(name: str) -> str:
    """The text of a file of the page: its frame, style sheet or scripts."""
    return (files("cotpress.report") / name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """The expression that lets a Content-Security-Policy allow exactly this inline script or style sheet."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(script: str, style: str) -> str:
    """A Content-Security-Policy under which only this script runs and nothing is fetched from anywhere."""
    return (
        f"default-src 'none'; script-src {source_hash(script)}; style-src {source_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _finite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return data
