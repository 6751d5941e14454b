"""`cotpress rewrite`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.cli.compress import OutputOptions
from cotpress.cli.options import Many, ReadOptions, WordOptions, ratios

if TYPE_CHECKING:
    from cotpress.pipeline import Asking, Endpoint, RewriteJob

LEVEL = Group("What is written", sort_key=2)
ENDPOINT = Group("Who writes", sort_key=3)
LIMITS = Group("Calls and their cost", sort_key=4)


@Parameter(name="*", group=LEVEL)
@dataclass(frozen=True)
class LevelOptions:
    """Level, budget and what happens where they are missed."""

    level: str = "edit"
    "preserve, edit, fuse or replace, or a Markdown file of your own; see cotpress levels."
    keep: Annotated[tuple[str, ...], Many] = ()
    "Fraction of reasoning tokens to keep; several, as 0.7,0.5,0.3, are mixed over the traces. None: no budget."
    tolerance: float = 0.2
    "How far the realized ratio may be from the target, as a fraction of the target."
    tries: int = 3
    "Drafts of one trace at most; each after the first is told what was wrong."
    fallback: str = "best"
    "When no draft is near enough: best (the nearest that passed every check), reject, keep-original or prune."
    domain: str = "auto"
    "math, general, or auto: the trace's own domain, else by its look."
    tokenizer: str = ""
    "The student's tokenizer, to count with: hub id, folder or tokenizer.json; units by default."
    seed: int = 0
    "Seed of mixed budgets."


@Parameter(name="*", group=LIMITS)
@dataclass(frozen=True)
class CallOptions:
    """How many calls, how patiently, at what cost."""

    concurrency: int = 8
    "Calls under way at once."
    timeout: float = 120.0
    "Seconds to wait for an answer."
    retries: int = 8
    "Times that a failed call is repeated, with growing pauses; Retry-After is honoured."
    price: str = ""
    "INPUT,OUTPUT in US dollars per million tokens, to know the cost."
    max_cost: float | None = None
    "Stop once this many dollars are spent; run again with a higher limit to continue."
    max_tokens: int | None = None
    "Stop once this many tokens are spent, prompts and answers together."
    retry_failed: Annotated[bool, Parameter(negative=())] = False
    "Ask again where a stored answer was a refusal or failed its checks."
    dry_run: Annotated[bool, Parameter(negative=())] = False
    "Estimate calls, tokens and cost; call nobody and write nothing."
    store: Path | None = None
    "Folder where answers are kept for later runs; $COTPRESS_CACHE or ~/.cache/cotpress by default."

    def asking(self, key_env: str) -> Asking:
        """Limits and patience."""
        from cotpress.chat import Allowance, Patience, parse_prices
        from cotpress.pipeline import Asking

        prices = parse_prices(self.price) if self.price else None
        return Asking(
            concurrency=self.concurrency,
            allowance=Allowance(prices, self.max_cost, self.max_tokens),
            patience=Patience(self.timeout, self.retries),
            key_env=key_env,
            retry_failed=self.retry_failed,
        )

    def place(self) -> Path:
        """The folder of stored answers."""
        from cotpress.store import default_cache

        return self.store or default_cache()


@Parameter(name="*", group=ENDPOINT)
@dataclass(frozen=True)
class EndpointOptions:
    """The rewriter and how it is reached."""

    rewriter: str = "rules"
    "rules (no model), openai (any compatible endpoint) or transformers (a model on this machine)."
    model: str = ""
    "Name of the model at the endpoint; for transformers a hub id, folder or .gguf file."
    base_url: str = ""
    "The endpoint's URL, such as http://localhost:8000/v1; $OPENAI_BASE_URL or OpenAI's own by default."
    key_env: str = "OPENAI_API_KEY"
    "Environment variable that holds the key. Keys are read from nowhere else and never written."
    temperature: float = 0.0
    "Sampling temperature."
    top_p: float = 1.0
    "Nucleus sampling."
    answer_tokens: int | None = None
    "Longest answer in tokens; the endpoint's own limit by default."
    revision: str = ""
    "transformers: revision of the model on the hub."
    device: str = ""
    "transformers: device, such as cpu or cuda:0."
    dtype: str = ""
    "transformers: float32, bfloat16 or float16."
    trust_remote_code: Annotated[bool, Parameter(negative=())] = False
    "transformers: let the model run code of its own."
    calls: CallOptions = CallOptions()

    def endpoint(self) -> Endpoint:
        """The choice of a rewriter."""
        from cotpress.pipeline import Endpoint

        return Endpoint(
            name=self.rewriter,
            model=self.model,
            base_url=self.base_url,
            revision=self.revision,
            device=self.device,
            dtype=self.dtype,
            trust_remote_code=self.trust_remote_code,
        )


def rewrite(
    inputs: Annotated[list[str], Parameter(negative=())],
    /,
    *,
    to: OutputOptions,
    read: ReadOptions = ReadOptions(),
    what: LevelOptions = LevelOptions(),
    who: EndpointOptions = EndpointOptions(),
    write: WordOptions = WordOptions(),
) -> int:
    """Have traces rewritten at one of the restructuring levels, and write a training set.

    Parameters
    ----------
    inputs
        Files, folders, globs or Hugging Face datasets; with --executor also URLs.
    """
    from cotpress.cli.progress import announced
    from cotpress.cli.scaling import run_scaled
    from cotpress.cli.show import print_estimate, print_json, report
    from cotpress.pipeline import Place, estimate, run_rewrite

    job, asking = _job(what, who, write), who.calls.asking(who.key_env)
    if to.scale.executor and not who.calls.dry_run:
        return run_scaled(to.scale.inputs(inputs, read, to.quiet), job, to, who.calls.place(), asking)
    reading = read.reading(inputs)
    progress = announced(reading, to.quiet)
    place = Place(to.folder(), who.calls.place(), to.force)
    if who.calls.dry_run:
        foreseen = estimate(reading, job, asking, place.store, progress)
        (print_json if to.json else print_estimate)(foreseen)
        return 0
    return report(run_rewrite(reading, job, asking, place, progress), place.output, to.json)


def _job(what: LevelOptions, who: EndpointOptions, write: WordOptions) -> RewriteJob:
    from cotpress.chat import Sampling
    from cotpress.pipeline import RewriteJob
    from cotpress.rewriting import Steering

    return RewriteJob(
        level=what.level,
        endpoint=who.endpoint(),
        keep=ratios(what.keep),
        steering=Steering(what.tries, what.tolerance, what.fallback),
        sampling=Sampling(who.temperature, who.top_p, who.answer_tokens),
        domain=what.domain,
        tokenizer=what.tokenizer,
        style=write.style(),
        format=write.export,
        drop_wrong=write.drop_wrong,
        seed=what.seed,
    )
