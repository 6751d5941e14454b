"""The level "preserve" by rules: surface words go, everything else stays where and as it was."""

from __future__ import annotations

from cotpress.rules.choosing import Changes, lighten, remaining
from cotpress.rules.edits import deletions, joined, wording
from cotpress.rules.material import Material, Worth


def preserve(material: Material) -> str:
    """Delete fillers, openers, and sentences that only talk or doubt; with a budget, light words too.

    What has a number, a formula or code is never deleted.
    """
    changes: Changes = {number: deletions(material, one) for number, one in enumerate(material.sentences)}
    kept, units = remaining(
        material,
        changes,
        Worth.DOUBT,
        lambda _, one: one.worth <= Worth.PLAN and material.is_prose(one.start, one.end),
    )
    lighten(material, changes, kept, units)
    return joined(material, wording(material, kept, changes))
