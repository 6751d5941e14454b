"""The kinds of signal sources by name: what each gives, whether it needs a model, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cotpress.errors import OptionError
from cotpress.models import ModelSpec
from cotpress.registry import Registry, first_line
from cotpress.signals import LM, Saliency
from cotpress.signals.answer_directed import BidirectionalLM, ConditionedLM, RemovalLM
from cotpress.signals.ngram import NGram
from cotpress.types import Rejected, SignalSource, Trace

if TYPE_CHECKING:
    from cotpress.served import ServedLM, ServerConfig

Rows = Iterable[Trace | Rejected]
LLMLINGUA = "llmlingua"  # compresses by itself, words, chunks and percentiles included


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of signal source.

    Args:
        provides: the names of the signals that it gives.
        make: gives the source, from the model that is named and the rows of the run; the rows are read once at most.
            On an executor a source is made without rows.
        needs_model: whether a model has to be named.
        cost: what it asks of the model for a trace, in forward passes, for listings.
        cuts_steps: whether its signals are of steps. `make` then gets how steps are cut as a third argument.
        asks_server: whether a server has the model. `make` then gets a ServerConfig as its last argument.
    """

    provides: frozenset[str]
    make: Callable[..., SignalSource]
    needs_model: bool = False
    cost: str = ""
    cuts_steps: bool = False
    asks_server: bool = False

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return first_line(self.make)


def _adapt_kind(name: str, entry: Any) -> SourceKind:
    if isinstance(entry, SourceKind):
        return entry
    raise OptionError(f"The signal source '{name}' is a {type(entry).__name__}.", "Give a SourceKind.")


SIGNAL_SOURCES: Registry[SourceKind] = Registry("signal source", "cotpress.signal_sources", adapt=_adapt_kind)


def _make_ngram(model: ModelSpec, rows: Rows) -> NGram:
    """An n-gram model fitted on the traces: no download."""
    return NGram.fit(row for row in rows if isinstance(row, Trace))


def _make_lm(model: ModelSpec, rows: Rows) -> LM:
    """A causal language model."""
    return LM(model)


def _make_saliency(model: ModelSpec, rows: Rows) -> Saliency:
    """A token classifier, used as its labels mean it."""
    return Saliency(model)


def _refuse_llmlingua(model: ModelSpec, rows: Rows) -> SignalSource:
    """A token classifier, used as the llmlingua package uses it."""
    raise OptionError("The source 'llmlingua' scores for itself.", "Use it with cotpress compress.")


def _make_conditioned(model: ModelSpec, rows: Rows) -> ConditionedLM:
    """A causal language model that reads the answer first."""
    return ConditionedLM(model)


def _make_removal(model: ModelSpec, rows: Rows, steps: str = "auto") -> RemovalLM:
    """A causal language model asked for the answer without each step that checks or corrects."""
    return RemovalLM(model, steps)


def _make_bidirectional(model: ModelSpec, rows: Rows, steps: str = "auto") -> BidirectionalLM:
    """A causal language model that reads question and answer after each step alone."""
    return BidirectionalLM(model, steps)


def _make_served(model: ModelSpec, rows: Rows, server: ServerConfig) -> ServedLM:
    """A causal language model behind an endpoint that gives the log-probabilities of a prompt."""
    from cotpress.served import ServedLM

    return ServedLM(model, server)


def _make_served_top_k(model: ModelSpec, rows: Rows, server: ServerConfig) -> ServedLM:
    """The same, with the entropy of the most probable tokens as the server gives them."""
    from cotpress.served import ServedLM

    return ServedLM(model, server, top_k_entropy=True)


def find_source_of(signal: str) -> str:
    """The name of the one kind that gives a signal: of the answer, of steps, of a server; "" for others.

    >>> find_source_of("pir"), find_source_of("nll")
    ('lm-pir', '')
    """
    if signal in SIGNAL_SOURCES.get_entry("lm").provides:
        return ""
    return next((name for name in _ONLY_SOURCES if signal in SIGNAL_SOURCES.get_entry(name).provides), "")


def describe_cost(signals: Iterable[str]) -> str:
    """What signals take of a model for each trace, in forward passes; "" where no model of ours gives them.

    >>> describe_cost(["nll", "nll_given_answer"])
    '1 pass + 1 pass with the answer'
    """
    kinds = {name: kind for name, kind in SIGNAL_SOURCES.items() if kind.needs_model and kind.cost}
    asked = [next((name for name, kind in kinds.items() if signal in kind.provides), "") for signal in sorted(signals)]
    return " + ".join(kinds[name].cost for name in dict.fromkeys(asked) if name)


_ONLY_SOURCES = ("lm-given-answer", "lm-pir", "lm-bis", "served-top-k")

SIGNAL_SOURCES.add("ngram", SourceKind(frozenset({"nll", "entropy"}), _make_ngram))
SIGNAL_SOURCES.add("lm", SourceKind(frozenset({"nll", "entropy"}), _make_lm, needs_model=True, cost="1 pass"))
SIGNAL_SOURCES.add(
    "served",
    SourceKind(frozenset({"nll"}), _make_served, needs_model=True, cost="1 request a window", asks_server=True),
)
SIGNAL_SOURCES.add(
    "served-top-k",
    SourceKind(
        frozenset({"nll", "top_k_entropy"}),
        _make_served_top_k,
        needs_model=True,
        cost="1 request a window, with alternatives",
        asks_server=True,
    ),
)
SIGNAL_SOURCES.add(
    "saliency", SourceKind(frozenset({"keep_probability"}), _make_saliency, needs_model=True, cost="1 pass")
)
SIGNAL_SOURCES.add("llmlingua", SourceKind(frozenset({"keep_probability"}), _refuse_llmlingua, needs_model=True))
SIGNAL_SOURCES.add(
    "lm-given-answer",
    SourceKind(frozenset({"nll_given_answer"}), _make_conditioned, needs_model=True, cost="1 pass with the answer"),
)
SIGNAL_SOURCES.add(
    "lm-pir",
    SourceKind(
        frozenset({"pir"}),
        _make_removal,
        needs_model=True,
        cost="1 pass, and up to 16 over what follows a step",
        cuts_steps=True,
    ),
)
SIGNAL_SOURCES.add(
    "lm-bis",
    SourceKind(
        frozenset({"bis"}),
        _make_bidirectional,
        needs_model=True,
        cost="2 short passes a step, with question and answer",
        cuts_steps=True,
    ),
)
