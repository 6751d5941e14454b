"""Reading real traces of any known format, row by row."""

from cotpress.traces.formats import FORMATS
from cotpress.traces.plan import Recognised
from cotpress.traces.reading import Reading, read
from cotpress.traces.shape import Fields, Format

__all__ = ["FORMATS", "Fields", "Format", "Reading", "Recognised", "read"]
