"""Finding recipes: the commented YAML files that come with the package, and those that a user names by path."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.models import EMBEDDED_STUDENTS
from cotpress.training.recipe import TrainingRecipe, parse_training_recipe
from cotpress.yaml_text import load_yaml

DEFAULT_RECIPE, WORLD_RECIPE = "default", "world"
_SUFFIX = ".yaml"


def list_recipe_names() -> list[str]:
    """The names of the recipes that come with the package.

    >>> "default" in list_recipe_names()
    True
    """
    return sorted(
        entry.name.removesuffix(_SUFFIX) for entry in _open_recipe_folder().iterdir() if entry.name.endswith(_SUFFIX)
    )


def find_recipe_name(student: str | Path) -> str:
    """The name of the recipe made for this student: the one its name ends in; "default" where there is none.

    >>> find_recipe_name("world-llama"), find_recipe_name("Qwen/Qwen2.5-0.5B-Instruct"), find_recipe_name("mine")
    ('world', 'qwen2.5-0.5b-instruct', 'default')
    """
    name = str(student)
    if name in EMBEDDED_STUDENTS:
        return WORLD_RECIPE
    last = Path(name).name.lower()
    fits = [recipe for recipe in list_recipe_names() if recipe != DEFAULT_RECIPE and last.endswith(recipe)]
    return max(fits, key=len, default=DEFAULT_RECIPE)


def load_recipe(name: str | Path = DEFAULT_RECIPE, changes: Mapping[str, Any] | None = None) -> TrainingRecipe:
    """A recipe by its name or its YAML file, with some values changed. A change of "lora" is a mapping itself.

    Raises:
        OptionError: there is no such recipe, it is not readable, or it is faulty.

    >>> load_recipe("world", {"max_steps": 2}).max_steps
    2
    """
    values = _read_values(str(name))
    for key, value in (changes or {}).items():
        both = isinstance(value, Mapping) and isinstance(values.get(key), Mapping)
        values[key] = {**values[key], **value} if both else value
    return parse_training_recipe(values, str(name))


def _read_values(name: str) -> dict[str, Any]:
    if name in list_recipe_names():
        text = (_open_recipe_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    elif name.endswith((_SUFFIX, ".yml")):
        text = _read_text(name)
    else:
        raise build_unknown_name_error("recipe", name, list_recipe_names())
    try:
        values = load_yaml(text)
    except yaml.YAMLError as error:
        raise OptionError(
            f"The recipe {name} is not YAML: {' '.join(str(error).split())}.", "See docs/training.md."
        ) from None
    if not isinstance(values, dict):
        raise OptionError(f"The recipe {name} is no mapping of names to values.", "See docs/training.md.")
    return {str(key): value for key, value in values.items()}


def _read_text(name: str) -> str:
    try:
        return Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a home folder that nobody has
        why = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise OptionError(f"The recipe {name} cannot be read: {why}.", "Give a YAML file.") from None


def _open_recipe_folder() -> Any:
    return files("cotpress.training").joinpath("recipes")
