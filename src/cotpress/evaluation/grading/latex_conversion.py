"""Plain mathematical text into the LaTeX that the parser reads."""

from __future__ import annotations

import re

LATEX_BY_SIGN = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "×": r"\times ",
        "·": r"\cdot ",
        "÷": "/",
        "±": r"\pm ",
        "π": r"\pi ",
        "∞": r"\infty ",
        "∪": r"\cup ",
        "∩": r"\cap ",
        "∈": r"\in ",
        "≤": r"\le ",
        "≥": r"\ge ",
        "≠": r"\ne ",
        "²": "^2",
        "³": "^3",
        "\u00a0": " ",
    }
)
FUNCTIONS = re.compile(r"(?<![\\a-zA-Z])(sqrt|log|ln|sin|cos|tan|cot|sec|csc|arcsin|arccos|arctan|pi)(?![a-zA-Z])")
INFINITY = re.compile(r"(?<![\\a-zA-Z])(?:infinity|infty|inf)(?![a-zA-Z])")
ROOT = re.compile(r"√\s*(?:\(([^()]*)\)|(\w+))|(?<![\\a-zA-Z])sqrt\s*\(([^()]*)\)")
MIXED_FRACTION = re.compile(r"(?<![\d.^_}])(\d+)\s*\\[dt]?frac\s*(?:\{(\d+)\}\s*\{(\d+)\}|(\d)\s*(\d))")


def convert_to_latex(answer: str) -> str:
    r"""`√2 ≤ x` as `\sqrt{2} \le x`, `log_2(8)` as `\log_2(8)`, `1\frac12\pi` as `(1+\frac{1}{2})\pi`."""
    text = ROOT.sub(lambda match: rf"\sqrt{{{match[1] or match[2] or match[3]}}}", answer)
    text = FUNCTIONS.sub(r"\\\1 ", INFINITY.sub(r"\\infty ", text.translate(LATEX_BY_SIGN)))
    return MIXED_FRACTION.sub(_format_mixed_fraction, text).strip()


def _format_mixed_fraction(match: re.Match[str]) -> str:
    whole, top, bottom = match[1], match[2] or match[4], match[3] or match[5]
    return rf"({whole}+\frac{{{top}}}{{{bottom}}})" if int(top) < int(bottom) else match[0]
