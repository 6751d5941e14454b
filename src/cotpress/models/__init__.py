"""Finding models, placing them on a device and loading them, without chatter. The door to transformers."""

from cotpress.models.adapter import adapter_rank
from cotpress.models.counting import load_counter
from cotpress.models.embedded import EMBEDDED, SALIENCY, STUDENTS, embedded_folder
from cotpress.models.limits import Limits
from cotpress.models.loading import DTYPES, Place, Wanted, choose_place
from cotpress.models.quiet import first_line, quiet

__all__ = [
    "DTYPES",
    "EMBEDDED",
    "SALIENCY",
    "STUDENTS",
    "Limits",
    "Place",
    "Wanted",
    "adapter_rank",
    "choose_place",
    "embedded_folder",
    "first_line",
    "load_counter",
    "quiet",
]
