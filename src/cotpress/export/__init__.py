"""Compressed traces -> a training set in the formats that trainers read."""

from cotpress.export.dataset_card import CARD_TAG, format_dataset_card, format_dataset_info
from cotpress.export.example import DEFAULT_RATIO_PROMPT, ExampleStyle, ExportExample, build_example
from cotpress.export.format_registry import (
    AUTO_EXPORT,
    DEFAULT_EXPORT,
    EXPORT_FORMATS,
    SAME_SHAPE,
    ExportFormat,
    ExportTurn,
    check_export_name,
    get_export_format,
)
from cotpress.export.public_names import hide_folders
from cotpress.types import THINK_TAGS

__all__ = [
    "AUTO_EXPORT",
    "CARD_TAG",
    "DEFAULT_EXPORT",
    "DEFAULT_RATIO_PROMPT",
    "EXPORT_FORMATS",
    "SAME_SHAPE",
    "THINK_TAGS",
    "ExampleStyle",
    "ExportExample",
    "ExportFormat",
    "ExportTurn",
    "build_example",
    "check_export_name",
    "format_dataset_card",
    "format_dataset_info",
    "get_export_format",
    "hide_folders",
]
