"""The random stream that a seed names: the same on every machine and for ever."""

from __future__ import annotations

import hashlib

import numpy as np


def make_generator(seed: str) -> np.random.Generator:
    """The generator that a text names.

    >>> round(float(make_generator("0:a").random()), 6)
    0.261587
    """
    digest = hashlib.blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
