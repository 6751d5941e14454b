"""Numbers as most of Europe and Latin America writes them: "3,5" is 3.5, "1.234,50" is 1234.5, "3.500" is 3500."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from cotpress.answers.normalisation import SIGN_TRANSLATION
from cotpress.text.languages import detect_language

COMMA_LANGUAGES: Final = frozenset(("de", "fr", "es", "pt", "it", "nl", "sv", "vi", "tr", "id", "pl", "ru", "uk"))
_MARKS: Final = " \t*_`$€£%.,:;()"
_NUMBER: Final = re.compile(
    r"-?[$€£]?(?P<whole>\d{1,3}(?:[. ]\d{3}){1,6}|\d{1,30})(?:,(?P<part>\d{1,30}))?(?![\d.,])(?:\\?[ %€$°]|\\,)*"
    r"(?:\\?[^\W\d_/]{1,15}[²³]?){0,2}"
)
_ANSWERS: Final = re.compile(
    r"\b(?:antwort|antwoord|réponse|respuesta|resposta|risposta|ответ|odpowiedź|cevap|đáp án|jawaban)\b", re.IGNORECASE
)  # "answer" in these languages
_THREE: Final = 3  # digits of a group of thousands


def read_comma_number(stated: str) -> tuple[Fraction, bool] | None:
    """The value of a number whose comma is the decimal one, and whether no other reading is likely; None for all else.

    A comma before three digits may as well part thousands, and so may a stop.

    >>> read_comma_number("3,5"), read_comma_number("1.234,50 €")
    ((Fraction(7, 2), True), (Fraction(2469, 2), True))
    >>> read_comma_number("3,500"), read_comma_number("3.500"), read_comma_number("3.5")
    ((Fraction(7, 2), False), (Fraction(3500, 1), False), None)
    """
    text = stated.translate(SIGN_TRANSLATION).replace("{,}", ",").strip(_MARKS)
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None
    whole, part = number["whole"], number["part"]
    if part is None and "." not in whole:
        return None
    value = Fraction(f"{re.sub('[. ]', '', whole)}.{part or 0}")
    groups = "." in whole or " " in whole
    certain = (groups or len(part) != _THREE or whole == "0") if part is not None else False
    return (-value if text.startswith("-") else value), certain


def uses_decimal_commas(*texts: str) -> bool | None:
    """Whether texts are of a language that writes decimal commas; None where it cannot be told.

    >>> [uses_decimal_commas(text) for text in ("Die Antwort ist 3,5.", "So the answer is 3,5.", "3,5")]
    [True, False, None]
    """
    if any(map(_ANSWERS.search, texts)):
        return True
    languages = [language for text in texts if (language := detect_language(text)) != "unknown"]
    if any(language in COMMA_LANGUAGES for language in languages):
        return True
    return False if languages else None
