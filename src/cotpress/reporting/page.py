"""The page: its frame filled with verdicts and figures, its scripts (the .js files beside this one) with data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from cotpress.errors import import_optional
from cotpress.number_formatting import inflect
from cotpress.reporting.condition_advice import SWEEP_COMMAND, ConditionAdvice
from cotpress.reporting.figure_types import SERIES_COLOURS, SHAPE_OUTLINES, assign_series_marks
from cotpress.reporting.page_assets import build_security_policy, encode_script_json, read_asset
from cotpress.reporting.rendered_figures import RenderedFigure
from cotpress.reporting.report_tables import format_heading
from cotpress.reporting.vega_lite import GRID_COLOUR, MUTED_COLOUR, TEXT_COLOUR
from cotpress.tables import StudyTables

SCRIPT_FILES = (
    "theme.js",
    "wording.js",
    "elements.js",
    "figures.js",
    "figure_files.js",
    "trace_map.js",
    "trace_link.js",
    "browser.js",
    "tables.js",
)
ANSWER_MARKS = {"holds": "✓", "does not hold": "✗", "cannot tell": "?"}
_COLOUR_VARIABLES = {
    TEXT_COLOUR: "ink",
    MUTED_COLOUR: "muted",
    GRID_COLOUR: "line",
    **{colour: f"s-{name}" for name, colour in SERIES_COLOURS.items()},
}
_GAUGE_WIDTH = 200.0
_COMMAND = re.compile(r"\bcotpress [a-z]++(?:-[a-z]++)?|(?<![\w-])--[a-z][a-z-]*+(?: (?:auto|none|\d[\d.]*\d))?")
_SILENT_PARTS = re.compile(r' aria-roledescription="(?:axis|title)" aria-label="[^"]*"')
_INNER_ROLES = re.compile(r' role="graphics-[a-z]+"| aria-roledescription="[^"]*"')


@dataclass(frozen=True, slots=True, eq=False)
class ReportOverview:
    """What the head of the page shows."""

    title: str
    tables: StudyTables
    verdicts: Sequence[Any]
    advice: Sequence[ConditionAdvice] = ()


def mark_commands(text: str) -> str:
    """A sentence as HTML, with the verbs and options in it as code.

    >>> mark_commands("Keep 0.5 < 1: --keep auto, or cotpress sweep.")
    'Keep 0.5 &lt; 1: <code>--keep auto</code>, or <code>cotpress sweep</code>.'
    """
    return _COMMAND.sub(r"<code>\g<0></code>", escape(text, quote=False))


def render_page(overview: ReportOverview, figures: Sequence[RenderedFigure], data: dict[str, Any]) -> str:
    """The whole page as HTML."""
    jinja, markup = import_optional("jinja2", "study"), import_optional("markupsafe", "study").Markup
    style = read_asset("page.css")
    script = "\n".join(read_asset(name) for name in SCRIPT_FILES)
    environment = jinja.Environment(autoescape=True, undefined=jinja.StrictUndefined, trim_blocks=True)
    environment.filters["heading"] = format_heading
    environment.filters["commands"] = lambda text: markup(mark_commands(str(text)))
    text: str = environment.from_string(read_asset("page.html")).render(
        title=overview.title,
        policy=build_security_policy(script, style),
        style=markup(style),
        script=markup(script),
        facts=count_study_items(overview.tables),
        advice=overview.advice,
        sweep=SWEEP_COMMAND,
        verdicts=[
            _describe_verdict(number, verdict)
            for number, verdict in enumerate(sorted(overview.verdicts, key=_is_undecided), 1)
        ],
        figures=[_describe_figure(figure) for figure in figures],
        conditions=describe_conditions(overview.tables),
        failures=list_failures(overview.tables),
        traces=data["traces"],
        gauges=data["gauges"],
        tables=data["tables"],
        data=markup(encode_script_json(data)),
        markup=markup,
    )
    return text


def count_study_items(tables: StudyTables) -> list[tuple[str, str]]:
    """The study's size, as numbers with what they count."""
    cells = tables.cells
    counts = (
        (("condition",), tables.compressions["condition"].nunique()),
        (("trace",), len(tables.traces)),
        (("way to shorten", "ways to shorten"), len(tables.compressions)),
        (("student",), cells["student"].nunique()),
        (("trained cell",), int((cells["state"] == "done").sum())),
        (("graded answer",), len(tables.answers)),
    )
    return [(f"{count:,}", inflect(count, *names)) for names, count in counts]


