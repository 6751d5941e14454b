"""The level "edit" by rules: each step shortened on its own."""

from __future__ import annotations

import re
from itertools import pairwise

from cotpress.rules.choosing import anchors, lighten, remaining
from cotpress.rules.edits import changed, joined, shortenings
from cotpress.rules.material import Material, Worth
from cotpress.segment import segment

_DISPLAY = re.compile(r"\s*(?:\\\[|\$\$|\\begin\b)")


def edit(material: Material) -> str:
    """Reduce each step to its claim and its equation, in fewer words. No step is lost, merged or split."""
    changes = {number: shortenings(material, one) for number, one in enumerate(material.sentences)}
    spoken_for = anchors(material) | _before_displays(material)
    kept, units = remaining(material, changes, Worth.PLAN, lambda number, _: number not in spoken_for)
    lighten(material, changes, kept, units)
    texts = {}
    for number in kept:
        sentence = material.sentences[number]
        texts[number] = (
            changed(material, sentence, changes[number]) or material.text[sentence.start : sentence.end].strip()
        )
    text = joined(material, texts)
    if len(segment(text, material.cut.mode).steps) - 1 == material.steps:
        return text
    return material.text.strip()  # a change has moved the border of a step


def _before_displays(material: Material) -> set[int]:
    """Sentences before a step that begins with a displayed formula: without them it would join the text before it."""
    pairs = enumerate(pairwise(material.sentences))
    return {at for at, (one, other) in pairs if one.step != other.step and _DISPLAY.match(material.text, other.start)}
