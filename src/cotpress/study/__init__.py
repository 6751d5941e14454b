"""Running a study: a YAML file to cells, cells to tables; resumable, and nothing done twice.

study = read_study("study.yaml")
result = sweep(study, Path("runs/mine"), executor=ExecutorConfig(workers=2))
tables = cotpress.tables.read_study_tables(result.tables)
"""

from cotpress.study.config import Condition, PruningGrid, RewritingGrid, Study, StudySource
from cotpress.study.estimate import StudyEstimate, estimate_study
from cotpress.study.events import JOURNAL_FILE, JobResult, SilentObserver, SweepObserver
from cotpress.study.job_executor import ExecutorConfig
from cotpress.study.jobs import CompressJob, ScoreJob, StudyJob, StudyScoring, TrainJob, Usage
from cotpress.study.plan import Cell, Compression, format_keep, list_cells, list_compressions
from cotpress.study.status import DONE, FAILED, STORED, WAITING, JobStatus, SweepStatus
from cotpress.study.study_file import list_studies, parse_study, read_study
from cotpress.study.sweep_runner import TABLES_FOLDER, SweepResult, sweep

__all__ = [
    "DONE",
    "FAILED",
    "JOURNAL_FILE",
    "STORED",
    "TABLES_FOLDER",
    "WAITING",
    "Cell",
    "CompressJob",
    "Compression",
    "Condition",
    "ExecutorConfig",
    "JobResult",
    "JobStatus",
    "PruningGrid",
    "RewritingGrid",
    "ScoreJob",
    "SilentObserver",
    "Study",
    "StudyEstimate",
    "StudyJob",
    "StudyScoring",
    "StudySource",
    "SweepObserver",
    "SweepResult",
    "SweepStatus",
    "TrainJob",
    "Usage",
    "estimate_study",
    "format_keep",
    "list_cells",
    "list_compressions",
    "list_studies",
    "parse_study",
    "read_study",
    "sweep",
]
