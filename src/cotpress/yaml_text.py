"""YAML that people write: studies, recipes, levels. A small file must not become gigabytes, nor nest without end."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

MAX_BYTES: Final = 1 << 20  # bytes of a file
MAX_NESTING: Final = 100  # brackets open at a time, of which the library's time grows with the square
MAX_NODES: Final = 100_000  # values of a file, each alias counted as all that it stands for


def load_yaml(text: str) -> Any:
    """What a YAML text holds.

    Raises:
        yaml.YAMLError: it is not YAML, is too long or too deep, or its aliases stand for too much.

    >>> load_yaml("{a: &all [1, 2], b: *all}")
    {'a': [1, 2], 'b': [1, 2]}
    """
    if len(text) > MAX_BYTES:
        raise yaml.YAMLError(f"It is longer than {MAX_BYTES >> 20} MiB.")
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = max(0, depth + (1 if bracket in "[{" else -1))
        if depth > MAX_NESTING:
            raise yaml.YAMLError(f"It has over {MAX_NESTING} brackets open.")
    try:
        tree = yaml.compose(text, yaml.SafeLoader)
        if tree is not None:
            _count_nodes(tree, {}, set())
        return yaml.safe_load(text)
    except RecursionError:
        raise yaml.YAMLError("It is nested without end.") from None
    except (ValueError, OverflowError) as error:  # of a number or a date that Python does not make
        raise yaml.YAMLError(f"It has a value that cannot be read: {error}.") from None


def _count_nodes(node: yaml.Node, known: dict[int, int], above: set[int]) -> int:
    """How many values a node stands for; each is counted once and looked up afterwards."""
    if id(node) in above:
        raise RecursionError
    if id(node) not in known:
        inner = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
        parts = inner if isinstance(node, yaml.CollectionNode) else []
        known[id(node)] = 1 + sum(_count_nodes(part, known, above | {id(node)}) for part in parts)
    if known[id(node)] > MAX_NODES:
        raise yaml.YAMLError(f"With its aliases it holds over {MAX_NODES:,} values.")
    return known[id(node)]
