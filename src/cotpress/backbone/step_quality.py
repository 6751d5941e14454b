"""What the gain of a step is multiplied by, by what it does: work, doubt, check, plan or talk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cotpress.backbone.answer_terms import find_first_result
from cotpress.backbone.digressions import find_checks, find_digressions
from cotpress.backbone.parameters import BackboneParameters
from cotpress.backbone.question_terms import find_repeats
from cotpress.backbone.recurrences import find_recurrences
from cotpress.backbone.trace_steps import TraceSteps
from cotpress.text.markers import mark_reflective, mark_restating
from cotpress.text.reply_talk import speaks_of_reply
from cotpress.text.steps.step_shapes import asks, is_bare_plan
from cotpress.types import BoolArray, FloatArray


def compute_quality(steps: TraceSteps, chosen: BackboneParameters) -> FloatArray:
    """[n], 0..1: how far a step is work on the answer; it weighs what the step says and what rests on it."""
    quality = _rate_kinds(steps, chosen)
    quality[list(steps.dead)] *= chosen.retracted
    quality *= np.where(_mark_mere_restatements(steps), chosen.restating, 1.0)
    quality *= np.where(find_repeats(steps.texts, steps.terms, steps.given, steps.question), chosen.repeating, 1.0)
    quality *= np.where(steps.after, chosen.after, 1.0)
    quality[steps.concluding] = 1.0  # however often it was checked before
    quality[_list_abandoned(steps.dead_ends)] *= chosen.abandoned
    return quality


def compute_rate(steps: TraceSteps, quality: FloatArray, chosen: BackboneParameters) -> FloatArray:
    """[n]: the quality, less for what an earlier step says nearly whole, more for what says why."""
    rate = quality * np.where(find_recurrences(steps.terms, steps.mentions, steps.dead), chosen.recurring, 1.0)
    return rate * np.where(_mark_reasons(steps), chosen.inferring, 1.0)


def _rate_kinds(steps: TraceSteps, chosen: BackboneParameters) -> FloatArray:
    texts, reflective = steps.texts, mark_reflective(steps.texts)
    answered = min(steps.settled, find_first_result(steps.answer, steps.terms, steps.dead))
    quality = np.where(find_digressions(texts, reflective), chosen.reflective, 1.0)
    quality *= np.where(find_checks(texts, reflective, answered), chosen.checking, 1.0)
    quality *= np.where([asks(text) for text in texts], chosen.asking, 1.0)
    quality *= np.where([is_bare_plan(text.strip()) for text in texts], chosen.planning, 1.0)
    return quality * np.where([speaks_of_reply(text) for text in texts], chosen.replying, 1.0)


def _mark_reasons(steps: TraceSteps) -> BoolArray:
    """Which steps say why something holds, without doubt and without a question, [steps]."""
    marks = zip(steps.infers, mark_reflective(steps.texts), steps.texts, strict=True)
    return np.array([infers and not doubts and not asks(step) for infers, doubts, step in marks], np.bool_)


def _list_abandoned(dead_ends: Sequence[tuple[int, ...]]) -> list[int]:
    """The steps of dead ends that go as a whole: an attempt next to its retraction may have been right all the same."""
    return sorted({place for dead_end in dead_ends if len(dead_end) > 2 for place in dead_end})


def _mark_mere_restatements(steps: TraceSteps) -> BoolArray:
    """Which steps say that they say something again and result in nothing new, [n]."""
    new = [
        any(steps.mentions[term][0] == place for term in step.results.difference(steps.given))
        for place, step in enumerate(steps.terms)
    ]
    restating = mark_restating(steps.texts)
    return np.array([says and not says_new for says, says_new in zip(restating, new, strict=True)], np.bool_)
