"""Evidence on importance criteria: agreement, deletions, protection, and the baselines they have to beat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from cotpress.analyze.agreement import agreements
from cotpress.analyze.bootstrap import mean, quotient
from cotpress.analyze.corpus import CLASSES, Selection
from cotpress.analyze.curves import Curve, curves, together
from cotpress.analyze.deletions import by_class, ranked
from cotpress.analyze.panel import Panel
from cotpress.analyze.verdict import Evidence, of_conditions, of_panels
from cotpress.tables import Tables
from cotpress.types import FloatArray

PROBABILITY, SALIENCY = ("entropy", "nll"), "saliency"
GENERAL = (*PROBABILITY, SALIENCY, "random")
LIGHT = (0.5, 0.7, 0.9)  # at smaller ratios nearly everything is deleted, and every criterion's deletions look alike
Key = tuple[str, str, bool]  # method, granularity, symbols protected


def above_chance(tables: Tables) -> Evidence:
    """The smallest chance-corrected agreement of any two of entropy, NLL and saliency on the steps kept."""
    found = [(name, traces, np.stack(list(pairs.values())).min(axis=0)) for name, traces, pairs in _step_pairs(tables)]
    return of_conditions(found, "step rankings by two of entropy, nll and saliency")


def order_of_agreement(tables: Tables) -> Evidence:
    """Agreement of entropy with NLL, less the larger of saliency's with either."""
    found = [
        (name, traces, pairs[PROBABILITY] - np.fmax(*(pairs[probability, SALIENCY] for probability in PROBABILITY)))
        for name, traces, pairs in _step_pairs(tables)
        if len(pairs) == 3
    ]
    return of_conditions(found, "step rankings by entropy, nll and saliency")


def _step_pairs(tables: Tables) -> Iterator[tuple[str, int, dict[tuple[str, str], FloatArray]]]:
    """Of each condition: name, traces, and for each pair of criteria its corrected agreement over the keep ratios."""
    found = agreements(tables, wanted=_on_steps)
    for condition, members in groupby(found, key=lambda one: one.labels["condition"]):
        told = [one for one in members if one.labels["of"] == "kept"]
        by_pair: dict[tuple[str, str], list[FloatArray]] = {}
        for one in told:
            by_pair.setdefault((one.labels["a"], one.labels["b"]), []).append(one.corrected)
        pairs = {pair: mean(np.stack(drawn)) for pair, drawn in by_pair.items()}
        yield condition, min(one.labels["traces"] for one in told), pairs


def _on_steps(one: Selection) -> bool:
    return one.granularity == "step" and not one.symbols and one.criterion in (*PROBABILITY, SALIENCY)


def symbols_deleted(tables: Tables) -> Evidence:
    """Symbols' share of what probability criteria delete from tokens / of what saliency deletes."""
    bare = [one for one in ranked(tables) if one.granularity == "token" and not one.symbols]
    found = []
    for condition, members in groupby(bare, key=lambda one: one.corpus.condition):
        told = {one.criterion: one for one in members if one.criterion in (*PROBABILITY, SALIENCY)}
        shares = {criterion: _symbol_share(one) for criterion, one in told.items()}
        probable = [shares[name] for name in PROBABILITY if name in shares]
        if SALIENCY in shares and probable:
            traces = min(int(one.present.sum()) for one in told.values())
            found.append((condition, traces, quotient(mean(np.stack(probable)), shares[SALIENCY])))
    return of_conditions(found, "token rankings by saliency and by entropy or nll")


def _symbol_share(one: Selection) -> FloatArray:
    """Draws of the symbols' share of what is deleted, the mean over the keep ratios."""
    sums = [by_class(one, keep) for keep in LIGHT]
    return mean(np.stack([quotient(gone["symbol"], np.sum([gone[name] for name in CLASSES], axis=0)) for gone in sums]))


def gap_closed(panels: Sequence[Panel]) -> Evidence:
    """The share of probability criteria's deficit on tokens that protecting symbols makes good; 0 where there is none.

    The deficit is against saliency on tokens, or, where there is no saliency, against the same criterion on steps.
    """
    found = []
    for panel in panels:
        by_key = _by_key(panel)
        gains = [gain for name in PROBABILITY if (gain := _protected(by_key, name)) is not None]
        if gains:
            gap, closed = (mean(np.stack(part)) for part in zip(*gains, strict=True))
            found.append((panel, gap, closed))
    told = of_panels([(panel, gap) for panel, gap, _ in found], "entropy or nll on tokens, with and without symbols")
    gained = of_panels([(panel, closed) for panel, _, closed in found], "")
    if told.drawn is None or gained.drawn is None:
        return told
    return Evidence(np.where(told.drawn > 0, np.nan_to_num(quotient(gained.drawn, told.drawn)), 0.0), told.text)


def _protected(by_key: dict[Key, Curve], name: str) -> tuple[FloatArray, FloatArray] | None:
    """Draws of the deficit, and of how much of it protection makes good, at the same realized ratios."""
    bare, guarded = by_key.get((name, "token", False)), by_key.get((name, "token", True))
    reference = by_key.get((SALIENCY, "token", False)) or by_key.get((name, "step", False))
    if bare is None or guarded is None or reference is None:
        return None
    read = together(bare, guarded, reference)
    return None if read is None else (read[2] - read[0], read[1] - read[0])


def over_random(panels: Sequence[Panel]) -> Evidence:
    """Accuracy of entropy and NLL pruning less that of random pruning, at the same realized ratio."""
    found = []
    for panel in panels:
        by_key = _by_key(panel)
        pairs = [((name, size, False), ("random", size, False)) for name in PROBABILITY for size in ("step", "token")]
        found += _differences(panel, by_key, pairs)
    return of_panels(found, "random pruning beside entropy or nll")


def targeting_reflection(panels: Sequence[Panel]) -> Evidence:
    """Accuracy of deleting reflective steps first less that of the general criteria, in long regimes."""
    found = []
    for panel in panels:
        if panel.regime.casefold() == "long":
            pairs = [(("reflection", "step", False), (name, "step", False)) for name in GENERAL]
            found += _differences(panel, _by_key(panel), pairs)
    return of_panels(found, "the criterion reflection beside others on steps of a long regime")


def _differences(
    panel: Panel, by_key: dict[Key, Curve], pairs: Sequence[tuple[Key, Key]]
) -> list[tuple[Panel, FloatArray]]:
    """The mean over pairs of methods of the first's accuracy less the second's; nothing where no pair is there."""
    read = [together(by_key[one], by_key[other]) for one, other in pairs if one in by_key and other in by_key]
    differences = [both[0] - both[1] for both in read if both is not None]
    return [(panel, mean(np.stack(differences)))] if differences else []


def _by_key(panel: Panel) -> dict[Key, Curve]:
    return {(curve.method, curve.granularity, curve.symbols): curve for curve in curves(panel) if curve.granularity}
