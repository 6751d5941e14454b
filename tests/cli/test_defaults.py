"""What a command does without an option is what the Python call does without an argument.

Options state their defaults themselves, since a help text loads neither arrays nor models; here the two are compared.
"""

from __future__ import annotations

from typing import Any

import pytest

from cotpress.chat import BatchPolicy
from cotpress.cli.options.pruning_options import ExportOptions, PruningOptions, SignalOptions
from cotpress.cli.options.read_options import ReadOptions
from cotpress.cli.options.rewrite_options import CallOptions, EndpointOptions, LevelOptions
from cotpress.cli.verbs.evaluate import EvaluatedStudentOptions, SamplingOptions
from cotpress.cli.verbs.rewrite import _build_spec as build_rewrite_spec
from cotpress.evaluation import ChatStudentConfig, EvaluationConfig
from cotpress.export import ExampleStyle
from cotpress.pipeline import BudgetConfig, ClientConfig, CompressionSpec, RewriteSpec, SignalSourceConfig
from cotpress.pruning import Method
from cotpress.traces import FieldNames, RowSelection

MESSAGES = ExportOptions(export="messages")  # "auto", the command's default, depends on the files that are read


@pytest.mark.parametrize(
    ("of_the_command", "of_python"),
    [
        (PruningOptions().build_method(), Method()),
        (PruningOptions().build_budget(), BudgetConfig()),
        (SignalOptions().build_scoring(), SignalSourceConfig()),
        (ExportOptions().build_style(), ExampleStyle()),
        (MESSAGES.build_spec(PruningOptions(), SignalOptions()), CompressionSpec()),
        (ReadOptions().build_fields(), FieldNames()),
        (ReadOptions().build_selection(), RowSelection()),
        (build_rewrite_spec(LevelOptions(), EndpointOptions(), MESSAGES), RewriteSpec()),
        (CallOptions().build_client_config(EndpointOptions().key_env), ClientConfig()),
        (CallOptions(batch=True).build_client_config(""), ClientConfig(key_env="", batch=BatchPolicy())),
        (SamplingOptions().build_plan(), EvaluationConfig()),
        (EvaluatedStudentOptions().build_config("student"), ChatStudentConfig("student")),
    ],
    ids=lambda built: type(built).__name__,
)
def test_a_command_and_python_have_the_same_defaults(of_the_command: Any, of_python: Any) -> None:
    assert of_the_command == of_python
