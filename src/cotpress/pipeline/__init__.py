"""Reading, scoring, pruning, rewriting and writing put together."""

from typing import TYPE_CHECKING

from cotpress.lazy_exports import load_on_demand

if TYPE_CHECKING:
    from cotpress.pipeline.budget_assignment import build_importance_histogram
    from cotpress.pipeline.budget_config import BudgetConfig
    from cotpress.pipeline.compression_spec import CompressionSpec, SignalSourceConfig
    from cotpress.pipeline.cost_estimate import estimate_cost
    from cotpress.pipeline.decontamination import select_spec_checks
    from cotpress.pipeline.draft_writers import ClientConfig, make_chat_writer, open_writer
    from cotpress.pipeline.execution import RunPaths, RunPlan, build_companion_files, describe_run, write_rows
    from cotpress.pipeline.gauging import add_gauges, make_baseline, make_text_pair, measure_gauges
    from cotpress.pipeline.outcome_writing import write
    from cotpress.pipeline.pruning_run import make_package_pruner, make_pruner, plan_pruning, run_pruning
    from cotpress.pipeline.publishing import HubOutput, open_hub_dataset, push
    from cotpress.pipeline.python_api import compress, rewrite
    from cotpress.pipeline.rewrite_spec import RewriterConfig, RewriteSpec
    from cotpress.pipeline.rewriting_run import plan_rewriting, run_rewriting
    from cotpress.pipeline.signal_sources import choose_batch_size, make_scorer, make_source
    from cotpress.pipeline.source_kinds import SIGNAL_SOURCES, SourceKind
    from cotpress.pipeline.stream import reject_if_empty, select_trace_checks

__all__ = [
    "SIGNAL_SOURCES",
    "BudgetConfig",
    "ClientConfig",
    "CompressionSpec",
    "HubOutput",
    "RewriteSpec",
    "RewriterConfig",
    "RunPaths",
    "RunPlan",
    "SignalSourceConfig",
    "SourceKind",
    "add_gauges",
    "build_companion_files",
    "build_importance_histogram",
    "choose_batch_size",
    "compress",
    "describe_run",
    "estimate_cost",
    "make_baseline",
    "make_chat_writer",
    "make_package_pruner",
    "make_pruner",
    "make_scorer",
    "make_source",
    "make_text_pair",
    "measure_gauges",
    "open_hub_dataset",
    "open_writer",
    "plan_pruning",
    "plan_rewriting",
    "push",
    "reject_if_empty",
    "rewrite",
    "run_pruning",
    "run_rewriting",
    "select_spec_checks",
    "select_trace_checks",
    "write",
    "write_rows",
]

__getattr__ = load_on_demand(
    __name__,
    {
        "budget_assignment": "build_importance_histogram",
        "budget_config": "BudgetConfig",
        "compression_spec": "CompressionSpec SignalSourceConfig",
        "cost_estimate": "estimate_cost",
        "decontamination": "select_spec_checks",
        "draft_writers": "ClientConfig make_chat_writer open_writer",
        "execution": "RunPaths RunPlan build_companion_files describe_run write_rows",
        "gauging": "add_gauges make_baseline make_text_pair measure_gauges",
        "outcome_writing": "write",
        "pruning_run": "make_package_pruner make_pruner plan_pruning run_pruning",
        "publishing": "HubOutput open_hub_dataset push",
        "python_api": "compress rewrite",
        "rewrite_spec": "RewriterConfig RewriteSpec",
        "rewriting_run": "plan_rewriting run_rewriting",
        "signal_sources": "choose_batch_size make_scorer make_source",
        "source_kinds": "SIGNAL_SOURCES SourceKind",
        "stream": "reject_if_empty select_trace_checks",
    },
)
