"""A rewrite is in the script and the language of its original."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import numpy as np

from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check
from cotpress.text import Segmentation, UnitKind
from cotpress.text.markers import STOPWORDS

MIN_WORDS = 8  # words that a rewrite must have for its language to be judged
MIN_LETTERS = 10  # letters, for its script
MIN_SHARED_WORDS = 0.3  # of its words the trace has at least so many, where the language is the same
_MIN_ENGLISH_SHARE = 0.2  # share of function words above which an original is taken for English

# Scripts by their letters; Han and kana are one, as Japanese mixes them as it likes.
_SCRIPTS = {
    "Latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrillic": "\u0400-\u052f",
    "Hebrew": "\u0590-\u05ff",
    "Arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Devanagari": "\u0900-\u097f",
    "Thai": "\u0e00-\u0e7f",
    "Hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Han or kana": "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff",
}


@register_check("same-language")
def same_language(draft: Draft) -> str | None:
    """Fails where the rewrite's script is another one, or where its words show another language.

    A rewrite in the same language takes most of its words from the question and the reasoning; a translation
    shares little but names. So words with a capital letter are left out, as numbers and formulas are, and a few words
    are not judged. Where two real solutions of one problem are in one language, the share is 0.67 or more for 99 of
    100; for solutions of different problems it is 0.46 to 0.7 in the middle; for a dozen translations 0.29 at most.
    """
    words = _extract_words(draft.rewritten, draft.rewritten_units)
    before = _detect_script(_extract_words(draft.original, draft.original_units))
    now = _detect_script(words)
    if before and now and before != now:
        return f"It is written in {now} letters, the original in {before} letters."
    if len(_extract_uncapitalised_words(draft)) < MIN_WORDS or measure_shared_words(draft) >= MIN_SHARED_WORDS:
        return None
    return "It does not seem to be in the language of the original."


def measure_shared_words(draft: Draft) -> float:
    """The share of a rewrite's uncapitalised words, repetitions included, that its trace has, 0..1; 1.0 for no words.

    English function words count as shared where the original is English.
    """
    words = _extract_uncapitalised_words(draft)
    original = _extract_words(draft.original, draft.original_units)
    known = {*original, *re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", draft.trace.question.casefold())}
    if sum(word in STOPWORDS for word in original) > _MIN_ENGLISH_SHARE * len(original):
        known |= STOPWORDS
    return sum(word in known for word in words) / len(words) if words else 1.0


def _extract_words(segmentation: Segmentation, units: list[str]) -> list[str]:
    return [units[place] for place in _find_word_positions(segmentation)]


def _extract_uncapitalised_words(draft: Draft) -> list[str]:
    """The rewrite's words that do not begin with a capital letter, which names do in many languages."""
    text, bounds, units = draft.text, draft.rewritten.units.tolist(), draft.rewritten_units
    return [
        units[place]
        for place in _find_word_positions(draft.rewritten)
        if not text[bounds[place] : bounds[place + 1]].lstrip()[:1].isupper()
    ]


def _find_word_positions(segmentation: Segmentation) -> list[int]:
    return list(np.flatnonzero((segmentation.kinds == UnitKind.WORD) & ~segmentation.formal).tolist())


def _detect_script(words: list[str]) -> str:
    """The script of most letters, "" for too few letters or none of the scripts known here."""
    letters = "".join(words)
    if letters.isascii():
        return "Latin" if len(letters) >= MIN_LETTERS else ""
    counts = Counter({name: len(pattern.findall(letters)) for name, pattern in _compile_script_patterns()})
    counts["Han or kana"] *= 3  # a Han character says as much as several letters
    [(name, count)] = counts.most_common(1)
    return name if count >= MIN_LETTERS else ""


@cache
def _compile_script_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(f"[{letters}]")) for name, letters in _SCRIPTS.items())
