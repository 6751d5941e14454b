"""A cache of keys and values that grows a block at a time. Imported when something is generated.

The cache that `transformers` makes by default copies itself whole for every token. With small models, or many rows,
that is half of the time that generating takes on a CPU.
"""

from __future__ import annotations

from typing import Any

from cotpress.errors import require

torch = require("torch", "lm")
caches = require("transformers.cache_utils", "lm")
BLOCK = 256  # tokens of room made at a time: what a row may waste


class RoomyLayer(caches.DynamicLayer):  # type: ignore[misc, name-defined]
    """One layer's keys and values, [rows, heads, tokens, size] each: views of tensors with room for more tokens."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.lazy_initialization(layer.keys, layer.values)
        self.keys, self.values = layer.keys, layer.values
        self._whole: tuple[Any, Any] | None = None

    def update(self, key_states: Any, value_states: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
        """Add the states of new tokens; all that there are now."""
        start = self.keys.shape[-2]
        end = start + key_states.shape[-2]
        if self._whole is None or end > self._whole[0].shape[-2]:
            self._whole = _roomier(self.keys, end + BLOCK), _roomier(self.values, end + BLOCK)
        for whole, new in zip(self._whole, (key_states, value_states), strict=True):
            whole[:, :, start:end] = new
        self.keys, self.values = (whole[:, :, :end] for whole in self._whole)
        return self.keys, self.values

    def batch_select_indices(self, indices: Any) -> None:
        """Keep those rows alone; room is made anew at the next update."""
        super().batch_select_indices(indices)
        self._whole = None


def with_room(cache: Any) -> Any:
    """The cache with room in every layer; as it is where it is of another kind (windows, states, quantized)."""
    layers = getattr(cache, "layers", None)
    if layers and all(type(layer) is caches.DynamicLayer and layer.is_initialized for layer in layers):
        cache.layers = [RoomyLayer(layer) for layer in layers]
    return cache


def _roomier(states: Any, tokens: int) -> Any:
    rows, heads, there, size = states.shape
    whole = states.new_empty((rows, heads, tokens, size))
    whole[:, :, :there] = states
    return whole
