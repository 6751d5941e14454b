"""Generated traces as compressions leave them, for the base corpus: pruned, or rewritten by rules or the oracle."""

from __future__ import annotations

import random

from cotpress.pipeline import compress, rewrite
from cotpress.pruning import Method
from cotpress.rewriting.levels import get_level
from cotpress.rewriting.oracle import OracleRewriter
from cotpress.types import Rejected
from cotpress.world import WorldTrace

LEVEL_NAMES = ("preserve", "edit", "fuse", "replace")
WAYS = ("oracle", "rules", "token", "step")  # the last two are prunings at random, by that granularity
WAY_WEIGHTS = (0.4, 0.3, 0.25, 0.05)  # token pruning brings any word to the start of a line, where it is another token
KEEP_RATIOS = (0.9, 0.7, 0.5, 0.3, 0.1)


def rewrite_at_random(drawn: WorldTrace, rng: random.Random) -> str:
    """The reasoning of a trace as one of the ways of compression leaves it; as it was where that rejects it.

    >>> from cotpress.world import sample
    >>> len(rewrite_at_random(sample("math", "long", 1)[0], random.Random(0))) > 0
    True
    """
    [way], level, keep = rng.choices(WAYS, WAY_WEIGHTS), rng.choice(LEVEL_NAMES), rng.choice((None, *KEEP_RATIOS))
    if way == "oracle":
        outcomes = OracleRewriter([drawn], get_level(level), keep).compress([drawn.trace])
    elif way == "rules":
        outcomes = rewrite([drawn.trace], level, keep=keep)
    else:
        outcomes = compress([drawn.trace], Method("random", way, seed=rng.randrange(1000)), keep=keep or 0.5)
    [outcome] = outcomes
    return drawn.trace.reasoning if isinstance(outcome, Rejected) else outcome.text or drawn.trace.reasoning
