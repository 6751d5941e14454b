"""Long runs are folded to a count; what is shown and what is counted make up the whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cotpress.analysis.pairs import MarkedPart, StepText
from cotpress.cli.display.pair_folding import FOLD_LIMITS, Fold, fold_steps, shorten_middle


def _make_steps(kinds: str) -> list[StepText]:
    names = {"k": "kept", "d": "deleted", "m": "mixed"}
    part = MarkedPart("kept", "\n\nx")
    return [StepText(names[kind], (part,)) for kind in kinds]  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from("kdm"), st.integers(1, 40)), max_size=6))
def test_every_step_is_shown_or_counted(runs: list[tuple[str, int]]) -> None:
    kinds = "".join(kind * count for kind, count in runs)
    folded = list(fold_steps(_make_steps(kinds)))
    shown = "".join(entry.kind[0] * (entry.steps if isinstance(entry, Fold) else 1) for entry in folded)
    assert shown == kinds
    assert all(entry.steps > 1 and entry.kind != "mixed" for entry in folded if isinstance(entry, Fold))


def test_a_run_at_the_limit_is_shown_whole() -> None:
    limit = FOLD_LIMITS["deleted"].longest
    assert not any(isinstance(entry, Fold) for entry in fold_steps(_make_steps("d" * limit)))
    [fold] = [entry for entry in fold_steps(_make_steps("d" * (limit + 1))) if isinstance(entry, Fold)]
    assert (fold.steps, fold.lead) == (limit - 2, "\n\n")


@given(st.integers(0, 3000))
def test_the_middle_of_a_long_text_is_counted(length: int) -> None:
    shown = shorten_middle("x" * length)
    left_out = 0 if "…" not in shown else int(shown.split("…")[1].split()[0].replace(",", ""))
    assert shown.replace("character", "").count("x") + left_out == length
    assert len(shown) <= 900
