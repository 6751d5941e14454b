"""Statements as the text of a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cotpress.rewriting.oracle.oracle_statements import OracleStatement
from cotpress.world import WorldTrace

STATEMENTS_PER_SENTENCE = 2  # that level "fuse" joins
PLAN = "I will go one step at a time."


def compose_lines(drawn: WorldTrace, statements: Sequence[OracleStatement], headings: Sequence[str]) -> str:
    """Levels preserve and edit: the statements where they stood, paragraphs kept."""
    gap, text = find_gap(drawn), ""
    for told in statements:
        text += ("" if not text else " " if told.joined else gap) + told.text
    return text


def compose_fused(drawn: WorldTrace, statements: Sequence[OracleStatement], headings: Sequence[str]) -> str:
    """Level fuse: facts joined two by two into sentences; extras as they are."""
    lines: list[str] = []
    waiting: list[str] = []
    for told in statements:
        if told.fact:
            waiting.append(told.text)
        if waiting and (not told.fact or len(waiting) == STATEMENTS_PER_SENTENCE):
            lines.append(_join_clauses(waiting))
            waiting = []
        if not told.fact:
            lines.append(told.text)
    return find_gap(drawn).join([*lines, *([_join_clauses(waiting)] if waiting else [])])


def compose_template(drawn: WorldTrace, statements: Sequence[OracleStatement], headings: Sequence[str]) -> str:
    """Level replace: the headings of the level, over facts and the answer.

    Where there is room for anything else, that is what is given, what is asked and the plan; the template has no place
    for more.
    """
    problem, extras = drawn.problem, any(told.priority for told in statements)
    facts = [told.text for told in statements if not told.priority]
    answer = problem.answer.removeprefix("The answer is ").removesuffix(".")
    if len(headings) == 5:
        given = " ".join(problem.givens) if extras else ""
        parts = [given, problem.goal if extras else "", PLAN if extras else "", " ".join(facts), answer]
    else:
        question = problem.goal if extras else ""
        parts = [question, " ".join(facts[:-1]), facts[-1] if facts else "", answer]
    sections = zip(headings, parts, strict=True)
    return find_gap(drawn).join(f"{heading}: {part}" for heading, part in sections if part)


Composer = Callable[[WorldTrace, Sequence[OracleStatement], Sequence[str]], str]
COMPOSERS: dict[str, Composer] = {
    "preserve": compose_lines,
    "edit": compose_lines,
    "fuse": compose_fused,
    "replace": compose_template,
}


def find_gap(drawn: WorldTrace) -> str:
    """What stands between two steps of the trace."""
    return "\n\n" if "\n\n" in drawn.trace.reasoning else "\n"


def _join_clauses(sentences: Sequence[str]) -> str:
    first, *others = [sentence.removesuffix(".") for sentence in sentences]
    return " and ".join([first, *(_lower_first(other) for other in others)]) + "."


def _lower_first(sentence: str) -> str:
    """A small first letter where the first word is an article or "so", and no name."""
    word = sentence.split()[0]
    return sentence[0].lower() + sentence[1:] if word in ("The", "So", "After", "At", "For") else sentence
