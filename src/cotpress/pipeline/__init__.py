"""Reading, scoring, pruning, rewriting and writing put together."""

from cotpress.pipeline.estimate import estimate
from cotpress.pipeline.job import SOURCES, Amount, Job, Scoring
from cotpress.pipeline.memory import compress, rewrite
from cotpress.pipeline.produce import Place
from cotpress.pipeline.progress import Progress, Silent, watched
from cotpress.pipeline.rewrite_job import REWRITERS, Endpoint, RewriteJob
from cotpress.pipeline.rewriting import run_rewrite
from cotpress.pipeline.runner import run
from cotpress.pipeline.scoring import make_scorer
from cotpress.pipeline.writers import Asking, chat_writer, open_writer

__all__ = [
    "REWRITERS",
    "SOURCES",
    "Amount",
    "Asking",
    "Endpoint",
    "Job",
    "Place",
    "Progress",
    "RewriteJob",
    "Scoring",
    "Silent",
    "chat_writer",
    "compress",
    "estimate",
    "make_scorer",
    "open_writer",
    "rewrite",
    "run",
    "run_rewrite",
    "watched",
]
