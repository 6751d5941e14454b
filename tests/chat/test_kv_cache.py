"""The cache with room: the same states as the one of `transformers`, whatever is added and whichever rows leave."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
caches = pytest.importorskip("transformers.cache_utils")

from cotpress.chat import kv_cache  # noqa: E402

MOVES = st.lists(st.one_of(st.integers(1, 5), st.lists(st.integers(0, 9), min_size=1, max_size=3)), max_size=12)


def filled(cache: object, tokens: int = 3) -> object:
    """The cache after `tokens` tokens of 4 rows in each of 2 layers."""
    torch.manual_seed(0)
    for layer in range(2):
        cache.update(torch.randn(4, 2, tokens, 3), torch.randn(4, 2, tokens, 3), layer)  # type: ignore[attr-defined]
    return cache


@settings(deadline=None)
@given(MOVES)
def test_it_holds_what_the_plain_one_holds(moves: list[int | list[int]]) -> None:
    plain, roomy = filled(caches.DynamicCache()), kv_cache.preallocate_cache(filled(caches.DynamicCache()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kv_cache, "GROWTH_TOKENS", 4)
        for move in moves:
            rows = plain.layers[0].keys.shape[0]  # type: ignore[attr-defined]
            if isinstance(move, list):
                kept = torch.tensor([at % rows for at in move])
                for cache in (plain, roomy):
                    cache.batch_select_indices(kept)
                continue
            for layer in range(2):
                new = torch.randn(rows, 2, move, 3), torch.randn(rows, 2, move, 3)
                expected = plain.update(*new, layer)  # type: ignore[attr-defined]
                assert all(map(torch.equal, roomy.update(*new, layer), expected))
            assert roomy.get_seq_length() == plain.get_seq_length()  # type: ignore[attr-defined]


def test_the_states_are_copied_once_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    plain = kv_cache._enlarge_buffer
    monkeypatch.setattr(kv_cache, "GROWTH_TOKENS", 8)
    counting = lambda states, tokens: made.append(tokens) or plain(states, tokens)  # noqa: E731
    monkeypatch.setattr(kv_cache, "_enlarge_buffer", counting)
    cache = kv_cache.preallocate_cache(filled(caches.DynamicCache()))
    for _ in range(24):
        cache.update(torch.randn(4, 2, 1, 3), torch.randn(4, 2, 1, 3), 0)
    assert made == [12, 12, 21, 21, 30, 30]  # keys and values


def test_other_kinds_are_left_alone() -> None:
    window = caches.DynamicSlidingWindowLayer(sliding_window=4)
    for cache in (None, object(), caches.DynamicCache(), caches.Cache(layers=[window])):
        before = list(getattr(cache, "layers", ()))
        assert kv_cache.preallocate_cache(cache) is cache
        assert list(getattr(cache, "layers", ())) == before
