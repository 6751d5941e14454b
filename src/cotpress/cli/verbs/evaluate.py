"""`cotpress evaluate`."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from cotpress.cli.options.choices import PATHS, describe_choices, list_choices, offer
from cotpress.cli.options.model_options import ModelOptions
from cotpress.cli.options.pruning_options import REPEATABLE
from cotpress.errors import MissingExtraError, OptionError
from cotpress.number_formatting import count_noun

if TYPE_CHECKING:
    from cotpress.evaluation import ChatStudentConfig, EvaluationConfig, EvaluationResult
    from cotpress.evaluation.benchmarks import BenchmarkItem
    from cotpress.evaluation.grader_agreement import GraderAgreement

_logger = logging.getLogger("cotpress")
PROBLEM_GROUP = Group("What is asked", sort_key=1)
SAMPLING_GROUP = Group("How replies are drawn", sort_key=2)
STUDENT_GROUP = Group("Who answers", sort_key=3)
OUTPUT_GROUP = Group("Output", sort_key=4)
MAX_TRUNCATED_SHARE = 0.05
PRESET_NAMES, LOG_NAMES = ("aime", "gpqa", "math500"), ("inspect",)


_BACKEND_HELP = describe_choices(
    "chat/backends", "cotpress.backends", " (any compatible endpoint), or module:object; see cotpress backends"
)


_BACKENDS = offer(*list_choices("chat/backends", "cotpress.backends"))
_BENCHMARKS = offer(*list_choices("evaluation/benchmarks", "cotpress.benchmarks"))


@Parameter(name="*", group=PROBLEM_GROUP)
@dataclass(frozen=True)
class ProblemOptions:
    """The benchmarks."""

    benchmark: Annotated[tuple[str, ...], REPEATABLE, Parameter(metavar="NAME", completer=_BENCHMARKS)] = ()
    "NAME, or NAME=FILE for a local file; repeated for several. See cotpress benchmarks."
    loss_on: Annotated[Path | None, PATHS] = None
    "In place of a benchmark, a file of solutions that the student has not seen: the loss on them, without any reply."
    limit: int | None = None
    "The first so many problems of each benchmark."
    problem_seed: int = 0
    "Seed of shuffled options and of the micro world's problems; the same for all runs that are compared."
    bare: Annotated[bool, Parameter(negative=())] = False
    "Ask the bare question, without the sentence on how to state the answer."
    preset: Annotated[str, Parameter(choices=PRESET_NAMES)] = ""
    "As the field asks it: aime (avg@64), gpqa (avg@8) or math500 (avg@4), 32,768 tokens each. Options win over it."

    def load_items(self) -> dict[str, list[BenchmarkItem]]:
        """The problems by benchmark; those of the preset where none is named."""
        from cotpress.evaluation.benchmarks import load_benchmark
        from cotpress.evaluation.presets import PRESETS

        items: dict[str, list[BenchmarkItem]] = {}
        for option in self.benchmark or (PRESETS[self.preset].benchmarks if self.preset else ()):
            name, _, file = option.partition("=")
            if name in items:
                raise OptionError(f"The benchmark {name} is given twice.", "Give each once.")
            path = Path(file) if file else None
            items[name] = load_benchmark(name, path, self.limit, self.problem_seed, not self.bare)
        return items


@Parameter(name="*", group=SAMPLING_GROUP)
@dataclass(frozen=True)
class SamplingOptions:
    """Budget and sampling."""

    max_new_tokens: int = 2048
    "Generation budget, the same for every run that is compared; long-reasoning students need far more."
    samples: int = 1
    "Replies to each problem, for avg@k and pass@k; needs a temperature."
    temperature: float = 0.0
    "0 is greedy."
    top_p: float = 1.0
    "Nucleus sampling."
    seed: int = 0
    "Seed of the samples."
    system: str = ""
    "System prompt."

    def build_plan(self, preset: str = "") -> EvaluationConfig:
        """The plan of the run: what is given, then what the preset says, then the defaults."""
        from cotpress.evaluation import EvaluationConfig
        from cotpress.evaluation.presets import PRESETS

        asked, plain = asdict(self), asdict(SamplingOptions())
        known = asdict(PRESETS[preset].config) if preset else plain
        return EvaluationConfig(**{name: known[name] if asked[name] == plain[name] else asked[name] for name in asked})


@Parameter(name="*", group=STUDENT_GROUP)
@dataclass(frozen=True)
class EvaluatedStudentOptions:
    """The student's backend."""

    backend: Annotated[str, Parameter(help=_BACKEND_HELP, metavar="NAME", completer=_BACKENDS)] = "transformers"
    model: str = ""
    "openai: the model's name at the endpoint."
    base_url: str = ""
    "openai: the endpoint's URL; $OPENAI_BASE_URL or OpenAI's own by default."
    key_env: str = "OPENAI_API_KEY"
    "openai: environment variable that holds the key."
    tokenizer: str = ""
    "openai: what counts tokens, a hub id, folder or file; units by default. Local models count themselves."
    batch_size: int = 32
    "Replies written at once, or requests to an endpoint under way at once."
    timeout: float = 600.0
    "openai: seconds to wait for a reply."
    run: ModelOptions = ModelOptions()  # noqa: RUF009 (frozen)

    def build_config(self, student: str) -> ChatStudentConfig:
        """The student, and the backend that answers for it."""
        from cotpress.evaluation import ChatStudentConfig

        return ChatStudentConfig(
            model=self.run.build_spec(self.model or student),
            backend=self.backend,
            base_url=self.base_url,
            key_env=self.key_env,
            tokenizer=self.tokenizer,
            batch_size=self.batch_size,
            timeout=self.timeout,
        )


