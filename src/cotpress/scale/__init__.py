"""Scale-out: the same work on datatrove's executors, shard by shard, on any file system. Transport only."""

from cotpress.scale.engine import EXECUTORS, Engine, Queue, Resources
from cotpress.scale.folder import Folder, is_url
from cotpress.scale.plan import Inputs, Plan
from cotpress.scale.run import run_shards
from cotpress.scale.scoring import score_study
from cotpress.scale.shards import Shard, find_shards

__all__ = [
    "EXECUTORS",
    "Engine",
    "Folder",
    "Inputs",
    "Plan",
    "Queue",
    "Resources",
    "Shard",
    "find_shards",
    "is_url",
    "run_shards",
    "score_study",
]
