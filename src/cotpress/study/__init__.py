"""Running a study: a YAML file to cells, cells to tables; resumable, and nothing done twice.

study = read_study("study.yaml")
found = sweep(study, Path("runs/mine"), labour=Labour(workers=2))
tables = cotpress.tables.read_tables(found.tables)
"""

from cotpress.study.board import DONE, FAILED, STORED, WAITING, Board, Entry
from cotpress.study.config import Condition, Pruning, Rewriting, Study
from cotpress.study.crew import Labour
from cotpress.study.estimate import Estimate, estimate_study
from cotpress.study.jobs import Job, Score, Shorten, Spent, Teach
from cotpress.study.plan import Cell, Compression, cells, compressions
from cotpress.study.reading import parse_study, read_study, study_names
from cotpress.study.scoring import Scores
from cotpress.study.sweep import TABLES, Sweep, sweep
from cotpress.study.telling import JOURNAL
from cotpress.study.watching import Outcome, Quiet, Watcher

__all__ = [
    "DONE",
    "FAILED",
    "JOURNAL",
    "STORED",
    "TABLES",
    "WAITING",
    "Board",
    "Cell",
    "Compression",
    "Condition",
    "Entry",
    "Estimate",
    "Job",
    "Labour",
    "Outcome",
    "Pruning",
    "Quiet",
    "Rewriting",
    "Score",
    "Scores",
    "Shorten",
    "Spent",
    "Study",
    "Sweep",
    "Teach",
    "Watcher",
    "cells",
    "compressions",
    "estimate_study",
    "parse_study",
    "read_study",
    "study_names",
    "sweep",
]
