"""`cotpress rewrite`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.options.choices import PATHS
from cotpress.cli.options.output_options import OutputOptions
from cotpress.cli.options.pruning_options import ExportOptions, parse_keep_ratios
from cotpress.cli.options.read_options import ReadOptions
from cotpress.cli.options.rewrite_options import EndpointOptions, LevelOptions
from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.pipeline import RewriteSpec


def rewrite(
    *inputs: Annotated[str, Parameter(required=True), PATHS],
    to: OutputOptions,
    read: ReadOptions = ReadOptions(),
    what: LevelOptions = LevelOptions(),
    who: EndpointOptions = EndpointOptions(),
    write: ExportOptions = ExportOptions(),
) -> int:
    """Have traces rewritten at one of the restructuring levels, and write a training set.

    Parameters
    ----------
    inputs
        Files, folders, globs or Hugging Face datasets; with --executor also URLs.
    """
    from cotpress.cli.display.console_output import print_estimate, print_json, print_run_result
    from cotpress.cli.display.inputs_display import announce_inputs
    from cotpress.cli.options.publish_options import upload_output
    from cotpress.cli.verbs.executor_runs import run_on_executor
    from cotpress.pipeline import RunPaths, estimate_cost, run_rewriting

    job, client = _build_spec(what, who, write.choose(None)), who.calls.build_client_config(who.key_env)
    if to.scale.executor and who.calls.batch:
        raise OptionError("--batch is for runs in one process.", "Leave --executor out.")
    if to.scale.executor and not who.calls.dry_run:
        return run_on_executor(inputs, read, job, to, who.calls.resolve_store(), client)
    processes = to.scale.count_processes()
    hub = None if who.calls.dry_run else to.publish.open(to.output)
    opened = read.open_inputs(inputs)
    job, reading = _build_spec(what, who, write.choose(opened)), to.compare.attach(opened)
    progress = announce_inputs(reading, to.quiet)
    place = RunPaths(to.resolve_folder(), who.calls.resolve_store(), to.force)
    if who.calls.dry_run:
        foreseen = estimate_cost(reading, job, client, place.store, progress)
        (print_json if to.json else print_estimate)(foreseen)
        return 0
    summary = run_rewriting(reading, job, client, place, progress, processes)
    code = print_run_result(summary, place.output, to.json, to.compare.find_fault(summary.get("gauges", {})))
    return upload_output(hub, place.output, code, to.json)


def _build_spec(what: LevelOptions, who: EndpointOptions, write: ExportOptions) -> RewriteSpec:
    from cotpress.chat import SamplingParameters
    from cotpress.pipeline import RewriteSpec
    from cotpress.rewriting import RewritePolicy

    return RewriteSpec(
        level=what.level,
        rewriter=who.build_rewriter(),
        keep=parse_keep_ratios(what.keep),
        policy=RewritePolicy(what.tries, what.tolerance, what.fallback, what.hint),
        sampling=SamplingParameters(who.temperature, who.top_p, who.max_new_tokens),
        domain=what.domain,
        tokenizer=what.tokenizer,
        style=write.build_style(),
        format=write.export,
        drop_wrong=write.drop_wrong,
        decontaminate=write.decontaminate,
        seed=what.seed,
    )
