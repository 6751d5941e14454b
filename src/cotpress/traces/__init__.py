"""Reading real traces of any known format, row by row."""

from cotpress.traces.formats import FORMATS
from cotpress.traces.ids import id_key
from cotpress.traces.plan import Recognised
from cotpress.traces.reading import Part, Reading, read
from cotpress.traces.repeats import Ids, Repeats, repeats
from cotpress.traces.rows import Data, Malformed, Row, rejected
from cotpress.traces.shape import Fields, Format
from cotpress.traces.sources import Source, find, passed_over, source_at, stems_of

__all__ = [
    "FORMATS",
    "Data",
    "Fields",
    "Format",
    "Ids",
    "Malformed",
    "Part",
    "Reading",
    "Recognised",
    "Repeats",
    "Row",
    "Source",
    "find",
    "id_key",
    "passed_over",
    "read",
    "rejected",
    "repeats",
    "source_at",
    "stems_of",
]
