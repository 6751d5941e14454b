"""The restructuring levels, one Markdown file each: what a rewriter may do to a trace, and what it must not."""

from cotpress.rewriting.levels.level import Level
from cotpress.rewriting.levels.registry import LEVELS, get_level, read_level_file

__all__ = ["LEVELS", "Level", "get_level", "read_level_file"]
