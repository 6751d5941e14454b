"""Finding recipes: the commented YAML files that come with the package, and those that a user names by path."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from cotpress.errors import OptionError, unknown_name
from cotpress.models import STUDENTS
from cotpress.train.recipe import Recipe, parse_recipe

DEFAULT, WORLD = "default", "world"
_SUFFIX = ".yaml"


def recipe_names() -> list[str]:
    """The names of the recipes that come with the package."""
    return sorted(entry.name.removesuffix(_SUFFIX) for entry in _folder().iterdir() if entry.name.endswith(_SUFFIX))


def recipe_for(student: str | Path) -> str:
    """The name of the recipe made for this student: the one its name ends in; "default" where there is none."""
    name = str(student)
    if name in STUDENTS:
        return WORLD
    last = Path(name).name.lower()
    fits = [one for one in recipe_names() if one != DEFAULT and last.endswith(one)]
    return max(fits, key=len, default=DEFAULT)


def load_recipe(name: str | Path = DEFAULT, changes: Mapping[str, Any] | None = None) -> Recipe:
    """A recipe by its name or its YAML file, with some values changed. A change of "lora" is a mapping itself.

    Raises:
        OptionError: there is no such recipe, it is not readable, or it is faulty.
    """
    values = _read(str(name))
    for key, value in (changes or {}).items():
        both = isinstance(value, Mapping) and isinstance(values.get(key), Mapping)
        values[key] = {**values[key], **value} if both else value
    return parse_recipe(values, str(name))


def _read(name: str) -> dict[str, Any]:
    if name in recipe_names():
        text = (_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    elif name.endswith((_SUFFIX, ".yml")):
        text = _text(name)
    else:
        raise unknown_name("recipe", name, recipe_names())
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise OptionError(
            f"The recipe {name} is not YAML: {' '.join(str(error).split())}.", "See docs/training.md."
        ) from None
    if not isinstance(values, dict):
        raise OptionError(f"The recipe {name} is no mapping of names to values.", "See docs/training.md.")
    return {str(key): value for key, value in values.items()}


def _text(name: str) -> str:
    try:
        return Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a home folder that nobody has
        why = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise OptionError(f"The recipe {name} cannot be read: {why}.", "Give a YAML file.") from None


def _folder() -> Any:
    return files("cotpress").joinpath("recipes")
