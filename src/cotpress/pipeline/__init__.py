"""Reading, scoring, pruning, rewriting and writing put together."""

from cotpress.pipeline.budgets import surveyed
from cotpress.pipeline.estimate import estimate
from cotpress.pipeline.job import SOURCES, Amount, Job, Scoring
from cotpress.pipeline.memory import compress, rewrite
from cotpress.pipeline.produce import Place, Work, about_run, beside, write_rows
from cotpress.pipeline.progress import Progress, Silent, watched
from cotpress.pipeline.rewrite_job import REWRITERS, Endpoint, RewriteJob
from cotpress.pipeline.rewriting import rewriting, run_rewrite
from cotpress.pipeline.runner import package_pruner, pruner_of, pruning, run
from cotpress.pipeline.scoring import batch_size, make_scorer, make_source
from cotpress.pipeline.stream import checks_for
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
    "Work",
    "about_run",
    "batch_size",
    "beside",
    "chat_writer",
    "checks_for",
    "compress",
    "estimate",
    "make_scorer",
    "make_source",
    "open_writer",
    "package_pruner",
    "pruner_of",
    "pruning",
    "rewrite",
    "rewriting",
    "run",
    "run_rewrite",
    "surveyed",
    "watched",
    "write_rows",
]
