"""The reference of the command line, made of the parser itself: `python website/command_line.py` prints it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from cotpress.cli.app import VERBS, WORLD_VERBS, build_app
from cotpress.cli.help import format_default
from cotpress.cli.help_examples import EXAMPLES
from cotpress.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_JOBS_FAILED, EXIT_NOTHING_LEFT, CotpressError

_TOP = """# Command line

For who looks for an option. This page is made from the parser: it says what `cotpress VERB --help` says.

`cotpress --install-completion` lets your shell (bash, zsh or fish) complete verbs, options and their values. A wrong
name is refused with the nearest right one. `NO_COLOR=1` switches colours off.
"""
_TABLE_HEAD = "| option | what it is | values | default |\n|---|---|---|---|"
_EXITS = """
## Exit codes

| code | when |
|---|---|
| 0 | The run went well. Warnings do not change that. |
"""
_OTHER_EXITS = {
    EXIT_JOBS_FAILED: "Some jobs of a study failed; the others are done. The same command tries them again.",
    EXIT_INTERNAL: "Something happened that should not. `COTPRESS_DEBUG=1` shows where.",
    EXIT_INTERRUPTED: "It was interrupted. The same command continues.",
}


def build_page() -> str:
    """The whole page in Markdown."""
    app = build_app()
    verbs = [*VERBS, *(f"world {verb}" for verb in WORLD_VERBS)]
    parts = [part for verb in verbs for part in _describe_verb(app.parse_commands(verb.split())[1][-1], verb)]
    return "\n".join([_TOP, *parts, _EXITS.rstrip("\n"), *_list_exit_codes()]) + "\n"


def _describe_verb(verb: Any, name: str) -> Iterator[str]:
    yield f"## cotpress {name} {{ #{name.replace(' ', '-')} }}\n\n{_escape(verb.help)}\n"
    yield "```console\n" + "".join(f"$ {example}\n" for example in EXAMPLES[name]) + "```\n"
    groups: dict[str, list[str]] = {}
    for argument in verb.assemble_argument_collection(parse_docstring=True):
        if argument.show:
            groups.setdefault(argument.parameter.group[0].name, []).append(_describe_argument(argument))
    for title, rows in groups.items():
        yield "\n".join(
            [f"**{title}**\n", "| option | what it is | values | default |", "|---|---|---|---|", *rows, ""]
        )


def _describe_argument(argument: Any) -> str:
    """A row of the table of options."""
    names = " ".join(f"`{name}`" for name in argument.names)
    values = ", ".join(f"`{choice}`" for choice in argument.get_choices() or ())
    default = None if argument.required else format_default(argument.field_info.default)
    shown = "required" if argument.required else f"`{default}`" if default and argument.show_default else ""
    return f"| {names} | {_mark_options(_escape(argument.parameter.help or ''))} | {values} | {shown} |"


def _mark_options(text: str) -> str:
    """The options that it names as code, so that none is broken after its dashes."""
    return re.sub(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", r"`\g<0>`", text)


def _escape(text: str) -> str:
    """A text of the parser in a table of Markdown, as it is."""
    text = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([\\|*_\[\]`{}])", r"\\\1", text)


def _list_exit_codes() -> Iterator[str]:
    """A row for each error that has a code of its own, and for what ends a run otherwise."""
    meanings: dict[int, list[str]] = {}
    for error in _list_errors(CotpressError):
        meanings.setdefault(error.exit_code, []).append((error.__doc__ or "").partition("\n")[0])
    meanings[EXIT_NOTHING_LEFT].append("Nothing was compressed.")
    rows = {code: " ".join(_escape(line) for line in lines) for code, lines in meanings.items()}
    yield from (f"| {code} | {meaning} |" for code, meaning in sorted({**rows, **_OTHER_EXITS}.items()))


def _list_errors(error: type[CotpressError]) -> list[type[CotpressError]]:
    """The errors below this one that bring an exit code."""
    below = [child for child in error.__subclasses__() if child.__module__ == error.__module__]
    own = [child for child in below if "exit_code" in vars(child)]
    return own + [deeper for child in below for deeper in _list_errors(child)]


if __name__ == "__main__":
    print(build_page())
