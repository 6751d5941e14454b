"""The `cotpress` command: which verbs there are, and how every failure becomes one line."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import Literal, TextIO, get_args, get_origin

from cyclopts import (
    App,
    CoercionError,
    CycloptsError,
    Group,
    MissingArgumentError,
    Parameter,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from cotpress._version import __version__
from cotpress.cli.help import HelpLayout, format_default
from cotpress.cli.help_examples import EXAMPLES, format_examples
from cotpress.cli.options.renamed_options import rename_options
from cotpress.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, CotpressError, OptionError, suggest_name

_PACKAGE = "cotpress.cli.verbs."
# Verbs are named by their module in `verbs/` and the function there, so that a call imports its own verb alone.
VERBS = {
    "inspect": ("inspect:inspect", "Show what is in trace files: format, lengths, redundancy, answers."),
    "rate": ("rate:rate", "Add columns to rows: how hard the question is, how well the trace suits."),
    "compress": ("compress:compress", "Prune traces to a budget and write a training set."),
    "rewrite": ("rewrite:rewrite", "Have traces rewritten at a restructuring level, and checked."),
    "show": ("show:show", "Read traces of an output before and after, in the terminal or as a page."),
    "measure": ("measure:measure", "Say what outputs did to their traces: ratios, restructuring, reflection."),
    "push": ("push:push", "Write a finished output to the Hugging Face hub, private by default."),
    "train": ("train:train", "Fine-tune a student on training sets."),
    "evaluate": ("evaluate:evaluate", "Have a student solve benchmarks: accuracy and generated length."),
    "sweep": ("sweep:sweep", "Run a study: every cell of a grid, resumable, with tables at the end."),
    "report": ("report:report", "Show a study as one page: verdicts, figures, traces, tables."),
    "advise": ("advise:advise", "Say which settings to use, from a study or from what was published."),
    "benchmarks": ("listing:benchmarks", "List the benchmarks and where they come from."),
    "train-saliency": (
        "train_saliency:train_saliency",
        "Train a saliency classifier from originals and what outputs kept of them.",
    ),
    "levels": ("listing:levels", "List the restructuring levels and what each allows."),
    "criteria": ("listing:criteria", "List the importance criteria and where they come from."),
    "checks": ("listing:checks", "List the checks of rewrites."),
    "gauges": ("listing:gauges", "List the gauges: figures of a compressed text."),
    "formats": ("listing:formats", "List the layouts that are read and the formats that are written."),
    "backends": ("listing:backends", "List the ways to reach a chat model."),
    "protections": ("listing:protections", "List what can be kept whatever its importance."),
    "sources": ("listing:sources", "List the sources of the signals that criteria read."),
    "figures": ("listing:figures", "List the figures of a report."),
    "verdicts": ("listing:verdicts", "List the findings that a report gives a verdict on."),
    "demo": ("demo:demo", "Run a small study of the micro world, end to end, and show it as a page."),
    "help": ("listing:help_verb", "Say what a verb does and which options it takes."),
}
# The parts in which all verbs are listed.
_STUDENT_VERBS = ("train", "evaluate", "sweep", "report", "advise", "train-saliency", "demo", "world")
_TRACES, _STUDENTS, _LISTS, _MORE = (
    Group(name, sort_key=place)
    for place, name in enumerate(("Traces", "Students and studies", "Lists of names", "More"))
)
_OTHER_WORDS = {  # what other tools call an option
    **dict.fromkeys(("--ratio", "--rate", "--target", "--target-ratio", "--compression-ratio", "--budget"), "--keep"),
    **dict.fromkeys(("--format", "--out-format", "--output-format"), "--export"),
    **dict.fromkeys(("--out", "--out-dir", "--output-dir"), "--output"),
    **dict.fromkeys(("--method", "--importance"), "--criterion"),
}
_FLAGS = ("--help", "--version", "--install-completion")
WORLD_VERBS = {
    "sample": ("world:sample", "Write generated traces as JSON lines."),
    "train-base": ("train_base:train_base", "Train the embedded models anew."),
}


def build_app() -> App:
    """The application with its verbs."""
    app = App(
        name="cotpress",
        version=__version__,
        help="Compress chain-of-thought traces for reasoning distillation.",
        help_epilogue=format_examples(""),
        help_format="plaintext",  # Markdown, the default, takes a fourth of the time of --help to import
        help_formatter=HelpLayout(),
        default_parameter=Parameter(show_default=format_default),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for place, (name, (path, summary)) in enumerate(VERBS.items()):
        group, examples = _choose_group(name), format_examples(name)
        app.command(_PACKAGE + path, name=name, help=summary, help_epilogue=examples, group=group, sort_key=place)
    world = App("world", help="The embedded micro world.", help_epilogue=format_examples("world"), group=_STUDENTS)
    for name, (path, summary) in WORLD_VERBS.items():
        world.command(_PACKAGE + path, name=name, help=summary, help_epilogue=format_examples(f"world {name}"))
    app.command(world)
    app.register_install_completion_command(help="Let bash, zsh or fish complete verbs, options and their values.")
    for flag in _FLAGS:
        app[flag].group = (_MORE,)
    return app


def _choose_group(verb: str) -> Group:
    """The part of the list of verbs that a verb stands in."""
    if verb in _STUDENT_VERBS:
        return _STUDENTS
    if verb == "help":
        return _MORE
    return _LISTS if "listing:" in VERBS[verb][0] else _TRACES


def run_and_exit(words: Sequence[str]) -> None:
    """Run a verb and exit with its code; a failure is one line on standard error.

    >>> run_and_exit(["--version"])
    Traceback (most recent call last):
    SystemExit: 0
    """
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())  # so that `module:name` finds a module of the user's; last, so that it hides none
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files need not be text
    _show_warnings()
    sys.exit(run(words))


def run(words: Sequence[str]) -> int:
    """Run a verb, and give its exit code; every failure is one line on standard error.

    >>> run(["help", "levels"])  # doctest: +ELLIPSIS
    Usage: cotpress levels
    ...
    0
    """
    try:
        code = build_app()(rename_options(words), exit_on_error=False, print_error=False)
        return code if isinstance(code, int) and not isinstance(code, bool) else 0
    except CycloptsError as error:
        return _print_failure(_describe_refusal(error), OptionError.exit_code)
    except CotpressError as error:
        return _print_failure(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _print_failure(
            "Interrupted. What was finished is kept: run the same command again to continue.", EXIT_INTERRUPTED
        )
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; say nothing more
        return 0
    except Exception as error:
        if os.environ.get("COTPRESS_DEBUG"):
            raise
        return _print_failure(f"{_describe_error(error)} Set COTPRESS_DEBUG=1 to see where.", EXIT_INTERNAL)


def _describe_refusal(error: CycloptsError) -> str:
    """What the parser refused, and where to read on; a missing value with an example of the verb that needs it."""
    verb = " ".join(error.command_chain or ())
    examples = EXAMPLES.get(verb, ())
    further = f"See: cotpress help {verb}".strip()
    if isinstance(error, MissingArgumentError) and error.argument is not None and examples:
        names = error.argument.names
        is_shown = names[0][:1] != "-" or not set(names).isdisjoint(examples[0].split())
        return f"{verb} needs a value for {' or '.join(names)}{f', as in: {examples[0]}' * is_shown} ({further})"
    return f"{_describe_wrong_value(error)} {further}"


def _describe_wrong_value(error: CycloptsError) -> str:
    """A name that is not among the choices is told in the same words as any other unknown name."""
    if isinstance(error, CoercionError) and error.token is not None and get_origin(error.target_type) is Literal:
        received = error.token.value
        return f"{error.token.keyword} cannot be '{received}'. {suggest_name(received, get_args(error.target_type))}"
    if isinstance(error, UnknownOptionError) and error.command_chain in (("compress",), ("rewrite",)):
        word = (error.token.keyword or error.token.value).partition("=")[0]
        if word in _OTHER_WORDS:
            return f"Unknown option: {word}. Did you mean {_OTHER_WORDS[word]}?"
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        verb, words = " ".join(error.command_chain or ()), " ".join(error.unused_tokens)
        return f"{verb} takes no '{words}'."
    if isinstance(error, UnknownCommandError) and error.unused_tokens and error.unused_tokens[0][:1] == "-":
        word = error.unused_tokens[0]
        return f"There is no option '{word}' before a verb. {suggest_name(word, _FLAGS)}"
    return " ".join(str(error).split())


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        from cotpress.cli.display.control_characters import escape_controls

        return escape_controls(super().format(record))  # names and ids come from the user's files


def _show_warnings() -> None:
    """Warnings of the library become one line each on standard error."""
    logger = logging.getLogger("cotpress")
    if not logger.handlers:
        handler = _StderrHandler()
        handler.setFormatter(logging.Formatter("cotpress: %(message)s"))
        logger.addHandler(handler)


def _describe_error(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The system refused: {error.strerror or error} ({error.filename or 'no file named'})."
    if isinstance(error, MemoryError):
        return "Out of memory."
    return f"This should not have happened ({type(error).__name__}: {' '.join(str(error).split())[:300]})."


def _print_failure(message: str, code: int) -> int:
    from cotpress.cli.display.control_characters import escape_controls

    print(f"cotpress: {escape_controls(' '.join(message.split()))}", file=sys.stderr)  # ids come from the user's files
    return code
