r"""One spelling for equal answers: `1,000` and `1000`, `\dfrac12` and `0.5`, `(B)` and `B`, `yes` and `True`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from cotpress.answers.number_words import parse_counted, parse_number_word
from cotpress.answers.value import narrow_span

MAX_NORMALISED_CHARACTERS = 1000  # characters; a longer text is compared word for word
MAX_DIGITS = 300  # of any number; a larger one stays text
SCALE_WORDS = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
TRUTH_WORDS = {
    **dict.fromkeys(
        ("yes", "sí", "oui", "ja", "sim", "sì", "да", "evet", "có", "ya", "tak", "ndiyo", "হ্যাঁ", "हाँ", "हां", "نعم", "ใช่",
         "是", "是的", "对", "正确", "はい", "예", "네"),
        "true",
    ),
    **dict.fromkeys(
        ("no", "non", "nein", "nee", "não", "нет", "hayır", "không", "tidak", "nie", "hapana", "না", "नहीं", "لا", "ไม่ใช่",
         "否", "不", "不是", "错", "错误", "いいえ", "아니요", "아니오"),
        "false",
    ),
}  # fmt: skip
SIGN_TRANSLATION = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "⁄": "/",
        "÷": "/",
        "×": "*",
        "·": "*",
        "°": "",
        "π": r"\pi ",
        "∞": r"\infty ",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
    }
)
# LaTeX has many spellings for one thing. The order matters: double backslashes first, `\%` before `%`.
LATEX_SUBSTITUTIONS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"\\\\", " ; "),
        (r"\\begin\s*\{[a-zA-Z]*matrix\*?\}", "["),
        (r"\\end\s*\{[a-zA-Z]*matrix\*?\}", "]"),
        (r"\\\{", r"\\lbrace "),
        (r"\\\}", r"\\rbrace "),
        (r"\\[dtc]frac(?![a-zA-Z])", r"\\frac"),
        (r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits)(?![a-zA-Z])", ""),
        (r",\s*\\!\s*", ","),
        (r"\\[,;:! ]|~|\\q?quad(?![a-zA-Z])", " "),
        (r"\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![a-zA-Z]))|\\degrees?(?![a-zA-Z])", ""),
        (r"\\?[$€£¥%]|\\(?=[#&_])", ""),
        (r"\\(?:cdot|times|ast)(?![a-zA-Z])", "*"),
        (r"\\([lg])eq?(?![a-zA-Z])", r"\\\1e "),
        (r"(?<![\\a-zA-Z])(pi|infty)(?![a-zA-Z])", r"\\\1 "),
        (r"√\s*\(?(\w+)\)?", r"\\sqrt{\1}"),
        (r"(?<![\\a-zA-Z])sqrt\s*\(([^()]*)\)", r"\\sqrt{\1}"),
        (r"\\sqrt\s*(\w)", r"\\sqrt{\1}"),
        (r"\*\*", "^"),
    )
)
TEXT_COMMAND = re.compile(
    r"\\(?:text\w*|math(?:bf|rm|it|sf)|mbox|emph|operatorname|boldsymbol|boxed|fbox)\s*\{([^{}]*)\}"
)
ARGUMENT = r"\s*(?:\{([^{}]*)\}|(\d|[a-zA-Z]|\\[a-zA-Z]+))"
FRACTION = re.compile(rf"(\d?)\\frac{ARGUMENT}{ARGUMENT}")
COMMAND_BRACES = re.compile(r"(\\(?!frac|text|math)[a-zA-Z]+|\^|_)\s*\{([^{}]*)\}")
BARE_BRACES = re.compile(r"\{([^{}]*)\}")
DECIMAL = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3}){2,9}|(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)")
RATIO = re.compile(r"([^/]+)/([^/]+)")
MIXED_NUMBER = re.compile(r"(-?)(\d+)\s+(\d+/\d+)")
POWER = re.compile(r"(?:([^*^]+)\*)?([^*^]+)\^\(?([-+]?\d{1,3})\)?|([^*^]+)[eE]([-+]?\d{1,3})")
_JOINING_WORD = re.compile(r"(?<=[\w)\]]),? (?:and|or) (?=[-\d(\[\\])")
MEASURED_QUANTITY = re.compile(r"([-+\d.,/ ]*\d)\s+((?!mod|choose|or|and|to)(?:[a-zA-Z]{2}|[a-zA-Z]/[a-zA-Z])[^\\=,]*)")
OPTION_LETTER = re.compile(r"\(?([a-zA-Z])\)?[.):]?")
# Several options: with marks or words between them, or in their order with nothing between.
OPTION_LETTERS = re.compile(r"\(?[A-H]\)?(?:(?:\s*[,;&、和及与]\s*(?:and\s+)?|\s+and\s+)\(?[A-H]\)?){1,7}")
GLUED_LETTERS = re.compile(r"(?=[A-H]{2})A?B?C?D?E?F?G?H?")
WORDS = re.compile(r"[^\W\d_]+(?:[ '’-]+[^\W\d_]+)*")
ARTICLE = re.compile(r"^(?:the|an?) (?=\w)")
_SET_BRACES = re.compile(r"\\[lr]brace\s*")
_PARENTHESES = re.compile(r"\([^()]*\)")
ATOM = re.compile(r"[^()\[\],;|=]+")
# A counter or a unit of Chinese, Japanese or Korean; 万 and the like are factors, and stay.
CJK_QUANTITY = re.compile(r"(-?\d[\d.,/]{0,40})\s{0,3}[^\W\da-zA-Z十百千万萬亿億兆]{1,4}")
LETTERED_OPTION = re.compile(r"\(?([a-zA-Z])[).:]\s*\S.*", re.DOTALL)


def normalise_answer(answer: str) -> str:
    r"""The canonical text of an answer: equal answers of one form give equal texts.

    Numbers become exact integers or fractions in lowest terms (`27.0` -> `27`, `\frac{2}{4}` -> `1/2`,
    `3 \times 10^2` -> `300`); money, percent and degree signs go, other units stay (`5 cm`). Options
    become a capital letter, yes and no become `true` and `false`, number words numbers, other words lose their case and
    article. Nothing is evaluated; time is linear for any length, and huge powers stay text.

    >>> normalise_answer('27.0'), normalise_answer('(B)')
    ('27', 'B')
    """
    span = narrow_span(answer, 0, len(answer))
    text = answer[slice(*span)] if span else answer.strip()
    if len(text) > MAX_NORMALISED_CHARACTERS:
        return " ".join(text.split())
    text = _normalise_latex(text)
    number = _parse_number(text)
    if number is not None:
        return str(number)
    if letter := OPTION_LETTER.fullmatch(text):
        return letter[1].upper()
    if OPTION_LETTERS.fullmatch(text) or GLUED_LETTERS.fullmatch(text):
        return ",".join(sorted(set(re.findall("[A-H]", text))))
    if truth := TRUTH_WORDS.get(text.casefold()):
        return truth
    if (counted := parse_number_word(text)) is not None:
        return str(counted)
    if WORDS.fullmatch(text):
        return ARTICLE.sub("", text.casefold())
    if (unit := MEASURED_QUANTITY.fullmatch(text)) and (number := _parse_number(unit[1])) is not None:
        return f"{number} {unit[2].casefold()}"
    if re.search(r"(?<![\\a-zA-Z])[^\W\d_]{3,}", text):
        return text.casefold()
    return ATOM.sub(_normalise_atom, re.sub(r"\s+|(?<!\d)\*|\*(?!\d)", "", text))


def is_same_answer(stated: str, gold: str) -> bool:
    """Whether two answers are equal once normalised: text for text, numbers exactly.

    Where only one of them names a unit ("42 apples"), a left side ("x = 5") or the text of an option
    ("(B) a bank"), that part is forgiven. An empty answer equals nothing.

    >>> is_same_answer('x = 0.5', '1/2'), is_same_answer('5', '6')
    (True, False)
    """
    answer, reference = normalise_answer(stated), normalise_answer(gold)
    if not answer or not reference:
        return False
    if answer == reference or reference in _generate_looser_forms(answer):
        return True
    if answer in _generate_looser_forms(reference) or _have_same_numbers(answer, reference):
        return True
    return ("%" in stated) != ("%" in gold) and _is_percentage(*((stated, gold) if "%" in stated else (gold, stated)))


def _is_percentage(percent: str, share: str) -> bool:
    """Whether "17%" is 0.17."""
    hundredfold, number = _parse_number(normalise_answer(percent)), _parse_number(normalise_answer(share))
    return hundredfold is not None and number is not None and hundredfold == 100 * number


def _have_same_numbers(answer: str, reference: str) -> bool:
    """Whether two lists without brackets have the same numbers, each once, in any order: the roots of an equation."""
    said, wanted = (_SET_BRACES.sub("", text).split(",") for text in (answer, reference))
    if not 1 < len(wanted) == len(said) == len(set(wanted)):
        return False
    return sorted(said) == sorted(wanted) and all(_parse_number(number) is not None for number in wanted)


def _generate_looser_forms(canonical: str) -> Iterator[str]:
    """What is left of a canonical answer without its left side, its unit, or its option's text."""
    if (listed := _JOINING_WORD.sub(",", canonical)) != canonical:
        yield normalise_answer(listed)
    sides = re.split(r"=|\\in(?![a-zA-Z])", canonical)
    parts = canonical.split(",")
    if len(sides) > 2 and len(parts) > 1:  # an equation for each root: the last one alone is not the answer
        if all(part.count("=") == 1 for part in parts):
            yield normalise_answer(",".join(part.partition("=")[2] for part in parts))
    elif len(sides) > 1:
        yield normalise_answer(sides[-1])
    if unit := MEASURED_QUANTITY.fullmatch(canonical):
        yield normalise_answer(unit[1])
    if (bare := re.sub(r"(?<!\s)\s+\([^()]*\)$", "", canonical)) != canonical:
        yield normalise_answer(bare)
    if (number := parse_counted(canonical)) is not None:
        yield str(number)
    if counted := CJK_QUANTITY.fullmatch(canonical):
        yield normalise_answer(counted[1])
    if (bare := re.sub(r"\\[lr]brace\s*", "", canonical)) != canonical:
        yield bare
    if option := LETTERED_OPTION.fullmatch(canonical):
        yield option[1].upper()