@Parameter(name="*", group=OUTPUT_GROUP)
@dataclass(frozen=True)
class EvaluationOutputOptions:
    """Where results go, and what they are compared with."""

    output: Annotated[Path, Parameter(name=["--output", "-o"])]
    "Folder for rows.parquet and summary.json."
    baseline: Path | None = None
    "Folder of an earlier evaluation to compare with, such as that of the student of uncompressed traces."
    other_budget: Annotated[bool, Parameter(negative=())] = False
    "Allow a baseline with another generation budget."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace what is in the folder."
    quiet: Annotated[bool, Parameter(negative=())] = False
    "No progress."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print the summary as JSON."
    log: Annotated[str, Parameter(choices=LOG_NAMES)] = ""
    "Also write logs that others read, in a folder of that name: inspect, for inspect view and inspect score."


def evaluate(
    student: Annotated[str, PATHS] = "",
    /,
    *,
    to: EvaluationOutputOptions,
    ask: ProblemOptions = ProblemOptions(),
    draw: SamplingOptions = SamplingOptions(),
    who: EvaluatedStudentOptions = EvaluatedStudentOptions(),
) -> int:
    """Have a student solve benchmarks: accuracy and generated length, with intervals.

    Parameters
    ----------
    student
        Folder (a model, or a LoRA adapter), hub id or .gguf file; with --backend openai the name at the endpoint.
    """
    from cotpress.cli.display.console_output import print_json
    from cotpress.cli.verbs.evaluate_loss import evaluate_loss
    from cotpress.evaluation import EvaluationOutput, open_student, read_evaluation_result
    from cotpress.evaluation import evaluate as run
    from cotpress.evaluation.inspect_logs import write_inspect_logs
    from cotpress.progress.display import create_progress

    if ask.loss_on:
        if ask.benchmark or ask.preset or to.log:
            raise OptionError("--loss-on asks nothing of a student.", "Give benchmarks in a run of their own.")
        return evaluate_loss(who.build_config(student), ask.loss_on, ask.limit, to.output, to.baseline, to.json)
    plan, student_config, items = draw.build_plan(ask.preset), who.build_config(student), ask.load_items()
    baseline = read_evaluation_result(to.baseline) if to.baseline else None
    try:
        opened_student = open_student(student_config)
    except MissingExtraError as error:  # that of models is not enough to grade
        raise MissingExtraError(error.message, error.hint.replace("[lm]", "[evaluate]")) from error
    if opened_student.has_chat_template is False:
        _logger.warning(f"{student_config.model.name} has no chat template: problems are given to it as plain text.")
    output = EvaluationOutput(to.output, to.force, baseline, to.other_budget)
    done = run(opened_student, items, plan, output, None, create_progress(to.quiet, "problem"))
    if to.log:
        write_inspect_logs(done, to.output / to.log)
    summary = done.summarize(baseline)
    agreement = _compare_graders(done, items, to.output)
    if to.json:
        print_json(summary)
    else:
        _print_evaluation(summary, to.output)
        if agreement:
            print(agreement)
    _warn_about_outcomes(summary["overall"]["outcomes"], plan.max_new_tokens)
    return 0


