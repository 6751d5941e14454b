"""A chat model behind the batch interface of an OpenAI-compatible endpoint: slower, and mostly for half the price.

Requests that wait at the same time become one batch. What is asked because of its replies, such as second drafts,
becomes a further batch. Every batch is in the journal before it can cost anything, so that a run that was killed finds
it again; every reply is in the cache before its batch leaves the journal.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cotpress.chat.api_errors import CallContext
from cotpress.chat.batch_client import COMPLETIONS_PATH, BatchClient, BatchState
from cotpress.chat.batch_journal import BatchJournal, BatchRecord
from cotpress.chat.batch_output import LineFailure, read_output
from cotpress.chat.openai_chat import MAX_COMPLETION_TOKENS_KEY, MAX_TOKENS_KEY, build_payload
from cotpress.chat.reply_cache import ReplyCache
from cotpress.chat.request import ChatReply, ChatRequest
from cotpress.errors import CotpressError, ModelCallError, ModelError, OptionError, SpendLimitError
from cotpress.number_formatting import count_noun

IDLE_SECONDS = 2.0  # a batch is sent once no request has come for so long
SETTLING_TURNS = 20  # turns of the event loop in which replies that are there may lead to further requests
MAX_INPUT_BYTES = 100_000_000  # bytes of one file of requests; services take 100 to 200 MB
MAX_REQUESTS = 50_000  # requests of one batch, as most services have it
DOWNLOADS = 3  # times that results are fetched, where lines of a finished batch are missing
MAX_POLL_FAILURES = 10  # looks at a batch in a row that may fail; each is repeated as often as any call
MIN_TOTAL_FAILURE = 20  # requests; a batch of so many without one reply ends the run


@dataclass(frozen=True, slots=True)
class BatchPolicy:
    """How requests are put into batches.

    Args:
        size: the most requests of one batch, 1 to 50,000. So many traces are in memory at a time.
        poll_seconds: between two looks at a batch.
        repetitions: how often a request is put into a further batch when it was not answered for a reason that passes,
            such as a batch that expired.

    Raises:
        OptionError: on construction, for values out of range.
    """

    size: int = 2000
    poll_seconds: float = 30.0
    repetitions: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MAX_REQUESTS:
            raise OptionError(f"The batch size is {self.size}.", f"Give a number from 1 to {MAX_REQUESTS}.")
        if not 0 < self.poll_seconds <= 3600:
            raise OptionError(f"poll_seconds is {self.poll_seconds}.", "Give a number above 0, at most 3600.")
        if self.repetitions < 0:
            raise OptionError(f"repetitions is {self.repetitions}.", "Give 0 or more.")


@dataclass(slots=True, eq=False)
class _Waiting:
    """A request that waits for its reply."""

    request: ChatRequest
    reply: asyncio.Future[ChatReply]
    began: float
    repetitions: int = 0


class BatchChat:
    """Answers requests by batches; see `ChatModel`. Used from one event loop at a time.

    Args:
        client: reaches the endpoint.
        journal: where batches under way are kept.
        cache: where every reply of a batch goes, also one that nobody asks for in this run.
        policy: how large batches are, and how often they are looked at.
        report: is told how the batches stand.
    """

    def __init__(
        self,
        client: BatchClient,
        journal: BatchJournal,
        cache: ReplyCache,
        policy: BatchPolicy | None = None,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.endpoint = client.endpoint
        self._client, self._journal, self._cache = client, journal, cache
        self._policy, self._report = policy or BatchPolicy(), report
        self._records: dict[str, BatchRecord] | None = None  # by the key of each of their requests
        self._waiting: dict[str, _Waiting] = {}
        self._queue: dict[str, _Waiting] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._limit_name = MAX_TOKENS_KEY
        self._loop: asyncio.AbstractEventLoop | None = None

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The reply, once a batch has brought it; one that an earlier run sent, where there is one."""
        self._loop = asyncio.get_running_loop()
        key = request.compute_key()
        if key not in self._waiting:
            waiting = _Waiting(request, self._loop.create_future(), time.monotonic())
            record = self._read_records().get(key)
            self._waiting[key] = waiting
            if record is None:
                self._enqueue(key, waiting)
            else:
                self._start(record.name, self._follow(record), record.keys)
        return await asyncio.shield(self._waiting[key].reply)

    def stop(self) -> None:
        """Wait for no batch any longer. Those that were sent go on, and a later run finds them. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._abandon)

    async def close(self) -> None:
        """Stop waiting, and close connections and the journal."""
        self._abandon()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks, self._records = {}, None
        await self._client.close()
        self._journal.close()

    def _read_records(self) -> dict[str, BatchRecord]:
        if self._records is None:
            records = [record for record in self._journal.read() if record.endpoint == self.endpoint]
            self._records = {key: record for record in records for key in record.keys}
        return self._records

    def _abandon(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        hint = "Batches that were sent go on: run the same command again to fetch their replies."
        for waiting in self._waiting.values():
            _fail(waiting, SpendLimitError("The run was stopped.", hint))
        self._waiting, self._queue = {}, {}

    def _enqueue(self, key: str, waiting: _Waiting) -> None:
        self._queue[key] = waiting
        self._start("collect", self._collect(), self._queue)

    def _start(self, name: str, work: Coroutine[Any, Any, None], keys: Sequence[str] | dict[str, _Waiting]) -> None:
        """Begin the work of that name, unless it goes on. An error of it is that of all requests that it is about."""
        if name in self._tasks and not self._tasks[name].done():
            work.close()
            return

        async def run() -> None:
            try:
                await work
            except Exception as error:
                for key in list(keys):
                    self._queue.pop(key, None)
                    if waiting := self._waiting.pop(key, None):
                        _fail(waiting, _end_run(error))

        self._tasks[name] = asyncio.get_running_loop().create_task(run())

    async def _collect(self) -> None:
        """Send what waits, once nothing more comes."""
        while self._queue:
            before = len(self._queue)
            if before < self._policy.size:
                await asyncio.sleep(IDLE_SECONDS)
                for _ in range(SETTLING_TURNS):
                    await asyncio.sleep(0)
            if len(self._queue) == before or len(self._queue) >= self._policy.size:
                await self._send(self._take_group())

    def _take_group(self) -> dict[str, bytes]:
        """The next requests of one model that fit one batch: their lines by their keys."""
        group: dict[str, bytes] = {}
        model, size = next(iter(self._queue.values())).request.model, 0
        for key, waiting in self._queue.items():
            if waiting.request.model != model:
                continue
            line = self._build_line(key, waiting.request)
            if group and (len(group) == self._policy.size or size + len(line) > MAX_INPUT_BYTES):
                break
            group[key] = line
            size += len(line)
        return group

    def _build_line(self, key: str, request: ChatRequest) -> bytes:
        body = build_payload(request, self._limit_name)
        row = {"custom_id": key, "method": "POST", "url": COMPLETIONS_PATH, "body": body}
        return json.dumps(row).encode() + b"\n"

    async def _send(self, group: dict[str, bytes]) -> None:
        """Upload a file of requests and make a batch of it, each step in the journal before the next."""
        model = self._waiting[next(iter(group))].request.model
        input_file = await self._client.upload(b"".join(group.values()))
        record = self._journal.save(BatchRecord(self.endpoint, model, tuple(group), input_file))
        state = await self._client.create(input_file)
        record = self._journal.save(replace(record, batch=state.id))
        self._report(f"Batch {state.id}: {count_noun(len(group), 'request')} sent.")
        for key in group:
            self._queue.pop(key, None)
        self._start(record.name, self._follow(record), record.keys)

    async def _follow(self, record: BatchRecord) -> None:
        """Wait for a batch and give out what it brings."""
        if not record.batch:
            found = await self._client.find(record.input_file)
            if found is None:  # it was never made: nothing is paid
                self._forget(record)
                for key in record.keys:
                    if key in self._waiting:
                        self._enqueue(key, self._waiting[key])
                return
            record = self._journal.save(replace(record, batch=found.id))
        state = await self._await_end(record)
        outcomes = await self._fetch(record, state)
        self._give_out(record, state, outcomes)

    async def _await_end(self, record: BatchRecord) -> BatchState:
        told, failures = ("", 0), 0
        while True:
            try:
                state = await self._client.read(record.batch)
            except ModelCallError:
                failures += 1
                if failures == MAX_POLL_FAILURES:
                    raise
                await asyncio.sleep(self._policy.poll_seconds)
                continue
            failures = 0
            stands = (state.status, 10 * state.answered // len(record.keys))
            if stands != told:
                told = stands
                self._report(f"Batch {state.id}: {state.answered} of {len(record.keys)} answered, {state.status}.")
            if state.has_ended:
                return state
            await asyncio.sleep(self._policy.poll_seconds)

    async def _fetch(self, record: BatchRecord, state: BatchState) -> dict[str, ChatReply | LineFailure]:
        """The outcome of each request that has one; replies are in the cache when this returns."""
        call = CallContext(self.endpoint, record.model, "", self._client.key)
        outcomes: dict[str, ChatReply | LineFailure] = {}
        for _ in range(DOWNLOADS):
            for file in state.output_files:
                content = await self._client.download(file)
                outcomes = {**read_output(content, record.keys, call), **outcomes}
            if len(outcomes) == len(record.keys) or state.status != "completed":
                break
        for key, outcome in outcomes.items():
            if isinstance(outcome, ChatReply):
                self._cache.put(key, record.model, outcome)
        self._forget(record)
        return outcomes

    def _forget(self, record: BatchRecord) -> None:
        self._journal.remove(record)
        for key in record.keys:
            known = self._read_records().get(key)
            if known is not None and known.name == record.name:
                del self._read_records()[key]

    def _give_out(self, record: BatchRecord, state: BatchState, outcomes: dict[str, ChatReply | LineFailure]) -> None:
        unanswered = _explain_end(record, state)
        replies = sum(isinstance(outcome, ChatReply) for outcome in outcomes.values())
        self._report(f"Batch {state.id}: {replies} of {count_noun(len(record.keys), 'reply', 'replies')}.")
        for key in record.keys:
            waiting = self._waiting.get(key)
            if waiting is None:
                continue
            outcome = outcomes.get(key, unanswered)
            if isinstance(outcome, LineFailure) and self._ask_again(key, waiting, outcome):
                continue
            del self._waiting[key]
            if isinstance(outcome, ChatReply):
                if not waiting.reply.done():
                    waiting.reply.set_result(replace(outcome, seconds=time.monotonic() - waiting.began))
            elif isinstance(outcome, LineFailure):
                total = replies == 0 and len(record.keys) >= MIN_TOTAL_FAILURE
                hint = "No request of it was answered; run the same command again to ask for them anew."
                _fail(waiting, ModelError(outcome.reason, hint) if total else ModelCallError(outcome.reason))
            else:
                _fail(waiting, outcome)

    def _ask_again(self, key: str, waiting: _Waiting, failure: LineFailure) -> bool:
        """Whether a request goes into a further batch, which it then does."""
        if failure.names_limit and waiting.request.sampling.max_tokens is not None:
            if self._limit_name == MAX_COMPLETION_TOKENS_KEY and waiting.repetitions:
                return False
            self._limit_name = MAX_COMPLETION_TOKENS_KEY
        elif not failure.is_passing or waiting.repetitions >= self._policy.repetitions:
            return False
        waiting.repetitions += 1
        self._enqueue(key, waiting)
        return True


def _explain_end(record: BatchRecord, state: BatchState) -> LineFailure | CotpressError:
    """What it means that a batch has ended and a request of it has no outcome."""
    if state.status == "completed":
        return LineFailure(f"The results of the batch {state.id} have no readable line for this request.")
    if state.status == "expired":
        return LineFailure(f"The batch {state.id} expired before it answered this request.", is_passing=True)
    if state.status == "cancelled":
        hint = "The replies that it had are kept; run the same command again to ask for the rest."
        return ModelError(f"The batch {state.id} was cancelled.", hint)
    hint = "Nothing of it was answered. Some services take batches of certain models only; leave --batch out otherwise."
    faults = state.faults or "the endpoint gives no reason."
    return ModelError(f"The batch {state.id} of {count_noun(len(record.keys), 'request')} failed: {faults}", hint)


def _end_run(error: Exception) -> Exception:
    """An error of a call about a whole batch: none of its requests has failed, but the run cannot go on."""
    if isinstance(error, ModelCallError):
        return ModelError(error.message, "Run the same command again: it finds the batches that were sent.")
    return error


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.reply.done():
        waiting.reply.set_exception(error)
        waiting.reply.exception()  # seen here, should its caller have been cancelled
