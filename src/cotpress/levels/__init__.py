"""The restructuring levels, one Markdown file each: what a rewriter may do to a trace, and what it must not."""

from cotpress.levels.level import DOMAINS, Level
from cotpress.levels.registry import LEVELS, get_level, level_file

__all__ = ["DOMAINS", "LEVELS", "Level", "get_level", "level_file"]
