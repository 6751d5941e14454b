"""Reading the fields of a row, whatever their case; what does not fit is refused with what was found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cotpress.traces import MalformedRowError, RowData

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_ANSWER = "no-answer"
WHOLE_NUMBER = re.compile(r"(-?)0*?((?!0)\d++|0)(?:\.0++)?")
CHOICES_HEADING = re.compile(r"(?<!\s)\s*+Answer choices:", re.IGNORECASE)


def has_field(row: RowData, name: str) -> bool:
    """Whether the row has a field of that name."""
    return name.casefold() in {field.casefold() for field in row}


def get_value(row: RowData, *names: str) -> Any:
    """The value of the first of these fields that the row has.

    Raises:
        MalformedRowError: "missing-field", where it has none.
    """
    spelled = {field.casefold(): field for field in row}
    for name in names:
        if name.casefold() in spelled:
            return row[spelled[name.casefold()]]
    needed = " or ".join(f"'{name}'" for name in names)
    raise MalformedRowError("missing-field", f"there is no field {needed}; there is {', '.join(row) or 'nothing'}")


def get_text_field(row: RowData, *names: str) -> str:
    """The text of the first of these fields that the row has, without white space around it.

    Raises:
        MalformedRowError: there is no such field, or it holds no text.
    """
    value = get_value(row, *names)
    if not isinstance(value, str) or not value.strip():
        raise MalformedRowError("no-text", f"'{names[0]}' should hold a text; it holds {value!r:.60}")
    return value.strip()


def get_answer(row: RowData, *names: str) -> str:
    """What the first of these fields holds, as text; numbers and truth values are written out.

    Raises:
        MalformedRowError: there is no such field, or (NO_ANSWER) it is empty.
    """
    value = get_value(row, *names)
    if value is None or isinstance(value, list | Mapping) or not str(value).strip():
        raise MalformedRowError(NO_ANSWER, f"'{names[0]}' should hold an answer; it holds {value!r:.60}")
    return str(value).strip()


def normalise_whole_number(number: str) -> str:
    """A whole number as it is usually written: 27.0 and 027 are 27. Anything else stays as it is."""
    match = WHOLE_NUMBER.fullmatch(number)
    return match[1] + match[2] if match else number


def parse_texts(value: Any, name: str) -> tuple[str, ...]:
    """A list of texts as it stands.

    Raises:
        MalformedRowError: it is none.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(text, str) for text in value):
        raise MalformedRowError("no-list", f"'{name}' should hold a list of texts; it holds {value!r:.60}")
    return tuple(str(text).strip() for text in value)


def find_letter(gold: str, labels: Sequence[str]) -> str:
    """The letter, A first, of the option labelled `gold`; labels may be letters or numbers.

    Raises:
        MalformedRowError: no option is.
    """
    if gold.strip() not in labels:
        raise MalformedRowError(
            "no-such-option", f"the answer is '{gold}', which is none of {', '.join(labels) or 'no options'}"
        )
    return LETTERS[list(labels).index(gold.strip())]


def split_lettered_options(written: str) -> tuple[str, tuple[str, ...]]:
    r"""A question and its options out of one text: "... A: a marsh, B: a desert" or "...\nA. bank\nB. mall".

    Raises:
        MalformedRowError: there are no two options in it.
    """
    lead = CHOICES_HEADING.search(written)
    rest = written[lead.end() :] if lead else ""
    starts: list[tuple[int, int]] = []
    for name in LETTERS:
        mark = re.compile(rf"(?:^|\n|,)\s*{name}[.:]\s").search(rest, starts[-1][1] if starts else 0)
        if mark is None:
            break
        starts.append(mark.span())
    if lead is None or len(starts) < 2:
        raise MalformedRowError("no-options", f"no 'Answer choices: A: ..., B: ...' in {written[-60:]!r}")
    ends = [start for start, _ in starts[1:]] + [len(rest)]
    options = tuple(rest[start:end].strip() for (_, start), end in zip(starts, ends, strict=True))
    return written[: lead.start()].removeprefix("Q:").strip(), options