def _normalise_latex(text: str) -> str:
    """LaTeX in one spelling: fractions with a slash, braces as parentheses or gone, text commands gone."""
    text = text.translate(SIGN_TRANSLATION)
    for pattern, new in LATEX_SUBSTITUTIONS:
        text = pattern.sub(new, text)
    for _ in range(text.count("{") + 1):  # innermost braces first, so each round takes at least one pair
        before = text
        text = COMMAND_BRACES.sub(_format_command, FRACTION.sub(_format_fraction, TEXT_COMMAND.sub(r" \1 ", text)))
        if text == before:
            text = BARE_BRACES.sub(r"\1", text)
    return re.sub(r"(?<=\d) degrees?$", "", " ".join(text.split())).rstrip(" .")


def _format_fraction(match: re.Match[str]) -> str:
    whole, top, short_top, bottom, short_bottom = match.groups()
    above = (top or short_top or "").strip()
    sides = (above if _is_product(above) else _parenthesise(above), _parenthesise(bottom or short_bottom or ""))
    return f"{whole}{' ' if whole else ''}{sides[0]}/{sides[1]}"


def _format_command(match: re.Match[str]) -> str:
    command, inside = match.groups()
    return f"{command}{_parenthesise(inside)}" if command in "^_" else f"{command}({inside})"


