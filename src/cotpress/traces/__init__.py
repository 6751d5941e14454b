"""Reading real traces of any known format, row by row."""

from cotpress.traces.formats import FORMATS
from cotpress.traces.plan import Recognised
from cotpress.traces.reading import Reading, read
from cotpress.traces.rows import Data, Malformed, Row, rejected
from cotpress.traces.shape import Fields, Format
from cotpress.traces.sources import Source, find

__all__ = [
    "FORMATS",
    "Data",
    "Fields",
    "Format",
    "Malformed",
    "Reading",
    "Recognised",
    "Row",
    "Source",
    "find",
    "read",
    "rejected",
]
