"""A compressor that rewrites generated traces from their truth, at any level and budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cotpress.errors import OptionError
from cotpress.pruning import compute_token_target
from cotpress.rewriting.attempt import measure_draft
from cotpress.rewriting.checks import Draft
from cotpress.rewriting.levels import Level
from cotpress.rewriting.oracle.corruption import Corruption, corrupt_statements
from cotpress.rewriting.oracle.level_texts import COMPOSERS
from cotpress.rewriting.oracle.oracle_statements import OracleStatement, collect_statements
from cotpress.text import segment
from cotpress.token_counting import TokenCounter
from cotpress.types import Compressed, Rejected, Trace
from cotpress.world import WorldTrace

EMPTY = "empty"


def check_oracle(level: Level) -> None:
    """Raises OptionError for a level that the oracle does not know.

    >>> from cotpress.rewriting.levels import get_level
    >>> check_oracle(get_level("edit"))
    """
    if level.rules not in COMPOSERS:
        raise OptionError(f"The oracle does not know the level '{level.rules}'.", f"It knows {', '.join(COMPOSERS)}.")


@dataclass(frozen=True, eq=False)
class OracleRewriter:
    """Rewrites from the truth: all essential facts first, then what else the trace says while there is room.

    Without a budget, only what is essential is said. Where that is too long, it is said in the fewest words, and then
    from as far back from the answer as fits. So the realized ratio never exceeds the target.

    Args:
        drawn: the generated traces that may be asked for, found by their ids and texts.
        level: preserve, edit, fuse or replace, or a level that names one of them as its strategy.
        ratio: the keep ratio, None for no budget.
        counter: counts tokens; None for units.
        corruption: what is spoiled; None for nothing.

    Raises:
        OptionError: on construction, for a level that it does not know.

    >>> from cotpress.rewriting.levels import get_level
    >>> from cotpress.world import sample
    >>> drawn = sample("math", "long", 1, seed=3)
    >>> oracle = OracleRewriter(drawn, get_level("fuse"))
    >>> [outcome] = oracle.compress([drawn[0].trace])
    >>> print(outcome.text)
    c = 0 - 5 = 5 and d = 5 + 3 = 8.
    <BLANKLINE>
    f = 8 * 8 = 4.
    """

    drawn: Sequence[WorldTrace]
    level: Level
    ratio: float | None = None
    counter: TokenCounter | None = None
    corruption: Corruption | None = None

    def __post_init__(self) -> None:
        check_oracle(self.level)

    def compress(self, traces: Iterable[Trace | Rejected]) -> Iterator[Compressed | Rejected]:
        """One outcome a trace, in the order given; rejections stay where they stand.

        Raises:
            OptionError: a trace is none of those that were given as `drawn`.
        """
        known = {(one.trace.id, one.trace.reasoning): one for one in self.drawn}
        for trace in traces:
            if isinstance(trace, Rejected):
                yield trace
            elif (found := known.get((trace.id, trace.reasoning))) is None:
                raise OptionError(
                    f"The truth of trace '{trace.id}' is not known.", "The oracle rewrites generated traces alone."
                )
            else:
                yield self._rewrite(trace, found)

    def _rewrite(self, trace: Trace, drawn: WorldTrace) -> Compressed:
        original = self._count(trace.reasoning)
        target = None if self.ratio is None else compute_token_target(original, self.ratio)
        text = self._write(drawn, target)
        draft = Draft(trace, text, self.level, str(trace.domain))
        return Compressed(
            trace=trace,
            text=text,
            kept_spans=None,
            tokens_original=original,
            tokens_kept=self._count(text),
            target_ratio=self.ratio,
            flags=() if text else (EMPTY,),
            measures=measure_draft(draft) if text else {"restructuring": 0.0, "faithfulness": 1.0},
        )

    def _write(self, drawn: WorldTrace, target: int | None) -> str:
        statements = collect_statements(drawn, verbatim=self.level.rules == "preserve")
        if self.corruption is not None:
            statements = corrupt_statements(statements, self.corruption, drawn.trace.id)
        essential = [at for at, told in enumerate(statements) if told.priority == 0]
        if target is None:
            return self._compose(drawn, [statements[at] for at in essential])
        if not self._fits(drawn, [statements[at] for at in essential], target):
            return self._write_cores(drawn, [statements[at] for at in essential], target)
        chosen = set(essential)
        extras = [at for at, told in enumerate(statements) if told.priority]
        for at in sorted(extras, key=lambda at: (statements[at].priority, at)):
            if self._fits(drawn, [statements[one] for one in sorted({*chosen, at})], target):
                chosen.add(at)
        return self._compose(drawn, [statements[at] for at in sorted(chosen)])

    def _write_cores(self, drawn: WorldTrace, statements: Sequence[OracleStatement], target: int) -> str:
        """The longest end of the facts, in the fewest words, that fits; "" where not even one does."""
        cores = [replace(told, text=told.core) for told in statements]
        for first in range(len(cores)):
            if self._fits(drawn, cores[first:], target):
                return self._compose(drawn, cores[first:])
        return ""

    def _compose(self, drawn: WorldTrace, statements: Sequence[OracleStatement]) -> str:
        headings = self.level.headings(str(drawn.trace.domain))
        return COMPOSERS[self.level.rules](drawn, statements, headings)

    def _fits(self, drawn: WorldTrace, statements: Sequence[OracleStatement], target: int) -> bool:
        return self._count(self._compose(drawn, statements)) <= target

    def _count(self, text: str) -> int:
        return self.counter.count([text])[0] if self.counter else len(segment(text).kinds)
