"""The embedded micro world: problems made by rule, and teacher traces whose every step has a known role.

Domains are posed by the functions of `WORLD_DOMAINS` (a seeded generator and a difficulty -> a problem with its truth),
regimes are told by those of `REGIMES` (a problem -> pieces with roles). Their names are known elsewhere, too: what else
a new domain wants is listed in docs/architecture.md ("Adding things").
"""

from cotpress.world.role_recovery import (
    RoleRecovery,
    assign_unit_roles,
    assign_unit_tellings,
    measure_recovery,
    sum_recoveries,
)
from cotpress.world.structures import (
    AnnotatedStep,
    Deduction,
    FactTelling,
    ReasoningRole,
    RoleSpan,
    WorldProblem,
    WorldTrace,
    find_marked_text,
    remove_marks,
)
from cotpress.world.trace_sampling import REGIMES, WORLD_DOMAINS, sample, sample_embedded

__all__ = [
    "REGIMES",
    "WORLD_DOMAINS",
    "AnnotatedStep",
    "Deduction",
    "FactTelling",
    "ReasoningRole",
    "RoleRecovery",
    "RoleSpan",
    "WorldProblem",
    "WorldTrace",
    "assign_unit_roles",
    "assign_unit_tellings",
    "find_marked_text",
    "measure_recovery",
    "remove_marks",
    "sample",
    "sample_embedded",
    "sum_recoveries",
]
