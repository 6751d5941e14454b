"""The regular expressions that cut a stretch of text into units: one table a mode.

A match is leading white space and one unit, so matches tile a stretch. Every quantifier that
can meet a long run is possessive or bounded and the last row takes any character, so a word or a run of blanks of a
megabyte costs one pass.

A row that begins with a character or a class is passed over at the speed of C where the next character is not in it. So
rows begin with one wherever they can, with what stands before it looked at from behind, and the group that tells which
row matched is an empty one at its end.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import cache

from cotpress.text.markers import AMBIGUOUS_OPERATORS, CURRENCY, FRACTIONS, OPERATORS, SUBSCRIPTS, SUPERSCRIPTS
from cotpress.text.units.unit_kinds import LexMode, UnitKind


class PendingKind(IntEnum):
    """A token that is not yet a unit of a kind: the first three wait for their neighbours, the others are finished
    by the lexer, because they open or extend something."""

    VARIABLE = 50  # a, A or I: a variable beside an operator, else a word
    BINARY = 51  # - and the like: an operator between operands, else punctuation
    LOOSE = 52  # * / ! % |: an operator beside an operand, else punctuation
    BRACKET = 53  # punctuation that an operator may stand beside
    COMMAND = 100  # \name
    OPEN = 101  # {
    SCRIPT = 102  # ^ _ ' that belong to the unit before
    CALL = 103  # (x) right after a name


PatternTable = list[tuple[int, str]]

# Scripts written without spaces between words, besides Han and kana: Thai to Tibetan, Myanmar, Khmer, Tai.
_CLUSTERED = r"\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
_HAN = (
    r"\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3105-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\U00020000-\U0003ffff"
)
_HIRAGANA = r"\u3041-\u309f"
_KATAKANA = r"\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_UNSPACED = _CLUSTERED + _HAN + _HIRAGANA + _KATAKANA
_BEFORE_BASE = r"\u0e40-\u0e44\u0ec0-\u0ec4"  # Thai and Lao vowels written before their consonant
_AFTER_BASE = r"\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3"  # and those written after it
_STACKER = r"\u17d2\u1039"  # the next Khmer or Myanmar consonant goes below
_PUNCTUATION = (
    r"!-/:-@\[-`{-~¡§«¶·»¿\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3020\u3030\u303d"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_RAISED = re.escape(SUPERSCRIPTS + SUBSCRIPTS)
_MONEY = rf"\\?[{re.escape(CURRENCY)}]"
_LETTER = rf"[^\W\d_{_UNSPACED}{_RAISED}]"
_WORDCHAR = rf"(?:[^\W_{_UNSPACED}]|[{_RAISED}]|_(?![{{\\(]))"  # an underscore before a brace is a subscript


@cache
def compile_unit_pattern(mode: LexMode) -> tuple[re.Pattern[str], tuple[int, ...]]:
    """The compiled table of a mode, and for each of its groups (from 1) the `UnitKind` or `PendingKind`."""
    rows = {LexMode.PROSE: _build_prose_table, LexMode.MATH: _build_math_table, LexMode.CODE: _build_code_table}[mode]()
    body = "|".join(f"(?:{pattern})()" for _, pattern in rows)
    joined = rf"(?:(?<=\u200d)\S{_build_marks()})*+"  # a zero-width joiner holds emoji together
    pattern = rf"\s*+(?:(?:{body})(?:(?=[^\x00-\xac]){_build_marks()}{joined})?+|\Z)"
    return re.compile(pattern, re.DOTALL), (-1, *(int(kind) for kind, _ in rows))


@cache
def _build_mark() -> str:
    """A pattern for one character that must not leave the one before it: a combining mark, a joiner, a variation
    selector, another invisible format, an emoji skin tone. From Unicode's own table, for the planes that have any."""
    codes = [*range(0xAD, 0x20000), *range(0xE0000, 0xE01F0)]
    inside = [c for c in codes if unicodedata.category(chr(c)) in ("Mn", "Mc", "Me", "Cf") or 0x1F3FB <= c <= 0x1F3FF]
    ranges: list[list[int]] = []
    for code in inside:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    members = "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)
    return rf"(?:(?=[^\x00-\xac])[{members}])"  # the guard keeps plain text off the long class


