"""`cotpress compress`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.auto import advised, chosen, refuse_contradictions, scored
from cotpress.cli.options import ChooseOptions, ReadOptions, ScoreOptions, WordOptions
from cotpress.cli.scaling import ScaleOptions, refuse_unused
from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.advice import Advice
    from cotpress.cli.rewrite import EndpointOptions, LevelOptions


@Parameter(name="*")
@dataclass(frozen=True)
class OutputOptions:
    """Where the output goes and what is said about it."""

    output: Annotated[str, Parameter(name=["--output", "-o"])]
    "Folder to write; an interrupted run is continued there. With --executor also a URL."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace a finished output."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print the summary as JSON on standard output."
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False
    "No progress."
    scale: ScaleOptions = ScaleOptions()  # noqa: RUF009 (frozen)

    def folder(self) -> Path:
        """The output as a folder of this machine, for a run without an executor.

        Raises:
            OptionError: it is a URL, or an option is given that is for an executor.
        """
        refuse_unused(self.scale)
        if "://" in self.output:
            raise OptionError(f"{self.output} is a URL.", "Add --executor local, or give -o a folder.")
        return Path(self.output)


def compress(
    inputs: Annotated[list[str], Parameter(negative=())],
    /,
    *,
    to: OutputOptions,
    read: ReadOptions = ReadOptions(),
    choose: ChooseOptions = ChooseOptions(),
    score: ScoreOptions = ScoreOptions(),
    write: WordOptions = WordOptions(),
) -> int:
    """Prune traces to a budget and write a training set.

    Parameters
    ----------
    inputs
        Files, folders, globs or Hugging Face datasets; with --executor also URLs.
    """
    from cotpress.cli.progress import announced
    from cotpress.cli.rewrite import rewrite
    from cotpress.cli.scaling import run_scaled
    from cotpress.cli.show import report
    from cotpress.pipeline import Place, run

    refuse_contradictions(choose)
    if choose.auto.auto:
        advice = advised(choose.auto, inputs, read)
        if advice.kind == "level":
            what, who = _level(advice, score), _rules(advice, score)
            return rewrite(inputs, to=to, read=read, what=what, who=who, write=write)
        choose, score = chosen(advice, choose), scored(advice, score)
    job = write.job(choose, score)
    if to.scale.executor:
        return run_scaled(to.scale.inputs(inputs, read, to.quiet), job, to, score.place())
    reading = read.reading(inputs)
    place = Place(to.folder(), score.place(), to.force)
    return report(run(reading, job, place, announced(reading, to.quiet)), place.output, to.json)


def _level(advice: Advice, score: ScoreOptions) -> LevelOptions:
    from cotpress.cli.rewrite import LevelOptions

    keep = () if advice.keep is None else (f"{advice.keep:g}",)
    return LevelOptions(level=advice.method, keep=keep, tokenizer=score.tokenizer or advice.models.tokenizer)


def _rules(advice: Advice, score: ScoreOptions) -> EndpointOptions:
    """By the rules: a model's rewriting costs money, which nobody spends without saying so.

    Raises:
        OptionError: the advice is of a model's rewriting.
    """
    from cotpress.cli.rewrite import CallOptions, EndpointOptions

    if advice.models.rewriter not in ("", "rules"):
        raise OptionError(
            f"The advice is rewriting by {advice.models.rewriter_model or advice.models.rewriter}, which --auto does "
            "not call.",
            f"Run: {advice.command}",
        )
    return EndpointOptions(calls=CallOptions(store=score.store))