def _is_product(text: str) -> bool:
    """Whether a numerator needs no parentheses: nothing is added or compared outside of its own."""
    bare, before = text.removeprefix("-"), ""
    while bare != before:
        before, bare = bare, _PARENTHESES.sub("", bare)
    return bool(bare) and re.fullmatch(r"[\w.\\ *^]+", bare) is not None


def _parenthesise(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"-?[\w.\\]+", text) else f"({text})"


def _normalise_atom(match: re.Match[str]) -> str:
    number = _parse_number(match[0])
    return match[0] if number is None else str(number)


def _parse_number(text: str) -> Fraction | None:
    """The exact value of a text that is a number: decimal, ratio, mixed, power of ten, with a scale word."""
    words = text.rsplit(" ", 1)
    if len(words) == 2 and words[1].lower() in SCALE_WORDS:
        value = _parse_decimal(words[0])
        return None if value is None else value * SCALE_WORDS[words[1].lower()]
    if mixed := MIXED_NUMBER.fullmatch(text):
        whole, part = _parse_decimal(mixed[2]), _parse_ratio(mixed[3])
        return None if whole is None or part is None else (whole + part) * (-1 if mixed[1] else 1)
    text = text.replace(" ", "")
    for read in (_parse_decimal, _parse_ratio, _parse_power):
        if (value := read(text)) is not None:
            return value
    return None


def _parse_decimal(text: str) -> Fraction | None:
    text = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    if len(text) > MAX_DIGITS or not DECIMAL.fullmatch(text):
        return None
    return Fraction(text.replace(".", "") if text.count(".") > 1 else text.replace(",", ""))


def _parse_ratio(text: str) -> Fraction | None:
    sides = RATIO.fullmatch(text)
    if sides is None:
        return None
    sign = -1 if sides[1].startswith("-(") else 1
    top, bottom = _parse_decimal(sides[1][sign < 0 :]), _parse_decimal(sides[2])
    return None if top is None or not bottom else sign * top / bottom


def _parse_power(text: str) -> Fraction | None:
    match = POWER.fullmatch(text)
    if match is None:
        return None
    factor, base = _parse_decimal(match[1] or match[4] or "1"), _parse_decimal(match[2] or "10")
    exponent = int(match[3] or match[5])
    if factor is None or not base or len(match[2] or "10") * abs(exponent) > MAX_DIGITS:
        return None
    return factor * base**exponent
