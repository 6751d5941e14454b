"""Small numbers in words: "twelve", "zwölf", "doce", "douze" are 12, for texts that state their answer so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

_ENGLISH: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_GERMAN: Final = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_FRENCH: Final = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_SPANISH: Final = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve"
)
_OTHERS: Final = (  # counted from 0 as far as they go
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito "
    "dezenove vinte",
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti",
    "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig",
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать",
)
_TENS: Final = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante",
}
# Words that are articles, too: a text has them where it counts nothing.
_ARTICLES: Final = frozenset(("one", "eins", "un", "uno", "um", "один", "één", "zero", "null"))


def _list_english() -> Iterator[tuple[str, int]]:
    units = _ENGLISH.split()
    yield from ((word, number) for number, word in enumerate(units))
    for ten, word in enumerate(_TENS["en"].split(), 2):
        yield word, 10 * ten
        for unit in range(1, 10):
            yield f"{word}-{units[unit]}", 10 * ten + unit
            yield f"{word} {units[unit]}", 10 * ten + unit
    yield from (("one hundred", 100), ("a hundred", 100), ("a dozen", 12))


def _list_german() -> Iterator[tuple[str, int]]:
    units = _GERMAN.split()
    yield from ((word, number) for number, word in enumerate(units))
    for ten, word in enumerate(_TENS["de"].split(), 2):
        for unit in range(10):
            lead = "" if not unit else f"{'ein' if unit == 1 else units[unit]}und"
            yield f"{lead}{word}", 10 * ten + unit
    yield from (("dreissig", 30), ("hundert", 100), ("einhundert", 100))


def _list_spanish() -> Iterator[tuple[str, int]]:
    units = _SPANISH.split()
    yield from ((word, number) for number, word in enumerate(units))
    for ten, word in enumerate(_TENS["es"].split(), 2):
        yield word, 10 * ten
        yield from ((f"{word} y {units[unit]}", 10 * ten + unit) for unit in range(1, 10))
    joined = "veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
    yield from ((word, number) for number, word in enumerate(joined.split(), 21))
    yield "cien", 100


def _list_french() -> Iterator[tuple[str, int]]:
    units = _FRENCH.split()
    yield from ((word, number) for number, word in enumerate(units))
    for ten, word in enumerate(_TENS["fr"].split(), 2):
        yield word, 10 * ten
        yield from ((f"{word} et un", 10 * ten + 1), (f"{word}-et-un", 10 * ten + 1))
        reach = range(2, 20 if ten == 6 else 10)
        yield from ((f"{word}-{units[unit]}", 10 * ten + unit) for unit in reach)
    yield from (("soixante et onze", 71), ("soixante-et-onze", 71), ("quatre-vingts", 80), ("quatre-vingt-un", 81))
    yield from ((f"quatre-vingt-{units[unit]}", 80 + unit) for unit in range(2, 20))


def _build_table() -> dict[str, int]:
    table = dict([*_list_english(), *_list_german(), *_list_spanish(), *_list_french()])
    for words in _OTHERS:
        table.update((word, number) for number, word in enumerate(words.split()))
    return table


NUMBER_WORDS: Final[Mapping[str, int]] = _build_table()
_CHINESE_DIGITS: Final = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "〇": 0}
_CHINESE: Final = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?|[零〇一二两三四五六七八九]")
_INITIALS: Final = "".join(sorted({word[0] for word in NUMBER_WORDS}))  # looked at first: most places have none
_NUMBER_WORD: Final = re.compile(
    rf"(?=[{_INITIALS}])(?<![\w-])(?:{'|'.join(sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True))})(?![\w-])",
    re.IGNORECASE,
)
_NEXT_WORD: Final = re.compile(r"[ \u00a0][^\W\d_]+")
_COUNTED: Final = re.compile(r"(?:[ \u00a0][^\W\d_]+){1,2}")
# After a number word, they make another number of it, or none.
_OTHER_WORDS: Final = (
    "and or to more less fewer times of plus minus point half halves hundred thousand million billion dozen dozens "
    "pair pairs score over root squared cubed factorial percent percentage that which who quarter quarters third "
    "thirds und oder bis mehr weniger mal komma halb halbe hundert tausend prozent dutzend paar hoch "
    "et ou à moins fois virgule cent mille pour demi demie demis quart quarts tiers douzaine douzaines paires "
    "y o a más menos veces coma mil medio medios cuarto cuartos tercio tercios docena docenas pares por "
    "e piu più meno volte virgola en tot meer minder и или"
)
_OTHER_NUMBERS: Final = frozenset(_OTHER_WORDS.split())
_FRACTION: Final = re.compile(r"\w+(?:ths?|tels?|ièmes?|avos)\Z")


def parse_number_word(text: str) -> int | None:
    """The number that a text names in words, up to 100; None where it is none.

    >>> [parse_number_word(text) for text in ("twelve", "Zwölf", "quatre-vingt-douze", "十二", "twelfth")]
    [12, 12, 92, 12, None]
    """
    if (number := NUMBER_WORDS.get(text.lower())) is not None:
        return number
    figures = _CHINESE.fullmatch(text)
    if figures is None:
        return None
    if "十" not in text:
        return _CHINESE_DIGITS[text]
    return 10 * _CHINESE_DIGITS.get(figures[1] or "一", 1) + _CHINESE_DIGITS.get(figures[2] or "零", 0)


def parse_counted(text: str) -> int | None:
    """The number of a number word with what it counts, such as "twelve apples"; None where more is said of it.

    >>> [parse_counted(text) for text in ("zwölf Äpfel", "three or four", "twelve hundred", "five thirds")]
    [12, None, None, None]
    """
    word = _NUMBER_WORD.match(text)
    if word is None or not _COUNTED.fullmatch(text, word.end()):
        return None
    rest = text[word.end() :].lower().split()
    return None if any(map(_is_of_number, rest)) else parse_number_word(word[0])


def _is_of_number(word: str) -> bool:
    """Whether a word after a number word makes another number of it."""
    return word in _OTHER_NUMBERS or _FRACTION.match(word) is not None or word in NUMBER_WORDS


def match_number_word(text: str, at: int) -> tuple[int, int] | None:
    """[start, end) of the number word that begins at a place, or None.

    >>> match_number_word("It is twelve.", 6)
    (6, 12)
    """
    word = _NUMBER_WORD.match(text, at)
    return word.span() if word else None


def find_last_count(text: str) -> tuple[int, int] | None:
    """[start, end) of the last number word of a text, articles aside; None where more is said of it.

    >>> find_last_count("So one of us has twelve apples, and one pear.")
    (17, 23)
    """
    words = [word for word in _NUMBER_WORD.finditer(text) if word[0].lower() not in _ARTICLES]
    after = _NEXT_WORD.match(text, words[-1].end()) if words else None
    return words[-1].span() if words and not (after and _is_of_number(after[0].strip().lower())) else None
