"""Single units, the light ones first: what a trace can lose without losing its sense.

Light are function words, commas and calculator marks (`<<48/2=24>>`, which repeat the calculation before them).
Numbers, operators, formulas and negations stay, and the stops that part sentences go last; of the other words every
sentence loses the same share, and the criterion says which. Function words before all else is the order that TokenSkip
(arXiv 2502.12067) observes for learned saliency on GSM8K.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from cotpress.criteria import Order
from cotpress.pruning.method import Method
from cotpress.pruning.trace_ranking import PreparedTrace, RankedTrace, bind_order, build_evidence
from cotpress.text import Segmentation, list_sentence_bounds
from cotpress.text.markers import LIGHT_WORDS, NEGATIONS
from cotpress.text.units.unit_kinds import UnitKind
from cotpress.types import BoolArray, Compressed, FloatArray, IntArray, Signals

TIERS = 4  # symbols and negations, stops, words, light units
_STOPS = frozenset(".?!;:。！？؟।")
_LONE_OPERATORS = frozenset("-–−/x*")  # between words, too: "36 birds - 9 birds"


def rank_light_units_last(prepared: PreparedTrace, method: Method, signals: Sequence[Signals] = ()) -> RankedTrace:
    """The units of a trace ranked: symbols and negations are protected, light units go first.

    Args:
        prepared: the trace, cut and counted.
        method: of granularity "token"; its criterion orders the light units, and the others.
        signals: what each source says of the trace.

    >>> from cotpress import Trace
    >>> from cotpress.pruning import apply_budget, parse_keep_ratio, prepare_trace
    >>> prepared = prepare_trace(Trace("1", "q", "She has 3 + 4 = 7 of the pens."))
    >>> ranked = rank_light_units_last(prepared, Method("head", "token", protect=()))
    >>> apply_budget(ranked, parse_keep_ratio(0.6)).text
    '3 + 4 = 7.'
    """
    evidence, cut = build_evidence(prepared, method, signals), prepared.segmentation
    ranked = method.resolved_criterion.rank(evidence)
    sentences = _number_sentences(cut)
    kept = evidence.protected | mark_sense_units(cut)
    tier = np.select([kept, _mark_texts(cut, _STOPS), mark_light_units(cut)], [0, 1, 3], 2)
    order = np.lexsort((-_measure_edges(sentences), -ranked.importance_or_rank))
    share = _rank_within(order, sentences, tier)
    segments = np.lexsort((np.arange(len(share)), share, tier))
    requires = (*ranked.requires, *_bind_stops(cut, sentences, segments))
    return bind_order(prepared, method, Order(segments, None, requires), evidence.costs, kept)


def _number_sentences(cut: Segmentation) -> IntArray:
    """The number of the sentence that each unit is in, [units]."""
    starts = list_sentence_bounds(cut)
    return np.searchsorted(starts, cut.units[:-1], side="right") - 1


def _measure_edges(sentences: IntArray) -> FloatArray:
    """How near each unit is to an end of its sentence, 0..1, [units]; of equal words those in the middle go first: what
    a sentence is about and what it says of that stand at its ends."""
    sizes = np.bincount(sentences)
    begins = np.cumsum(sizes) - sizes
    place = (np.arange(len(sentences)) - begins[sentences] + 0.5) / sizes[sentences]
    edges: FloatArray = np.abs(2 * place - 1)
    return edges


def _rank_within(order: IntArray, sentences: IntArray, tier: IntArray) -> FloatArray:
    """How far back each unit stands among those of its sentence and tier, 0..1, [units]: all sentences lose alike."""
    share = np.empty(len(order))
    group = TIERS * sentences + tier
    sizes, passed = np.bincount(group), np.zeros(group.max(initial=0) + 1)
    for unit in order.tolist():
        share[unit] = passed[group[unit]] / sizes[group[unit]]
        passed[group[unit]] += 1
    return share


def _bind_stops(cut: Segmentation, sentences: IntArray, order: IntArray) -> list[tuple[int, int]]:
    """A stop stays only with something of what it ends: pairs (stop, unit)."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    pairs, first = [], 0
    for unit, (start, end) in enumerate(pairwise(cut.units.tolist())):
        if sentences[unit] != sentences[first]:
            first = unit
        if cut.text[start:end].strip() in _STOPS:
            if unit > first:
                pairs.append((unit, first + int(place[first:unit].argmin())))
            first = min(unit + 1, len(order) - 1)
    return pairs


def measure_kept_sense(outcome: Compressed, cut: Segmentation) -> float:
    """The share of units that are not light which an outcome has kept, 0..1, symbols and negations counted twice.

    >>> from cotpress import Trace
    >>> from cotpress.pruning import apply_budget, parse_keep_ratio, prepare_trace
    >>> prepared = prepare_trace(Trace("1", "q", "She has 3 + 4 = 7 of the pens."))
    >>> ranked = rank_light_units_last(prepared, Method("head", "token", protect=()))
    >>> round(measure_kept_sense(apply_budget(ranked, parse_keep_ratio(0.6)), prepared.segmentation), 2)
    0.92
    """
    assert outcome.kept_spans is not None
    stands = np.zeros(len(cut.text) + 1, np.int64)
    np.add.at(stands, outcome.kept_spans[:, 0], 1)
    np.add.at(stands, outcome.kept_spans[:, 1], -1)
    kept = (np.cumsum(stands) > 0)[cut.units[1:] - 1]
    weights = np.select([mark_sense_units(cut), mark_light_units(cut)], [2, 0], 1)
    return float(weights[kept].sum() / max(1, weights.sum()))


@lru_cache(maxsize=2)  # read when units are ranked, and again when it is measured what a budget left of them
def mark_light_units(cut: Segmentation) -> BoolArray:
    """Function words, commas and calculator marks, [units]."""
    texts = (cut.text[start:end].strip().lower() for start, end in pairwise(cut.units.tolist()))
    light: BoolArray = np.fromiter((text in LIGHT_WORDS or text == "," for text in texts), bool, len(cut.kinds))
    light &= ~cut.formal
    light |= cut.kinds == UnitKind.CALC
    return light


@lru_cache(maxsize=2)  # as above
def mark_sense_units(cut: Segmentation) -> BoolArray:
    """Symbols (calculator marks are none here) and negations, [units]."""
    texts = (cut.text[start:end].strip().lower().replace("’", "'") for start, end in pairwise(cut.units.tolist()))
    negated = np.fromiter((text in NEGATIONS or text.endswith("n't") for text in texts), bool, len(cut.kinds))
    sense: BoolArray = negated | _mark_texts(cut, _LONE_OPERATORS) | (cut.formal & (cut.kinds != UnitKind.CALC))
    return sense


def _mark_texts(cut: Segmentation, wanted: frozenset[str]) -> BoolArray:
    """The units whose text is one of these, [units]."""
    texts = (cut.text[start:end].strip() for start, end in pairwise(cut.units.tolist()))
    marked: BoolArray = np.fromiter((text in wanted for text in texts), bool, len(cut.kinds))
    return marked
