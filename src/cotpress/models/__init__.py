"""Finding models, placing them on a device and loading them, without chatter. The door to transformers."""

from cotpress.models.limits import Limits
from cotpress.models.loading import DTYPES, Place, Wanted, choose_place
from cotpress.models.quiet import first_line, quiet

__all__ = ["DTYPES", "Limits", "Place", "Wanted", "choose_place", "first_line", "quiet"]
