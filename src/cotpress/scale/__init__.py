"""Scale-out: the same work shard by shard, over processes or machines, on any file system. Transport only."""

from cotpress.scale.config import EXECUTOR_NAMES, ScaleConfig, SlurmQueue, TaskResources
from cotpress.scale.limited_inputs import limit_inputs
from cotpress.scale.plan import ScalePlan, ShardedInput
from cotpress.scale.run import run_shards
from cotpress.scale.scoring import score_study
from cotpress.scale.shards import InputShard, find_shards
from cotpress.scale.storage import StorageFolder, is_url

__all__ = [
    "EXECUTOR_NAMES",
    "InputShard",
    "ScaleConfig",
    "ScalePlan",
    "ShardedInput",
    "SlurmQueue",
    "StorageFolder",
    "TaskResources",
    "find_shards",
    "is_url",
    "limit_inputs",
    "run_shards",
    "score_study",
]
