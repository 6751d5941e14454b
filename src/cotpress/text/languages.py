"""The language of a text: by its script, and where several share one, by their commonest words.

Written by hand and small: reading needs to know which words apply to a trace, not to tell Norwegian from Danish.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

UNKNOWN: Final = "unknown"
MAX_CHARACTERS: Final = 20_000  # of a text that are looked at
MIN_WORDS: Final = 2  # common words of a language that a text must have
_MARKUP = re.compile(r"\\[A-Za-z]+|```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

# [first, last] code points of scripts that one language writes, or that one stands for.
_SCRIPTS: Final = (
    (0x3040, 0x30FF, "ja"), (0x4E00, 0x9FFF, "zh"), (0x3400, 0x4DBF, "zh"), (0xAC00, 0xD7AF, "ko"),
    (0x0400, 0x052F, "ru"), (0x0600, 0x06FF, "ar"), (0x0900, 0x097F, "hi"), (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"), (0x0A80, 0x0AFF, "gu"), (0x0B80, 0x0BFF, "ta"), (0x0C00, 0x0C7F, "te"),
    (0x0C80, 0x0CFF, "kn"), (0x0D00, 0x0D7F, "ml"), (0x0E00, 0x0E7F, "th"), (0x1000, 0x109F, "my"),
    (0x1780, 0x17FF, "km"), (0x10A0, 0x10FF, "ka"), (0x0530, 0x058F, "hy"), (0x1200, 0x137F, "am"),
    (0x0590, 0x05FF, "he"),
)  # fmt: skip
# The commonest words of languages in Latin letters, none in two lists that are easily confused.
_COMMON_WORDS: Final = {
    "en": "the of and to is in that it for we be are this with as so have but which then if not",
    "de": "der die das und ist nicht ein eine wir sind mit auf für dann also wenn zu von den dem hat es sich",
    "fr": "le de la les des est une et dans pour nous que qui il elle sont donc avec sur pas ce au aux du donc",
    "es": "el de la los las es una y para que se por con son del hay tiene como más entonces cada su al lo",
    "pt": "o de os as é uma e para que se por com são do da dos das não em tem então cada mais seu ao",
    "it": "il gli è una e per che si con sono del della dei non in ha quindi ogni più anche lo di",
    "nl": "het een en is van dat niet we zijn met op voor dan dus als te er ook hij heeft",
    "sv": "och är att det en som för inte vi med har så om den till av på ett",
    "sw": "na ya wa kwa ni katika hii kama kila jumla mpya alikuwa ina za la cha sasa hivyo kuna ana mara lakini",
    "vi": "là và của có các một được trong cho với không này để những ta",
    "tr": "bir ve bu için ile olarak da de çok daha kadar olan ise gibi",
    "id": "yang dan di dari untuk dengan adalah ini itu tidak kita jadi maka pada",
    "pl": "i w na jest się nie to że z do jak są dla od więc po ale oraz",
}
_COMMON: Final = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
_LANGUAGES_OF: Final = {
    word: [name for name, common in _COMMON.items() if word in common] for word in frozenset().union(*_COMMON.values())
}
_LETTERS: Final = {"uk": "іїєґ", "fa": "پچژگ", "ur": "ٹڈڑں"}  # of languages that share a script with a larger one


def list_common_words(language: str) -> frozenset[str]:
    """The commonest words of a language in small letters, none of a language that is told by its script.

    >>> "das" in list_common_words("de"), list_common_words("ru")
    (True, frozenset())
    """
    return _COMMON.get(language, frozenset())


def detect_language(text: str) -> str:
    """The ISO 639-1 code of a text's language, "unknown" where it has too few words.

    Args:
        text: prose, perhaps with formulas and code, which are left out.

    >>> [detect_language(text) for text in ("The sum of it is 5.", "Die Summe ist 5.", "答えは5です。", "x = 5")]
    ['en', 'de', 'ja', 'unknown']
    """
    prose = _MARKUP.sub(" ", text[:MAX_CHARACTERS])
    if prose.isascii():
        return _find_latin_language(prose)
    scripts: Counter[str] = Counter()
    for letter, count in Counter(prose).items():  # each character once: a text has few of them
        if letter.isalpha():
            scripts[_find_script(letter)] += count
    if not scripts:
        return UNKNOWN
    script, count = scripts.most_common(1)[0]
    if scripts["ja"] and script in ("zh", "ja"):
        script = "ja"  # Chinese has no kana
    # A formula's letters are Latin in every language.
    others = scripts.total() - scripts["latin"]
    if script == "latin" and others * 3 > count:
        script = max((name for name in scripts if name != "latin"), key=scripts.__getitem__)
    return _find_latin_language(prose) if script == "latin" else _refine(script, prose)


def _find_script(letter: str) -> str:
    code = ord(letter)
    if code < 0x0250 or 0x1E00 <= code <= 0x1EFF:
        return "latin"
    return next((name for first, last, name in _SCRIPTS if first <= code <= last), UNKNOWN)


def _refine(script: str, prose: str) -> str:
    """A language that shares the script, where its own letters are there."""
    shared = {"ru": ("uk",), "ar": ("ur", "fa")}.get(script, ())
    return next((name for name in shared if sum(prose.count(letter) for letter in _LETTERS[name]) >= 2), script)


def _find_latin_language(prose: str) -> str:
    found = dict.fromkeys(_COMMON, 0)
    for word in _WORDS.findall(prose):
        if word == "I":  # the English pronoun, not the Polish "and"
            continue
        for name in _LANGUAGES_OF.get(word.casefold(), ()):
            found[name] += 1
    best = max(found, key=found.__getitem__)
    return best if found[best] >= MIN_WORDS else UNKNOWN
