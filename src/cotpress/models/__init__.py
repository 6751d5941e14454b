"""Finding models, placing them on a device and loading them, without chatter."""

from cotpress.models.adapter import read_adapter_rank
from cotpress.models.embedded_models import EMBEDDED_CLASSIFIER, EMBEDDED_MODELS, EMBEDDED_STUDENTS, embedded_folder
from cotpress.models.library_output import silence_libraries, summarize_error
from cotpress.models.limits import InferenceLimits
from cotpress.models.model_loader import ModelLoader
from cotpress.models.model_spec import DTYPES, ModelSettings, ModelSpec, make_model_spec
from cotpress.models.placement import DevicePlacement, choose_placement
from cotpress.models.token_counter import load_counter

__all__ = [
    "DTYPES",
    "EMBEDDED_CLASSIFIER",
    "EMBEDDED_MODELS",
    "EMBEDDED_STUDENTS",
    "DevicePlacement",
    "InferenceLimits",
    "ModelLoader",
    "ModelSettings",
    "ModelSpec",
    "choose_placement",
    "embedded_folder",
    "load_counter",
    "make_model_spec",
    "read_adapter_rank",
    "silence_libraries",
    "summarize_error",
]
