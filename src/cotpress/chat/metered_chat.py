"""How many calls may be under way, what they have cost, and when to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from cotpress.chat.chat_model import ChatModel
from cotpress.chat.prices import Prices
from cotpress.chat.request import ChatReply, ChatRequest
from cotpress.errors import CotpressError, ModelCallError, ModelError, OptionError, SpendLimitError
from cotpress.number_formatting import count_noun

# So many calls that fail one after the other mean that the endpoint is down.
MAX_CONSECUTIVE_FAILURES = 20
# Used where nothing counts tokens. Measured with SmolLM2's tokenizer, which splits numbers into digits, on 100 traces
# each: GSM8K 2.3, LIMO-R1 2.6, Qwen3 thinking 3.2, StrategyQA 4.2.
CHARS_PER_TOKEN = 3.0
RESUME_HINT = "Run the same command again to continue where it stopped."


@dataclass(frozen=True, slots=True)
class SpendLimit:
    """What may be spent on answers.

    Args:
        prices: US dollars per million tokens; None where they are not known.
        max_cost: the most US dollars, None for no limit.
        max_tokens: the most tokens, prompt and completion together; None for no limit.

    Raises:
        OptionError: on construction, for a limit that is not positive, or one in dollars without prices.
    """

    prices: Prices | None = None
    max_cost: float | None = None
    max_tokens: int | None = None

    def __post_init__(self) -> None:
        for name, limit in (("cost", self.max_cost), ("tokens", self.max_tokens)):
            if limit is not None and not limit > 0:
                raise OptionError(f"The most {name} to be spent is {limit}.", "Give a number above 0.")
        if self.max_cost is not None and self.prices is None:
            raise OptionError(
                "A limit on cost needs prices.", "Give --price INPUT,OUTPUT in dollars per million tokens."
            )


class MeteredChat:
    """A chat model with a bound on the calls under way and a limit on what they cost.

    Before a call begins, those under way are counted at the mean of the calls so far, so that a limit is
    overrun by the spread of a few calls at most; before the first has ended, by the length of what was sent, and a
    reply as long. Tokens that an endpoint does not report are estimated from the length of the texts. `on_change` is
    called after every call that was paid for.

    Args:
        model: answers.
        concurrency: how many calls may be under way, 1 or more.
        spend_limit: what may be spent.
        max_failures: how many calls that fail one after the other end the run; None for any number, where failures
            come together and say nothing of each other.
    """

    def __init__(
        self,
        model: ChatModel,
        concurrency: int,
        spend_limit: SpendLimit | None = None,
        max_failures: int | None = MAX_CONSECUTIVE_FAILURES,
    ) -> None:
        if concurrency < 1:
            raise OptionError(f"concurrency is {concurrency}.", "Give 1 or more.")
        self.endpoint = model.endpoint
        self.calls = self.prompt_tokens = self.completion_tokens = 0
        self.on_change: Callable[[], None] = lambda: None
        self._model, self._spend_limit = model, spend_limit or SpendLimit()
        self._concurrency, self._pending_calls, self._consecutive_failures = concurrency, 0, 0
        self._pending_prompt_tokens, self._max_failures = 0, max_failures
        self._slots: asyncio.Semaphore | None = None
        self._end_reason: CotpressError | None = None

    @property
    def cost(self) -> float | None:
        """US dollars spent, None where no prices are known."""
        prices = self._spend_limit.prices
        return None if prices is None else prices.cost(self.prompt_tokens, self.completion_tokens)

    @property
    def usage_summary(self) -> str:
        """What was spent so far, in a few words."""
        tokens = f"{count_noun(self.calls, 'call')}, {count_noun(self.prompt_tokens + self.completion_tokens, 'token')}"
        return tokens if self.cost is None else f"{tokens}, ${self.cost:.4f}"

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The model's reply, once a slot is free.

        Raises:
            ModelCallError, ModelError: as the model does; ModelError too when many calls in a row have failed.
            SpendLimitError: the limit is reached, or the run is stopping.
        """
        if self._slots is None:
            self._slots = asyncio.Semaphore(self._concurrency)
        async with self._slots:
            self._check_limits()
            foreseen = _estimate_prompt_tokens(request)
            self._pending_calls += 1
            self._pending_prompt_tokens += foreseen
            try:
                reply = await self._model.ask(request)
            except ModelCallError as error:
                self._consecutive_failures += 1
                if self._max_failures is None or self._consecutive_failures < self._max_failures:
                    raise
                raise self._end(
                    ModelError(f"{self._consecutive_failures} calls in a row have failed. {error.message}", RESUME_HINT)
                ) from error
            except ModelError as error:
                raise self._end(error) from error.__cause__
            finally:
                self._pending_calls -= 1
                self._pending_prompt_tokens -= foreseen
            self._consecutive_failures = 0
            self._record_usage(request, reply)
            return reply

    def stop(self) -> None:
        """Begin no more calls."""
        self._end(SpendLimitError("The run was stopped.", RESUME_HINT))

    async def close(self) -> None:
        """Close the model's connections; a later call opens them again."""
        self._slots = None
        await self._model.close()

    def _record_usage(self, request: ChatRequest, reply: ChatReply) -> None:
        sent, written = reply.prompt_tokens, reply.completion_tokens
        if not (sent or written):  # not every endpoint counts, and a limit holds nevertheless
            sent = _estimate_prompt_tokens(request)
            written = round(len(reply.text) / CHARS_PER_TOKEN)
        self.calls += 1
        self.prompt_tokens += sent
        self.completion_tokens += written
        self.on_change()

    def _check_limits(self) -> None:
        if self._end_reason is not None:
            raise self._end_reason
        share = 1 + self._pending_calls / max(self.calls, 1)  # the calls under way, at the mean of those that ended
        tokens = self.prompt_tokens + self.completion_tokens
        allowed, pending = self._spend_limit, 0 if self.calls else self._pending_prompt_tokens
        if allowed.max_tokens is not None and tokens * share + 2 * pending >= allowed.max_tokens:
            raise self._end_at_limit(
                f"{tokens:,} of at most {count_noun(allowed.max_tokens, 'token')} are spent", "--max-spent-tokens"
            )
        first = 0.0 if allowed.prices is None else allowed.prices.cost(pending, pending)
        if allowed.max_cost is not None and (self.cost or 0.0) * share + first >= allowed.max_cost:
            raise self._end_at_limit(f"${self.cost:.4f} of at most ${allowed.max_cost:g} are spent", "--max-cost")

    def _end_at_limit(self, what: str, flag: str) -> CotpressError:
        message = f"{what} ({count_noun(self.calls, 'call')}), those under way not counted."
        return self._end(
            SpendLimitError(
                message, f"Run the same command again, with another {flag} if you like: no answer is paid for twice."
            )
        )

    def _end(self, error: CotpressError) -> CotpressError:
        """Every later `ask` raises the first reason for which the run ends, not one that follows from it."""
        self._end_reason = self._end_reason or error
        return self._end_reason


def _estimate_prompt_tokens(request: ChatRequest) -> int:
    return round(sum(len(message.content) for message in request.messages) / CHARS_PER_TOKEN)
