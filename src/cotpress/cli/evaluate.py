"""`cotpress evaluate`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from cotpress.cli.options import Many
from cotpress.errors import OptionError
from cotpress.wording import counted

if TYPE_CHECKING:
    from cotpress.benchmarks import Item
    from cotpress.evaluate import Backend, Plan

PROBLEMS = Group("What is asked", sort_key=1)
DRAWING = Group("How replies are drawn", sort_key=2)
STUDENT = Group("Who answers", sort_key=3)
RESULT = Group("Output", sort_key=4)
MANY_TRUNCATED = 0.05


@Parameter(name="*", group=PROBLEMS)
@dataclass(frozen=True)
class ProblemOptions:
    """The benchmarks."""

    benchmark: Annotated[tuple[str, ...], Many] = ()
    "NAME, or NAME=FILE for a local file; repeated for several. See cotpress benchmarks."
    limit: int | None = None
    "The first so many problems of each benchmark."
    problem_seed: int = 0
    "Seed of shuffled options and of the micro world's problems; the same for all runs that are compared."
    bare: Annotated[bool, Parameter(negative=())] = False
    "Ask the bare question, without the sentence on how to state the answer."

    def items(self) -> dict[str, list[Item]]:
        """The problems by benchmark."""
        from cotpress.benchmarks import load_benchmark

        found: dict[str, list[Item]] = {}
        for given in self.benchmark:
            name, _, file = given.partition("=")
            if name in found:
                raise OptionError(f"The benchmark {name} is given twice.", "Give each once.")
            path = Path(file) if file else None
            found[name] = load_benchmark(name, path, self.limit, self.problem_seed, not self.bare)
        return found


@Parameter(name="*", group=DRAWING)
@dataclass(frozen=True)
class DrawOptions:
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

    def plan(self) -> Plan:
        """The plan of the run."""
        from cotpress.evaluate import Plan

        return Plan(self.max_new_tokens, self.samples, self.temperature, self.top_p, self.seed, self.system)


@Parameter(name="*", group=STUDENT)
@dataclass(frozen=True)
class StudentOptions:
    """The student's backend."""

    backend: str = "transformers"
    "transformers, vllm (in this process) or openai (any compatible endpoint)."
    model: str = ""
    "openai: the model's name at the endpoint."
    base_url: str = ""
    "openai: the endpoint's URL; $OPENAI_BASE_URL or OpenAI's own by default."
    key_env: str = "OPENAI_API_KEY"
    "openai: environment variable that holds the key."
    tokenizer: str = ""
    "openai: what counts tokens, a hub id, folder or file; units by default. Local models count themselves."
    batch: int = 32
    "Replies written at once, or requests to an endpoint under way at once."
    timeout: float = 600.0
    "openai: seconds to wait for a reply."
    revision: str = ""
    "Revision of the model on the hub."
    device: str = ""
    "transformers: device, such as cpu or cuda:0."
    dtype: str = ""
    "float32, bfloat16 or float16."
    trust_remote_code: Annotated[bool, Parameter(negative=())] = False
    "Let the model run code of its own."

    def named(self, student: str) -> Backend:
        """The backend with its student."""
        from cotpress.evaluate import Backend

        return Backend(
            model=self.model or student,
            name=self.backend,
            base_url=self.base_url,
            key_env=self.key_env,
            revision=self.revision,
            device=self.device,
            dtype=self.dtype,
            trust_remote_code=self.trust_remote_code,
            tokenizer=self.tokenizer,
            batch=self.batch,
            timeout=self.timeout,
        )


@Parameter(name="*", group=RESULT)
@dataclass(frozen=True)
class ResultOptions:
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


