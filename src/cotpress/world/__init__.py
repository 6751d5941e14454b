"""The embedded micro world: problems made by rule, and teacher traces whose every step has a known role.

A new domain is one function in `DOMAINS` (a seeded generator and a difficulty -> a problem with its
truth); a new regime is one in `REGIMES` (a problem -> pieces with roles).
"""

from cotpress.world.parts import Move, Piece, Problem, Role, RoleSpan, WorldTrace
from cotpress.world.sample import DOMAINS, REGIMES, embedded, sample
from cotpress.world.truth import Recovery, recovery, total, unit_roles

__all__ = [
    "DOMAINS",
    "REGIMES",
    "Move",
    "Piece",
    "Problem",
    "Recovery",
    "Role",
    "RoleSpan",
    "WorldTrace",
    "embedded",
    "recovery",
    "sample",
    "total",
    "unit_roles",
]
