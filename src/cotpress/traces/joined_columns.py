"""A second file whose columns are added to the rows with the same id."""

from __future__ import annotations

from pathlib import Path

from cotpress.errors import InputError
from cotpress.traces.extraction import get_scalar
from cotpress.traces.fields.ids import find_id_field
from cotpress.traces.files.sources import find_sources
from cotpress.traces.format_definition import FieldNames
from cotpress.traces.rows import MalformedRowError, RowData


class JoinTable:
    """The rows of a file by their id, in memory.

    Raises:
        InputError: on construction, for a row that cannot be read, has no id, or has that of another.
    """

    def __init__(self, path: Path, fields: FieldNames) -> None:
        self._path = path
        sources, _ = find_sources([path])
        self.identity = tuple(part for source in sources for part in source.identity)
        self._rows: dict[str, RowData] = {}
        for source in sources:
            rows = list(source.read_rows())
            good = [row.data for row in rows if not isinstance(row.data, MalformedRowError)]
            named = fields.id if fields.id and any(fields.id in data for data in good) else None
            field = find_id_field(good, FieldNames(id=named)) if good else None
            if not rows:
                raise InputError(f"There is nothing to read in {path} (--join): no rows.", "Give a file with rows.")
            for row in rows:
                if isinstance(row.data, MalformedRowError):
                    raise self._build_error(row.line, row.data.args[0])
                self._add(row.data, row.line, field)

    def _add(self, data: RowData, line: int, field: str | None) -> None:
        if field is None:
            raise InputError(f"No field of {self._path} (--join) is known to hold ids.", "Name it with --id FIELD.")
        try:
            key = get_scalar(data, field)
        except MalformedRowError as bad:
            raise self._build_error(line, bad.detail) from bad
        if key is None:
            raise self._build_error(line, f"The field '{field}' is empty.")
        if key in self._rows:
            raise self._build_error(line, f"The id '{key}' was there before.")
        self._rows[key] = data

    def _build_error(self, line: int, why: str) -> InputError:
        return InputError(f"{self._path} (--join), line {line}: {why}", "Every row of it must have an id of its own.")

    def merge(self, data: RowData, key: str | None) -> RowData:
        """A row with its partner's fields added; where both have one, the row's own stays.

        Raises:
            MalformedRowError: "no-join-partner".
        """
        partner = self._rows.get(key) if key is not None else None
        if partner is None:
            raise MalformedRowError(
                "no-join-partner",
                f"No row of {self._path} has the id '{key}'; --id FIELD joins by another field than the id.",
            )
        return {**partner, **data}
