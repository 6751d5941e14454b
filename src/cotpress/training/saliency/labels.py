"""Labels keep and drop for the characters of an original, and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.training.saliency.alignment import align_words, split_words
from cotpress.types import BoolArray, IntArray

IGNORED_LABEL = -100  # a token that has no loss


@dataclass(frozen=True, slots=True, eq=False)
class CharacterLabels:
    """`kept` [characters] over the original: True is keep. White space is labelled as what follows it.

    The figures are those of LLMLingua-2 (arXiv 2403.12968, section 4.1), both 0..1 and 0 for an exact deletion:
    `variation_rate` is the share of the shortened text's words that the original does not have anywhere;
    `alignment_gap` is the hitting rate (shortened words that the original has) less the matching rate (original
    words that were labelled keep), each as a share of the original's words.
    """

    kept: BoolArray
    variation_rate: float = 0.0
    alignment_gap: float = 0.0


def label_spans(original: str, spans: Sequence[Sequence[int]]) -> CharacterLabels | None:
    """Labels of a pruned text, exact; None where the spans do not ascend within the original.

    >>> "".join("k" if kept else "." for kept in label_spans("Well, 2+3=5.", [[6, 12]]).kept)
    '.....kkkkkkk'
    """
    flat = np.array(spans, dtype=np.int64).reshape(-1)
    if len(flat) and (flat[0] < 0 or flat[-1] > len(original) or (np.diff(flat) < 0).any()):
        return None
    return CharacterLabels(_spread_to_whitespace(original, _mark_spans(len(original), flat.reshape(-1, 2))))


def label_text(original: str, shortened: str) -> CharacterLabels | None:
    """Labels of a rewritten text: each of its words is looked for in the original, in order.

    None where the two meet in too many places to be aligned (see `align_words`), or either has no word.

    >>> round(label_text("Well, we add two and three", "We add 2 and three").variation_rate, 2)
    0.2
    """
    before, after = split_words(original), split_words(shortened)
    aligned = align_words(before.keys, after.keys) if len(before) and len(after) else None
    if aligned is None:
        return None
    places = aligned[aligned >= 0]
    known = frozenset(before.keys)
    hits = sum(key in known for key in after.keys)
    kept = _spread_to_whitespace(original, _mark_spans(len(original), before.spans[places]))
    return CharacterLabels(kept, 1 - hits / len(after), (hits - len(places)) / len(before))


def label_tokens(kept: BoolArray, blank: BoolArray, offsets: IntArray) -> IntArray:
    """1 for the tokens to keep, 0 for those to drop, UNLABELLED for those without characters; [tokens].

    `blank` says which characters are white space; they count only in tokens that have nothing else. A token that
    straddles kept and dropped characters is kept where at least half of them are.
    """
    starts, ends = offsets[:, 0], offsets[:, 1]
    shown, shown_kept = _count_in_spans(~blank, starts, ends), _count_in_spans(~blank & kept, starts, ends)
    every, every_kept = ends - starts, _count_in_spans(kept, starts, ends)
    votes, keeps = np.where(shown > 0, shown, every), np.where(shown > 0, shown_kept, every_kept)
    return np.where(votes > 0, (2 * keeps >= votes).astype(np.int64), IGNORED_LABEL)


def mark_whitespace(text: str) -> BoolArray:
    """Which characters are white space, [characters]."""
    return np.fromiter(map(str.isspace, text), dtype=np.bool_, count=len(text))


def _count_in_spans(flags: BoolArray, starts: IntArray, ends: IntArray) -> IntArray:
    sums = np.concatenate(([0], np.cumsum(flags)))
    return sums[ends] - sums[starts]


def _mark_spans(length: int, spans: IntArray) -> BoolArray:
    """Characters inside the spans, [length]."""
    steps = np.zeros(length + 1, dtype=np.int64)
    np.add.at(steps, spans[:, 0], 1)
    np.add.at(steps, spans[:, 1], -1)
    return np.cumsum(steps[:-1]) > 0


def _spread_to_whitespace(text: str, kept: BoolArray) -> BoolArray:
    """Give white space the label of the character that follows it; at the end, of the one before."""
    shown = np.flatnonzero(~mark_whitespace(text))
    if not len(shown):
        return kept
    following = np.searchsorted(shown, np.arange(len(text)))
    return kept[shown[np.minimum(following, len(shown) - 1)]]
