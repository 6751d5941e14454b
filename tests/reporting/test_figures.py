"""Figures show what their frames hold."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hostile_study import CONDITION
from known_results import CONDITIONS, KEEPS, empty_results, known_results

from cotpress.analysis.frames import build_frame
from cotpress.errors import OptionError
from cotpress.reporting.figure_types import (
    SERIES_COLOURS,
    STAR,
    Axis,
    Figure,
    FigurePanel,
    FigurePoint,
    assign_series_marks,
)
from cotpress.reporting.figures import FIGURES, build_figures
from cotpress.reporting.figures.accuracy_figures import (
    build_frontier_figure,
    build_inference_figure,
    build_restructuring_figure,
)
from cotpress.reporting.figures.ranking_figures import (
    build_agreement_figure,
    build_deletion_figure,
    build_gauge_figure,
    build_redundancy_figure,
)
from cotpress.reporting.figures.registry import FigureBuilder
from cotpress.reporting.rendered_figures import RenderedFigure, fit_figures, render_figure
from cotpress.reporting.results import AnalysisResults
from cotpress.reporting.svg_composition import compose_svg
from cotpress.reporting.vega_lite import build_panel_spec, render_png, render_svg

RESULTS = known_results()


def test_every_frame_has_its_figure() -> None:
    assert [figure.name for figure in build_figures(RESULTS)] == [
        *("frontier", "restructuring", "inference", "agreement", "deletions", "redundancy", "recovery")
    ]


def test_a_figure_that_is_added_comes_after_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FIGURES, "_entries", dict(FIGURES.items()))

    def build_mine(results: AnalysisResults) -> Figure:
        """Mine."""
        return replace(build_frontier_figure(results), name="mine")

    FIGURES.add("mine", FigureBuilder("mine", build_mine))
    assert build_figures(RESULTS)[-1].name == "mine"
    assert FIGURES["mine"].summary == "Mine."
    with pytest.raises(OptionError, match="The figure 'broken' is a int"):
        FIGURES._adapt_object("broken", 3)


def test_nothing_is_drawn_of_nothing() -> None:
    assert build_figures(empty_results()) == ()
    unknown = RESULTS.accuracy.assign(accuracy=float("nan"))
    assert build_frontier_figure(replace(RESULTS, accuracy=unknown)).panels == ()


def test_the_frontier_has_the_measured_points_and_the_baseline() -> None:
    panel = build_frontier_figure(RESULTS).panels[0]
    assert (panel.title, panel.group) == ("math-long, step", "tiny-a, bench")
    nll = [(point.x, point.y) for point in panel.points if point.series == "nll"]
    assert nll == [(keep - 0.02, min(0.8, 0.3 + keep)) for keep in KEEPS]
    assert [rule.y for rule in panel.reference_lines] == pytest.approx([0.8, 0.72])


def test_protected_symbols_are_dashed() -> None:
    panel = next(one for one in build_frontier_figure(RESULTS).panels if one.title.endswith("token"))
    assert {point.style for point in panel.points} == {"plain", "dashed"}


def test_levels_stand_in_order_with_pruning_beside_them() -> None:
    figure = build_restructuring_figure(replace(RESULTS, restructuring=RESULTS.restructuring.iloc[::-1]))
    rewritten = [point.x for point in figure.panels[0].points if point.series == "rewritten"]
    assert rewritten == ["preserve", "edit", "fuse", "replace"]
    assert {point.y for point in figure.panels[0].points if point.style == "dashed"} == {0.76}


def test_inference_leaves_out_what_was_not_shortened() -> None:
    figure = build_inference_figure(RESULTS)
    assert figure.has_diagonal
    assert figure.series == ("pruned", "rewritten")
    assert all(point.x < 1 for panel in figure.panels for point in panel.points)


def test_agreement_shows_criteria_with_a_model_and_chance() -> None:
    figure = build_agreement_figure(RESULTS)
    assert figure.series == ("entropy and nll", "entropy and saliency", "nll and saliency")
    assert figure.groups == ("kept", "deleted")
    chance = {point.x: point.y for point in figure.panels[0].points if point.style == "dotted"}
    assert chance == pytest.approx({keep: keep / (2 - keep) for keep in KEEPS})


def test_agreement_of_other_criteria_is_shown_where_there_are_no_models() -> None:
    frame = RESULTS.agreement.replace({"a": {"entropy": "head", "nll": "tail"}})
    assert build_agreement_figure(replace(RESULTS, agreement=frame)).panels


def test_deletions_show_rates_and_composition() -> None:
    figure = build_deletion_figure(RESULTS)
    assert len(figure.groups) == 2
    assert len(figure.panels) == 2 * len(CONDITIONS) * 3
    composition = [panel for panel in figure.panels if panel.group == figure.groups[1]]
    assert {point.low for panel in composition for point in panel.points} == {None}


def test_what_is_left_of_the_texts_is_drawn_for_each_way_to_shorten() -> None:
    columns = ("condition", "kind", "method", "granularity", "symbols", "keep", "realized", "equations", "code_blocks")
    rows = [
        ("m", "criterion", "nll", "step", False, 0.5, 0.45, 0.7, 1.0),
        ("m", "criterion", "random", "step", False, 0.5, 0.48, 0.4, 1.0),
        ("m", "level", "edit", "", False, None, 0.6, None, 1.0),
    ]
    figure = build_gauge_figure(
        replace(RESULTS, gauges=build_frame([dict(zip(columns, row, strict=True)) for row in rows], columns))
    )
    [panel] = figure.panels  # of the gauges that the figure shows; those without a value have no panel
    assert (panel.title, panel.group) == ("m, step", "equation lines kept")
    assert [(point.series, point.x, point.y) for point in panel.points] == [("nll", 0.45, 0.7), ("random", 0.48, 0.4)]


def test_redundancy_is_the_difference_in_what_is_kept() -> None:
    figure = build_redundancy_figure(RESULTS)
    assert {round(point.y, 6) for panel in figure.panels for point in panel.points} == {-0.1}


def test_a_series_looks_the_same_in_every_figure_and_unlike_the_others() -> None:
    both = assign_series_marks(("nll", "mine", "entropy"))
    assert both["nll"] == assign_series_marks(("random", "nll"))["nll"]
    assert len(set(both.values())) == 3
    for series in (("nll", "backbone", "preserve"), ("nll", "preserve", "backbone", "edit")):
        assert assign_series_marks(series)["backbone"] == ("#0f151d", STAR)
    for series in ((*SERIES_COLOURS, "mine"), ("nll", "density", "random-block"), tuple(map(str, range(81)))):
        assert len(set(assign_series_marks(series).values())) == len(series)


def test_a_panel_is_drawn_with_its_points_rules_and_tips() -> None:
    figure = build_frontier_figure(RESULTS)
    text = render_svg(build_panel_spec(figure, figure.panels[0]))
    labels = [part.get("aria-label", "") for part in ElementTree.fromstring(text).iter()]
    assert sum(label.startswith("nll: accuracy") for label in labels) == len(KEEPS)
    assert "90% of uncompressed: 0.720" in labels


def test_panels_share_an_axis_that_holds_every_interval() -> None:
    figure = build_restructuring_figure(RESULTS)
    domains = set()
    for panel in figure.panels:
        layers = build_panel_spec(figure, panel)["layer"]
        domains |= {tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in layers}
    assert {tuple(round(end, 6) for end in domain) for domain in domains} == {(0.4, 0.8)}
    written = build_panel_spec(build_inference_figure(RESULTS), build_inference_figure(RESULTS).panels[0])["layer"]
    assert written[-1]["encoding"]["y"]["scale"]["domain"] == [0.0, 1.0]  # room for the whole diagonal


def test_a_panel_is_wide_enough_for_what_was_made_longer() -> None:
    figure = build_inference_figure(RESULTS)
    first, *others = figure.panels
    longer = replace(first, points=(*first.points, replace(first.points[0], x=2.5)))
    assert build_panel_spec(figure, longer)["encoding"]["x"]["scale"]["domain"] == [
        0,
        2.5,
    ]
    assert all(build_panel_spec(figure, one)["encoding"]["x"]["scale"]["domain"] == [0, 1] for one in others)


def test_hostile_names_stay_text_in_pictures() -> None:
    point = FigurePoint(0.5, 0.5, CONDITION, 0.4, 0.6, tip=CONDITION)
    panels = (FigurePanel(CONDITION, (point,), CONDITION),)
    figure = Figure("n", CONDITION, "c", Axis("x", (0, 1)), Axis("y"), panels, "t")
    picture = render_svg(build_panel_spec(figure, figure.panels[0]))
    for text in (picture, compose_svg(figure, CONDITION, [picture])):
        tags = {part.tag.rpartition("}")[2] for part in ElementTree.fromstring(text).iter()}
        assert tags <= {"svg", "rect", "g", "path", "text", "tspan", "line", "title"}


def test_a_sheet_holds_all_panels_side_by_side() -> None:
    figure = build_frontier_figure(RESULTS)
    pictures = [picture for _, picture in render_figure(figure).groups["tiny-a, bench"]]
    sheet = ElementTree.fromstring(compose_svg(replace(figure, columns=2), "", pictures))
    inner = [part for part in sheet if part.tag.endswith("svg")]
    assert len(inner) == len(pictures) == 4
    assert len({part.get("x") for part in inner}) == len({part.get("y") for part in inner}) == 2
    right = max(float(part.get("x", 0)) + float(part.get("width", 0)) for part in inner)
    assert right <= float(sheet.get("width", 0))
    assert render_png(ElementTree.tostring(sheet, "unicode")).startswith(b"\x89PNG")


def test_figures_take_turns_in_the_room_of_a_page() -> None:
    figure = build_frontier_figure(empty_results())
    full = [RenderedFigure(figure, dict.fromkeys("abc", (("title", "x" * 10),))) for _ in range(2)]
    held = fit_figures(full, 35)
    assert [(list(one.groups), one.omitted_groups) for one in held] == [(["a", "b"], 1), (["a"], 2)]
    assert [one.omitted_groups for one in fit_figures(full, 60)] == [0, 0]
