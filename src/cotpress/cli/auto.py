"""`--auto` of `cotpress compress`: take the advice for these traces, say so, and do it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from cotpress.cli.options import AutoOptions, ChooseOptions, ReadOptions, ScoreOptions
from cotpress.errors import OptionError

if TYPE_CHECKING:
    from cotpress.advice import Advice, Question
    from cotpress.types import Rejected, Trace

# What advice settles: given beside --auto it would be dropped without a word.
SETTLED = ("criterion", "granularity", "keep", "max_tokens", "corpus")
LOOKED_AT = 200  # traces by which domain and regime are told
REFLECTIVE = 0.05  # share of steps from which on traces count as long: published are 0.6% and 30.2%


def advised(auto: AutoOptions, inputs: list[str], read: ReadOptions) -> Advice:
    """What is advised for these inputs; told on standard error."""
    from cotpress.cli.advise import ask, told

    found = ask(_question(auto, inputs, read), auto.study)
    print("\n".join(told(found)[:-1]), file=sys.stderr, flush=True)
    return found


def _question(auto: AutoOptions, inputs: list[str], read: ReadOptions) -> Question:
    from cotpress.advice import Question

    domain, regime = auto.domain, auto.regime
    if not (domain and regime):
        seen = look(read.reading(inputs))
        domain, regime = domain or seen[0], regime or seen[1]
        print(f"taken for: {domain}, {regime} (--domain and --regime say otherwise)", file=sys.stderr, flush=True)
    return Question(domain, regime, auto.goal)


def look(rows: Iterable[Trace | Rejected]) -> tuple[str, str]:
    """The domain of most of the first traces, and the regime by their reflective steps."""
    from cotpress.inspection import inspect
    from cotpress.rewriting import domain_of
    from cotpress.segment import segment
    from cotpress.types import Trace

    traces = list(islice((row for row in rows if isinstance(row, Trace)), LOOKED_AT))
    domains = Counter(domain_of(trace, segment(trace.reasoning)) for trace in traces)
    reflective = inspect(traces)["reflective_steps"] or 0.0
    return domains.most_common(1)[0][0] if traces else "math", "long" if reflective >= REFLECTIVE else "short"


def refuse_contradictions(choose: ChooseOptions) -> None:
    """Settings that --auto makes itself, or that mean nothing without it.

    Raises:
        OptionError: there are some.
    """
    auto, plain = choose.auto, ChooseOptions()
    if auto.auto:
        given = [name for name in SETTLED if getattr(choose, name) != getattr(plain, name)]
        if given:
            told = ", ".join(f"--{name.replace('_', '-')}" for name in given)
            raise OptionError(f"--auto settles {told} itself.", "Leave out --auto, or what it settles.")
        return
    idle = [name for name in ("domain", "regime", "study") if getattr(auto, name)]
    if idle:
        raise OptionError(f"--{idle[0]} says something to --auto alone.", "Add --auto, or leave it out.")


def chosen(advice: Advice, choose: ChooseOptions) -> ChooseOptions:
    """Pruning as advised; traces that are best left whole keep all of their steps.

    Raises:
        OptionError: the advice is to take other traces.
    """
    if advice.method == "native-short":
        raise OptionError(
            "The study's students did best on traces that were short from the start; these cannot be made into such.",
            "Compress the second source with --criterion head --keep 1, or leave --auto out.",
        )
    if advice.kind == "baseline":
        return replace(choose, criterion="head", granularity="step", keep=("1",))
    protect = ("symbols",) if advice.symbols else ()
    keep = f"{advice.keep:g}"
    return replace(
        choose,
        criterion=advice.method,
        granularity=advice.granularity,
        keep=(keep,),
        protect=(*choose.protect, *protect),
    )


def scored(advice: Advice, score: ScoreOptions) -> ScoreOptions:
    """Scored and counted as it was measured, where the user names no other model or tokenizer.

    Raises:
        OptionError: the criterion needs a classifier, and nobody names one.
    """
    found = replace(score, tokenizer=score.tokenizer or advice.models.tokenizer)
    if score.model or score.source != "auto":
        return found
    if advice.method == "saliency" and not advice.models.saliency:
        raise OptionError("The advice is saliency, which needs a token classifier.", "Name one with --model.")
    named = dict(advice.scoring) if advice.kind == "criterion" else {}
    return replace(found, source=named.get("source", found.source), model=named.get("model", ""))
