"""What a generated trace says, statement by statement, in the words of a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from cotpress.world import AnnotatedStep, Deduction, ReasoningRole, WorldTrace, find_marked_text

# What is said first where there is room: repetition before remarks, doubts and attempts that were dropped.
EXTRA_ROLES = (ReasoningRole.RESTATEMENT, ReasoningRole.FILLER, ReasoningRole.REFLECTION, ReasoningRole.DEAD_END)


@dataclass(frozen=True, slots=True)
class OracleStatement:
    """What one step of a trace, or all steps of one dropped attempt, become.

    Args:
        text: in the words of a level.
        core: the same in as few words as state the fact; of an extra, its text.
        fact: what is stated; "" for an extra, which the answer does not rest on.
        priority: which extra is said first, from 1 up; 0 for what is essential.
        joined: whether it goes on in the paragraph of the one before.
        invention: a false statement that could stand in its place, "" for none.
    """

    text: str
    core: str
    fact: str = ""
    priority: int = 0
    joined: bool = False
    invention: str = ""


def collect_statements(drawn: WorldTrace, verbatim: bool) -> list[OracleStatement]:
    """The statements of a trace in its order: essential ones in its own words or in brief ones, extras verbatim.

    Sentences of a dropped attempt are one statement: none of it stays without the words that take it back.

    >>> from cotpress.world import sample
    >>> [drawn] = sample("math", "short", 1, seed=3)
    >>> [statement.fact for statement in collect_statements(drawn, verbatim=False)]
    ['c = 5', 'd = 8', 'f = 4']
    """
    deductions = _find_deductions(drawn)
    statements = []
    for role, pieces in _group_pieces(drawn.pieces):
        if role is ReasoningRole.ESSENTIAL:
            statements.append(_build_essential(pieces[0], deductions[pieces[0].facts[0]], verbatim))
        else:
            text = " ".join(piece.plain_text for piece in pieces)
            priority = 1 + EXTRA_ROLES.index(role)
            statements.append(OracleStatement(text, text, "", priority, pieces[0].continues_paragraph))
    return statements


def _group_pieces(pieces: Sequence[AnnotatedStep]) -> list[tuple[ReasoningRole, list[AnnotatedStep]]]:
    """Every piece by itself, those of a dropped attempt together, with doubts inside it."""
    groups: list[tuple[ReasoningRole, list[AnnotatedStep]]] = []
    dropped = [at for at, piece in enumerate(pieces) if piece.role is ReasoningRole.DEAD_END]
    inside = {at for at, piece in enumerate(pieces) if _is_inside(pieces, at, dropped)}
    for is_dropped, numbers in groupby(range(len(pieces)), key=lambda at: at in inside):
        chosen = [pieces[at] for at in numbers]
        if is_dropped:
            groups.append((ReasoningRole.DEAD_END, chosen))
        else:
            groups += [(piece.role, [piece]) for piece in chosen]
    return groups


def _is_inside(pieces: Sequence[AnnotatedStep], at: int, dropped: Sequence[int]) -> bool:
    """Whether a piece belongs to a dropped attempt: it is one, or a doubt before the words that end it."""
    if pieces[at].role is ReasoningRole.DEAD_END:
        return True
    if pieces[at].role is not ReasoningRole.REFLECTION:
        return False
    before, after = (
        max((one for one in dropped if one < at), default=-1),
        min((one for one in dropped if one > at), default=-1),
    )
    between = pieces[before + 1 : after] if before >= 0 and after >= 0 else ()
    return bool(between) and all(piece.role is ReasoningRole.REFLECTION for piece in between)


def _find_deductions(drawn: WorldTrace) -> dict[str, Deduction]:
    """The inferences of the rationale that the trace tells, by their facts."""
    told = {piece.facts[0] for piece in drawn.pieces if piece.role is ReasoningRole.ESSENTIAL}
    for rationale in drawn.problem.rationales:
        deductions = {deduction.fact: deduction for deduction in rationale if deduction.fact}
        if set(deductions) == told:
            return deductions
    raise AssertionError(drawn.trace.id)  # a trace tells one of its problem's rationales


def _build_essential(piece: AnnotatedStep, deduction: Deduction, verbatim: bool) -> OracleStatement:
    core = find_marked_text(deduction.brief)
    core = core if core.split()[0].isidentifier() and len(core.split()[0]) == 1 else core[0].upper() + core[1:]
    text = piece.plain_text if verbatim else f"{core}."
    return OracleStatement(text, f"{core}.", deduction.fact, 0, piece.continues_paragraph, deduction.invention)
