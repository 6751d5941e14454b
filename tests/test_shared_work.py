"""Work that is left out, or done once for several askers, gives what doing it in full gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cotpress
from cotpress.gauges import analyze_text, measure_original, measure_text_pair
from cotpress.gauges.text_analysis import find_values
from cotpress.gauges.text_pair import TextPair
from cotpress.pruning import Method, apply_budget, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.pruning.reassembly import compute_kept_spans, render_spans
from cotpress.text import segment
from cotpress.text.segmentation import cut_finer
from cotpress.text.steps import step_shapes
from cotpress.text.steps.sentences import find_sentence_starts
from cotpress.text.steps.step_rules import STEP_RULES
from cotpress.types import Trace, TraceOrigin

PIECES = st.lists(
    st.sampled_from(
        [
            "So 3 + 4 = 7.", "Wait, that is not right.", "\n\n", "\n", " ", '"He left. Then" she', "e.g. ", "<plan>\n",
            "<<3+4=7>>7", "$x = 2$", "It is 5. ", "Then it gives:", "Nope", "a, but b; c. ", "Let " * 120, "12", "…",
        ]
    ),
    min_size=1,
    max_size=14,
).map("".join)  # fmt: skip
TAILS = st.lists(
    st.sampled_from(
        [
            "is", "the", "=", "->", "\\Rightarrow", "\\to", "i.e.", "following", "as follows", "like so",
            "write it down",
            "THIS", " ", "  ", "\u2028", ",", "-", "—", ".", "!", "x", "-=", "\u017fo",
        ]
    ),
    max_size=7,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(PIECES, st.sampled_from(["line", "sentence", "clause"]))
def test_finer_steps_of_the_same_units_are_those_of_the_text(text: str, mode: str) -> None:
    anew, finer = segment(text, mode), cut_finer(segment(text), mode, 0)
    assert finer is not None
    assert finer.steps.tolist() == anew.steps.tolist()
    assert (finer.mode, finer.requires, finer.groups) == (anew.mode, anew.requires, anew.groups)
    assert cut_finer(segment(text), mode, len(anew.steps) - 1) is None


@settings(deadline=None)
@given(PIECES)
def test_sentences_of_the_long_steps_alone_are_cut_as_all_are(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        cut = [segment(text, rule) for rule in ("auto/paragraph", "auto/line")]
        patch.setattr(
            "cotpress.text.steps.step_rules.find_sentence_starts", lambda units, after=None: find_sentence_starts(units)
        )
        assert [segment(text, rule).steps.tolist() for rule in ("auto/paragraph", "auto/line")] == [
            one.steps.tolist() for one in cut
        ]
    assert {"auto/paragraph", "auto/line"} <= set(STEP_RULES)


@settings(deadline=None)
@given(TAILS)
def test_what_rules_an_end_out_at_once_rules_out_no_match(tail: str) -> None:
    assert step_shapes._is_announced(tail) == (step_shapes._ANNOUNCED.search(tail) is not None)
    assert step_shapes._breaks_off(tail) == (step_shapes._CUT_END.search(tail) is not None)


@settings(deadline=None)
@given(PIECES.filter(str.strip))
def test_a_trace_that_stays_whole_is_what_its_segments_make(text: str) -> None:
    for granularity in ("step", "token"):
        ranked = rank_trace(prepare_trace(Trace("1", "q", text)), Method("head", granularity))
        outcome = apply_budget(ranked, parse_keep_ratio(1))
        spans = compute_kept_spans(ranked.layout, np.ones(len(ranked.layout.content_starts), bool))
        assert outcome.kept_spans is not None
        assert outcome.kept_spans.tolist() == spans.tolist()
        assert outcome.text == render_spans(ranked.layout, spans)


def test_gauges_of_a_trace_that_stays_whole_are_those_of_its_spans_and_of_its_original() -> None:
    text = "Wait, 12 and 30 give:\n\n12 + 30 = 42.\n\nNo, 42 is not odd (so).\n\nThat means it is even."
    trace = Trace("1", "What is 12 + 30?", text, "42", gold="42")
    [outcome] = cotpress.compress([trace], Method("head"), keep=1)
    original = analyze_text(text)
    assert outcome.text == text
    own = measure_text_pair(TextPair(trace, original, outcome.text, outcome.kept_spans, 1.0))
    before = measure_original(trace, original)
    measured = cotpress.measure_gauges(outcome)
    assert {name: (values.compressed, values.random, values.original) for name, values in measured.items()} == {
        name: (own[name], None, before[name]) for name in own
    }


@settings(deadline=None)
@given(PIECES)
def test_values_alone_are_those_of_the_statements(text: str) -> None:
    statements = analyze_text(text).statements
    assert find_values(text) == {value for statement in statements for value in statement.values}


def test_equal_traces_of_two_rows_keep_their_rows() -> None:
    rows = [TraceOrigin("a.jsonl", line, str(line), {"line": line}) for line in (1, 2)]
    traces = [Trace("1", "2+3?", "Two and three. 2 + 3 = 5.", "5", origin=row) for row in rows]
    assert traces[0] == traces[1]
    assert [prepare_trace(trace).trace.origin for trace in traces] == rows
