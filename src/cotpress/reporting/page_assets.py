"""The files of a page, its security policy, and data put into it so that it stays data."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from importlib.resources import files
from typing import Any

# In a script element, "</script" and "<!--" end or change the script wherever they stand, in strings too.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def encode_script_json(data: Any) -> str:
    """Data as JSON that can stand in a script element; not-a-number and infinities become null."""
    return json.dumps(_replace_nonfinite(data), ensure_ascii=True, allow_nan=False, separators=(",", ":")).translate(
        _ESCAPES
    )


def read_asset(name: str) -> str:
    """The text of a file of the page: its frame, style sheet or scripts."""
    return (files("cotpress.reporting") / name).read_text(encoding="utf-8")


def hash_inline_code(text: str) -> str:
    """The expression that lets a Content-Security-Policy allow exactly this inline script or style sheet."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def build_security_policy(script: str, style: str) -> str:
    """A Content-Security-Policy under which only this script runs and nothing is fetched from anywhere."""
    return (
        f"default-src 'none'; script-src {hash_inline_code(script)}; style-src {hash_inline_code(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _replace_nonfinite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {str(key): _replace_nonfinite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_replace_nonfinite(value) for value in data]
    return data
