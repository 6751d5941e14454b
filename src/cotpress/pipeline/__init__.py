"""Reading, scoring, pruning and writing put together."""

from cotpress.pipeline.job import SOURCES, Amount, Job, Scoring
from cotpress.pipeline.memory import compress
from cotpress.pipeline.progress import Progress, Silent, watched
from cotpress.pipeline.runner import Place, run

__all__ = [
    "SOURCES",
    "Amount",
    "Job",
    "Place",
    "Progress",
    "Scoring",
    "Silent",
    "compress",
    "run",
    "watched",
]
