"""YAML within bounds: aliases that stand for gigabytes, nesting without end and numbers without end are errors."""

from __future__ import annotations

import pytest
import yaml

from cotpress.errors import OptionError
from cotpress.rewriting.levels.level import parse_level
from cotpress.study import parse_study
from cotpress.yaml_text import MAX_BYTES, load_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]\n" for at in range(1, 10)
)
HOSTILE = {
    "aliases": BOMB,
    "a loop": "a: &a [*a]\n",
    "brackets": "a: " + "[" * 100_000 + "]" * 100_000 + "\n",
    "nesting": "a:\n " + "- " * 1500 + "\n",
    "a long number": "a: " + "1" * 5000 + "\n",
    "an impossible date": "a: 2026-99-99\n",
    "length": "a: " + "x" * MAX_BYTES + "\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_yaml_is_an_error(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        load_yaml(text)
    with pytest.raises(OptionError, match="YAML"):
        parse_study(text, "study.yaml")
    with pytest.raises(OptionError, match="YAML"):
        parse_level(f"---\n{text}---\nShorten it.\n", "level.md")


def test_aliases_are_welcome() -> None:
    assert load_yaml("a: &a {x: 1}\nb: *a\n") == {"a": {"x": 1}, "b": {"x": 1}}
    assert load_yaml("") is None