def _build_marks() -> str:
    return rf"{_build_mark()}*+"


@cache
def compile_marks_pattern() -> re.Pattern[str]:
    """All combining marks and the like from a position on; it matches the empty string too."""
    return re.compile(_build_marks())


def _build_number() -> str:
    """Digits with thousands, decimals, an exponent, a fraction or minutes: 1,000 3.14 .5 1e-5 1/2 10:30 1.2.3 3²."""
    thousands = r"\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})++(?!\d)"
    digits = rf"(?:{thousands}|\d++)(?:\.\d++)*+|(?<![\w.])\.\d++|[{FRACTIONS}]"
    after = rf"(?:[eE][-+−]?\d++(?!\w))?+[{_RAISED}]*+(?:[/⁄]\d++(?:\.\d++)*+(?!\w))*+(?::\d\d(?!\d))*+"
    return rf"(?:{digits}){after}"


def _build_plain_table() -> PatternTable:
    """The plain cases, for speed: what they take, the other rows of prose would take alike."""
    ends = r"(?=[ \t\r\n,;?!()\[\]{}\"*/=<>+|%&$\\`~#]|[.:](?:\s|\Z)|\Z)"
    return [
        (UnitKind.WORD, rf"[A-Za-z][A-Za-z]++{ends}"),
        (UnitKind.PUNCTUATION, r"[.,:;?](?=\s|\Z)"),
        (UnitKind.NUMBER, r"\d\d*+(?=[\s()\]}=+*<>|\"!?;&~#]|[.,](?:\s|\Z)|\Z)"),
        (UnitKind.OPERATOR, r"=(?=[ -<?-~\s]|\Z)"),
        (PendingKind.VARIABLE, r"[aAI](?=[\s=+*/^<>()-])"),
    ]


def _build_prose_table() -> PatternTable:
    core = rf"{_LETTER}++(?:{_build_mark()}++{_LETTER}++)*+"
    quoted = rf"{core}{_build_marks()}(?:['’]{core})*+"
    signed = rf"(?:(?<![\w)\]}}])[-−+±](?=[\d.$€£¥₹₩√]))?+(?:{_MONEY}(?=[\d.√]))?+"
    compound = r"(?:-(?!sqrt|sin|cos|tan|log|exp|mod)(?:[a-z]{3,}+|[ckm]m|kg)(?:-[a-z]++)*+)"  # 3-digit, 1-cm
    currency = re.escape(CURRENCY)
    percent = rf"(?:\\?%|[‰°′″][CFK]?(?!\w)|\\?[{currency}¢](?![\w.<({{\\$]))?+"
    script = r"(?:[\^_][-+−]?\w++)*+"
    begins = rf"[-−+±\d.{FRACTIONS}\\{currency}]"
    return [
        *_build_plain_table(),
        (UnitKind.CALC, rf"[<\\{currency}](?:(?<=<)|(?<=\\)[{currency}]<|(?<=[{currency}])<)<[^<>\n]*>>"),
        (UnitKind.OTHER, r"[hf](?:(?<=h)ttps?|(?<=f)tp)://[^\s<>\"{}]+(?<![.,;:!?)\]'*])"),
        (UnitKind.WORD, r"[A-Za-z](?:\.[A-Za-z])++\.(?!\w)"),  # e.g. U.S.
        (
            UnitKind.NUMBER,
            rf"(?={begins}){signed}{_build_number()}(?:(?:st|nd|rd|th|s)(?!\w)|{compound})?+{percent}(?!{_WORDCHAR}|\^[\w(+-])",
        ),
        (
            UnitKind.EXPRESSION,
            rf"[B-HJ-Zb-z\u0370-\u03ff](?:(?<!['‘].)['’′]++)?+{script}"
            rf"(?!\w|[{_RAISED}]|\.\w|['’]{_LETTER}|-{_LETTER}{{2}}|{_build_mark()}++\w)",
        ),
        (
            UnitKind.WORD,
            rf"{quoted}(?:-(?={_LETTER}{{2}}){quoted})*+(?!{_WORDCHAR}|\^[\w(+-])"
            rf"(?:\.[a-z]{_WORDCHAR}*+)*+(?:@[\w-]++(?:\.[\w-]++)++)?+",
        ),
        (UnitKind.EXPRESSION, rf"{signed}√?+(?:{_build_number()}{_WORDCHAR}*+|(?!_++(?!\w)){_WORDCHAR}++){script}"),
        (UnitKind.WORD, rf"[{_HAN}]|[{_HIRAGANA}]{{1,8}}+|[{_KATAKANA}]{{1,16}}+|{_build_cluster()}"),
        (PendingKind.CALL, r"\((?:(?<=[^\W\d_].)|(?<=[^\W\d_]['’′].))[^\s(){}\\$]{1,12}\)"),
        (PendingKind.SCRIPT, r"[\^_](?<=[^\s_].)(?=[\w{\\(+−-])"),
        *_build_shared_table(),
    ]


