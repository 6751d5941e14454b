"""Finding levels: the files that come with the package, and those that a user names by path."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from cotpress.errors import OptionError
from cotpress.registry import Registry
from cotpress.rewriting.levels.level import Level, parse_level


def read_level_file(name: str) -> str:
    """The text of a Markdown file that comes with the package, such as "_frame.md".

    >>> read_level_file("edit.md").startswith("---")
    True
    """
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _adapt_level(name: str, value: Any) -> Level:
    if isinstance(value, Level):
        return value
    if isinstance(value, str | Path):
        return _parse_file(str(value))
    raise OptionError(
        f"The level '{name}' is a {type(value).__name__}.", "Give a Level, or the path of a Markdown file."
    )


LEVELS: Registry[Level] = Registry("level", "cotpress.levels", adapt=_adapt_level)


def _add_packaged_levels() -> None:
    names = sorted(entry.name for entry in files(__package__).iterdir() if entry.name.endswith(".md"))
    levels = [parse_level(read_level_file(name), name) for name in names if not name.startswith("_")]
    for level in sorted(levels, key=lambda level: level.order):
        LEVELS.add(level.name, level)


_add_packaged_levels()


def get_level(name: str) -> Level:
    """The level of that name, or the one that a Markdown file describes.

    Raises:
        OptionError: there is no such level or file, or the file is faulty.

    >>> get_level("edit").order
    2
    """
    return _parse_file(name) if name.endswith(".md") else LEVELS.get_entry(name)


def _parse_file(name: str) -> Level:
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a home folder that nobody has
        why = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise OptionError(f"The level file {name} cannot be read: {why}.", "Give a Markdown file.") from None
    return parse_level(text, name)
