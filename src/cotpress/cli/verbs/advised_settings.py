"""`--auto` of `cotpress compress`: take the advice for these traces, say so, and do it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from cotpress.cli.options.pruning_options import AutoOptions, PruningOptions, SignalOptions
from cotpress.cli.options.read_options import ReadOptions
from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.analysis.advice import Advice, AdviceRequest
    from cotpress.types import Rejected, Trace

# What advice settles: given beside --auto it would be dropped without a word.
ADVISED_OPTIONS = ("criterion", "granularity", "keep", "max_tokens", "corpus", "budget_by")
MAX_SAMPLED_TRACES = 200  # traces from which domain and regime are detected
LONG_REFLECTIVE_SHARE = 0.05  # share of steps from which on traces count as long: published are 0.6% and 30.2%


def advise_for_inputs(auto: AutoOptions, inputs: Sequence[str], read: ReadOptions) -> Advice:
    """What is advised for these inputs; it is printed on standard error."""
    from cotpress.cli.verbs.advise import find_advice, format_advice

    advice = find_advice(_build_request(auto, inputs, read), auto.study)
    print("\n".join(format_advice(advice)[:-1]), file=sys.stderr, flush=True)
    return advice


def _build_request(auto: AutoOptions, inputs: Sequence[str], read: ReadOptions) -> AdviceRequest:
    from cotpress.analysis.advice import AdviceRequest

    domain, regime = auto.domain, auto.regime
    if not (domain and regime):
        seen = detect_domain_and_regime(read.open_inputs(inputs))
        domain, regime = domain or seen[0], regime or seen[1]
        print(f"taken for: {domain}, {regime} (--domain and --regime say otherwise)", file=sys.stderr, flush=True)
    return AdviceRequest(domain, regime, auto.goal)


def detect_domain_and_regime(rows: Iterable[Trace | Rejected]) -> tuple[str, str]:
    """The domain of most of the first traces, and the regime by their reflective steps."""
    from cotpress.analysis.inspection import inspect
    from cotpress.rewriting import detect_domain
    from cotpress.text import segment
    from cotpress.types import Trace

    traces = list(islice((row for row in rows if isinstance(row, Trace)), MAX_SAMPLED_TRACES))
    domains = Counter(detect_domain(trace, segment(trace.reasoning)) for trace in traces)
    reflective = inspect(traces)["reflective_steps"] or 0.0
    return domains.most_common(1)[0][
        0
    ] if traces else "math", "long" if reflective >= LONG_REFLECTIVE_SHARE else "short"


def refuse_contradictions(choose: PruningOptions) -> None:
    """Settings that --auto makes itself, or that mean nothing without it.

    Raises:
        OptionError: there are some.
    """
    auto, plain = choose.auto, PruningOptions()
    if auto.auto:
        names = [name for name in ADVISED_OPTIONS if getattr(choose, name) != getattr(plain, name)]
        if names:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in names)
            raise OptionError(f"--auto settles {options} itself.", "Leave out --auto, or what it settles.")
        return
    idle = [name for name in ("domain", "regime", "study") if getattr(auto, name)]
    if idle:
        raise OptionError(f"--{idle[0]} says something to --auto alone.", "Add --auto, or leave it out.")


def apply_pruning_advice(advice: Advice, choose: PruningOptions) -> PruningOptions:
    """Pruning as advised; traces that are best left whole keep all of their steps.

    Raises:
        OptionError: the advice is to take other traces.
    """
    from cotpress.tables import split_reduction

    if advice.method == "native-short":
        raise OptionError(
            "The study's students did best on traces that were short from the start; these cannot be made into such.",
            "Compress the second source with --criterion head --keep 1, or leave --auto out.",
        )
    if advice.kind == "baseline":
        return replace(choose, criterion="head", granularity="step", keep=("1",))
    protect = ("symbols",) if advice.symbols else ()
    keep = "auto" if advice.keep is None else f"{advice.keep:g}"
    criterion, reduction = split_reduction(advice.method)
    return replace(
        choose,
        criterion=criterion,
        reduction=reduction or choose.reduction,
        granularity=advice.granularity,
        keep=(keep,),
        protect=(*choose.protect, *protect),
    )


def apply_signal_advice(advice: Advice, score: SignalOptions) -> SignalOptions:
    """Scored and counted as it was measured, where the user names no other model or tokenizer.

    Raises:
        OptionError: the criterion needs a classifier, and nobody names one.
    """
    counted = replace(score, tokenizer=score.tokenizer or advice.models.tokenizer)
    if score.model or score.source != "auto":
        return counted
    if advice.method == "saliency" and not advice.models.saliency:
        raise OptionError("The advice is saliency, which needs a token classifier.", "Name one with --model.")
    named = dict(advice.scoring_options) if advice.kind == "criterion" else {}
    return replace(counted, source=named.get("source", counted.source), model=named.get("model", ""))
