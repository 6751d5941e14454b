"""Finding levels: the files that come with the package, and those that a user names by path."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from cotpress.errors import OptionError, unknown_name
from cotpress.levels.level import Level, parse_level


def level_file(name: str) -> str:
    """The text of a Markdown file that comes with the package, such as "_frame.md"."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _packaged() -> MappingProxyType[str, Level]:
    names = sorted(entry.name for entry in files(__package__).iterdir() if entry.name.endswith(".md"))
    found = [parse_level(level_file(name), name) for name in names if not name.startswith("_")]
    return MappingProxyType({level.name: level for level in sorted(found, key=lambda level: level.order)})


LEVELS = _packaged()


def get_level(name: str) -> Level:
    """The level of that name, or the one that a Markdown file describes.

    Raises:
        OptionError: there is no such level or file, or the file is faulty.
    """
    if name in LEVELS:
        return LEVELS[name]
    if not name.endswith(".md"):
        raise unknown_name("level", name, LEVELS)
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a home folder that nobody has
        why = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise OptionError(f"The level file {name} cannot be read: {why}.", "Give a Markdown file.") from None
    return parse_level(text, name)
