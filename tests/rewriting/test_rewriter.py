"""Steering: who is asked how often, what is told, and what becomes of a trace of which no draft is near enough."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cotpress.errors import ModelCallError, ModelError, OptionError, SpendLimitError
from cotpress.pruning import Method, Pruner, parse_keep_ratio
from cotpress.rewriting import Feedback, RewritePolicy, Rewriter, RewriteTask, RulesWriter, WriterReply
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.task import make_rewrite_task
from cotpress.types import Compressed, ModelCall, Rejected, Trace

TEXT = "First we add two and three to see it. Then 2 + 3 = 5 as we can say. So the answer is 5 in the end."
GOOD = "We sum two and three. 2 + 3 = 5. So the answer is 5."
SHORT = "Add. 2 + 3 = 5. The answer is 5."
WRONG = "We add two and three. 2 + 3 = 6. So the answer is 6."


def trace(name: str = "a", reasoning: str = TEXT) -> Trace:
    return Trace(name, "What is 2 + 3?", reasoning)


@dataclass
class Script:
    """Gives the drafts of a script, one a try, and remembers what it was told."""

    drafts: Sequence[WriterReply | Exception]
    name: str = "script"
    told: list[tuple[Feedback, ...]] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    stopped: bool = False
    closed: int = 0

    async def write(self, task: RewriteTask, earlier: Sequence[Feedback]) -> WriterReply:
        draft = self.drafts[len(self.told) % len(self.drafts)]
        self.told.append(tuple(earlier))
        if isinstance(draft, Exception):
            raise draft
        return draft

    def record_verdict(self, written: WriterReply, verdict: str) -> None:
        self.verdicts.append(verdict)

    def stop(self) -> None:
        self.stopped = True

    async def close(self) -> None:
        self.closed += 1


def written(text: str, finish: str = "stop") -> WriterReply:
    return WriterReply(text, finish, ModelCall("k", "", finish, 10, 5))


def rewriter(script: Script, keep: float | None = None, **steering: object) -> Rewriter:
    ratio = keep or 0.5
    return Rewriter(
        LEVELS["edit"],
        script,
        lambda trace: keep,
        RewritePolicy(**steering),  # type: ignore[arg-type]
        pruner=Pruner(Method("random", "token"), lambda trace: parse_keep_ratio(ratio)),
    )


def outcome(script: Script, keep: float | None = None, **steering: object) -> Compressed | Rejected:
    [one] = rewriter(script, keep, **steering).compress([trace()])
    return one


def test_a_good_first_draft_is_taken() -> None:
    script = Script([written(GOOD)])
    one = outcome(script)
    assert isinstance(one, Compressed)
    assert (one.text, one.flags, one.target_ratio, one.kept_spans) == (GOOD, (), None, None)
    assert 0 < one.measures["restructuring"] < 0.5
    assert one.measures["faithfulness"] == 1.0
    assert [call.verdict for call in one.calls] == ["ok"]
    assert (script.told, script.verdicts, script.closed) == ([()], ["ok"], 1)


def test_a_failed_check_is_told_and_mended() -> None:
    script = Script([written(WRONG), written(GOOD)])
    one = outcome(script)
    assert isinstance(one, Compressed)
    assert one.text == GOOD
    [turn] = script.told[1]
    assert turn.text == WRONG
    assert turn.faults
    assert [call.verdict for call in one.calls] == ["answer-kept", "ok"]


def test_the_measured_ratio_is_told() -> None:
    script = Script([written(GOOD), written(SHORT)])
    one = outcome(script, keep=0.4, tolerance=0.25)
    assert isinstance(one, Compressed)
    assert one.text == SHORT
    [turn] = script.told[1]
    assert turn.off_budget
    assert turn.ratio == pytest.approx(0.64, abs=0.1)


FALLBACKS = {
    "best": (SHORT, ("off-budget",)),
    "reject": ("off-budget", ()),
    "keep-original": (TEXT, ("kept-original", "off-budget")),
    "prune": (None, ("pruned", "off-budget")),
}


@pytest.mark.parametrize("fallback", FALLBACKS)
def test_off_budget_falls_back_by_policy(fallback: str) -> None:
    script = Script([written(GOOD), written(SHORT), written(GOOD + " Yes.")])
    one = outcome(script, keep=0.2, fallback=fallback)
    text, flags = FALLBACKS[fallback]
    assert len(one.calls) == 3
    if fallback == "reject":
        assert isinstance(one, Rejected)
        assert one.reason == text
        assert "too far from the target" in one.detail
        return
    assert isinstance(one, Compressed)
    assert one.flags[: len(flags)] == flags
    assert text is None or one.text == text
    assert one.target_ratio == 0.2
    assert {*one.measures} == {"restructuring", "faithfulness"}


@pytest.mark.parametrize("fallback", ["best", "reject"])
def test_without_a_draft_that_passes_the_trace_is_rejected_with_the_reason(fallback: str) -> None:
    one = outcome(Script([written(WRONG), written(WRONG + " "), written(WRONG + "  ")]), fallback=fallback)
    assert isinstance(one, Rejected)
    assert one.reason == "answer-kept"
    assert len(one.calls) == 3


def test_a_refusal_is_not_repeated() -> None:
    one = outcome(Script([written("", "refused")]))
    assert isinstance(one, Rejected)
    assert (one.reason, len(one.calls)) == ("refused", 1)


def test_the_same_draft_again_ends_the_tries() -> None:
    script = Script([written(WRONG)])
    assert isinstance(outcome(script, tries=9), Rejected)
    assert len(script.told) == 2


def test_a_failed_call_rejects_the_trace_and_the_run_goes_on() -> None:
    script = Script([ModelCallError("Nobody answered."), written(GOOD)])
    first, second = rewriter(script).compress([trace("a"), trace("b")])
    assert isinstance(first, Rejected)
    assert (first.reason, first.id) == ("call-failed", "a")
    assert isinstance(second, Compressed)


@pytest.mark.parametrize("error", [ModelError("Wrong key."), SpendLimitError("Spent.")])
def test_what_would_fail_for_all_ends_the_run(error: Exception) -> None:
    script = Script([error])
    with pytest.raises(type(error)):
        list(rewriter(script).compress([trace(str(number)) for number in range(100)]))
    assert script.stopped
    assert script.closed == 1


def test_rejections_stay_where_they_stand() -> None:
    rows = [Rejected("bad", "It is."), trace("a"), Rejected("worse", "It is."), trace("b"), Rejected("worst", "It is.")]
    out = list(rewriter(Script([written(GOOD)])).compress(rows))
    names = [one.reason if isinstance(one, Rejected) else one.trace.id for one in out]
    assert names == ["bad", "a", "worse", "b", "worst"]


@dataclass
class Slow(Script):
    """Later traces answer sooner; counts how many are under way."""

    under_way: int = 0
    most: int = 0

    async def write(self, task: RewriteTask, earlier: Sequence[Feedback]) -> WriterReply:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        last = time.monotonic() + 1
        while self.most <= 8 and time.monotonic() < last:  # until as many are under way, however slow the machine is
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.03 if int(task.trace.id) % 2 else 0.001)
        self.under_way -= 1
        return written(GOOD)


def test_many_are_under_way_and_outcomes_keep_their_order() -> None:
    taken = 0

    def traces() -> Iterator[Trace]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield trace(str(number))

    slow = Slow([])
    out = rewriter(slow).compress(traces())
    first = next(iter(out))
    assert isinstance(first, Compressed)
    assert taken < 100, "the input is read as it is needed"
    ids = [first.trace.id, *(one.trace.id for one in out if isinstance(one, Compressed))]
    assert ids == [str(number) for number in range(200)]
    assert 8 < slow.most <= 32


def test_a_caller_that_stops_early_leaves_nothing_running() -> None:
    slow = Slow([])
    out = rewriter(slow).compress(trace(str(number)) for number in range(10_000))
    next(iter(out))
    out.close()  # type: ignore[attr-defined]
    assert slow.stopped
    assert slow.closed == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "cotpress-rewrite"]


def test_it_works_where_an_event_loop_runs_already() -> None:
    async def notebook() -> int:
        return len(list(rewriter(Script([written(GOOD)])).compress([trace()])))

    assert asyncio.run(notebook()) == 1


OUT_OF_RANGE: dict[str, Callable[[], object]] = {
    "tries": lambda: RewritePolicy(tries=0),
    "tolerance": lambda: RewritePolicy(tolerance=1.5),
    "negative": lambda: RewritePolicy(tolerance=-0.1),
    "fallback": lambda: RewritePolicy(fallback="bets"),
    "concurrency": lambda: Rewriter(LEVELS["edit"], Script([]), lambda trace: None, concurrency=0),
    "domain": lambda: Rewriter(LEVELS["edit"], Script([]), lambda trace: None, domain="maths"),
    "prune": lambda: Rewriter(LEVELS["edit"], Script([]), lambda trace: None, RewritePolicy(fallback="prune")),
}


@pytest.mark.parametrize("name", OUT_OF_RANGE)
def test_values_out_of_range_are_refused(name: str) -> None:
    with pytest.raises(OptionError):
        OUT_OF_RANGE[name]()


@given(st.integers(1, 10_000), st.integers(1, 100))
@example(100, 29)
def test_rewriting_and_pruning_have_the_same_budget(tokens: int, hundredths: int) -> None:
    task = replace(
        make_rewrite_task(Trace("1", "2+3?", "2+3=5."), LEVELS["edit"], ratio=hundredths / 100), tokens=tokens
    )
    assert task.budget == parse_keep_ratio(hundredths / 100).apply_to(tokens) == tokens * hundredths // 100


LONG = TEXT.replace("to see it", "so that we see it right").replace("in the end", "in the end of it")


@pytest.mark.parametrize("keep", [None, 0.9])
def test_what_is_longer_than_the_original_is_not_shipped(keep: float | None) -> None:
    script = Script([written(LONG), written(LONG.replace("right", "well")), written(LONG)])
    one = outcome(script, keep=keep)
    assert isinstance(one, Compressed)
    assert (one.text, one.flags) == (TEXT, ("kept-original", "longer-than-original"))
    assert "It is longer than the original." in script.told[1][0].faults


def test_what_is_farther_from_the_budget_than_the_original_is_not_shipped() -> None:
    one = outcome(Script([written(SHORT)]), keep=0.95)
    assert isinstance(one, Compressed)
    assert (one.text, one.flags) == (TEXT, ("kept-original", "off-budget"))


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("Итак, это равно 3 плюс 4. Очевидно, что ответ равен 7.", ("no-phrases",)),
        ("Bueno, la suma de 3 y 4 es 7. La respuesta es 7.", ()),
        ("3 + 4 = 7", ()),
    ],
)
def test_rules_without_phrases_of_a_language_say_so(text: str, flags: tuple[str, ...]) -> None:
    rewriter = Rewriter(LEVELS["edit"], RulesWriter(), lambda trace: None)
    [outcome] = rewriter.compress([Trace("1", "3 + 4?", text, "7")])
    assert isinstance(outcome, Compressed)
    assert outcome.flags == flags
