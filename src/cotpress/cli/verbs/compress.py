"""`cotpress compress`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.options.choices import PATHS
from cotpress.cli.options.output_options import OutputOptions
from cotpress.cli.options.pruning_options import ExportOptions, PruningOptions, SignalOptions
from cotpress.cli.options.read_options import ReadOptions
from cotpress.cli.verbs.advised_settings import (
    advise_for_inputs,
    apply_pruning_advice,
    apply_signal_advice,
    refuse_contradictions,
)
from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.analysis.advice import Advice
    from cotpress.cli.options.rewrite_options import EndpointOptions, LevelOptions


def compress(
    *inputs: Annotated[str, Parameter(required=True), PATHS],
    to: OutputOptions,
    read: ReadOptions = ReadOptions(),
    choose: PruningOptions = PruningOptions(),
    score: SignalOptions = SignalOptions(),
    write: ExportOptions = ExportOptions(),
) -> int:
    """Prune traces to a budget and write a training set.

    Parameters
    ----------
    inputs
        Files, folders, globs or Hugging Face datasets; with --executor also URLs.
    """
    from cotpress.cli.display.console_output import print_run_result
    from cotpress.cli.display.inputs_display import announce_inputs
    from cotpress.cli.options.publish_options import upload_output
    from cotpress.cli.verbs.executor_runs import run_on_executor
    from cotpress.pipeline import RunPaths, run_pruning

    refuse_contradictions(choose)
    if choose.auto.auto:
        advice = advise_for_inputs(choose.auto, inputs, read)
        if advice.kind == "level":
            from cotpress.cli.verbs.rewrite import rewrite

            what, who = _build_level_options(advice, score), _build_rules_options(advice, score)
            return rewrite(*inputs, to=to, read=read, what=what, who=who, write=write)
        choose, score = apply_pruning_advice(advice, choose), apply_signal_advice(advice, score)
    if to.scale.executor:
        job = write.choose(None).build_spec(choose, score)
        return run_on_executor(inputs, read, job, to, score.resolve_store())
    write.choose(None).build_spec(choose, score)  # what it refuses comes before anything is read
    processes = to.scale.count_processes()
    folder, hub = to.resolve_folder(), to.publish.open(to.output)
    opened = read.open_inputs(inputs)
    job, reading = write.choose(opened).build_spec(choose, score), to.compare.attach(opened)
    place = RunPaths(folder, score.resolve_store(), to.force)
    summary = run_pruning(reading, job, place, announce_inputs(reading, to.quiet), processes)
    code = print_run_result(summary, folder, to.json, to.compare.find_fault(summary.get("gauges", {})))
    return upload_output(hub, folder, code, to.json)


def _build_level_options(advice: Advice, score: SignalOptions) -> LevelOptions:
    from cotpress.cli.options.rewrite_options import LevelOptions

    keep = () if advice.keep is None else (f"{advice.keep:g}",)
    return LevelOptions(level=advice.method, keep=keep, tokenizer=score.tokenizer or advice.models.tokenizer)


def _build_rules_options(advice: Advice, score: SignalOptions) -> EndpointOptions:
    """By the rules: a model's rewriting costs money, which nobody spends without saying so.

    Raises:
        OptionError: the advice is of a model's rewriting.
    """
    from cotpress.cli.options.rewrite_options import CallOptions, EndpointOptions

    if advice.models.rewriter not in ("", "rules"):
        raise OptionError(
            f"The advice is rewriting by {advice.models.rewriter_model or advice.models.rewriter}, which --auto does "
            "not call.",
            f"Run: {advice.command}",
        )
    return EndpointOptions(calls=CallOptions(store=score.store))
