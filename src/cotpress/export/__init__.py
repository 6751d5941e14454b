"""Compressed traces -> a training set in the formats that trainers read."""

from cotpress.export.card import dataset_card, dataset_info
from cotpress.export.example import RATIO_PROMPT, THINK_TAGS, Example, Style, example
from cotpress.export.formats import FORMATS, Format, get_format

__all__ = [
    "FORMATS",
    "RATIO_PROMPT",
    "THINK_TAGS",
    "Example",
    "Format",
    "Style",
    "dataset_card",
    "dataset_info",
    "example",
    "get_format",
]
