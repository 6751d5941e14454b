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
SHUTDOWN_TIMEOUT = 15.0  # seconds that a run which ends early waits for the answers under way, which are paid for


class StoppableResource(Protocol):
    """A resource that is stopped and closed when the work ends."""

    def stop(self) -> None:
        """Begin nothing new. May be called from any thread."""

    async def close(self) -> None:
        """Close connections and files."""


def map_in_order(
    items: Iterable[Item],
    work: Callable[[Item], Coroutine[Any, Any, Result]],
    worker: StoppableResource,
    ahead: int,
) -> Iterator[Result]:
    """The result of `work` on each item, in order.

    The work runs on an event loop in a thread of its own, so that it also works where a loop runs already (a
    notebook). When anything fails, or the caller stops early, `worker.stop` is called, and what is under way gets
    `SHUTDOWN_TIMEOUT` seconds to end. The worker is closed last.

    Args:
        items: what is worked on; read as it is needed.
        work: makes a result of an item.
        worker: what the work uses.
        ahead: how many items may be begun and not yet given.
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
        wait(under_way, timeout=SHUTDOWN_TIMEOUT)
        asyncio.run_coroutine_threadsafe(_cancel_and_close(worker), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _cancel_and_close(worker: StoppableResource) -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await worker.close()
