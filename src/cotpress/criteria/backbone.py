"""The criterion that keeps what the answer rests on. It asks no model."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cotpress.backbone import BackboneParameters, find_backbone
from cotpress.criteria.evidence import Evidence
from cotpress.criteria.order import Order
from cotpress.criteria.registry import register_criterion
from cotpress.text.markers import NEGATIONS, classify_unit
from cotpress.types import FloatArray

_UNIT_WEIGHTS = {"symbol": 1.0, "other": 0.45, "stopword": 0.15}
_PUNCTUATION = 0.2  # between words of glue and content words


@register_criterion("backbone", published_in="this project: docs/results/backbone.md", gives_coverage=True, version=7)
def backbone(evidence: Evidence) -> Order:
    """What the answer rests on: values, equations and phrases that later steps use, at the least cost."""
    return rank_by_backbone(evidence, BackboneParameters())


def rank_by_backbone(evidence: Evidence, parameters: BackboneParameters) -> Order:
    """The same with other parameters, for ablations.

    At step granularity a wrong attempt and its retraction require each other. At token granularity the importance of a
    unit is that of its step times the weight of its kind: symbols and negations first, words of glue last.
    """
    steps = [evidence.text[start:end] for start, end in pairwise(evidence.steps.tolist())]
    if evidence.granularity == "step":
        kept = find_backbone(evidence.trace, steps, evidence.costs, parameters, evidence.segmentation.requires)
        return Order(kept.order, kept.importance, kept.requires)
    step_of = np.searchsorted(evidence.steps, evidence.segments[:-1], side="right") - 1
    costs = np.bincount(step_of, evidence.costs, minlength=len(steps)).astype(np.int64)
    kept = find_backbone(evidence.trace, steps, costs, parameters)
    place = np.empty(len(steps), np.int64)
    place[kept.order] = np.arange(len(steps))
    importance = kept.importance[step_of] * _weigh_units(evidence)
    return Order(np.lexsort((np.arange(len(step_of)), place[step_of], -importance)), importance)


def _weigh_units(evidence: Evidence) -> FloatArray:
    units = [evidence.text[start:end].strip() for start, end in pairwise(evidence.segments.tolist())]
    formal = evidence.segmentation.formal.tolist()
    weights = [
        1.0 if inside or unit.lower() in NEGATIONS else _weigh_unit(unit)
        for unit, inside in zip(units, formal, strict=True)
    ]
    return np.array(weights, dtype=np.float64)


def _weigh_unit(unit: str) -> float:
    return _UNIT_WEIGHTS[classify_unit(unit)] if any(map(str.isalnum, unit)) else _PUNCTUATION
