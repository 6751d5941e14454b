"""How every help text is laid out."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cyclopts.help import ColumnSpec, HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

MIN_DESCRIPTION_COLUMNS = 40  # with less room beside the names, a help text comes without frames
_FRAME_COLUMNS = 10  # of a panel's frame, its mark of what is required, and the gaps


def format_default(value: object) -> str | None:
    """A default as one would type it; None for what nobody types: an empty text, no values, a switch.

    >>> format_default(("0.9", "0.5")), format_default(120.0), format_default("")
    ('0.9,0.5', '120', None)
    """
    if value is None or isinstance(value, bool) or value in ("", ()):
        return None
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


class HelpLayout:
    """Panels with frames where names and descriptions fit beside each other, else plain lines. No name is cut apart."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        widths = [max(map(len, entry.display_labels_with_metavar)) for entry in panel.entries]
        if not widths:
            return
        if console.width - max(widths) < MIN_DESCRIPTION_COLUMNS:
            _print_lines(console, panel)
            return
        from cyclopts.help import DefaultFormatter

        wide = max(widths) + 2 > 0.35 * console.width  # the share that cyclopts gives to names
        columns = _build_columns if wide and panel.format == "parameter" else None
        DefaultFormatter(column_specs=columns)(console, options, panel)

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:
        """The line with the verb and what it requires."""
        if usage:
            console.print(f"Usage: {str(usage).strip()}\n", style="bold", markup=False, highlight=False)


def _build_columns(console: Console, options: ConsoleOptions, entries: list[HelpEntry]) -> tuple[ColumnSpec, ...]:
    """The columns of a panel, that of the names as wide as its longest name."""
    from cyclopts.help import NameRenderer
    from cyclopts.help.specs import get_default_parameter_columns

    width = max(len(label) for entry in entries for label in entry.display_labels_with_metavar) + 2
    *before, names, descriptions = get_default_parameter_columns(console, options, entries)
    return (*before, names.copy(renderer=NameRenderer(max_width=width), max_width=width), descriptions)


def _print_lines(console: Console, panel: HelpPanel) -> None:
    """Each name on a line of its own, with what it means below."""
    console.print(f"{panel.title}:", style="bold", markup=False, highlight=False)
    for entry in panel.entries:
        print_folded(console, ", ".join(entry.display_labels_with_metavar), "  ")
        print_folded(console, _describe_entry(entry), "    ")
    console.print()


def _describe_entry(entry: HelpEntry) -> str:
    choices = f"[choices: {', '.join(entry.choices)}]" if entry.choices else ""
    default = f"[default: {entry.default}]" if entry.default is not None else ""
    description = str(getattr(entry.description, "primary_renderable", None) or entry.description or "")
    return " ".join(part for part in (description, choices, default, entry.required and "[required]") if part)


def print_folded(console: Console, text: str, indent: str) -> None:
    """A text in lines as long as the console is wide, each one indented; no word is cut that a line can hold."""
    lines = textwrap.wrap(text, console.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
