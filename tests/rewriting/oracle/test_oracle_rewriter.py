"""The oracle: every essential fact at enough budget, never over the target, and the wording of each level."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.errors import OptionError
from cotpress.pruning import compute_token_target
from cotpress.rewriting.levels import get_level
from cotpress.rewriting.oracle import OracleRewriter, collect_statements
from cotpress.types import Compressed, Rejected
from cotpress.world import REGIMES, WORLD_DOMAINS, ReasoningRole, WorldTrace, sample

LEVELS = ("preserve", "edit", "fuse", "replace")
ALL = [(domain, regime) for domain in WORLD_DOMAINS for regime in REGIMES]


def _rewrite(drawn: list[WorldTrace], level: str, ratio: float | None = None) -> list[Compressed]:
    outcomes = OracleRewriter(drawn, get_level(level), ratio).compress([one.trace for one in drawn])
    return [outcome for outcome in outcomes if isinstance(outcome, Compressed)]


def _core_words(drawn: WorldTrace) -> list[str]:
    """The value, place or letter of each essential fact, in order."""
    return [one.fact.split()[-1] for one in collect_statements(drawn, verbatim=False) if one.fact]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("domain", "regime"), ALL)
def test_without_a_budget_all_essential_facts_are_told_in_order(domain: str, regime: str, level: str) -> None:
    drawn = sample(domain, regime, 30)
    for one, outcome in zip(drawn, _rewrite(drawn, level), strict=True):
        rest = outcome.text
        for word in _core_words(one):
            assert word in rest
            rest = rest[rest.index(word) + len(word) :]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ALL), st.sampled_from(LEVELS), st.floats(0.01, 1.0), st.integers(0, 10**6))
def test_no_text_exceeds_its_target(kind: tuple[str, str], level: str, ratio: float, seed: int) -> None:
    drawn = sample(*kind, n=1, seed=seed)
    [outcome] = _rewrite(drawn, level, ratio)
    assert outcome.tokens_kept <= compute_token_target(outcome.tokens_original, ratio)
    assert (outcome.flags == ("empty",)) == (not outcome.text)


@pytest.mark.parametrize(("domain", "regime"), ALL)
def test_a_larger_budget_is_used(domain: str, regime: str) -> None:
    drawn = sample(domain, regime, 8)
    used = 0.7 if regime == "long" else 0.6  # short traces have few steps to choose from
    for level in ("preserve", "edit", "fuse"):
        few, more = (_rewrite(drawn, level, ratio) for ratio in (0.4, 0.8))
        assert all(one.tokens_kept <= other.tokens_kept for one, other in zip(few, more, strict=True))
        assert sum(one.tokens_kept for one in more) > used * sum(one.tokens_original for one in more)


def test_too_small_a_budget_keeps_the_facts_next_to_the_answer() -> None:
    drawn = sample("math", "long", 20)
    for one, outcome in zip(drawn, _rewrite(drawn, "edit", 0.1), strict=True):
        told = re.findall(r"([a-z]) = \d . \d = \d", outcome.text)
        facts = [fact[0] for fact in (statement.fact for statement in collect_statements(one, False)) if fact]
        assert told == facts[len(facts) - len(told) :]


def test_levels_say_it_in_their_own_way() -> None:
    drawn = sample("math", "long", 20)
    preserve, edit, fuse, template = (_rewrite(drawn, level) for level in LEVELS)
    for one, kept, short, fused, filled in zip(drawn, preserve, edit, fuse, template, strict=True):
        essential = [piece.plain_text for piece in one.pieces if piece.role is ReasoningRole.ESSENTIAL]
        assert kept.text.split() == " ".join(essential).split()  # in the trace's own words
        assert len(short.text) <= len(kept.text)
        assert fused.text.count(" and ") == len(essential) // 2
        assert re.findall(r"^(\w+): ", filled.text, re.MULTILINE) == ["Work", "Answer"]
        assert filled.text.endswith(f"Answer: {one.trace.gold}")
    whole = _rewrite(drawn, "replace", 0.9)
    assert all(re.findall(r"^(\w+): ", one.text, re.M) == ["Given", "Find", "Plan", "Work", "Answer"] for one in whole)


def test_dropped_attempts_come_whole_or_not_at_all() -> None:
    drawn, came = sample("general", "long", 40), 0
    for outcome in _rewrite(drawn, "preserve", 0.95):
        tried = re.search(r"should (?:move|leave|be in|be right)", outcome.text)
        came += bool(tried)
        assert not tried or re.search(r"wrong|so I drop|go back to", outcome.text[tried.end() :])
    assert 0 < came < 40


def test_what_is_not_known_is_refused() -> None:
    drawn = sample("math", "short", 1)
    stranger = replace(drawn[0].trace, reasoning="2 + 3 = 5.")
    with pytest.raises(OptionError, match="The truth of trace 'math-short-000000' is not known"):
        list(OracleRewriter(drawn, get_level("edit")).compress([stranger]))
    with pytest.raises(OptionError, match="The oracle does not know the level 'mine'"):
        OracleRewriter(drawn, replace(get_level("edit"), name="mine"))
    rejected = Rejected("no-question", "", id="1")
    assert list(OracleRewriter(drawn, get_level("edit")).compress([rejected])) == [rejected]
