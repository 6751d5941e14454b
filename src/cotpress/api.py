"""The verbs of the command line as Python functions, where these are more than a call of one package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cotpress.errors import OptionError
from cotpress.models import ModelSpec
from cotpress.notebook_view import RunSummary
from cotpress.token_counting import TokenCounter
from cotpress.types import Rejected, SignalSource, Trace

if TYPE_CHECKING:
    from cotpress.analysis.advice import Advice
    from cotpress.analysis.rating import RatedTrace
    from cotpress.evaluation import ChatStudent, ChatStudentConfig, EvaluationConfig, EvaluationResult
    from cotpress.evaluation.benchmarks import BenchmarkItem
    from cotpress.study import ExecutorConfig, Study, SweepResult


def inspect(
    traces: str | Path | Iterable[Trace | Rejected] | Iterable[Mapping[str, Any]], counter: TokenCounter | None = None
) -> RunSummary:
    """What is in traces: counts, lengths, redundancy, answers.

    Args:
        traces: a file, folder or dataset; rows as dictionaries, or a loaded dataset; or traces that are read already.
        counter: counts tokens; by default units are counted.

    >>> inspect([Trace("1", "2+3?", "2+3=5.", "The answer is 5.", gold="5")])["answer_matches_gold"]
    1.0
    """
    from cotpress.analysis.inspection import inspect as inspect_rows

    return RunSummary(inspect_rows(_open_traces(traces), counter))


def rate(
    traces: str | Path | Iterable[Trace | Rejected] | Iterable[Mapping[str, Any]],
    student: str | Path | ModelSpec | SignalSource | None = None,
    *,
    store: str | Path | None = None,
) -> Iterator[RatedTrace | Rejected]:
    """What is known of traces before they are chosen: how hard the question is, how well the trace suits a student.

    Args:
        traces: a file, folder or dataset; rows as dictionaries, or a loaded dataset; or traces that are read already.
        student: the model whose rank-surprisal ratio is found (arXiv 2601.14249; lower suits it better): a folder, hub
            id or embedded model, or a source of "nll" and "rank" such as RankLM; None for the difficulty alone.
        store: a folder where the student's signals are kept for later calls.

    Raises:
        InputError: a row states a difficulty that is no number from 0 to 1.
        ModelError: the student cannot be found, loaded or used.

    >>> rows = [{"question": "2+3?", "reasoning": "So 2+3.", "answer": answer, "gold": "5"} for answer in ("5", "6")]
    >>> [(rated.trace.difficulty, rated.suitability.ratio > 1) for rated in rate(rows, "world-llama")]
    [(0.5, True), (0.5, True)]
    """
    from cotpress.analysis.rating import rate as rate_traces
    from cotpress.signals import RankLM

    named = isinstance(student, str | Path | ModelSpec)
    source = RankLM(cast("str | Path | ModelSpec", student)) if named else cast("SignalSource | None", student)
    return rate_traces(_open_traces(traces), source, None if store is None else Path(store))


def _open_traces(
    traces: str | Path | Iterable[Trace | Rejected] | Iterable[Mapping[str, Any]],
) -> Iterable[Trace | Rejected]:
    from cotpress.traces import ReferencedTraces, TraceReader, is_row_input, read

    is_read = isinstance(traces, TraceReader | ReferencedTraces)
    if not is_read and (isinstance(traces, str | Path) or is_row_input(traces)):
        return read(cast("str | Path | Iterable[Mapping[str, Any]]", traces))
    return cast("Iterable[Trace | Rejected]", traces)


def measure(
    output: str | Path,
    references: str | Path | None = None,
    reference_field: str | None = None,
    *,
    gauges: Sequence[str | Callable[..., float | None]] = (),
) -> RunSummary:
    """What a finished output of compress, rewrite or write did to its traces.

    Args:
        output: its folder.
        references: a file of second, natively short solutions of the same problems; the figures then have
            `reference`: how much of their content is kept, and how much random pruning keeps.
        reference_field: the field of that file with the solution; recognised by default.
        gauges: gauges of your own beside those of cotpress: functions of a `TextPair`, or "module:function".

    Raises:
        InputError: it is no such output, or the references cannot be read or are of other problems.
        OptionError: `output` is no path, or a gauge cannot be found.
        ModelError: a gauge of your own failed.

    >>> from cotpress import compress, write
    >>> _ = write(compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")]), "out")
    >>> measure("out")["traces"]
    1
    """
    from cotpress.analysis.output_measures import measure_output
    from cotpress.gauges import GAUGES
    from cotpress.traces import read_references

    if not isinstance(output, str | Path):
        raise OptionError(
            f"A {type(output).__name__} is no folder of an output.",
            "Give cotpress.write(outcomes, folder) the outcomes first, or measure one with cotpress.measure_gauges.",
        )
    names = [gauge if isinstance(gauge, str) else GAUGES.name_object(gauge) for gauge in gauges]
    solutions = None if references is None else read_references(references, reference_field)
    return RunSummary(measure_output(Path(output), solutions, {name: GAUGES.get_entry(name) for name in names}))


def evaluate(
    student: str | Path | ModelSpec | ChatStudentConfig | ChatStudent,
    benchmarks: Sequence[str] | Mapping[str, Sequence[BenchmarkItem]],
    *,
    output: str | Path | None = None,
    config: EvaluationConfig | None = None,
    limit: int | None = None,
    force: bool = False,
) -> EvaluationResult:
    """Have a student solve benchmarks.

    Args:
        student: a folder, hub id or embedded model; a ChatStudentConfig for an endpoint or vLLM; or a ChatStudent.
        benchmarks: names, or NAME=FILE as in the command line; or problems by the benchmark's name.
        output: a folder for rows and summary, where an interrupted evaluation is continued; None: in memory.
        config: length, samples and temperature of replies.
        limit: the first so many problems of each benchmark.
        force: whether a finished output is replaced.

    Raises:
        OptionError, InputError: a benchmark cannot be loaded.
        ModelError: the student cannot be found or loaded.

    >>> result = evaluate("world-llama", ["world_math"], limit=2)
    >>> result.summarize()["overall"]["problems"]
    2
    """
    from cotpress.evaluation import ChatStudent, ChatStudentConfig, EvaluationOutput, open_student
    from cotpress.evaluation import evaluate as run
    from cotpress.evaluation.benchmarks import load_benchmark
    from cotpress.models import make_model_spec

    if not isinstance(student, ChatStudentConfig | ChatStudent):
        student = ChatStudentConfig(make_model_spec(student))
    if not isinstance(benchmarks, Mapping):
        named = (given.partition("=") for given in ([benchmarks] if isinstance(benchmarks, str) else benchmarks))
        benchmarks = {name: load_benchmark(name, file or None, limit) for name, _, file in named}
    kept = None if output is None else EvaluationOutput(Path(output), force)
    opened = open_student(student) if isinstance(student, ChatStudentConfig) else student
    return run(opened, benchmarks, config, kept)


def sweep(
    study: str | Path | Study,
    output: str | Path,
    *,
    store: str | Path | None = None,
    executor: ExecutorConfig | None = None,
) -> SweepResult:
    """Run a study: every cell of its grid, resumable, with tables at the end.

    Args:
        study: a YAML file, the name of a study that comes with cotpress, or a Study.
        output: the run's folder; the same call continues an interrupted run.
        store: a folder of finished artifacts that studies share; by default in `output`.
        executor: how many processes work, and for how long.

    Raises:
        OptionError: the study is faulty; all faults are named at once.
        OutputError: another process runs in `output`, or it cannot be written.

    >>> conditions = "{math: {traces: world, domain: math, regime: short, limit: 2}}"
    >>> grid = f"{{name: Small, conditions: {conditions}, pruning: {{criteria: [random]}}}}"
    >>> _ = Path("study.yaml").write_text(grid)
    >>> sweep("study.yaml", "run").failed
    {}
    """
    from cotpress.study import Study, read_study
    from cotpress.study import sweep as run

    whole = study if isinstance(study, Study) else read_study(study)
    return run(whole, Path(output), store=None if store is None else Path(store), executor=executor)


def report(study: str | Path, output: str | Path | None = None, *, title: str = "", sample: int = 12) -> Path:
    """Write a study's page, figures and tables; the path of the page.

    Args:
        study: the folder that `sweep` wrote.
        output: the folder for report.html, figures/ and tables/; by default the study's own.
        title: of the page; by default the study's name.
        sample: how many traces the page carries.

    Raises:
        InputError: there are no tables of a study.
        OutputError: the folder cannot be written.

    >>> conditions = "{math: {traces: world, domain: math, regime: short, limit: 2}}"
    >>> grid = f"{{name: Small, conditions: {conditions}, pruning: {{criteria: [random]}}}}"
    >>> _ = Path("study.yaml").write_text(grid)
    >>> _ = sweep("study.yaml", "run")
    >>> report("run", title="A small study", sample=1).name
    'report.html'
    """
    from cotpress.analysis.advice import read_study_models
    from cotpress.reporting import build_report
    from cotpress.tables import read_study_name, read_study_tables

    folder = Path(study)
    tables = read_study_tables(folder / "tables")
    name, models = title or read_study_name(folder), read_study_models(folder)
    return build_report(tables, Path(output or folder), title=name, sample=sample, models=models)


def advise(
    domain: str, regime: str, *, goal: str = "train-cost", study: str | Path | None = None, student: str = ""
) -> Advice:
    """Which settings to use, from a study or from what this project measured, with the published findings beside it.

    Args:
        domain: "math" or "general".
        regime: "long" or "short".
        goal: "train-cost" or "inference-cost".
        study: the folder of a run of `sweep`; None: what this project measured.
        student: narrows a study to one student.

    Raises:
        OptionError: a domain, regime or goal that is not known.
        InputError: the study does not answer the question.

    >>> advise("math", "long").method
    'backbone'
    """
    from cotpress.analysis.advice import AdviceRequest, advise_from_run
    from cotpress.analysis.advice import advise as advise_from_tables

    request = AdviceRequest(domain, regime, goal, student)
    return advise_from_tables(request) if study is None else advise_from_run(request, Path(study))