def evaluate(
    student: str = "",
    /,
    *,
    to: ResultOptions,
    ask: ProblemOptions = ProblemOptions(),
    draw: DrawOptions = DrawOptions(),
    who: StudentOptions = StudentOptions(),
) -> int:
    """Have a student solve benchmarks: accuracy and generated length, with intervals.

    Parameters
    ----------
    student
        Folder (a model, or a LoRA adapter), hub id or .gguf file; with --backend openai the name at the endpoint.
    """
    from cotpress.cli.progress import progress_for
    from cotpress.cli.show import print_json
    from cotpress.evaluate import Output, open_student, read_evaluation
    from cotpress.evaluate import evaluate as run

    plan, backend, items = draw.plan(), who.named(student), ask.items()
    baseline = read_evaluation(to.baseline) if to.baseline else None
    who_answers = open_student(backend)
    if who_answers.templated is False:
        _say(f"{backend.model} has no chat template: problems are given to it as plain text.")
    output = Output(to.output, to.force, baseline, to.other_budget)
    done = run(who_answers, items, plan, output, None, progress_for(to.quiet, "problem"))
    summary = done.summary(baseline)
    if to.json:
        print_json(summary)
    else:
        _print(summary, to.output)
    _warn(summary["overall"]["outcomes"], plan.max_new_tokens)
    return 0


def _print(summary: Mapping[str, Any], output: Path) -> None:
    """The figures in a table, a line a benchmark."""
    from cotpress.cli.show import print_table

    parts = dict(summary["benchmarks"])
    if len(parts) > 1:
        parts["all"] = summary["overall"]
    columns = ("benchmark", "problems", "accuracy", "truncated", "no answer", "tokens", "reasoning", "tokens/correct")
    rows = [(name, part["problems"], *_cells(part)) for name, part in parts.items()]
    student = summary["settings"]["student"]
    title = student["model"] or student["endpoint"].split("@")[0].split(":")[-1]
    print_table(f"{title}, at most {counted(summary['settings']['max_new_tokens'], 'token')}", columns, rows)
    samples = summary["overall"]["samples"]
    if samples > 1:
        passed = ", ".join(f"pass@{k} {_span(one)}" for k, one in summary["overall"]["pass_at"].items())
        print(f"accuracy is avg@{samples}; {passed}")
    if "comparison" in summary:
        _print_comparison(summary["comparison"], len(summary["benchmarks"]))
    print(f"tokens counted with {summary['settings']['counted_with']}; intervals of 95%")
    print(f"written to {output} in {summary['seconds']:.1f} s")


def _cells(part: Mapping[str, Any]) -> tuple[str, ...]:
    classes = part["outcomes"]
    unstated = classes["unparsed"] + classes["empty"] + classes["timed-out"] + classes["failed"]
    lengths = (_span(part[name], 0) for name in ("generated_tokens", "reasoning_tokens", "tokens_per_correct"))
    return (_span(part["accuracy"]), f"{classes['truncated']:.1%}", f"{unstated:.1%}", *lengths)


def _print_comparison(comparison: Mapping[str, Any], benchmarks: int) -> None:
    from cotpress.cli.show import print_table

    parts = dict(comparison["benchmarks"])
    if benchmarks > 1:
        parts["all"] = comparison["overall"]
    names = ("accuracy_difference", "accuracy_retention", "inference_ratio", "total_token_ratio")
    rows = [(name, part["problems"], *(_span(part[one]) for one in names)) for name, part in parts.items()]
    columns = ("benchmark", "in common", "accuracy difference", "retention", "inference ratio", "total-token ratio")
    print_table("Against the baseline", columns, rows)
    overall = comparison["overall"]
    apart = {name: overall[name] for name in ("only_in_run", "only_in_baseline", "other_gold")}
    if any(apart.values()):
        print("not in common: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in apart.items()))
    if "not_comparable" in comparison:
        print(comparison["not_comparable"])


def _span(one: Mapping[str, float | None], digits: int = 3) -> str:
    """An estimate with its interval."""
    value, low, high = (
        "-" if number is None else f"{number:,.{digits}f}" for number in (one["value"], one["low"], one["high"])
    )
    return value if value == "-" else f"{value} [{low}, {high}]"


def _warn(outcomes: Mapping[str, float], budget: int) -> None:
    if outcomes["truncated"] > MANY_TRUNCATED:
        _say(
            f"{outcomes['truncated']:.1%} of replies were cut off at {counted(budget, 'token')}: accuracy and lengths "
            "say little. Raise --max-new-tokens, for every run that is compared."
        )
    if outcomes["failed"]:
        _say(f"{outcomes['failed']:.1%} of calls failed; the same command asks for those alone.")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
