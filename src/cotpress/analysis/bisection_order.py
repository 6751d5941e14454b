"""An order in which the first few of a sorted list show all of it."""

from __future__ import annotations


def order_by_bisection(count: int) -> list[int]:
    """All positions below `count`, the middle first, then ever finer subdivisions.

    >>> order_by_bisection(5)
    [2, 1, 3, 0, 4]
    """
    depths = range(1, count.bit_length() + 1)
    places = (count * (2 * part + 1) // 2**depth for depth in depths for part in range(2 ** (depth - 1)))
    return list(dict.fromkeys([*places, *range(count)]))