def describe_conditions(tables: StudyTables) -> list[dict[str, str]]:
    """What each condition's traces are like."""
    conditions = []
    for (name, domain, regime), traces in tables.traces.groupby(["condition", "domain", "regime"], sort=True):
        steps = [flag for flags in traces["step_reflective"] for flag in flags]
        conditions.append(
            {
                "condition": str(name),
                "domain": str(domain),
                "regime": str(regime),
                "traces": f"{len(traces):,}",
                "tokens": f"{traces['tokens'].mean():,.0f}",
                "steps": f"{len(steps) / len(traces):,.1f}",
                "reflective": f"{sum(map(bool, steps)) / max(1, len(steps)):.1%}",
                "counted": ", ".join(sorted(set(traces["counted_with"]))),
            }
        )
    return conditions


def list_failures(tables: StudyTables) -> list[dict[str, Any]]:
    """The compressions and cells that failed, with their errors."""
    compressions = tables.compressions[tables.compressions["error"].notna()]
    failed: list[dict[str, Any]] = compressions.assign(student="no student", cell="").to_dict("records")
    return [*failed, *tables.cells[tables.cells["state"] == "failed"].to_dict("records")]


def apply_theme(picture: str) -> str:
    """A picture whose colours are the page's variables, which differ between light and dark."""
    for colour, name in _COLOUR_VARIABLES.items():
        picture = picture.replace(f'"{colour}"', f'"var(--{name})"')
    return picture


def inline_svg(picture: str, title: str) -> Any:
    """An SVG document as a part of the page: one image to a screen reader, coloured by the theme."""
    markup = import_optional("markupsafe", "study")
    head, _, rest = picture.partition(">")
    box = re.search(r'viewBox="[^"]*"', head)
    label = markup.escape(title)
    parts = name_marks(apply_theme(rest))
    return markup.Markup(f'<svg {box[0] if box else ""} role="img" aria-label="{label}">{parts}')


def name_marks(parts: str) -> str:
    """The parts of a picture that is one image: they have no roles of their own; what a mark says is shown on pointing.

    >>> name_marks('<path role="graphics-symbol" aria-roledescription="point" aria-label="nll: 0.7"/>')
    '<path data-tip="nll: 0.7"/>'
    """
    return _INNER_ROLES.sub("", _SILENT_PARTS.sub("", parts)).replace(' aria-label="', ' data-tip="')


def _describe_figure(drawn: RenderedFigure) -> dict[str, Any]:
    """A figure with its legend and pictures, ready for the page."""
    conditions = {(panel.group, panel.title): panel.condition for panel in drawn.figure.panels}
    groups = [
        {
            "name": name,
            "panels": [
                (conditions[name, title], inline_svg(picture, f"{drawn.figure.title}: {title}"))
                for title, picture in pictures
            ],
        }
        for name, pictures in drawn.groups.items()
    ]
    legend = [
        {"name": name, "paint": f"var(--{_COLOUR_VARIABLES[colour]})", "glyph": SHAPE_OUTLINES[shape]}
        for name, (colour, shape) in assign_series_marks(drawn.figure.series).items()
    ]
    shown = list(dict.fromkeys(condition for group in groups for condition, _ in group["panels"] if condition))
    told = {"legend": legend, "groups": groups, "conditions": shown, "left_out": drawn.omitted_groups}
    return {"about": drawn.figure, **told}


def _is_undecided(verdict: Any) -> bool:
    """Sorts what has an answer to the front."""
    return bool(verdict.answer == "cannot tell")


def _describe_verdict(number: int, verdict: Any) -> dict[str, Any]:
    """A verdict with its number, its sign and the places of its effect and interval on a line."""
    return {
        "number": number,
        "told": verdict,
        "mark": ANSWER_MARKS.get(verdict.answer, "?"),
        "gauge": place_interval(verdict),
    }


def place_interval(verdict: Any) -> dict[str, float] | None:
    """Places from 0 to 200 of the interval's ends, the effect and zero; None without an effect."""
    values = {"low": verdict.low, "high": verdict.high, "effect": verdict.effect}
    if any(value is None or value != value for value in values.values()):
        return None
    values["zero"] = 0.0
    least, most = min(values.values()), max(values.values())
    room = (most - least) or 1.0
    return {name: round(8 + (_GAUGE_WIDTH - 16) * (value - least) / room, 1) for name, value in values.items()}
