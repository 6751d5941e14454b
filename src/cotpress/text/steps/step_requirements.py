"""Steps that need others: a lead-in what it introduces, an answer its question.

The rules look at where a step ends and how the next one begins. All patterns are linear, and are matched at a known
place or on short ends of a step, so the time is in proportion to the number of steps.
"""

from __future__ import annotations

import re
from itertools import pairwise

from cotpress.text.steps.bare_expressions import is_bare_expression, names_operation, sets_condition
from cotpress.text.steps.cases import find_case_pairs
from cotpress.text.steps.list_items import find_counterparts, find_item_pairs
from cotpress.text.steps.step_shapes import (
    ANNOUNCING_ENDS,
    CONTINUING_STARTS,
    MAX_LABEL_CHARACTERS,
    asks,
    classify_reply,
    continues,
    explains_names,
    introduces,
    is_bare_plan,
    is_cut,
    is_denial,
    is_formal,
    is_label,
    says_something,
)
from cotpress.text.steps.suppositions import find_suppositions
from cotpress.text.steps.tag_lines import list_lone_tags, strip_lone_tags
from cotpress.types import IntArray

StepPairs = list[tuple[int, int]]

_TABLE_RULE = re.compile(
    r"\|?[ \t]*+:?-{2,}+:?[ \t]*+(?:\|[ \t]*+:?-{2,}+:?[ \t]*+)++\|?\Z|\|[ \t]*+:?-{2,}+:?[ \t]*+\|\Z"
)
_RULE = re.compile(r"[-*_=~]{3,}\Z")
_MAX_TAGGED_STEPS = 40  # steps between two tags that are taken for a pair


def find_required_steps(text: str, steps: IntArray) -> tuple[tuple[int, int], ...]:
    """Pairs of steps (step, needed): the first says nothing, or something false, without the second.

    Args:
        text: the whole text.
        steps: [steps + 1], ascending character boundaries of its steps.

    What is bound:
        - a lead-in, a heading or a sentence that is cut by a formula needs what follows;
        - a formula that states nothing ("1 + √2006") needs its lead-in, what follows "For n = 8:" that condition, and
          what follows "Subtracting (2) from (4):" that operation;
        - a label of an option and its option need each other;
        - a question to oneself and its "No." need each other; a long answer stands without the question;
        - what belongs to a case ("Case 2: b = 107") needs the step that names the case, and that the step after it and
          what rejects the case;
        - "2." or "Second term:" needs the item before it, so that no list has gaps; items of a few words each other;
        - what follows "If Ana is third" in its paragraph needs it, and it "So this is invalid.";
        - a statement and what denies it in a few words ("Absent.") need each other;
        - a formula and "where r is the radius" need each other;
        - "This seems plausible." and a line that begins with "=" need what they continue;
        - rows of a table need its head, the head its first row;
        - what is between two tags on lines of their own needs them, a rule of dashes what is below it.

    >>> import numpy as np
    >>> find_required_steps("So the equation becomes: 3x = 6.", np.array([0, 24, 32]))
    ((0, 1),)
    """
    whole = [text[start:end].strip() for start, end in pairwise(steps.tolist())]
    cuts = [strip_lone_tags(step) for step in whole]
    pairs: StepPairs = []
    solid = [number for number, step in enumerate(cuts) if says_something(step)]
    for number, following in pairwise(solid):
        if not _is_plain(cuts[number], cuts[following]):
            _bind_neighbours(cuts, number, following, pairs)
    if len(solid) < len(cuts):
        _bind_rules(cuts, solid, pairs)
        _bind_tables(cuts, pairs)
    if "</" in text:
        _bind_tags(whole, pairs)
    if "ase " in text:
        pairs += find_case_pairs(cuts)
    pairs += find_item_pairs(cuts) + find_counterparts(cuts)
    pairs += find_suppositions([text[start:end] for start, end in pairwise(steps.tolist())])
    return tuple(dict.fromkeys(pairs))


def _is_plain(step: str, after: str) -> bool:
    """Whether nothing binds the two at first sight, as is so for most: whole sentences, the first no announcement."""
    if step[-1] != "." or after[0].islower() or after.startswith(CONTINUING_STARTS) or is_denial(after):
        return False
    if len(step) <= MAX_LABEL_CHARACTERS and is_label(step):
        return False
    return not step.endswith(ANNOUNCING_ENDS) and not is_bare_plan(step)


def _bind_neighbours(steps: list[str], number: int, following: int, pairs: StepPairs) -> None:
    """What holds between a step and the next one that is not a mere rule of dashes."""
    step, after = steps[number], steps[following]
    if is_label(step):
        pairs += [(number, following), (following, number)]
    elif asks(step):
        reply = classify_reply(after)
        if reply != "none":
            pairs.append((number, following))
        if reply == "short":
            pairs.append((following, number))
    elif introduces(step) or ((is_cut(step) or _works_on_sides(step)) and is_formal(after)) or is_denial(after):
        pairs.append((number, following))
        if sets_condition(step) or names_operation(step) or (is_bare_expression(after) and not is_bare_plan(step)):
            pairs.append((following, number))
    if continues(after, step) or is_denial(after):
        pairs.append((following, number))
        if explains_names(after):
            pairs.append((number, following))


def _works_on_sides(step: str) -> bool:
    """ "To solve for x, let's square both sides." """
    return "both sides" in step and "=" not in step and names_operation(step)


def _bind_rules(steps: list[str], solid: list[int], pairs: StepPairs) -> None:
    """A line of dashes or the like parts what is above it from what is below."""
    for before, number in pairwise([-1, *solid]):
        pairs += [(rule, number) for rule in range(before + 1, number) if _RULE.match(steps[rule])]


def _bind_tables(steps: list[str], pairs: StepPairs) -> None:
    """A table whose rows are steps: the head, the rule below it and the first row are one, other rows need them."""
    rule = 1
    while rule < len(steps):
        head, row = rule - 1, rule + 1
        if "|" in steps[head] and _TABLE_RULE.match(steps[rule]):
            pairs += [(head, rule), (rule, head)]
            while row < len(steps) and "|" in steps[row]:
                pairs.append((row, head))
                row += 1
            if row > rule + 1:
                pairs.append((head, rule + 1))
        rule = row


def _bind_tags(steps: list[str], pairs: StepPairs) -> None:
    """Steps that open and close an element need each other, and what is between them needs the first."""
    opened: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        for name, opens in list_lone_tags(step):
            if opens:
                opened.setdefault(name, []).append(number)
            elif opened.get(name):
                start = opened[name].pop()
                if 0 < number - start <= _MAX_TAGGED_STEPS:
                    pairs += [(start, number), (number, start)]
                    pairs += [(inner, start) for inner in range(start + 1, number)]
