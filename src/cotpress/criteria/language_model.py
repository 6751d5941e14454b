"""Criteria from what a language model says, beyond the mean over a step: of the answer, and of a step's beginning.

They are offered for comparison, not recommended: with a small scorer none keeps what `backbone` keeps
(`benchmarks/answer_directed.py`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from cotpress.criteria.evidence import Evidence, reduce_token_values
from cotpress.criteria.registry import register_criterion
from cotpress.text.markers import STOPWORDS, mark_reflective
from cotpress.text.units.unit_kinds import UnitKind
from cotpress.types import BoolArray, FloatArray

_NEGATIONS = "no not nor never none neither cannot can't isn't aren't wasn't don't doesn't didn't won't without only"
_DISCOURSE_WORDS = """
    wait hmm hm alternatively actually maybe perhaps well right yes first firstly next finally again back basically
    indeed anyway besides meanwhile overall sure good great see think check know mean try start let's got need want
"""
SCAFFOLD_WORDS: Final = (STOPWORDS | frozenset(_DISCOURSE_WORDS.split())) - frozenset(_NEGATIONS.split())


@register_criterion(
    "first-surprisal",
    published_in="first-token surprisal: ASAP, arXiv 2508.05988, stage 2",
    needs=["nll"],
    reduction="first",
)
def first_surprisal(evidence: Evidence) -> FloatArray:
    """NLL of the first token of each step: where the model did not expect the turn that a step takes is kept.

    Only the second stage of the paper: its first stage prunes by a short solution that a large model writes. At token
    granularity it is the NLL of the first token of each unit.
    """
    return evidence.reduce_signal("nll")


@register_criterion(
    "conditional",
    published_in="contrastive perplexity: LongLLMLingua, arXiv 2310.06839, with the answer as the condition",
    needs=["nll", "nll_given_answer"],
)
def conditional(evidence: Evidence) -> FloatArray:
    """NLL minus NLL given the answer: what the answer makes easier to predict is kept."""
    return evidence.reduce_signal("nll") - evidence.reduce_signal("nll_given_answer")


@register_criterion(
    "bis", published_in="bidirectional importance: A*-Thought, arXiv 2505.24550, section 3.1", needs=["bis"]
)
def bis(evidence: Evidence) -> FloatArray:
    """Bidirectional importance: steps after which question and answer are likely, and to which they attend, are kept.

    Only the score: the paper then searches for a path of such steps by a large verifier.
    """
    return evidence.reduce_signal("bis")


@register_criterion("pir", published_in="PIR: LIMOPro, arXiv 2505.19187, section 2.2", needs=["pir"])
def pir(evidence: Evidence) -> FloatArray:
    """Perplexity of the answer without the step: functional steps that it does not miss go first, others after them.

    The paper prunes functional steps alone (verification, error correction, other ways). Where that is not enough for
    the budget, the others go from the end on.
    """
    bounds = evidence.steps.tolist()
    functional = np.array(mark_reflective([evidence.text[start:end] for start, end in pairwise(bounds)]), dtype=bool)
    step_of = np.searchsorted(evidence.steps, evidence.segments[:-1], side="right") - 1
    return np.where(functional[step_of], np.tanh(evidence.reduce_signal("pir")), 2.0)


@register_criterion(
    "content-entropy",
    published_in="step entropy, arXiv 2508.03346, with words of the scaffold left out",
    needs=["entropy"],
    reduction="sum",
)
def content_entropy(evidence: Evidence) -> FloatArray:
    """Entropy of content alone: function words, discourse words and punctuation count as 0, and the rest is summed."""
    if not len(evidence):
        return np.zeros(0)
    evidence.reduce_signal("entropy")  # says where the signal is missing
    said = evidence.signals["entropy"]
    last_character = np.maximum(said.offsets[:, 1] - 1, said.offsets[:, 0])
    unit = np.searchsorted(evidence.segmentation.units, last_character, side="right") - 1
    scaffold = _find_scaffold(evidence)[np.clip(unit, 0, len(evidence.segmentation.kinds) - 1)]
    values = np.where(scaffold, 0.0, said.values["entropy"])
    return reduce_token_values(said.offsets, values, evidence.segments, evidence.reduction)


def _find_scaffold(evidence: Evidence) -> BoolArray:
    """Which units hold no content, [units]: words that any reasoning has, and punctuation outside formulas."""
    units, kinds = evidence.segmentation.units.tolist(), evidence.segmentation.kinds
    words = (
        evidence.text[start:end].strip().strip("*_").replace("’", "'").casefold() for start, end in pairwise(units)
    )
    known = np.array([word in SCAFFOLD_WORDS for word in words], dtype=bool)
    return np.asarray((known | (kinds == UnitKind.PUNCTUATION)) & ~evidence.segmentation.formal)
