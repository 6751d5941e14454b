"""The page: its frame filled with verdicts and figures, its scripts with data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cotpress.errors import require
from cotpress.report.drawing import GRID, INK, MUTED
from cotpress.report.drawn import Drawn
from cotpress.report.embedding import asset, embedded_json, policy
from cotpress.report.panel import COLOURS, GLYPHS, looks
from cotpress.report.sheet import heading
from cotpress.tables import Tables
from cotpress.wording import agreeing

SCRIPTS = ("theme.js", "wording.js", "figures.js", "browser.js", "tables.js")
MARKS = {"holds": "✓", "does not hold": "✗", "cannot tell": "?"}
_PAINT = {INK: "ink", MUTED: "muted", GRID: "line", **{colour: f"s-{name}" for name, colour in COLOURS.items()}}
_GAUGE = 200.0


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """What the head of the page tells."""

    title: str
    tables: Tables
    verdicts: Sequence[Any]


def page_of(overview: Overview, figures: Sequence[Drawn], data: dict[str, Any]) -> str:
    """The whole page as HTML."""
    jinja, markup = require("jinja2", "study"), require("markupsafe", "study").Markup
    style = asset("page.css")
    script = "\n".join(asset(name) for name in SCRIPTS)
    environment = jinja.Environment(autoescape=True, undefined=jinja.StrictUndefined, trim_blocks=True)
    environment.filters["heading"] = heading
    text: str = environment.from_string(asset("page.html")).render(
        title=overview.title,
        policy=policy(script, style),
        style=markup(style),
        script=markup(script),
        facts=facts(overview.tables),
        verdicts=[_card(verdict) for verdict in sorted(overview.verdicts, key=_untold)],
        figures=[_shown(one) for one in figures],
        conditions=conditions(overview.tables),
        failures=failures(overview.tables),
        traces=data["traces"],
        tables=data["tables"],
        data=markup(embedded_json(data)),
        markup=markup,
    )
    return text


def facts(tables: Tables) -> list[tuple[str, str]]:
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
    return [(f"{count:,}", agreeing(count, *names)) for names, count in counts]


def conditions(tables: Tables) -> list[dict[str, str]]:
    """What each condition's traces are like."""
    told = []
    for (name, domain, regime), held in tables.traces.groupby(["condition", "domain", "regime"], sort=True):
        steps = [flag for flags in held["step_reflective"] for flag in flags]
        told.append(
            {
                "condition": str(name),
                "domain": str(domain),
                "regime": str(regime),
                "traces": f"{len(held):,}",
                "tokens": f"{held['tokens'].mean():,.0f}",
                "steps": f"{len(steps) / len(held):,.1f}",
                "reflective": f"{sum(map(bool, steps)) / max(1, len(steps)):.1%}",
                "counted": ", ".join(sorted(set(held["counted_with"]))),
            }
        )
    return told


def failures(tables: Tables) -> list[dict[str, Any]]:
    """The compressions and cells that failed, with their errors."""
    ways = tables.compressions[tables.compressions["error"].notna()]
    failed: list[dict[str, Any]] = ways.assign(student="no student", cell="").to_dict("records")
    return [*failed, *tables.cells[tables.cells["state"] == "failed"].to_dict("records")]


def themed(picture: str) -> str:
    """A picture whose colours are the page's variables, which differ between light and dark."""
    for colour, name in _PAINT.items():
        picture = picture.replace(f'"{colour}"', f'"var(--{name})"')
    return picture


def inline(picture: str, title: str) -> Any:
    """An SVG document as a part of the page: one image to a screen reader, coloured by the theme."""
    markup = require("markupsafe", "study")
    head, _, rest = picture.partition(">")
    box = re.search(r'viewBox="[^"]*"', head)
    label = markup.escape(title)
    return markup.Markup(f'<svg {box[0] if box else ""} role="img" aria-label="{label}">{themed(rest)}')


def _shown(drawn: Drawn) -> dict[str, Any]:
    """A figure with its legend and pictures, ready for the page."""
    groups = [
        {"name": name, "panels": [inline(one, f"{drawn.figure.title}: {title}") for title, one in pictures]}
        for name, pictures in drawn.groups.items()
    ]
    legend = [
        {"name": name, "paint": f"var(--{_PAINT[colour]})", "glyph": GLYPHS[shape]}
        for name, (colour, shape) in looks(drawn.figure.series).items()
    ]
    return {"about": drawn.figure, "legend": legend, "groups": groups, "left_out": drawn.left_out}


def _untold(verdict: Any) -> bool:
    """Sorts what has an answer to the front."""
    return bool(verdict.answer == "cannot tell")


def _card(verdict: Any) -> dict[str, Any]:
    """A verdict with its sign and the places of its effect and interval on a line."""
    return {"told": verdict, "mark": MARKS.get(verdict.answer, "?"), "gauge": gauge(verdict)}


def gauge(verdict: Any) -> dict[str, float] | None:
    """Places from 0 to 200 of the interval's ends, the effect and zero; None without an effect."""
    values = {"low": verdict.low, "high": verdict.high, "effect": verdict.effect}
    if any(value is None or value != value for value in values.values()):
        return None
    values["zero"] = 0.0
    least, most = min(values.values()), max(values.values())
    room = (most - least) or 1.0
    return {name: round(8 + (_GAUGE - 16) * (value - least) / room, 1) for name, value in values.items()}
