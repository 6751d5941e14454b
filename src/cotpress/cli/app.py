"""The `cotpress` command: which verbs there are, and how every failure is told in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from cyclopts import App, CycloptsError

from cotpress._version import __version__
from cotpress.errors import CotpressError

INTERRUPTED = 130
INTERNAL = 70

# Verbs are named by import path, so that a call imports its own verb alone.
VERBS = {
    "inspect": ("cotpress.cli.inspect:inspect", "Show what is in trace files: format, lengths, redundancy, answers."),
    "compress": ("cotpress.cli.compress:compress", "Prune traces to a budget and write a training set."),
    "rewrite": ("cotpress.cli.rewrite:rewrite", "Have traces rewritten at a restructuring level, and checked."),
    "measure": (
        "cotpress.cli.measure:measure",
        "Say what outputs did to their traces: ratios, restructuring, reflection.",
    ),
    "train": ("cotpress.cli.train:train", "Fine-tune a student on training sets."),
    "evaluate": ("cotpress.cli.evaluate:evaluate", "Have a student solve benchmarks: accuracy and generated length."),
    "sweep": ("cotpress.cli.sweep:sweep", "Run a study: every cell of a grid, resumable, with tables at the end."),
    "advise": ("cotpress.cli.advise:advise", "Say which settings to use, from a study or from what was published."),
    "benchmarks": ("cotpress.cli.benchmarks:benchmarks", "List the benchmarks and where they come from."),
    "train-saliency": (
        "cotpress.cli.train_saliency:train_saliency",
        "Train a saliency classifier from originals and what outputs kept of them.",
    ),
    "levels": ("cotpress.cli.levels:levels", "List the restructuring levels and what each allows."),
    "criteria": ("cotpress.cli.criteria:criteria", "List the importance criteria and where they come from."),
    "report": ("cotpress.cli.report:report", "Show a study as one page: findings, figures, traces, tables."),
    "demo": ("cotpress.cli.demo:demo", "Run a small study of the micro world, end to end, and show it as a page."),
}


def build() -> App:
    """The application with its verbs."""
    app = App(
        name="cotpress",
        version=__version__,
        help="Compress chain-of-thought traces for reasoning distillation.",
        help_format="plaintext",  # Markdown, the default, takes a fourth of the time of --help to import
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for name, (path, summary) in VERBS.items():
        app.command(path, name=name, help=summary)
    world = App(name="world", help="The embedded micro world.")
    world.command("cotpress.cli.world:sample", name="sample", help="Write generated traces as JSON lines.")
    world.command("cotpress.cli.train_base:train_base", name="train-base", help="Train the embedded models anew.")
    app.command(world)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_guarded(lambda: build()(words, exit_on_error=False, print_error=False)))


def _guarded(call: Callable[[], object]) -> int:
    """Run it; every failure becomes one line and an exit code."""
    try:
        code = call()
        return code if isinstance(code, int) and not isinstance(code, bool) else 0
    except CycloptsError as error:
        return _fail(" ".join(str(error).split()) + " See --help.", 2)
    except CotpressError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("Interrupted. What was finished is kept: run the same command again to continue.", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; say nothing more
        return 0
    except Exception as error:
        if os.environ.get("COTPRESS_DEBUG"):
            raise
        return _fail(f"{_told(error)} Set COTPRESS_DEBUG=1 to see where.", INTERNAL)


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The system refused: {error.strerror or error} ({error.filename or 'no file named'})."
    if isinstance(error, MemoryError):
        return "Out of memory."
    return f"This should not have happened ({type(error).__name__}: {' '.join(str(error).split())[:300]})."


def _fail(message: str, code: int) -> int:
    print(f"cotpress: {' '.join(message.split())}", file=sys.stderr)
    return code
