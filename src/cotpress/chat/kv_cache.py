"""A cache of keys and values that grows a block at a time. Imported when something is generated.

The cache that `transformers` makes by default copies itself whole for every token. With small models, or many rows,
that is half of the time that generating takes on a CPU.
"""

from __future__ import annotations

from typing import Any

from cotpress.errors import import_optional

torch = import_optional("torch", "lm")
caches = import_optional("transformers.cache_utils", "lm")
GROWTH_TOKENS = 256  # tokens that are added at a time: the most that a row may waste


class PreallocatedLayer(caches.DynamicLayer):  # type: ignore[misc, name-defined]
    """One layer's keys and values, [rows, heads, tokens, size] each: views of tensors that can take more tokens."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.lazy_initialization(layer.keys, layer.values)
        self.keys, self.values = layer.keys, layer.values
        self._buffers: tuple[Any, Any] | None = None

    def update(self, key_states: Any, value_states: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
        """Add the states of new tokens; all that there are now."""
        start = self.keys.shape[-2]
        end = start + key_states.shape[-2]
        if self._buffers is None or end > self._buffers[0].shape[-2]:
            self._buffers = (
                _enlarge_buffer(self.keys, end + GROWTH_TOKENS),
                _enlarge_buffer(self.values, end + GROWTH_TOKENS),
            )
        for whole, new in zip(self._buffers, (key_states, value_states), strict=True):
            whole[:, :, start:end] = new
        self.keys, self.values = (whole[:, :, :end] for whole in self._buffers)
        return self.keys, self.values

    def batch_select_indices(self, indices: Any) -> None:
        """Keep those rows alone; the next update allocates new tensors."""
        super().batch_select_indices(indices)
        self._buffers = None


def preallocate_cache(cache: Any) -> Any:
    """The cache with space for more tokens in every layer; unchanged where it is of another kind, such as windows."""
    layers = getattr(cache, "layers", None)
    if layers and all(type(layer) is caches.DynamicLayer and layer.is_initialized for layer in layers):
        cache.layers = [PreallocatedLayer(layer) for layer in layers]
    return cache


def _enlarge_buffer(states: Any, tokens: int) -> Any:
    rows, heads, there, size = states.shape
    whole = states.new_empty((rows, heads, tokens, size))
    whole[:, :, :there] = states
    return whole
