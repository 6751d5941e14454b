"""The words and phrases that depend on the language, one file a language.

A language without a file gets what does not depend on words: cutting at stops that no word decides, formulas, marks of
calculators, repetitions. To add a language, write a file like the others and name it in `LANGUAGES`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

from cotpress.text.language_words.language import LanguageWords

__all__ = ["LANGUAGES", "LanguageWords", "choose_language", "find_words", "load_words"]

LANGUAGES: Final = ("en", "zh", "es", "de", "fr", "ja")
MAX_SAMPLE: Final = 2000  # characters by which the language of a text is chosen
_MIN_ENGLISH_WORDS = 3  # of the sample
_MAX_OTHER_LETTERS = 20
_ENGLISH_WORDS = (" the ", " is ", " of ", " to ", " and ", " that ")


@cache
def load_words(code: str) -> LanguageWords:
    """The words of a language; none of any kind where it has no file.

    >>> load_words("de").code, load_words("xx").reflective_heads
    ('de', ())
    """
    if code not in LANGUAGES:
        return LanguageWords(code)
    words: LanguageWords = importlib.import_module(f"{__name__}.{code}").WORDS
    return words


def find_words(text: str) -> LanguageWords:
    """The words of a text's language.

    >>> find_words("Die Summe ist 5.").code, find_words("x = 5").code
    ('de', 'en')
    """
    return load_words(choose_language([text]))


def choose_language(texts: Sequence[str]) -> str:
    """The language of texts that belong together, by their first `MAX_SAMPLE` characters; English where it is unknown,
    since formulas have none.

    >>> choose_language(["x = 5", "Entonces la suma es 5."])
    'es'
    """
    return _choose_sample_language(_take_sample(texts))


def _take_sample(texts: Iterable[str]) -> str:
    taken, size = [], 0
    for text in texts:
        taken.append(text[: MAX_SAMPLE - size])
        size += len(taken[-1]) + 1
        if size >= MAX_SAMPLE:
            break
    return "\n".join(taken)


@cache
def _compile_other_letters() -> re.Pattern[str]:
    """Matches a letter that English has not."""
    return re.compile("[\u0400-\u1dff\u3040-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=256)
def _choose_sample_language(sample: str) -> str:
    if sample.isascii() or len(_compile_other_letters().findall(sample)) <= _MAX_OTHER_LETTERS:
        found = 0
        for word in _ENGLISH_WORDS:
            found += sample.count(word)
            if found >= _MIN_ENGLISH_WORDS:
                return "en"
    from cotpress.text.languages import UNKNOWN, detect_language

    language = detect_language(sample)
    return "en" if language == UNKNOWN else language
