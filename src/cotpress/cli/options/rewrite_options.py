"""Options of rewriting: level, calls and who writes. `compress --auto` fills them in too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.cli.options.choices import DOMAINS, FALLBACKS, HINTS, PATHS, describe_choices, list_choices, offer
from cotpress.cli.options.model_options import ModelOptions
from cotpress.cli.options.pruning_options import REPEATABLE

if TYPE_CHECKING:
    from cotpress.pipeline import ClientConfig, RewriterConfig

LEVEL_GROUP = Group("What is written", sort_key=2)
ENDPOINT_GROUP = Group("Who writes", sort_key=3)
CALL_GROUP = Group("Calls and their cost", sort_key=4)


_LEVEL_HELP = describe_choices(
    "rewriting/levels", "cotpress.levels", ", or a Markdown file of your own; see cotpress levels"
)


_REWRITER_HELP = "rules (no model), or what asks one: " + describe_choices(
    "chat/backends", "cotpress.backends", ", or module:object"
)


_LEVELS = offer(*list_choices("rewriting/levels", "cotpress.levels"))
_REWRITERS = offer("rules", *list_choices("chat/backends", "cotpress.backends"))


@Parameter(name="*", group=LEVEL_GROUP)
@dataclass(frozen=True)
class LevelOptions:
    """Level, budget and what happens where they are missed."""

    level: Annotated[str, Parameter(help=_LEVEL_HELP, metavar="NAME", completer=_LEVELS)] = "edit"
    keep: Annotated[tuple[str, ...], REPEATABLE, Parameter(metavar="RATIO")] = ()
    "Fraction of reasoning tokens to keep; several, as 0.7,0.5,0.3, are mixed over the traces. Without it, no budget."
    tolerance: float = 0.2
    "How far the realized ratio may be from the target, as a fraction of the target."
    tries: int = 3
    "Drafts of one trace at most; each one after the first is asked for with what was wrong."
    fallback: Annotated[str, Parameter(choices=FALLBACKS)] = "best"
    "What happens when no draft is near enough; best: the nearest draft that passed every check."
    domain: Annotated[str, Parameter(choices=("auto", *DOMAINS))] = "auto"
    "What the traces are about; auto: the trace's own domain, else by its look."
    hint: Annotated[str, Parameter(choices=HINTS)] = "none"
    "backbone: a model is also told the steps and results that the answer rests on."
    tokenizer: Annotated[str, PATHS] = ""
    "The student's tokenizer, to count with: hub id, folder or tokenizer.json; units by default."
    seed: int = 0
    "Seed of mixed budgets."


@Parameter(name="*", group=CALL_GROUP)
@dataclass(frozen=True)
class CallOptions:
    """How many calls, how patiently, at what cost."""

    concurrency: int = 8
    "Calls under way at once."
    timeout: float = 120.0
    "Seconds to wait for a reply."
    retries: int = 8
    "Times that a failed call is repeated, with growing pauses; Retry-After is honoured."
    price: str = ""
    "INPUT,OUTPUT in US dollars per million tokens, to know the cost; 0.3,2.5,0.5: --batch costs half of it."
    max_cost: float | None = None
    "Stop once this many dollars are spent; run again with a higher limit to continue."
    max_spent_tokens: int | None = None
    "Stop once this many tokens are spent, prompts and replies together."
    retry_failed: Annotated[bool, Parameter(negative=())] = False
    "Ask again where a stored reply was a refusal or failed its checks."
    dry_run: Annotated[bool, Parameter(negative=())] = False
    "Estimate calls, tokens and cost; call nobody and write nothing."
    batch: Annotated[bool, Parameter(negative=())] = False
    "Send the calls in batches (files and batches of the OpenAI API): slower, at many services for half the price."
    batch_size: Annotated[int, Parameter(metavar="REQUESTS")] = 2000
    "Requests of one batch at most; so many traces are in memory."
    batch_poll: Annotated[float, Parameter(metavar="SECONDS")] = 30.0
    "Seconds between two looks at a batch."
    store: Path | None = None
    "Folder where replies are kept for later runs; $COTPRESS_CACHE or ~/.cache/cotpress by default."

    def build_client_config(self, key_env: str) -> ClientConfig:
        """Limits and patience."""
        from cotpress.chat import BatchPolicy, RetryPolicy, SpendLimit, parse_prices
        from cotpress.pipeline import ClientConfig

        prices = parse_prices(self.price) if self.price else None
        return ClientConfig(
            concurrency=self.concurrency,
            spend_limit=SpendLimit(prices, self.max_cost, self.max_spent_tokens),
            retry_policy=RetryPolicy(self.timeout, self.retries),
            key_env=key_env,
            retry_failed=self.retry_failed,
            batch=BatchPolicy(self.batch_size, self.batch_poll) if self.batch else None,
        )

    def resolve_store(self) -> Path:
        """The folder of stored replies."""
        from cotpress.storage import get_cache_folder

        return self.store or get_cache_folder()


@Parameter(name="*", group=ENDPOINT_GROUP)
@dataclass(frozen=True)
class EndpointOptions:
    """The rewriter and how it is reached."""

    rewriter: Annotated[str, Parameter(help=_REWRITER_HELP, metavar="NAME", completer=_REWRITERS)] = "rules"
    model: Annotated[str, PATHS] = ""
    "Name of the model at the endpoint; for transformers a hub id, folder or .gguf file."
    base_url: str = ""
    "The endpoint's URL, such as http://localhost:8000/v1; $OPENAI_BASE_URL or OpenAI's own by default."
    key_env: str = "OPENAI_API_KEY"
    "Environment variable that holds the key. Keys are read from nowhere else and never written."
    temperature: float = 0.0
    "Sampling temperature."
    top_p: float = 1.0
    "Nucleus sampling."
    max_new_tokens: int | None = None
    "Longest reply in tokens; the endpoint's own limit by default."
    run: ModelOptions = ModelOptions()  # noqa: RUF009 (frozen)
    calls: CallOptions = CallOptions()

    def build_rewriter(self) -> RewriterConfig:
        """The choice of a rewriter."""
        from cotpress.pipeline import RewriterConfig

        return RewriterConfig(
            name=self.rewriter,
            model=self.run.build_spec(self.model),
            base_url=self.base_url,
        )
