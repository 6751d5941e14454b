"""Parting an answer from its unit, and one name for each unit."""

from __future__ import annotations

import re

# Canonical name: its other spellings, in lower case, plurals aside.
SPELLINGS_BY_UNIT = {
    "mm": "millimeter millimetre",
    "cm": "centimeter centimetre",
    "m": "meter metre",
    "km": "kilometer kilometre",
    "in": "inch inche",
    "ft": "foot feet",
    "yd": "yard",
    "mi": "mile",
    "mg": "milligram",
    "g": "gram",
    "kg": "kilogram kilo",
    "lb": "pound lbs",
    "oz": "ounce",
    "ml": "milliliter millilitre",
    "l": "liter litre",
    "s": "second sec",
    "min": "minute",
    "h": "hour hr",
    "day": "",
    "week": "",
    "month": "",
    "year": "yr",
    "mph": "",
    "degree": "deg",
    "radian": "rad",
    "dollar": "buck usd",
    "cent": "",
    "euro": "eur",
    "unit": "",
}
UNIT_BY_SPELLING = {word: name for name, words in SPELLINGS_BY_UNIT.items() for word in (name, *words.split())}
POWER_BY_WORD = {"square": "2", "sq": "2", "cubic": "3", "cu": "3", "²": "2", "³": "3", "squared": "2", "cubed": "3"}
POWER = r"(?P<power>\s*\^\s*\{?\d\}?|[²³])?"
TEXT_COMMAND = r"\\(?:text|textrm|mbox|mathrm|rm|operatorname)\s*\{(?P<unit>[^{}]*[a-zA-Z][^{}]*)\}"
WRAPPED_UNIT = re.compile(rf"(?P<value>.*[^\s\\])\s*(?:\\[,;: ]|~)*\s*{TEXT_COMMAND}{POWER}", re.DOTALL)
PLAIN_UNIT = re.compile(rf"(?P<value>.*[\d)}}])\s*(?P<unit>[a-zA-Z][a-zA-Z ./]*?){POWER}", re.DOTALL)
DEGREES = re.compile(
    r"(?P<value>.*[^\s\\^])\s*(?:\^\s*(?:\{\s*\\circ\s*\}|\\circ)|°|\\degrees?)(?P<scale>\s*[CF])?", re.DOTALL
)
MONEY = re.compile(r"(?P<sign>-?)\\?(?P<unit>[$€£])\s*(?P<value>[\d.].*)", re.DOTALL)
CURRENCY_BY_SYMBOL = {"$": "dollar", "€": "euro", "£": "pound-sterling"}


def split_measurement_unit(answer: str, letters: bool = False) -> tuple[str, str]:
    r"""The value and the canonical unit of an answer: `15\mbox{ cm}^2` -> ("15", "cm^2"); "" where it names none.

    Units in a text command may be any words ("5 \text{ apples}"), plain ones must be known. A plain single letter
    ("12 m") is a variable unless `letters` says that a unit is to be expected.
    """
    if money := MONEY.fullmatch(answer):
        return money["sign"] + money["value"], CURRENCY_BY_SYMBOL[money["unit"]]
    if degrees := DEGREES.fullmatch(answer):
        return degrees["value"], "degree" + (degrees["scale"] or "").strip()
    if wrapped := WRAPPED_UNIT.fullmatch(answer):
        return wrapped["value"], _format_unit(wrapped["unit"], wrapped["power"])
    plain = PLAIN_UNIT.fullmatch(answer)
    if plain and _is_known(plain["unit"]) and (letters or len(plain["unit"]) > 1):
        return plain["value"], _format_unit(plain["unit"], plain["power"])
    return answer, ""


def _is_known(words: str) -> bool:
    return all(
        _singularize(word) in UNIT_BY_SPELLING or word.lower() in POWER_BY_WORD or word == "per"
        for word in _split_words(words)
    )


def _format_unit(words: str, power: str | None) -> str:
    """One name: "square inches" and `in}^2` are both "in^2"; "miles per hour" is "mph"."""
    names = [_singularize(word) for word in _split_words(words)]
    powers = [POWER_BY_WORD[word] for word in names if word in POWER_BY_WORD]
    digits = re.sub(r"\D", "", (power or "").translate({ord("²"): "2", ord("³"): "3"}))
    name = " ".join(UNIT_BY_SPELLING.get(word, word) for word in names if word not in POWER_BY_WORD)
    name = {"mi per h": "mph", "mi/h": "mph"}.get(name, name)
    return name + "".join(f"^{digit}" for digit in [*powers, *digits] if digit != "1")


def _split_words(words: str) -> list[str]:
    return re.findall(r"[^\s.]+", words)


def _singularize(word: str) -> str:
    word = word.lower()
    return word if word in UNIT_BY_SPELLING or word in POWER_BY_WORD or not word.endswith("s") else word[:-1]
