"""Groups of segments that stand or fall together, as they enclose each other, and their place in the order."""

from __future__ import annotations

import heapq

import numpy as np

from cotpress.types import BoolArray, IntArray

DelimiterGroups = tuple[tuple[int, ...], ...]

# A whole group comes where it is ranked if it costs at most 1/10 of the trace, or so many tokens and 1/3 of it: budgets
# from 0.34 on then hold it, and long traces smaller ones.
_FREE_SHARE = 10
_FREE_TOKENS, _FREE_SHARE_OF_SHORT = 12, 3


class GroupTree:
    """Groups of `count` segments that are disjoint and nest, each ascending.

    A group with segments between its members is one of delimiters: it takes the place of the first-ranked segment that
    it encloses. One without is whole, such as a block of code: it takes the place of its middle member.

    Time is in proportion to the number of segments, however deep the groups nest.
    """

    def __init__(self, groups: DelimiterGroups, count: int) -> None:
        self.count = count
        sizes = np.array([len(group) for group in groups], dtype=np.int64)
        self._flat = np.array([unit for group in groups for unit in group], dtype=np.int64)
        self._starts = np.cumsum(sizes) - sizes
        self._owner = np.repeat(np.arange(len(groups)), sizes)  # of each of `flat`
        self._whole = [group for group in groups if group[-1] - group[0] == len(group) - 1]
        # What opens and closes, from left to right: a member, its group, and whether it is the first or the last.
        ascending = np.argsort(self._flat)
        self._members, self._owners = self._flat[ascending], self._owner[ascending]
        firsts, lasts = np.zeros((2, len(self._flat)), dtype=bool)
        firsts[self._starts], lasts[self._starts + sizes - 1] = True, True
        self._firsts, self._lasts = firsts[ascending], lasts[ascending]

    def translate_pairs(self, pairs: IntArray) -> IntArray:
        """Pairs (segment, needed) without those that name a delimiter; a whole group goes by its first member."""
        if not len(pairs) or not len(self._flat):
            return pairs
        name = np.arange(self.count)
        name[self._flat] = -1
        for group in self._whole:
            name[group[0] : group[-1] + 1] = group[0]
        named = name[pairs]
        return named[(named >= 0).all(axis=1)]

    def protect_whole(self, protected: BoolArray) -> BoolArray:
        """The protected segments, [count], with all members of the whole groups that have one."""
        wider = protected.copy()
        for group in self._whole:
            wider[group[0] : group[-1] + 1] |= protected[group[0] : group[-1] + 1].any()
        return wider

    def place_whole(self, place: IntArray, costs: IntArray, protected: int, by_need: bool = False) -> None:
        """Give the members of each whole group their common place in the order.

        Args:
            place: [count], of each segment, changed in place; the first `protected` are those of protected segments.
            costs: [count], tokens of each segment.
            protected: how many segments are protected.
            by_need: whether it is that of the first member, whatever the group costs.
        """
        for group in self._whole:
            inside = place[group[0] : group[-1] + 1]
            inside[:] = inside.min() if by_need else np.sort(inside)[(len(inside) - 1) // 2]
        if not by_need:
            self._delay_large(place, costs, protected)

    def place_delimiters(self, place: IntArray) -> None:
        """Give the members of every group the place of the first-ranked segment within it, of a whole one its first."""
        for group in self._whole:
            place[group[0] : group[-1] + 1] = place[group[0]]
        self._place_delimiters(place)

    def find_enclosing(self) -> IntArray:
        """Pairs (segment, member of the innermost group that encloses it), for segments and groups that have one."""
        pairs: list[tuple[int, int]] = []
        opened: list[int] = []
        following = [*self._members.tolist(), self.count][1:]
        steps = zip(self._members.tolist(), following, self._firsts.tolist(), self._lasts.tolist(), strict=True)
        for unit, after, first, last in steps:
            if first:
                pairs += [(unit, opened[-1])] if opened else []
                opened.append(unit)
            if last:
                opened.pop()
            if opened:
                pairs += [(inner, opened[-1]) for inner in range(unit + 1, after)]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def _place_delimiters(self, place: IntArray) -> None:
        if not len(self._members):
            return
        content = np.append(place, self.count)
        content[self._members] = self.count
        following = np.minimum.reduceat(content, self._members).tolist()  # the first place up to the next member
        placed = np.minimum.reduceat(place[self._flat], self._starts).tolist()  # of a group that encloses nothing
        least: list[int] = []  # of each open group, innermost last: the first place within it so far
        steps = zip(self._owners.tolist(), self._firsts.tolist(), self._lasts.tolist(), following, strict=True)
        for owner, first, last, inside in steps:
            if first:
                least.append(self.count)
            if last:
                own = least.pop()
                placed[owner] = own = own if own < self.count else placed[owner]
                if least:
                    least[-1] = min(least[-1], own)
            if least:
                least[-1] = min(least[-1], inside)
        place[self._flat] = np.array(placed, dtype=np.int64)[self._owner]

    def _delay_large(self, place: IntArray, costs: IntArray, protected: int) -> None:
        """Put a whole group that costs more than all before it behind so much: it would leave small budgets empty."""
        total = int(costs.sum())
        allowance = max(total // _FREE_SHARE, min(_FREE_TOKENS, total // _FREE_SHARE_OF_SHORT))
        large = {int(place[group[0]]): int(costs[group[0] : group[-1] + 1].sum()) for group in self._whole}
        large = {at: cost for at, cost in large.items() if cost > allowance and at >= protected}
        if not large:
            return
        cost_at = np.bincount(place, costs, minlength=self.count).astype(np.int64)
        order: list[int] = []
        waiting: list[tuple[int, int]] = []
        spent = 0
        for at in range(self.count):
            if large.get(at, 0) > spent:
                heapq.heappush(waiting, (large[at], at))
                continue
            order.append(at)
            spent += int(cost_at[at])
            while waiting and waiting[0][0] <= spent:
                spent += waiting[0][0]
                order.append(heapq.heappop(waiting)[1])
        order += [at for _, at in sorted(waiting)]
        moved = np.empty(self.count, dtype=np.int64)
        moved[order] = np.arange(self.count)
        place[:] = moved[place]
