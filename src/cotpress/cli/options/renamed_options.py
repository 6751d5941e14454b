"""Options by their names of earlier versions: they work, with a warning, until the next one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

_logger = logging.getLogger("cotpress")

RENAMED_OPTIONS: Final = {
    "rewrite": {"--max-tokens": "--max-spent-tokens", "--answer-tokens": "--max-new-tokens"},
    "evaluate": {"--batch": "--batch-size"},
    "train": {"--steps": "--max-steps"},
    "train-saliency": {"--batch": "--batch-size", "--warm-up": "--warmup"},
}


def rename_options(words: Sequence[str]) -> list[str]:
    """The words of a command with each option under its name of now.

    >>> rename_options(["evaluate", "--batch=8"])
    ['evaluate', '--batch-size=8']
    """
    names = RENAMED_OPTIONS.get(words[0], {}) if words else {}
    renamed = []
    for word in words:
        old, equals, value = word.partition("=")
        if old in names:
            _logger.warning("%s of %s is now %s.", old, words[0], names[old])
        renamed.append(f"{names.get(old, old)}{equals}{value}")
    return renamed
