"""Steps that need others: a lead-in what it introduces, an answer its question.

The rules look at where a step ends and how the next one begins. All patterns are linear, and are matched at a known
place or on short ends of a step, so the time is in proportion to the number of steps.
"""

from __future__ import annotations

import re
from itertools import pairwise

from cotpress.text.bare_expressions import is_bare_expression, names_operation, sets_condition
from cotpress.text.cases import find_case_pairs
from cotpress.text.step_shapes import (
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
from cotpress.text.suppositions import find_suppositions
from cotpress.text.tag_lines import list_lone_tags, strip_lone_tags
from cotpress.types import IntArray

StepPairs = list[tuple[int, int]]

_TABLE_RULE = re.compile(
    r"\|?[ \t]*+:?-{2,}+:?[ \t]*+(?:\|[ \t]*+:?-{2,}+:?[ \t]*+)++\|?\Z|\|[ \t]*+:?-{2,}+:?[ \t]*+\|\Z"
)
_RULE = re.compile(r"[-*_=~]{3,}\Z")
_NUMBERED_ITEM = re.compile(r"(?:[-*•]\s+|\*\*)?(?:\((\d{1,2})\)|(\d{1,2})[.):])\s")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ORDINAL_ITEM = re.compile(rf"(?:[-*•]\s+|\*\*)?({'|'.join(_ORDINALS)})\b[^.:\n]{{0,24}}:", re.I)
_ITEM_STARTS = tuple("-*•(fsteFSTEſ")  # besides digits
_MAX_ITEM_STEPS = 8  # from one item of a list to the next
_BULLETS = ("- ", "* ", "• ")
_BULLET = 100  # in place of a number, which has two digits at the most
_SHORT_ITEM_CHARACTERS = 40
_MAX_SHORT_ITEMS = 10
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
    _bind_items(cuts, pairs)
    _bind_short_items(whole, pairs)
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
    elif introduces(step) or (is_cut(step) and is_formal(after)) or is_denial(after):
        pairs.append((number, following))
        if sets_condition(step) or names_operation(step) or (is_bare_expression(after) and not is_bare_plan(step)):
            pairs.append((following, number))
    if continues(after, step) or is_denial(after):
        pairs.append((following, number))
        if explains_names(after):
            pairs.append((number, following))


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


def _bind_items(steps: list[str], pairs: StepPairs) -> None:
    """Each item of a list that is numbered, or told by ordinals, needs the one before it."""
    last: dict[str, tuple[int, int]] = {}
    for place, step in enumerate(steps):
        item = _read_item(step)
        if item is None:
            continue
        kind, number = item
        before, before_place = last.get(kind, (0, place))
        if number == before + 1 and 0 < place - before_place <= _MAX_ITEM_STEPS:
            pairs.append((place, before_place))
        last[kind] = (number, place)


def _bind_short_items(steps: list[str], pairs: StepPairs) -> None:
    """Items of a few words ("1: Ana", "- odd") make a list together: none stands without the others."""
    first, numbers = 0, [_read_short_item(step) for step in steps]
    if not any(numbers):
        return
    for place in range(1, len(steps) + 1):
        if place < len(steps) and numbers[place - 1] and numbers[place] == _follow(numbers[place - 1]):
            continue
        if 2 <= place - first <= _MAX_SHORT_ITEMS:
            pairs += [pair for item in range(first + 1, place) for pair in ((item - 1, item), (item, item - 1))]
        first = place


def _follow(number: int) -> int:
    """The number of the item after one."""
    return number if number == _BULLET else number + 1


def _read_short_item(step: str) -> int:
    """The number of an item of a few words, _BULLET where it has none; 0 for anything else."""
    if len(step) > _SHORT_ITEM_CHARACTERS:
        return 0
    if step.startswith(_BULLETS):
        return _BULLET
    numbered = _NUMBERED_ITEM.match(step)
    return int(numbered[1] or numbered[2]) if numbered else 0


def _read_item(step: str) -> tuple[str, int] | None:
    """How an item is marked, "number" or "ordinal", and which one of its list it is; None for no item.

    >>> _read_item("2. Now b = 3."), _read_item("Third term: 4x"), _read_item("2.5 is less.")
    (('number', 2), ('ordinal', 3), None)
    """
    if not (step.startswith(_ITEM_STARTS) or step[:1].isdigit()):
        return None
    if numbered := _NUMBERED_ITEM.match(step):
        return "number", int(numbered[1] or numbered[2])
    if ordinal := _ORDINAL_ITEM.match(step):
        return "ordinal", _ORDINALS.index(ordinal[1].lower()) + 1
    return None


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
