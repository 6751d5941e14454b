"""How much is kept, as a user says it: ratios or "auto", a cap, and what they hold for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cotpress.criteria import CRITERIA, Criterion
from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.pruning import (
    ACCEPT,
    AUTO_KEEP,
    DEFAULT_COVERAGE,
    DEFAULT_SPREAD,
    FINER,
    SHORTFALL_POLICIES,
    build_token_cap,
    parse_budget,
    parse_spread,
)

DEFAULT_KEEP_RATIO = "0.5"  # where neither a budget is given nor the criterion gives coverage


@dataclass(frozen=True, slots=True)
class BudgetConfig:
    """How much is kept.

    Args:
        keep: keep ratios, or "auto" for what the answer rests on; several are mixed over the traces. None given: "auto"
            where the criterion gives coverage, else 0.5; with `max_tokens`, whatever the cap allows.
        max_tokens: at most this many tokens of each trace, 1 or more; with `keep`, at most what that allows, too.
        corpus: whether the ratio is one threshold for all traces together.
        conversation: whether ratio and cap hold for all reasoning of a row together, such as the turns of a
            conversation: a turn with more redundancy gives more.
        difficulty: whether traces of easy questions keep less and those of hard ones more, all together the ratio.
        spread: with `difficulty`, how many times the share of an easiest question's trace that of a hardest one is, 1
            to 1000.
        coverage: the share of what the answer rests on that "auto" keeps, 0 < coverage <= 1.
        shortfall: what becomes of a trace whose whole steps do not suit its budget, a name of SHORTFALL_POLICIES. A
            corpus-wide threshold and turns that share a budget take whole steps in any case.
        allow_empty: whether a trace may lose all of its reasoning and train the answer alone; else it is rejected.

    Raises:
        OptionError: on construction, for values that are out of range or do not go together.

    >>> BudgetConfig(keep=("auto",), max_tokens=2000).target is None
    True
    """

    keep: tuple[str, ...] = ()
    max_tokens: int | None = None
    corpus: bool = False
    coverage: float = DEFAULT_COVERAGE
    shortfall: str = FINER
    allow_empty: bool = False
    conversation: bool = False
    difficulty: bool = False
    spread: float = DEFAULT_SPREAD

    def __post_init__(self) -> None:
        if self.shortfall not in SHORTFALL_POLICIES:
            raise build_unknown_name_error("policy for a shortfall", str(self.shortfall), SHORTFALL_POLICIES)
        if isinstance(self.keep, str):
            raise OptionError(f"keep='{self.keep}' is one text.", f"Give a tuple of ratios: keep=('{self.keep}',).")
        for value in (*self.keep, AUTO_KEEP):  # the coverage is checked in any case
            parse_budget(value, self.coverage)
        if self.max_tokens is not None:
            build_token_cap(self.max_tokens)
        if self.corpus and (len(self.keep) > 1 or self.max_tokens is not None):
            raise OptionError("A corpus-wide threshold takes exactly one keep ratio.", "Give one --keep RATIO.")
        if self.corpus and self.conversation:
            raise OptionError("A budget is one of the corpus or one of each conversation.", "Give one --budget-per.")
        if self.conversation and AUTO_KEEP in self.keep and self.max_tokens is None:
            raise OptionError(
                "--keep auto is what each turn needs, alone or beside others.",
                "Leave --budget-per conversation out, or give --keep RATIO or --max-tokens.",
            )
        if self.corpus and self.keep == (AUTO_KEEP,):
            raise OptionError(
                "--keep auto is one threshold for all traces already.", "Leave --corpus out, or give --keep RATIO."
            )
        self._check_difficulty()

    def _check_difficulty(self) -> None:
        parse_spread(self.spread)
        if not self.difficulty:
            if self.spread != DEFAULT_SPREAD:
                raise OptionError(
                    "--spread says something to --budget-by difficulty alone.", "Give that, or leave --spread out."
                )
            return
        if self.corpus or self.conversation:
            raise OptionError(
                "--budget-by difficulty gives each trace a budget of its own.", "Leave --budget-per and --corpus out."
            )
        if len(self.keep) > 1 or AUTO_KEEP in self.keep or self.max_tokens is not None:
            raise OptionError(
                "--budget-by difficulty shares out what exactly one keep ratio leaves.", "Give one --keep RATIO."
            )

    def resolve_keep(self, criterion: Criterion) -> BudgetConfig:
        """The same with `keep` as the criterion makes it where none was given.

        Raises:
            OptionError: "auto" with a criterion that gives no coverage, or a coverage that nothing asks for.

        >>> from cotpress.criteria import get_criterion
        >>> BudgetConfig().resolve_keep(get_criterion("nll")).keep
        ('0.5',)
        """
        keep = self.keep
        if not keep and self.max_tokens is None:
            keep = (
                (AUTO_KEEP,)
                if criterion.gives_coverage and not (self.corpus or self.conversation or self.difficulty)
                else (DEFAULT_KEEP_RATIO,)
            )
        if AUTO_KEEP in keep and not criterion.gives_coverage:
            known = ", ".join(name for name, entry in CRITERIA.items() if entry.gives_coverage) or "none is installed"
            raise OptionError(
                f"--keep auto needs a criterion that knows what the answer rests on ({known}); "
                f"'{criterion.name}' does not.",
                "Give --keep RATIO, or such a criterion.",
            )
        if self.coverage != DEFAULT_COVERAGE and AUTO_KEEP not in keep:
            raise OptionError("--coverage says something to --keep auto alone.", "Give --keep auto, or leave it out.")
        return replace(self, keep=keep)

    @property
    def shortfall_policy(self) -> str:
        """What becomes of a trace whose whole steps do not suit its budget, where its budget is its own."""
        return ACCEPT if self.corpus else self.shortfall

    @property
    def target(self) -> float | None:
        """The one keep ratio that was asked for, None for a cap, a mix or "auto"."""
        ratios = () if self.max_tokens is not None else self.keep
        return parse_budget(ratios[0]).ratio if len(ratios) == 1 else None
