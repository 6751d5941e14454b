"""The embedded micro world: problems made by rule, and teacher traces whose every step has a known role.

A new domain is one function in `DOMAINS` (a seeded generator and a difficulty -> a problem with its
truth); a new regime is one in `REGIMES` (a problem -> pieces with roles).
"""

from cotpress.world.parts import Move, Piece, Problem, Role, WorldTrace
from cotpress.world.sample import DOMAINS, REGIMES, embedded, sample

__all__ = ["DOMAINS", "REGIMES", "Move", "Piece", "Problem", "Role", "WorldTrace", "embedded", "sample"]
