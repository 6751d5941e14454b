"""Recovery: all and nothing, essential units alone, and what chance gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.pipeline import compress
from cotpress.pruning import Method
from cotpress.types import Compressed
from cotpress.world import REGIMES, WORLD_DOMAINS, ReasoningRole, measure_recovery, sample, sum_recoveries

ALL = [(domain, regime) for domain in WORLD_DOMAINS for regime in REGIMES]


@pytest.mark.parametrize(("domain", "regime"), ALL)
def test_keeping_all_nothing_and_the_essential(domain: str, regime: str) -> None:
    for drawn in sample(domain, regime, 20):
        size = len(drawn.trace.reasoning)
        whole, none = measure_recovery(drawn, [(0, size)]), measure_recovery(drawn, [])
        assert (whole.recall, whole.kept_share, whole.chance_corrected_recall) == (1.0, 1.0, 0.0)
        assert (none.recall, none.kept_share, none.precision) == (0.0, 0.0, 0.0)
        spans = [(start, end) for start, end, role in drawn.units if role is ReasoningRole.ESSENTIAL]
        best = measure_recovery(drawn, spans)
        assert (best.recall, best.precision) == (1.0, 1.0)
        assert best.chance_corrected_recall == pytest.approx(1.0)
        rest = [(start, end) for start, end, role in drawn.units if role is not ReasoningRole.ESSENTIAL]
        assert measure_recovery(drawn, rest).recall == 0.0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ALL), st.integers(0, 10**6))
def test_kept_and_dropped_add_up(kind: tuple[str, str], seed: int) -> None:
    [drawn] = sample(*kind, n=1, seed=seed)
    cut = seed % (len(drawn.trace.reasoning) + 1)
    one, other = measure_recovery(drawn, [(0, cut)]), measure_recovery(drawn, [(cut, len(drawn.trace.reasoning))])
    for role in ReasoningRole:
        assert one.kept[role] + other.kept[role] == one.units[role]


def test_random_pruning_recovers_what_chance_gives() -> None:
    drawn = sample("math", "long", 240)
    outcomes = compress([one.trace for one in drawn], Method("random", "token"), keep=0.5)
    found = sum_recoveries(
        measure_recovery(one, outcome.kept_spans)
        for one, outcome in zip(drawn, outcomes, strict=True)
        if isinstance(outcome, Compressed) and outcome.kept_spans is not None
    )
    assert sum(found.units.values()) > 10_000
    assert found.recall == pytest.approx(found.kept_share, abs=0.04)  # equations stay or go as one


@pytest.mark.parametrize(("domain", "regime"), ALL)
def test_a_fact_is_kept_while_any_telling_is_whole(domain: str, regime: str) -> None:
    for drawn in sample(domain, regime, 20):
        size = len(drawn.trace.reasoning)
        facts = {telling.fact for telling in drawn.tellings}
        whole = measure_recovery(drawn, [(0, size)])
        assert (whole.facts, whole.first_telling_recall, whole.fact_recall) == (len(facts), 1.0, 1.0)
        assert measure_recovery(drawn, []).fact_recall == 0.0
        firsts = [span for telling in drawn.tellings if telling.is_first for span in telling.spans]
        later = [span for telling in drawn.tellings if not telling.is_first for span in telling.spans]
        assert measure_recovery(drawn, firsts).first_telling_recall == 1.0
        again = measure_recovery(drawn, later)
        assert again.first_tellings == 0
        assert again.facts_kept == len({telling.fact for telling in drawn.tellings if not telling.is_first})
        cut = [(start, end - 1) if at == 0 else (start, end) for at, (start, end) in enumerate(firsts)]
        assert measure_recovery(drawn, cut).first_tellings == len(facts) - 1


def test_repetition_keeps_facts_that_lost_their_first_telling() -> None:
    drawn = sample("math", "long", 60)
    outcomes = compress([one.trace for one in drawn], Method("random", "step"), keep=0.5)
    found = sum_recoveries(
        measure_recovery(one, outcome.kept_spans)
        for one, outcome in zip(drawn, outcomes, strict=True)
        if isinstance(outcome, Compressed) and outcome.kept_spans is not None
    )
    assert found.first_telling_recall < found.fact_recall - 0.05
