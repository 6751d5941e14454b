"""`--auto` of `cotpress compress`: take the advice for these traces, say so, and do it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from cotpress.cli.options import AutoOptions, ChooseOptions, ReadOptions

if TYPE_CHECKING:
    from cotpress.advice import Advice, Question
    from cotpress.types import Rejected, Trace

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


def chosen(advice: Advice, choose: ChooseOptions) -> ChooseOptions:
    """Pruning as advised; traces that are best left whole keep all of their steps."""
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
