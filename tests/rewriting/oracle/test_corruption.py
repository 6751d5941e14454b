"""Corruptions: a dose spoils its share of the facts, and a larger dose spoils them too."""

from __future__ import annotations

import re

import pytest

from cotpress.errors import OptionError
from cotpress.rewriting.levels import get_level
from cotpress.rewriting.oracle import (
    CORRUPTIONS,
    Corruption,
    OracleRewriter,
    collect_statements,
    corrupt_statements,
    is_oracle,
    parse_oracle_name,
)
from cotpress.world import WORLD_DOMAINS, sample


def _tell(domain: str, kind: str, dose: float) -> list[tuple[list[str], list[str]]]:
    """The statements of 60 traces, as they were and corrupted."""
    told = [(one.trace.id, collect_statements(one, False)) for one in sample(domain, "short", 60)]
    return [
        (
            [one.text for one in statements if one.fact],
            [one.text for one in corrupt_statements(statements, Corruption(kind, dose), name) if not one.priority],
        )
        for name, statements in told
    ]


@pytest.mark.parametrize("domain", list(WORLD_DOMAINS))
@pytest.mark.parametrize("dose", [0.0, 0.3, 1.0])
def test_a_dose_spoils_its_share_of_the_facts(domain: str, dose: float) -> None:
    facts = sum(len(before) for before, _ in _tell(domain, "drop", dose))
    dropped = sum(len(before) - len(after) for before, after in _tell(domain, "drop", dose))
    invented = sum(len(after) - len(before) for before, after in _tell(domain, "invent", dose))
    swapped = sum(before != after for before, after in _tell(domain, "swap", dose))
    assert dropped / facts == pytest.approx(dose, abs=0.1)
    assert invented / facts == pytest.approx(dose, abs=0.1)
    assert all(sorted(before) == sorted(after) for before, after in _tell(domain, "swap", dose))
    assert (swapped == 0) == (dose == 0)
    assert dose < 1 or swapped == 60


@pytest.mark.parametrize("kind", ["drop", "invent"])
def test_a_larger_dose_spoils_what_a_smaller_one_does(kind: str) -> None:
    for (before, few), (_, many) in zip(_tell("math", kind, 0.3), _tell("math", kind, 0.6), strict=True):
        if kind == "drop":
            assert set(many) <= set(few) <= set(before)
        else:
            assert set(few) <= set(many)


def test_inventions_are_false_and_follow_the_truth() -> None:
    for before, after in _tell("math", "invent", 1.0):
        assert after[::2] == before
        for true, false in zip(after[::2], after[1::2], strict=True):
            assert re.findall(r"^\w", true) == re.findall(r"^\w", false)
            assert true != false


def test_corrupted_texts_keep_their_budget() -> None:
    drawn = sample("math", "long", 20)
    for kind in CORRUPTIONS:
        oracle = OracleRewriter(drawn, get_level("edit"), 0.5, corruption=Corruption(kind, 0.5))
        clean = OracleRewriter(drawn, get_level("edit"), 0.5)
        texts, other = ([one.text for one in each.compress([d.trace for d in drawn])] for each in (oracle, clean))
        assert texts != other
        assert all(one.realized_ratio <= 0.5 for one in oracle.compress([d.trace for d in drawn]))


def test_names_say_what_is_spoiled() -> None:
    assert parse_oracle_name("oracle") is None
    assert parse_oracle_name("oracle-swap-0.5") == Corruption("swap", 0.5)
    assert [is_oracle(name) for name in ("oracle", "oracle-invent-1", "rules", "oracles")] == [True, True, False, False]
    for name, message in [
        ("oracle-drop", "has no dose"),
        ("oracle-lose-0.5", "There is no corruption 'lose'"),
        ("oracle-drop-2", "The dose is 2.0"),
    ]:
        with pytest.raises(OptionError, match=message):
            parse_oracle_name(name)
