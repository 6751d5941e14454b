"""The level "edit" by rules: each step shortened on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cotpress.rules.choosing import anchors, lighten, remaining
from cotpress.rules.edits import Change, changed, joined, shortenings
from cotpress.rules.material import Material, Worth
from cotpress.segment import segment

_DISPLAY = re.compile(r"\s*(?:\\\[|\$\$|\\begin\b)")


def edit(material: Material) -> str:
    """Reduce each step to its claim and its equation, in fewer words. No step is lost, merged or split."""
    changes = {number: shortenings(material, one) for number, one in enumerate(material.sentences)}
    spoken_for = anchors(material) | _before_displays(material)
    kept, units = remaining(material, changes, Worth.PLAN, lambda number, _: number not in spoken_for)
    lighten(material, changes, kept, units)
    for change in (True, False):  # where a change moves the border of a step, none is made
        told = {number: _told(material, number, changes[number] if change else []) for number in kept}
        text = joined(material, told)
        if len(segment(text, material.cut.mode).steps) - 1 == material.steps:
            return text
    return material.text.strip()


def _told(material: Material, number: int, changes: Sequence[Change]) -> str:
    """A sentence with its changes made, or as it was where nothing would be left."""
    sentence = material.sentences[number]
    return changed(material, sentence, changes) or material.text[sentence.start : sentence.end].strip()


def _before_displays(material: Material) -> set[int]:
    """Sentences before a step that begins with a displayed formula: without them it would join the text before it."""
    pairs = enumerate(pairwise(material.sentences))
    return {at for at, (one, other) in pairs if one.step != other.step and _DISPLAY.match(material.text, other.start)}
