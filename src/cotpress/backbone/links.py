"""Which step of a trace feeds which: the map of its reasoning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cotpress.backbone.need import index_terms, list_definers, share_need
from cotpress.backbone.question_terms import read_given
from cotpress.backbone.terms import extract_terms

MAX_SOURCES = 3  # steps that one step is said to rest on
MIN_SHARE = 0.1  # of what a step passes on, for a source to be named


@dataclass(frozen=True, slots=True)
class StepLink:
    """A step that uses what a source before it defined. `share`, above 0 up to 1: of all that the step passes on."""

    source: int
    step: int
    share: float


def find_links(question: str, steps: Sequence[str]) -> list[StepLink]:
    """What each step rests on: the steps that need flows to from it (`compute_need`), the largest shares first.

    Args:
        question: what it states needs no step.
        steps: the texts of the trace's steps.

    >>> find_links("How many?", ["Ann has 12 apples.", "It rains.", "12 + 5 = 17 apples."])
    [StepLink(source=0, step=2, share=1.0)]
    """
    terms = [extract_terms(step) for step in steps]
    definers = list_definers(terms, index_terms(terms), read_given(question))
    links = []
    for place, step in enumerate(terms):
        shares = share_need(step, place, definers)
        total = sum(shares.values())
        found = [StepLink(source, place, amount / total) for source, amount in shares.items()] if total else []
        found = [link for link in found if link.share >= MIN_SHARE]
        links += sorted(found, key=lambda link: (-link.share, link.source))[:MAX_SOURCES]
    return links
