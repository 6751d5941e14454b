"""Working on many traces at once, giving the outcomes in the order of the traces."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future, wait
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
PATIENCE = 15.0  # seconds that a run which ends early waits for answers under way: they are paid for


class Worker(Protocol):
    """What is told when the work ends."""

    def stop(self) -> None:
        """Begin nothing new. May be called from any thread."""

    async def close(self) -> None:
        """Let go of connections and files."""


def in_order(
    items: Iterable[Item],
    work: Callable[[Item], Coroutine[Any, Any, Result]],
    worker: Worker,
    ahead: int,
) -> Iterator[Result]:
    """The result of `work` on each item, in order, with at most `ahead` items in hand.

    Runs on an event loop in a thread of its own, so that it also works where a loop runs already (a
    notebook). When anything fails, or the caller stops early, the worker is told to begin nothing new, and what
    is under way gets `PATIENCE` seconds to end. The worker is closed last.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="cotpress-rewrite", daemon=True)
    thread.start()
    under_way: deque[Future[Result]] = deque()
    try:
        for item in items:
            under_way.append(asyncio.run_coroutine_threadsafe(work(item), loop))
            while under_way and (len(under_way) >= ahead or under_way[0].done()):
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except BaseException:
        worker.stop()
        raise
    finally:
        wait(under_way, timeout=PATIENCE)
        asyncio.run_coroutine_threadsafe(_shut(worker), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _shut(worker: Worker) -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await worker.close()
