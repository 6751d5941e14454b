"""Asking the student: many requests under way, problems handed on as they are complete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cotpress.chat import Request, Sampling
from cotpress.errors import CallFailed, CotpressError
from cotpress.evaluate.judging import Answered
from cotpress.evaluate.plan import Plan
from cotpress.evaluate.student import Student

if TYPE_CHECKING:
    from cotpress.benchmarks import Item

T = TypeVar("T")
VERSION = "evaluate-1"


@dataclass(frozen=True, slots=True)
class Problem:
    """One item of one benchmark."""

    benchmark: str
    item: Item


def ask_all(
    student: Student, plan: Plan, problems: Sequence[Problem], handle: Callable[[list[Answered]], None]
) -> None:
    """Ask for every sample of every problem. `handle` gets the samples of one or more whole problems at a time, in
    whatever order they arrive, from one thread.

    Raises:
        ModelError, MissingExtra: the student cannot be asked at all; what had arrived was handled.
    """
    # Long prompts first: rows of a batch are then of one length, and too little memory shows at once.
    longest = sorted(problems, key=lambda one: -len(one.item.prompt))
    _run(_Asking(student, plan).run(longest, handle))


class _Asking:
    """One run's way through its problems."""

    def __init__(self, student: Student, plan: Plan) -> None:
        self._student, self._plan = student, plan
        self._slots = asyncio.Semaphore(student.concurrency)
        self._arrived: asyncio.Queue[list[Answered] | None] = asyncio.Queue()

    async def run(self, problems: Sequence[Problem], handle: Callable[[list[Answered]], None]) -> None:
        """Ask, and hand on what arrives, until all is there or the student cannot go on."""
        asking = asyncio.create_task(self._ask(problems))
        try:
            while group := await self._next():
                await asyncio.to_thread(handle, group)
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await self._student.chat.close()

    async def _ask(self, problems: Sequence[Problem]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for problem in problems:
                    tasks.create_task(self._samples(problem))
        except BaseExceptionGroup as group:
            raise _first(group) from None
        finally:
            self._arrived.put_nowait(None)

    async def _samples(self, problem: Problem) -> None:
        drawn = self._plan.samplings(problem.benchmark, problem.item)
        found = await asyncio.gather(*(self._sample(problem, at, one) for at, one in enumerate(drawn)))
        self._arrived.put_nowait(found)

    async def _sample(self, problem: Problem, number: int, sampling: Sampling) -> Answered:
        student, item = self._student, problem.item
        request = Request(student.model, self._plan.messages(item), sampling, student.chat.endpoint, VERSION)
        async with self._slots:
            try:
                return Answered(problem.benchmark, item, number, await student.chat.ask(request))
            except CallFailed as error:
                return Answered(problem.benchmark, item, number, error)

    async def _next(self) -> list[Answered]:
        """All that has arrived, once something has; nothing at the end."""
        group = await self._arrived.get()
        found = list(group or [])
        while group is not None and not self._arrived.empty():
            group = self._arrived.get_nowait()
            found += group or []
        if group is None and found:
            self._arrived.put_nowait(None)
        return found


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that ended the run, rather than what followed from it."""
    leaves = list(_leaves(group))
    return next((one for one in leaves if isinstance(one, CotpressError)), leaves[0])


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for one in error.exceptions for leaf in _leaves(one)]
    return [error]


def _run(work: Coroutine[None, None, T]) -> T:
    """Run it on an event loop of its own; in another thread where one runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as worker:
        return worker.submit(asyncio.run, work).result()
