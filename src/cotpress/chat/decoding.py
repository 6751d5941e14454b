"""Continuing many prompts at once with `generate`, so that a reply is the same alone and in a batch.

Rows leave the batch when they have ended, half of what is left at a time: otherwise one reply that runs to its limit
would cost as much as a whole batch of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cotpress.chat.prompt_encoding import PromptIds
from cotpress.chat.request import SamplingParameters
from cotpress.errors import import_optional

MAX_UNIFORM = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class BatchDecoder:
    """Writes the replies to several prompts at once with a causal LM.

    `end_tokens` end a reply. `pad_token` fills shorter prompts. `should_stop` is asked before each token.
    """

    model: Any
    end_tokens: Sequence[int]
    pad_token: int
    should_stop: Callable[[], bool]

    def decode(
        self, prompts: Sequence[PromptIds], limits: Sequence[int], draws: SeededSampler | None
    ) -> list[list[int]]:
        """The new tokens of each prompt, the one that ended it included; `limits` are the most tokens of each.

        Without `draws` each token is the most probable one. After a stop the replies are what was written so far.
        """
        from cotpress.chat.kv_cache import preallocate_cache

        torch = import_optional("torch", "lm")
        written: list[list[int]] = [[] for _ in prompts]
        alive, cache = list(range(len(prompts))), None
        ids, mask = (part.to(self.model.device) for part in self._pad_prompts(prompts))
        width, first = ids.shape[1], True
        while alive and not self.should_stop():
            # At first one token, so that the model makes its cache, which is then replaced by one with space.
            steps = 1 if first else min(limits[row] - len(written[row]) for row in alive)
            out = self._generate(ids, mask, cache, steps, draws and draws.build_processor(alive, width))
            for row, tokens in zip(alive, out.sequences[:, ids.shape[1] :].tolist(), strict=True):
                written[row] += self._cut_at_end(tokens)
            stay = [at for at, row in enumerate(alive) if self._is_unfinished(written[row], limits[row])]
            alive = [alive[at] for at in stay]
            chosen = torch.tensor(stay, device=ids.device, dtype=torch.long)
            more = out.sequences.shape[1] - mask.shape[1]
            ids, mask = out.sequences[chosen], torch.nn.functional.pad(mask[chosen], (0, more), value=1)
            cache = _select_cache_rows(preallocate_cache(out.past_key_values), chosen)
            first = False
        return written

    def _generate(self, ids: Any, mask: Any, cache: Any, steps: int, drawn: Any) -> Any:
        return self.model.generate(
            input_ids=ids,
            attention_mask=mask,
            max_new_tokens=steps,
            do_sample=False,  # what is drawn at random is drawn by a processor, row by row
            logits_processor=[drawn] if drawn else None,
            stopping_criteria=[_HalfEndedStopper(self.end_tokens, self.should_stop)],
            return_dict_in_generate=True,
            **({} if cache is None else {"past_key_values": cache}),
        )

    def _pad_prompts(self, prompts: Sequence[PromptIds]) -> tuple[Any, Any]:
        """Ids and mask, padded on the left: [prompts, longest] each."""
        torch = import_optional("torch", "lm")
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), self.pad_token, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        return ids, mask

    def _cut_at_end(self, tokens: list[int]) -> list[int]:
        end = next((at for at, token in enumerate(tokens) if token in self.end_tokens), None)
        return tokens if end is None else tokens[: end + 1]

    def _is_unfinished(self, written: list[int], limit: int) -> bool:
        return len(written) < limit and written[-1] not in self.end_tokens


class _HalfEndedStopper:
    """Stops a batch when half of its rows have ended."""

    def __init__(self, ends: Sequence[int], halted: Callable[[], bool]) -> None:
        self._ends, self._halted = ends, halted
        self._ended: Any = None

    def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
        torch = import_optional("torch", "lm")
        ends = torch.tensor(self._ends, device=ids.device, dtype=torch.long)
        now = torch.isin(ids[:, -1], ends)
        self._ended = now if self._ended is None else self._ended | now
        leave = self._halted() or 2 * int(self._ended.sum()) >= len(ids)
        return torch.full_like(self._ended, leave)


class SeededSampler:
    """Draws each row's tokens from its own stream of numbers, so that other rows do not change it.

    A token is found by inverting the cumulative distribution, after temperature and nucleus, at one uniform number.
    """

    def __init__(self, samplings: Sequence[SamplingParameters], limits: Sequence[int]) -> None:
        torch = import_optional("torch", "lm")
        warpers = import_optional("transformers", "lm")
        first, longest = samplings[0], max(limits)
        self._warpers = [warpers.TemperatureLogitsWarper(first.temperature)]
        if first.top_p < 1:
            self._warpers.append(warpers.TopPLogitsWarper(first.top_p))
        self._uniforms = torch.stack([_draw_uniforms(sampling.seed, longest) for sampling in samplings]) * MAX_UNIFORM

    def build_processor(self, rows: Sequence[int], width: int) -> Callable[[Any, Any], Any]:
        """The logits processor for those rows, whose prompts are `width` tokens wide."""
        torch = import_optional("torch", "lm")
        numbers = self._uniforms[list(rows)]

        def choose(ids: Any, scores: Any) -> Any:
            for warp in self._warpers:
                scores = warp(ids, scores)
            cumulated = scores.float().softmax(-1).cumsum(-1)
            at = numbers[:, ids.shape[1] - width].to(scores.device, cumulated.dtype)
            chosen = (cumulated <= (at * cumulated[:, -1])[:, None]).sum(-1, keepdim=True)
            return torch.full_like(scores, -torch.inf).scatter(1, chosen, 0.0)

        return choose


def _draw_uniforms(seed: int | None, length: int) -> Any:
    torch = import_optional("torch", "lm")
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    return torch.rand(length, generator=generator)


def _select_cache_rows(cache: Any, rows: Any) -> Any:
    """The cache of those rows; None, to begin anew, where its kind cannot be cut down."""
    layers = {type(layer).__name__ for layer in getattr(cache, "layers", ())}
    if not len(rows) or not layers or layers - {"PreallocatedLayer", "DynamicLayer", "DynamicSlidingWindowLayer"}:
        return None
    cache.batch_select_indices(rows)
    return cache
