"""The level "preserve" by rules: surface words go, everything else stays where and as it was."""

from __future__ import annotations

from itertools import pairwise

from cotpress.rules.choosing import Changes, remaining
from cotpress.rules.edits import Change, changed, deletions, joined
from cotpress.rules.material import Material, Worth
from cotpress.rules.phrases import LIGHT


def preserve(material: Material) -> str:
    """Delete fillers, openers, and sentences that only talk or doubt; with a budget, light words too.

    What has a number, a formula or code is never deleted.
    """
    changes: Changes = {number: deletions(material, one) for number, one in enumerate(material.sentences)}
    kept, units = remaining(
        material,
        changes,
        Worth.DOUBT,
        lambda _, one: one.worth <= Worth.PROSE and material.is_prose(one.start, one.end),
    )
    if material.target is not None and material.english:
        _lighten(material, changes, kept, units - material.target)
    texts = {number: changed(material, material.sentences[number], changes[number]) for number in kept}
    return joined(material, texts) or material.text.strip()


def _lighten(material: Material, changes: Changes, kept: list[int], excess: int) -> None:
    """Add the deletion of light words, from the start of the text, until the excess of units is gone."""
    for start, end in pairwise(material.cut.units.tolist()) if excess > 0 else ():
        word = material.text[start:end]
        if word.strip().lower() not in LIGHT or not word[0].isspace() or not material.is_prose(start, end):
            continue
        number = next(
            (one for one in kept if material.sentences[one].start <= start < material.sentences[one].end), None
        )
        if number is None or any(one.start < end and start < one.end for one in changes[number]):
            continue
        changes[number] = sorted([*changes[number], Change(start, end)], key=lambda one: one.start)
        excess -= 1
        if excess <= 0:
            return
