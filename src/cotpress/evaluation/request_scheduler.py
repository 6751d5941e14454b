"""Asking the student: many requests under way, problems handed on as they are complete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cotpress.chat import ChatRequest, SamplingParameters
from cotpress.chat.event_loop import run_coroutine
from cotpress.errors import CotpressError, ModelCallError
from cotpress.evaluation.config import EvaluationConfig
from cotpress.evaluation.reply_rows import SampleReply
from cotpress.evaluation.student import ChatStudent

if TYPE_CHECKING:
    from cotpress.evaluation.benchmarks import BenchmarkItem

PROTOCOL_VERSION = "evaluate-1"


@dataclass(frozen=True, slots=True)
class EvaluationProblem:
    """One item of one benchmark."""

    benchmark: str
    item: BenchmarkItem


def ask_all(
    student: ChatStudent,
    plan: EvaluationConfig,
    problems: Sequence[EvaluationProblem],
    handle: Callable[[list[SampleReply]], None],
) -> None:
    """Ask for every sample of every problem. `handle` gets the samples of one or more whole problems at a time, in
    whatever order they arrive, from one thread.

    Raises:
        ModelError, MissingExtra: the student cannot be asked at all; what had arrived was handled.
    """
    # Long prompts first: rows of a batch are then of one length, and too little memory shows at once.
    longest = sorted(problems, key=lambda problem: -len(problem.item.prompt))
    run_coroutine(_RequestScheduler(student, plan).run(longest, handle))


class _RequestScheduler:
    """One run's way through its problems."""

    def __init__(self, student: ChatStudent, plan: EvaluationConfig) -> None:
        self._student, self._plan = student, plan
        self._slots = asyncio.Semaphore(student.concurrency)
        self._arrived: asyncio.Queue[list[SampleReply] | None] = asyncio.Queue()

    async def run(self, problems: Sequence[EvaluationProblem], handle: Callable[[list[SampleReply]], None]) -> None:
        """Ask, and hand on what arrives, until all is there or the student cannot go on."""
        asking = asyncio.create_task(self._ask(problems))
        try:
            while group := await self._take_arrived():
                await asyncio.to_thread(handle, group)
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await self._student.chat.close()

    async def _ask(self, problems: Sequence[EvaluationProblem]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for problem in problems:
                    tasks.create_task(self._ask_problem(problem))
        except BaseExceptionGroup as group:
            raise _find_cause(group) from None
        finally:
            self._arrived.put_nowait(None)

    async def _ask_problem(self, problem: EvaluationProblem) -> None:
        drawn = self._plan.make_samplings(problem.benchmark, problem.item)
        replies = await asyncio.gather(*(self._ask_sample(problem, at, sampling) for at, sampling in enumerate(drawn)))
        self._arrived.put_nowait(replies)

    async def _ask_sample(self, problem: EvaluationProblem, number: int, sampling: SamplingParameters) -> SampleReply:
        student, item = self._student, problem.item
        request = ChatRequest(
            student.model, self._plan.make_messages(item), sampling, student.chat.endpoint, PROTOCOL_VERSION
        )
        async with self._slots:
            try:
                return SampleReply(problem.benchmark, item, number, await student.chat.ask(request))
            except ModelCallError as error:
                return SampleReply(problem.benchmark, item, number, error)

    async def _take_arrived(self) -> list[SampleReply]:
        """All that has arrived, once something has; nothing at the end."""
        group = await self._arrived.get()
        replies = list(group or [])
        while group is not None and not self._arrived.empty():
            group = self._arrived.get_nowait()
            replies += group or []
        if group is None and replies:
            self._arrived.put_nowait(None)
        return replies


def _find_cause(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that ended the run, rather than what followed from it."""
    leaves = list(_flatten_group(group))
    return next((leaf for leaf in leaves if isinstance(leaf, CotpressError)), leaves[0])


def _flatten_group(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for nested in error.exceptions for leaf in _flatten_group(nested)]
    return [error]
