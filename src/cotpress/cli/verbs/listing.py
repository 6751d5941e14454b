"""The listing verbs, such as `cotpress criteria`: what there is, from the registries, plugins included."""

from __future__ import annotations

from typing import Any

from cotpress.registry import first_line


def _format_origin(registry: Any, name: str, loaded_from: str = "") -> str:
    """Where an entry was published, or is loaded from; of a plugin's, the plugin's name too."""
    place, plugin = loaded_from or getattr(registry[name], "published_in", ""), registry.find_plugin(name)
    return "; ".join(part for part in (place, plugin and f"plugin {plugin}") if part) or "-"


def criteria() -> None:
    """List the importance criteria and where they come from."""
    from cotpress.cli.display.console_output import print_table
    from cotpress.criteria import CRITERIA
    from cotpress.pipeline.source_kinds import describe_cost

    rows = [
        (
            criterion.name,
            ", ".join(sorted(criterion.needs)) or "-",
            describe_cost(criterion.needs) or "-",
            criterion.summary,
            _format_origin(CRITERIA, name),
        )
        for name, criterion in CRITERIA.items()
    ]
    heads = ("name", "signal", "cost with a model", "what is kept", "published in")
    print_table("Importance criteria (higher = keep)", heads, rows)


def levels() -> None:
    """List the restructuring levels, what each allows and where it comes from."""
    from cotpress.cli.display.console_output import print_table
    from cotpress.rewriting.checks import COMMON_CHECKS
    from cotpress.rewriting.levels import LEVELS

    rows = [
        (name, level.summary, ", ".join(level.checks), _format_origin(LEVELS, name)) for name, level in LEVELS.items()
    ]
    print_table("Restructuring levels, mildest first", ("name", "what it does", "own checks", "published in"), rows)
    print(f"checked at every level: {', '.join(COMMON_CHECKS)}")


def benchmarks() -> None:
    """List the benchmarks, what they ask, and where they come from."""
    from cotpress.cli.display.console_output import print_table
    from cotpress.evaluation.benchmarks import BENCHMARKS

    rows = [
        (
            name,
            benchmark.domain,
            benchmark.summary,
            _format_origin(BENCHMARKS, name, benchmark.hub.name if benchmark.hub else "drawn"),
            benchmark.required_fields or "-",
        )
        for name, benchmark in BENCHMARKS.items()
    ]
    print_table("Benchmarks", ("name", "domain", "what it asks", "from", "fields of a local file"), rows)


def backends() -> None:
    """List the chat backends: what students answer by, and what rewriters ask."""
    from cotpress.chat.backends import BACKENDS

    _print_entries("Chat backends", BACKENDS)


def formats() -> None:
    """List the layouts of traces that are recognised, and the formats of training sets."""
    from cotpress.export import EXPORT_FORMATS
    from cotpress.traces import TRACE_FORMATS

    _print_entries("Layouts that are recognised", TRACE_FORMATS)
    _print_entries("Formats of training sets (--export)", EXPORT_FORMATS)


def checks() -> None:
    """List the checks of rewrites: each one refuses a draft with a reason."""
    from cotpress.rewriting.checks import CHECKS

    _print_entries("Checks of rewrites", CHECKS)


def figures() -> None:
    """List the figures of a report."""
    from cotpress.reporting.figures import FIGURES

    _print_entries("Figures of a report", FIGURES)


def verdicts() -> None:
    """List the published findings that a report gives a verdict on."""
    from cotpress.analysis import VERDICTS

    _print_entries("Findings that a report gives a verdict on", VERDICTS)


def protections() -> None:
    """List what can be kept whatever its importance."""
    from cotpress.pruning import PROTECTIONS

    _print_entries("Protections (--protect)", PROTECTIONS)


def sources() -> None:
    """List the sources of the signals that criteria read."""
    from cotpress.cli.display.console_output import print_table
    from cotpress.pipeline import SIGNAL_SOURCES

    rows = [
        (
            name,
            ", ".join(sorted(kind.provides)),
            "yes" if kind.needs_model else "no",
            kind.summary,
            _format_origin(SIGNAL_SOURCES, name),
        )
        for name, kind in SIGNAL_SOURCES.items()
    ]
    print_table("Signal sources (--source)", ("name", "signals", "needs --model", "what it is", "from"), rows)


def gauges() -> None:
    """List the gauges: the figures of a compressed text that runs are judged by."""
    from cotpress.cli.display.console_output import print_table
    from cotpress.gauges import GAUGES
    from cotpress.pipeline.output import describe_bound

    rows = [
        (
            name,
            "higher" if gauge.higher_is_better else "lower",
            " or ".join(filter(None, [describe_bound(gauge), "worse than random" * gauge.compared])) or "never",
            gauge.summary,
            _format_origin(GAUGES, name),
        )
        for name, gauge in GAUGES.items()
    ]
    print_table("Gauges of the text", ("name", "better", "warned of", "what it is", "from"), rows)


def _print_entries(title: str, registry: Any) -> None:
    from cotpress.cli.display.console_output import print_table

    rows = [(name, _summarize_entry(entry), _format_origin(registry, name)) for name, entry in registry.items()]
    print_table(title, ("name", "what it is", "from"), rows)


def _summarize_entry(entry: Any) -> str:
    """What an entry says of itself; of a function, the first line of its docstring."""
    summary = getattr(entry, "summary", "") or getattr(entry, "description", "")
    return str(summary or (first_line(entry) if callable(entry) else ""))


def help_verb(*verb: str) -> int:
    """Say what a verb does and which options it takes, as its --help does.

    Parameters
    ----------
    verb
        The verb; without one, all verbs are listed.
    """
    from cotpress.cli.app import run

    return run([*verb, "--help"])