def _build_math_table() -> PatternTable:
    signed = r"(?:(?:(?<=[=<>(\[{,&^])|(?<=[=<>(\[{,&] ))[-−+±](?=[\d.]))?+"
    begins = rf"[-−+±\d.{FRACTIONS}]"
    return [
        (UnitKind.NUMBER, rf"(?={begins}){signed}{_build_number()}(?:\\?%|°)?+(?![^\W_])"),
        (UnitKind.EXPRESSION, rf"(?={begins}|\w)(?:{signed}(?:{_build_number()})?+[^\W_]++|{_build_number()})"),
        (PendingKind.CALL, r"\((?:(?<=[^\W\d_].)|(?<=[^\W\d_]['’′].))[^\s(){}\\$&]{1,12}\)"),
        (PendingKind.SCRIPT, r"[\^_'’]"),
        (UnitKind.LATEX, r"\$[^$\n]{0,80}\$"),  # math inside text inside math
        *_build_shared_table(),
    ]


def _build_code_table() -> PatternTable:
    return [
        (UnitKind.CODE, r"\w++|\"[^\"\n{}]{0,80}+\"|'[^'\n{}]{0,80}+'|\$[^$\n]{0,40}+\$"),
        (PendingKind.OPEN, r"\{"),
        (UnitKind.CODE, r"[-+*/=<>!&|%^~:.]{1,3}+"),
        (UnitKind.CODE, r"."),
    ]


def _build_cluster() -> str:
    """One syllable or so of a script without spaces: a base and all that is written around it."""
    base = rf"[{_CLUSTERED}]{_build_marks()}"
    return rf"[{_BEFORE_BASE}]?+{base}(?:[{_AFTER_BASE}]{_build_marks()}|(?<=[{_STACKER}]){base})*+"


def _build_shared_table() -> PatternTable:
    """Commands, braces, operators, punctuation and the rest, the same in prose and in math."""
    loose = "!%|*/"  # the rest, a hyphen above all, stand between words too often
    binary = "".join(sorted(set(AMBIGUOUS_OPERATORS) - set(loose)))
    return [
        (PendingKind.COMMAND, r"\\(?:[A-Za-z]++\*?+|[(){}\[\]|,;:!<>. $%&#_\\-])"),
        (PendingKind.OPEN, r"\{"),
        (UnitKind.PUNCTUATION, r"--++|__++|\*\*++|~~++|\.\.++|===++|##*+|``*+|……*+|[?!？！][?!？！]++"),
        (
            UnitKind.OPERATOR,
            rf"[<>=!:-](?:(?<=<)(?:=>|->|=|-)|(?<=[>=!:])=|(?<=[-=])>)(?![=<>])|√\w++|[{re.escape(OPERATORS)}]",
        ),
        (PendingKind.BINARY, rf"[{re.escape(binary)}]"),
        (PendingKind.LOOSE, rf"[{re.escape(loose)}]"),
        (PendingKind.BRACKET, r"[()\[\]]"),
        (UnitKind.PUNCTUATION, rf"[{_PUNCTUATION}]"),
        (UnitKind.OTHER, r"[\U0001f1e6-\U0001f1ff]{2}|."),
    ]
