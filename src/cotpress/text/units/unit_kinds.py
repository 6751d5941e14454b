"""What a unit can be, and the three modes in which a text is read."""

from __future__ import annotations

from enum import IntEnum


class UnitKind(IntEnum):
    """What a unit is.

    WORD: a word of a spaced script, with its apostrophes and hyphens; one Han character, one kana run, one
    cluster of another unspaced script. NUMBER: sign, thousands, decimals, exponent, fraction, percent and
    currency included. EXPRESSION: a variable, a base with its scripts, letters mixed with digits, a small
    application such as f(x). LATEX: a command with its arguments, a math delimiter, a small formula. CALC: a
    calculator mark `<<48/2=24>>`, with a currency sign before it. CODE: anything in code. OTHER: links, emoji,
    controls.
    """

    WORD = 0
    NUMBER = 1
    EXPRESSION = 2
    LATEX = 3
    OPERATOR = 4
    PUNCTUATION = 5
    CALC = 6
    CODE = 7
    OTHER = 8


class LexMode(IntEnum):
    """How a stretch of text is read."""

    PROSE = 0
    MATH = 1
    CODE = 2
