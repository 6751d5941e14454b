"""How each file of the input is read, decided from its first rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from cotpress.errors import InputError
from cotpress.traces.formats import recognise
from cotpress.traces.ids import id_field, row_ids
from cotpress.traces.join import Join
from cotpress.traces.recipe import Recipe, recipe
from cotpress.traces.rows import Data, Malformed, Row
from cotpress.traces.shape import Fields, Sample, said
from cotpress.traces.sources import Source
from cotpress.traces.text import scalar_of

SAMPLE = 64  # good rows of each file that its format is told by
LARGE = 1 << 24  # bytes of rows after which fewer will do
LOOKED_AT = 4096  # rows among which there must be a good one


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one file was taken for. `roles` says in words which field is what."""

    source: str
    container: str
    format: str
    roles: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A source and how it is read: no recipe where it has no good row; `key` is the field that joins."""

    source: Source
    about: Recognised
    recipe: Recipe | None = None
    key: str | None = None


def planned(source: Source, fields: Fields, join: Join | None, named: str | None) -> File:
    """Look at the first rows of a source and decide how it is read.

    Raises:
        InputError: none of many rows can be read, or they are not recognised.
        OptionError: there is no format `named`.
    """
    sample, key, bad = _sample(source, fields, join)
    if not sample:
        about = Recognised(source.name, source.container, "unreadable" if bad else "empty")
        return File(source, about, key=key)
    form, shape = recognise(sample, fields, source.name, named)
    row_id = id_field(sample, fields)
    how = recipe(sample, shape, fields, row_ids(row_id, source.stem))
    roles = ", ".join(filter(None, (shape.roles, said(gold=how.gold or shape.gold, id=row_id or "numbered"))))
    about = Recognised(source.name, source.container, form.name, roles, _warnings(sample, how))
    return File(source, about, how, key)


def _sample(source: Source, fields: Fields, join: Join | None) -> tuple[Sample, str | None, Malformed | None]:
    """(the first good rows, the field that joins, the first thing wrong with a row)."""
    sample: list[Data] = []
    key: str | None = None
    bad: Malformed | None = None
    count = size = 0
    for row in islice(source.rows(), LOOKED_AT):
        count += 1
        try:
            if join is not None and key is None and not isinstance(row.data, Malformed):
                key = _key(row.data, fields, source.name)
            sample.append(merged(row, join, key))
        except Malformed as error:
            bad = bad or error
        size += len(row.raw or b"")
        if len(sample) == SAMPLE or (sample and size > LARGE):
            break
    if not sample and count == LOOKED_AT and bad is not None:
        problem = f"none of the first {LOOKED_AT} rows can be read; the first: {bad.detail}"
        raise InputError(f"{source.name}: {problem}", "Check that it is a file of traces.")
    return sample, key, bad


def _key(data: Data, fields: Fields, source: str) -> str:
    key = id_field([data], Fields(id=None if fields.id == "auto" else fields.id))
    if key is None:
        raise InputError(f"{source}: no field is known to hold ids to join by.", "Name it with --id FIELD.")
    return key


def merged(row: Row, join: Join | None, key: str | None) -> Data:
    """The fields of a row, with its partner's where there is a file to join.

    Raises:
        Malformed: the row cannot be read, or has no partner.
    """
    if isinstance(row.data, Malformed):
        raise row.data
    if join is None:
        return row.data
    return join.merged(row.data, scalar_of(row.data, key) if key else None)


def _warnings(sample: Sample, how: Recipe) -> tuple[str, ...]:
    warnings = []
    if not how.shape.has_question and not how.fields.question:
        warnings.append("no field asks a question; --question FIELD names one, --join FILE adds one by id")
    reasons: Counter[str] = Counter()
    for line, data in enumerate(sample, 1):
        try:
            how.trace(data, line)
        except Malformed as bad:
            reasons[bad.reason] += 1
    if reasons.total() == len(sample):
        most = reasons.most_common(1)[0][0]
        way = (
            "--reasoning FIELD names another field"
            if most in ("empty-reasoning", "missing-think")
            else "see the rejects"
        )
        many = f"none of the first {len(sample)} rows can be used, most for"
        warnings.append(f"{many if len(sample) > 1 else 'the first row cannot be used, for'} '{most}'; {way}")
    return tuple(warnings)
