"""Reading the fields of a row, whatever their case; what does not fit is refused with what was found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cotpress.traces import Data, Malformed

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_ANSWER = "no-answer"
WHOLE = re.compile(r"(-?)0*(\d+)(?:\.0+)?")
CHOICES = re.compile(r"\s*Answer choices:", re.IGNORECASE)


def has(row: Data, name: str) -> bool:
    """Whether the row has a field of that name."""
    return name.casefold() in {field.casefold() for field in row}


def value(row: Data, *names: str) -> Any:
    """The value of the first of these fields that the row has.

    Raises:
        Malformed: "missing-field", where it has none.
    """
    spelled = {field.casefold(): field for field in row}
    for name in names:
        if name.casefold() in spelled:
            return row[spelled[name.casefold()]]
    needed = " or ".join(f"'{name}'" for name in names)
    raise Malformed("missing-field", f"there is no field {needed}; there is {', '.join(row) or 'nothing'}")


def text(row: Data, *names: str) -> str:
    """The text of the first of these fields that the row has, without white space around it.

    Raises:
        Malformed: there is no such field, or it holds no text.
    """
    found = value(row, *names)
    if not isinstance(found, str) or not found.strip():
        raise Malformed("no-text", f"'{names[0]}' should hold a text; it holds {found!r:.60}")
    return found.strip()


def answer(row: Data, *names: str) -> str:
    """What the first of these fields holds, as text; numbers and truth values are written out.

    Raises:
        Malformed: there is no such field, or (NO_ANSWER) it is empty.
    """
    found = value(row, *names)
    if found is None or isinstance(found, list | Mapping) or not str(found).strip():
        raise Malformed(NO_ANSWER, f"'{names[0]}' should hold an answer; it holds {found!r:.60}")
    return str(found).strip()


def whole(number: str) -> str:
    """A whole number as it is usually written: 27.0 and 027 are 27. Anything else stays as it is."""
    match = WHOLE.fullmatch(number)
    return match[1] + match[2] if match else number


def texts(found: Any, name: str) -> tuple[str, ...]:
    """A list of texts as it stands.

    Raises:
        Malformed: it is none.
    """
    if not isinstance(found, Sequence) or isinstance(found, str) or not all(isinstance(one, str) for one in found):
        raise Malformed("no-list", f"'{name}' should hold a list of texts; it holds {found!r:.60}")
    return tuple(str(one).strip() for one in found)


def letter(gold: str, labels: Sequence[str]) -> str:
    """The letter, A first, of the option labelled `gold`; labels may be letters or numbers.

    Raises:
        Malformed: no option is.
    """
    if gold.strip() not in labels:
        raise Malformed(
            "no-such-option", f"the answer is '{gold}', which is none of {', '.join(labels) or 'no options'}"
        )
    return LETTERS[list(labels).index(gold.strip())]


def lettered(written: str) -> tuple[str, tuple[str, ...]]:
    r"""A question and its options out of one text: "... A: a marsh, B: a desert" or "...\nA. bank\nB. mall".

    Raises:
        Malformed: there are no two options in it.
    """
    lead = CHOICES.search(written)
    rest = written[lead.end() :] if lead else ""
    starts: list[tuple[int, int]] = []
    for name in LETTERS:
        mark = re.compile(rf"(?:^|\n|,)\s*{name}[.:]\s").search(rest, starts[-1][1] if starts else 0)
        if mark is None:
            break
        starts.append(mark.span())
    if lead is None or len(starts) < 2:
        raise Malformed("no-options", f"no 'Answer choices: A: ..., B: ...' in {written[-60:]!r}")
    ends = [start for start, _ in starts[1:]] + [len(rest)]
    options = tuple(rest[start:end].strip() for (_, start), end in zip(starts, ends, strict=True))
    return written[: lead.start()].removeprefix("Q:").strip(), options
