"""Options that verbs share, as dataclasses that the parser flattens. Nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.export import Style
    from cotpress.pipeline import Amount, Job, Scoring
    from cotpress.prune import Method
    from cotpress.traces import Fields, Reading

READING = Group("Reading", sort_key=1)
CHOOSING = Group("What is kept", sort_key=2)
SCORING = Group("Signals", sort_key=3)
WRITING = Group("Training set", sort_key=4)
AUTO = Group("Settings by advice", sort_key=5)
Many = Parameter(negative=(), consume_multiple=False)


@Parameter(name="*", group=READING)
@dataclass(frozen=True)
class ReadOptions:
    """Which columns hold what; the format is recognised where none is named."""

    question: str | None = None
    "Field with the question."
    reasoning: str | None = None
    "Field with the reasoning."
    answer: str | None = None
    "Field with the text after the reasoning."
    gold: str | None = None
    "Field with the reference answer."
    id: str | None = None
    "Field with the id, or auto to number the rows."
    join: Path | None = None
    "File whose columns are added to the rows with the same id."

    def fields(self) -> Fields:
        """Which field is what."""
        from cotpress.traces import Fields

        return Fields(self.question, self.reasoning, self.answer, self.gold, self.id)

    def reading(self, inputs: list[str]) -> Reading:
        """Open the inputs."""
        from cotpress.traces import read

        return read(inputs, self.fields(), join=self.join)


@Parameter(name="*", group=AUTO)
@dataclass(frozen=True)
class AutoOptions:
    """Advice in place of settings of one's own."""

    auto: Annotated[bool, Parameter(negative=())] = False
    "Apply what cotpress advise says, in place of criterion, granularity, keep and protect."
    domain: str = ""
    "math or general; by the look of the traces where it is not given."
    regime: str = ""
    "long or short; by the share of reflective steps where it is not given."
    goal: str = "train-cost"
    "train-cost or inference-cost."
    study: Path | None = None
    "Run of cotpress sweep that the advice is taken from; the published findings without one."


@Parameter(name="*", group=CHOOSING)
@dataclass(frozen=True)
class ChooseOptions:
    """Criterion, granularity, budget and protection."""

    criterion: str = "nll"
    "nll, entropy, saliency, random, head, tail, middle-out or reflection."
    granularity: str = "step"
    "step or token."
    keep: Annotated[tuple[str, ...], Many] = ("0.5",)
    "Fraction of reasoning tokens kept; several, as 0.9,0.5,0.3, are mixed over the traces."
    max_tokens: int | None = None
    "Keep at most this many tokens of each trace, instead of a ratio."
    corpus: Annotated[bool, Parameter(negative=())] = False
    "One threshold for all traces together, so that easy ones shrink more."
    protect: Annotated[tuple[str, ...], Many] = ()
    "Keep symbols too; answer is protected by default, none switches that off."
    protect_regex: Annotated[tuple[str, ...], Many] = ()
    "Keep what this regular expression matches."
    steps: str = "auto"
    "How reasoning is cut into steps: auto, paragraph, line or sentence."
    reduction: str = "mean"
    "How token values make a step's importance: mean, sum, max or min."
    fill: Annotated[bool, Parameter(negative=())] = False
    "Pack what still fits into the budget; smaller budgets no longer nest in larger ones."
    seed: int = 0
    "Seed of the random criterion and of mixed budgets."
    auto: AutoOptions = AutoOptions()

    def method(self) -> Method:
        """The pruning method."""
        from cotpress.prune import Method

        names = [name.strip() for given in self.protect for name in given.split(",") if name.strip()]
        wanted = [name for name in names if name != "none"] if "none" in names else ["answer", *names]
        return Method(
            criterion=self.criterion,
            granularity=self.granularity,
            protect=tuple(dict.fromkeys(wanted)),
            patterns=self.protect_regex,
            steps=self.steps,
            reduction=self.reduction,
            fill=self.fill,
            seed=self.seed,
        )

    def amount(self) -> Amount:
        """The budget."""
        from cotpress.pipeline import Amount

        return Amount(keep=ratios(self.keep), max_tokens=self.max_tokens, corpus=self.corpus)


@Parameter(name="*", group=SCORING)
@dataclass(frozen=True)
class ScoreOptions:
    """Where nll, entropy and saliency come from, and what counts tokens."""

    source: str = "auto"
    "auto, ngram, lm, saliency, or llmlingua (as that package does it); auto: the model named, else the n-gram model."
    model: str = ""
    "Hub id, folder or .gguf file of the scoring model."
    revision: str = ""
    "Revision of the model on the hub."
    device: str = ""
    "Device, such as cpu or cuda:0; the best one by default."
    dtype: str = ""
    "float32, bfloat16 or float16; what the device is fast in by default."
    context: int | None = None
    "Tokens that the model looks at together, prompt included; the model's own limit by default."
    batch_tokens: int | None = None
    "Tokens run through the model together; what suits the device by default."
    trust_remote_code: Annotated[bool, Parameter(negative=())] = False
    "Let the model run code of its own."
    tokenizer: str = ""
    "The student's tokenizer, to count with: hub id, folder, file, or embedded model; units by default."
    store: Path | None = None
    "Folder where signals are kept for later runs; $COTPRESS_CACHE or ~/.cache/cotpress by default."

    def scoring(self) -> Scoring:
        """The choice of a signal source."""
        from cotpress.models import Limits
        from cotpress.pipeline import Scoring

        return Scoring(
            source=self.source,
            model=self.model,
            revision=self.revision,
            device=self.device,
            dtype=self.dtype,
            limits=Limits(self.context, self.batch_tokens),
            trust_remote_code=self.trust_remote_code,
        )

    def place(self) -> Path:
        """The folder of the signal store."""
        from cotpress.store import default_cache

        return self.store or default_cache()


def ratios(given: tuple[str, ...]) -> tuple[str, ...]:
    """Keep ratios as written: several options, several in one, or both."""
    found = tuple(ratio.strip() for some in given for ratio in some.split(",") if ratio.strip())
    if given and not found:
        raise OptionError("--keep was given without a ratio.", "Give the fraction to keep, such as 0.5.")
    return found


@Parameter(name="*", group=WRITING)
@dataclass(frozen=True)
class WordOptions:
    """How the training set is worded."""

    export: str = "messages"
    "messages, prompt-completion, sharegpt or alpaca."
    think: str = "auto"
    "Think tags: auto (where the source had them), none, or OPEN,CLOSE."
    ratio_prompt: str | None = None
    "Sentence that states the budget in the prompt, with {ratio} or {percent}; 'default' has one ready."
    drop_wrong: Annotated[bool, Parameter(negative=())] = False
    "Reject traces whose stated answer is not the gold one."

    def style(self) -> Style:
        """The wording of examples."""
        from cotpress.export import RATIO_PROMPT, Style

        stated = RATIO_PROMPT if self.ratio_prompt == "default" else self.ratio_prompt or ""
        return Style(self.think, stated)

    def job(self, choose: ChooseOptions, score: ScoreOptions) -> Job:
        """All options of a pruning run together."""
        from cotpress.pipeline import Job

        return Job(
            method=choose.method(),
            amount=choose.amount(),
            scoring=score.scoring(),
            tokenizer=score.tokenizer,
            style=self.style(),
            format=self.export,
            drop_wrong=self.drop_wrong,
        )