def _compare_graders(
    done: EvaluationResult, items: Mapping[str, Sequence[BenchmarkItem]], output: Path
) -> GraderAgreement | None:
    """Grade by a second grader, too, and keep the counts beside the rows."""
    from cotpress.evaluation.grader_agreement import compare_graders, write_grader_agreement
    from cotpress.evaluation.grading import Grader

    with Grader() as grader:
        found = compare_graders(done.rows, items, grader)
    if found:
        write_grader_agreement(found, output)
    return found


def _print_evaluation(summary: Mapping[str, Any], output: Path) -> None:
    """The figures in a table, a line a benchmark."""
    from cotpress.cli.display.console_output import print_table

    parts = dict(summary["benchmarks"])
    if len(parts) > 1:
        parts["all"] = summary["overall"]
    columns = ("benchmark", "problems", "accuracy", "truncated", "no answer", "tokens", "reasoning", "tokens/correct")
    rows = [(name, part["problems"], *_format_figures(part)) for name, part in parts.items()]
    student = summary["settings"]["student"]
    title = student["model"] or student["endpoint"].split("@")[0].split(":")[-1]
    print_table(f"{title}, at most {count_noun(summary['settings']['max_new_tokens'], 'token')}", columns, rows)
    samples = summary["overall"]["samples"]
    if samples > 1:
        passed = ", ".join(
            f"pass@{k} {_format_interval(estimate)}" for k, estimate in summary["overall"]["pass_at"].items()
        )
        print(f"accuracy is avg@{samples}; {passed}")
    if "comparison" in summary:
        _print_comparison(summary["comparison"], len(summary["benchmarks"]))
    print(f"tokens counted with {summary['settings']['counted_with']}; intervals of 95%")
    print(f"written to {output} in {summary['seconds']:.1f} s")


def _format_figures(part: Mapping[str, Any]) -> tuple[str, ...]:
    classes = part["outcomes"]
    unstated = classes["unparsed"] + classes["empty"] + classes["timed-out"] + classes["failed"]
    lengths = (
        _format_interval(part[name], 0) for name in ("generated_tokens", "reasoning_tokens", "tokens_per_correct")
    )
    return (_format_interval(part["accuracy"]), f"{classes['truncated']:.1%}", f"{unstated:.1%}", *lengths)


def _print_comparison(comparison: Mapping[str, Any], benchmarks: int) -> None:
    from cotpress.cli.display.console_output import print_table

    parts = dict(comparison["benchmarks"])
    if benchmarks > 1:
        parts["all"] = comparison["overall"]
    names = ("accuracy_difference", "accuracy_retention", "inference_ratio", "total_token_ratio")
    rows = [
        (name, part["problems"], *(_format_interval(part[metric]) for metric in names)) for name, part in parts.items()
    ]
    columns = ("benchmark", "in common", "accuracy difference", "retention", "inference ratio", "total-token ratio")
    print_table("Against the baseline", columns, rows)
    overall = comparison["overall"]
    apart = {name: overall[name] for name in ("only_in_run", "only_in_baseline", "other_gold")}
    if any(apart.values()):
        print("not in common: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in apart.items()))
    if "not_comparable" in comparison:
        print(comparison["not_comparable"])


def _format_interval(estimate: Mapping[str, float | None], digits: int = 3) -> str:
    """An estimate with its interval."""
    value, low, high = (
        "-" if number is None else f"{number:,.{digits}f}"
        for number in (estimate["value"], estimate["low"], estimate["high"])
    )
    return value if value == "-" else f"{value} [{low}, {high}]"


def _warn_about_outcomes(outcomes: Mapping[str, float], budget: int) -> None:
    if outcomes["truncated"] > MAX_TRUNCATED_SHARE:
        _logger.warning(
            f"{outcomes['truncated']:.1%} of replies were cut off at {count_noun(budget, 'token')}: accuracy and "
            "lengths say little. Raise --max-new-tokens, for every run that is compared."
        )
    if outcomes["failed"]:
        _logger.warning(f"{outcomes['failed']:.1%} of calls failed; the same command asks for those alone.")
