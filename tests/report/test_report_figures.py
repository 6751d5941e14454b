"""Figures show what their frames hold."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pandas as pd
import pytest
from hostile_study import CONDITION
from known_results import CONDITIONS, KEEPS, empty_results, known_results

from cotpress.report.composing import composed
from cotpress.report.drawing import panel_spec, png, svg
from cotpress.report.drawn import Drawn, drawn, fitted
from cotpress.report.figures import agreement, deletions, figures_of, frontier, inference, redundancy, restructuring
from cotpress.report.panel import COLOURS, Axis, Figure, Panel, Point, looks

RESULTS = known_results()


def test_every_frame_has_its_figure() -> None:
    assert [figure.name for figure in figures_of(RESULTS)] == [
        *("frontier", "restructuring", "inference", "agreement", "deletions", "redundancy", "recovery")
    ]


def test_nothing_is_drawn_of_nothing() -> None:
    assert figures_of(empty_results()) == ()
    unknown = RESULTS.accuracy.assign(accuracy=float("nan"))
    assert frontier(unknown).panels == ()


def test_the_frontier_has_the_measured_points_and_the_baseline() -> None:
    panel = frontier(RESULTS.accuracy).panels[0]
    assert (panel.title, panel.group) == ("math-long, step", "tiny-a, bench")
    nll = [(point.x, point.y) for point in panel.points if point.series == "nll"]
    assert nll == [(keep - 0.02, min(0.8, 0.3 + keep)) for keep in KEEPS]
    assert [rule.y for rule in panel.rules] == pytest.approx([0.8, 0.72])


def test_protected_symbols_are_dashed() -> None:
    panel = next(one for one in frontier(RESULTS.accuracy).panels if one.title.endswith("token"))
    assert {point.style for point in panel.points} == {"plain", "dashed"}


def test_levels_stand_in_order_with_pruning_beside_them() -> None:
    figure = restructuring(RESULTS.restructuring.iloc[::-1])
    rewritten = [point.x for point in figure.panels[0].points if point.series == "rewritten"]
    assert rewritten == ["preserve", "edit", "fuse", "replace"]
    assert {point.y for point in figure.panels[0].points if point.style == "dashed"} == {0.76}


def test_inference_leaves_out_what_was_not_shortened() -> None:
    figure = inference(RESULTS.accuracy)
    assert figure.diagonal
    assert figure.series == ("pruned", "rewritten")
    assert all(point.x < 1 for panel in figure.panels for point in panel.points)


def test_agreement_shows_criteria_with_a_model_and_chance() -> None:
    figure = agreement(RESULTS.agreement)
    assert figure.series == ("entropy and nll", "entropy and saliency", "nll and saliency")
    assert figure.groups == ("kept", "deleted")
    chance = {point.x: point.y for point in figure.panels[0].points if point.style == "dotted"}
    assert chance == pytest.approx({keep: keep / (2 - keep) for keep in KEEPS})


def test_agreement_of_other_criteria_is_shown_where_there_are_no_models() -> None:
    frame = RESULTS.agreement.replace({"a": {"entropy": "head", "nll": "tail"}})
    assert agreement(frame).panels


def test_deletions_show_rates_and_composition() -> None:
    figure = deletions(RESULTS.deletions)
    assert len(figure.groups) == 2
    assert len(figure.panels) == 2 * len(CONDITIONS) * 3
    composition = [panel for panel in figure.panels if panel.group == figure.groups[1]]
    assert {point.low for panel in composition for point in panel.points} == {None}


def test_redundancy_is_the_difference_in_what_is_kept() -> None:
    figure = redundancy(RESULTS.redundancy)
    assert {round(point.y, 6) for panel in figure.panels for point in panel.points} == {-0.1}


def test_a_series_looks_the_same_in_every_figure_and_unlike_the_others() -> None:
    both = looks(("nll", "mine", "entropy"))
    assert both["nll"] == looks(("random", "nll"))["nll"]
    assert len(set(both.values())) == 3
    assert len(set(looks((*COLOURS, "mine")).values())) == len(COLOURS)


def test_a_panel_is_drawn_with_its_points_rules_and_tips() -> None:
    figure = frontier(RESULTS.accuracy)
    text = svg(panel_spec(figure, figure.panels[0]))
    labels = [part.get("aria-label", "") for part in ElementTree.fromstring(text).iter()]
    assert sum(label.startswith("nll: accuracy") for label in labels) == len(KEEPS)
    assert "90% of uncompressed: 0.720" in labels


def test_panels_share_an_axis_that_holds_every_interval() -> None:
    figure = restructuring(RESULTS.restructuring)
    domains = set()
    for panel in figure.panels:
        layers = panel_spec(figure, panel)["layer"]
        domains |= {tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in layers}
    assert {tuple(round(end, 6) for end in domain) for domain in domains} == {(0.4, 0.8)}
    written = panel_spec(inference(RESULTS.accuracy), inference(RESULTS.accuracy).panels[0])["layer"]
    assert written[-1]["encoding"]["y"]["scale"]["domain"] == [0.0, 1.0]  # room for the whole diagonal


def test_a_panel_is_wide_enough_for_what_was_made_longer() -> None:
    figure = inference(RESULTS.accuracy)
    first, *others = figure.panels
    longer = replace(first, points=(*first.points, replace(first.points[0], x=2.5)))
    assert panel_spec(figure, longer)["encoding"]["x"]["scale"]["domain"] == [
        0,
        2.5,
    ]
    assert all(panel_spec(figure, one)["encoding"]["x"]["scale"]["domain"] == [0, 1] for one in others)


def test_hostile_names_stay_text_in_pictures() -> None:
    point = Point(0.5, 0.5, CONDITION, 0.4, 0.6, tip=CONDITION)
    panels = (Panel(CONDITION, (point,), CONDITION),)
    figure = Figure("n", CONDITION, "c", Axis("x", (0, 1)), Axis("y"), panels, "t")
    picture = svg(panel_spec(figure, figure.panels[0]))
    for text in (picture, composed(figure, CONDITION, [picture])):
        tags = {part.tag.rpartition("}")[2] for part in ElementTree.fromstring(text).iter()}
        assert tags <= {"svg", "rect", "g", "path", "text", "tspan", "line", "title"}


def test_a_sheet_holds_all_panels_side_by_side() -> None:
    figure = frontier(RESULTS.accuracy)
    pictures = [picture for _, picture in drawn(figure).groups["tiny-a, bench"]]
    sheet = ElementTree.fromstring(composed(replace(figure, columns=2), "", pictures))
    inner = [part for part in sheet if part.tag.endswith("svg")]
    assert len(inner) == len(pictures) == 4
    assert len({part.get("x") for part in inner}) == len({part.get("y") for part in inner}) == 2
    right = max(float(part.get("x", 0)) + float(part.get("width", 0)) for part in inner)
    assert right <= float(sheet.get("width", 0))
    assert png(ElementTree.tostring(sheet, "unicode")).startswith(b"\x89PNG")


def test_figures_take_turns_in_the_room_of_a_page() -> None:
    figure = frontier(pd.DataFrame(columns=RESULTS.accuracy.columns))
    full = [Drawn(figure, dict.fromkeys("abc", (("title", "x" * 10),))) for _ in range(2)]
    held = fitted(full, 35)
    assert [(list(one.groups), one.left_out) for one in held] == [(["a", "b"], 1), (["a"], 2)]
    assert [one.left_out for one in fitted(full, 60)] == [0, 0]
