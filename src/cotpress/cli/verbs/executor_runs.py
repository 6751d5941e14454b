"""`--executor` of `cotpress compress`, `rewrite` and `sweep`: the same work on more than one process or machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cotpress.cli.options.output_options import OutputOptions
from cotpress.cli.options.scale_options import StudyScoringOptions
from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.cli.options.read_options import ReadOptions
    from cotpress.pipeline import ClientConfig, CompressionSpec, RewriteSpec
    from cotpress.study import Study


def score_on_executor(study: Study, store: Path, how: StudyScoringOptions, workers: int, quiet: bool) -> bool:
    """Score a study's traces on an executor; False where Slurm does it later."""
    from cotpress.progress.display import create_progress
    from cotpress.scale import score_study

    engine = how.task.build_engine(how.executor, how.tasks, workers)
    return score_study(study, store, engine, create_progress(quiet, "trace"))


def run_on_executor(
    inputs: Sequence[str],
    read: ReadOptions,
    job: CompressionSpec | RewriteSpec,
    to: OutputOptions,
    store: Path,
    client: ClientConfig | None = None,
) -> int:
    """Run a job over the shards of inputs and report it; the exit code, 0 where Slurm does it later.

    Raises:
        OptionError: something is asked for that a shard alone cannot tell.
    """
    from cotpress.cli.display.console_output import print_run_result
    from cotpress.cli.options.publish_options import upload_output
    from cotpress.progress.display import create_progress
    from cotpress.scale import ScalePlan, StorageFolder, run_shards

    _refuse_what_shards_cannot(job, to)  # before anything is looked for
    found = to.scale.find_inputs(inputs, read, to.quiet)
    hub = to.publish.open(to.output, to.scale.executor)
    engine = to.scale.build_engine()
    plan = ScalePlan(job, found, StorageFolder.from_name(to.output), store.expanduser().absolute(), client)
    summary = run_shards(plan, engine, create_progress(to.quiet, "shard"), to.force)
    if summary is None:
        return 0
    return upload_output(hub, to.output, print_run_result(summary, to.output, to.json), to.json)


def _refuse_what_shards_cannot(job: CompressionSpec | RewriteSpec, to: OutputOptions) -> None:
    """Refuse references, which shards are not measured against, and budgets by difficulty.

    Raises:
        OptionError: one of them is given.
    """
    from cotpress.pipeline import CompressionSpec

    if to.compare.reference is not None:
        raise OptionError(
            "--reference is not read with --executor.",
            "Leave it out, then run cotpress measure OUT --reference FILE.",
        )
    if isinstance(job, CompressionSpec) and job.budget.difficulty:
        raise OptionError(
            "--budget-by difficulty weighs all traces of the input, of which a worker of --executor sees a shard.",
            "Leave --executor out: --workers uses all cores of this machine.",
        )
