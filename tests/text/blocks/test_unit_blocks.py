"""Units that live and die together: golden groups, and what any deletion that honours them leaves."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import seconds

from cotpress.pruning import Method, apply_budget, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.text import FORMULA_MODES, find_unit_blocks, segment
from cotpress.types import Trace


def list_blocks(text: str, formulas: str) -> list[str]:
    """The groups that begin in a text, their units joined by blanks; a whole one as it stands in the text."""
    cut = segment(text)
    bounds = cut.units.tolist()
    shown = []
    for group in find_unit_blocks(cut, formulas):
        whole = group[-1] - group[0] == len(group) - 1
        units = [text[bounds[unit] : bounds[unit + 1]].strip() for unit in group]
        shown.append(text[bounds[group[0]] : bounds[group[-1] + 1]].strip() if whole else " ".join(units))
    return shown


@pytest.mark.parametrize(
    ("text", "whole", "inside"),
    [
        ("so (1 - p)^4 is", ["(1 - p)^4"], ["( )^4"]),
        ("so $(1 - p)^4 = x$ is", ["$(1 - p)^4 = x$"], ["$ $", "( )^4"]),
        ("(see below (again))", ["( )", "( )"], ["( )", "( )"]),
        ("It is 36 + 4 = 40 now", ["36 + 4 = 40"], []),
        ("on [0, 1) and (0, \\infty]", ["[0, 1)", "(0, \\infty]"], ["[ )", "( ]"]),
        ("A(5, 12) (Fig. 2, 3)", ["A(5, 12)", "( )"], ["( )", "( )"]),
        ("so (a, b) with a ≤ b and (see a, b)", ["(a, b)", "a ≤ b", "( )"], ["( )", "( )"]),
        ("V = mnp and 2(mn + np) so", ["V = mnp", "2(mn + np)"], ["( )"]),
        ("x(1 - cosθ) - y sinθ", ["x(1 - cosθ) - y sinθ"], ["( )"]),
        ("so = the sum", [], []),
        ("a sin t + cos(2t + 1)", ["sin t + cos(2t + 1)"], ["( )"]),
        ("x = $y + z$ + 3", ["x = $y + z$ + 3"], ["$ $"]),
        ("a) one b) two (c", [], []),
        ("so \\{ x \\} \\lfloor y \\rfloor", ["\\{ \\}", "\\lfloor \\rfloor"], ["\\{ \\}", "\\lfloor \\rfloor"]),
        ("$\\big( a + b \\big)$", ["$\\big( a + b \\big)$"], ["$ $", "\\big( \\big)"]),
        ('He said "stop (it)".', ['" "', "( )"], ['" "', "( )"]),
        ('It is 5" and 6" long, "so" he', ['" "'], ['" "']),
        ("“fine” «so» 「好」", ["“ ”", "« »", "「 」"], ["“ ”", "« »", "「 」"]),
        ("It *is so* now, 2 * 3 * x", ["* *", "2 * 3 * x"], ["* *"]),
        ("**bold text** here", ["** **"], ["** **"]),
        ("<think> so it is </think>", ["< think > < / think >"], ["< think > < / think >"]),
        (
            "$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix} + 1$",
            ["$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix} + 1$"],
            ["$ $", "\\begin{pmatrix} & \\\\ & \\end{pmatrix}"],
        ),
        ("| a | b |\n|---|---|\n| c | d |", ["| | | | --- | --- |", "| | |"], ["| | | | --- | --- |", "| | |"]),
        ("\\textbf{many bold words which are here so}", ["\\textbf{ }"], ["\\textbf{ }"]),
        ('Then\n{"name": "f", "n": [1]}\nso', ['{"name": "f", "n": [1]}'], ['{"name": "f", "n": [1]}']),
    ],
)
def test_blocks(text: str, whole: list[str], inside: list[str]) -> None:
    assert list_blocks(text, "whole") == whole
    assert list_blocks(text, "inside") == inside


CODE = "```py\nfor i in range(3):\n    print({i: [i]}, '(')\n\nprint(1)\n```"


@pytest.mark.parametrize("formulas", FORMULA_MODES)
def test_code_is_one_block(formulas: str) -> None:
    assert list_blocks(f"So:\n{CODE}\nand `some(longer, [piece], of_code, in_a_line)`", formulas) == [
        CODE,
        "`some(longer, [piece], of_code, in_a_line)`",
    ]


def test_code_that_was_cut_off_goes_by_paragraphs_that_brackets_hold_together() -> None:
    text = "So:\n```py\nx = f(1)\n\ny = g(\n\n2)\n\nz = 3 + x"
    assert list_blocks(text, "inside") == ["```py\nx = f(1)", "y = g(\n\n2)", "z = 3 + x"]


# --- any deletion ----------------------------------------------------------------------------------------------------

PARTNER = {")": "(", "]": "[", "}": "{", "”": "“", "\\)": "\\(", "\\]": "\\[", "\\}": "\\{", "\\right)": "\\left("}
SIGN = re.compile(r"\\(?:left\(|right\)|[()\[\]{}])|\\\\|[()\[\]{}“”]|</?[a-z]+>|\\(?:begin|end)\{[a-z]+\}")


def count_unmatched(text: str) -> Counter[str]:
    """Delimiters without partner, by kind; fences are left out. It shares nothing with the module under test."""
    bare = re.sub(r"(?ms)^```.*?^```", "", text)
    depth: Counter[str] = Counter()
    unmatched: Counter[str] = Counter()
    for m in SIGN.finditer(bare):
        sign = m.group()
        kind = PARTNER.get(sign, re.sub(r"/|\\end", "", sign.replace("\\begin", "")))
        if kind == "\\\\":
            continue
        closes = sign in PARTNER or "/" in sign or sign.startswith("\\end")
        if closes and not depth[kind]:
            unmatched[kind] += 1
        else:
            depth[kind] += -1 if closes else 1
    unmatched.update(+depth)
    unmatched.update({sign: 1 for sign in ('"', "$") if bare.count(sign) % 2})
    unmatched.update({"**": 1} if len(re.findall(r"(?<!\*)\*\*(?!\*)", bare)) % 2 else {})
    return unmatched


words = st.sampled_from(
    ["So ", "the area", " is", " no,", " not.", " 12", " x", " = ", " - ", " p", " 3.5", "\n", " I", ";"]
)
math = st.recursive(
    st.sampled_from(["x", "12", "\\pi", "a + b", "1 - p", "y = 3", "\\frac{1}{2}", "n!"]),
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("({})^4".format, inner),
        st.builds("\\left( {} \\right)".format, inner),
        st.builds("\\{{ {} \\}}".format, inner),
        st.builds("{} + [{}]".format, inner, inner),
        st.builds("\\begin{{cases}} {} & {} \\\\ {} & {} \\end{{cases}}".format, inner, inner, inner, inner),
    ),
    max_leaves=6,
)
prose = st.recursive(
    st.one_of(words, st.builds(" ${}$ ".format, math), st.builds(" \\({}\\) ".format, math)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.builds(" ({}) ".format, inner),
        st.builds(" [{}] ".format, inner),
        st.builds(" “{}” ".format, inner),
        st.builds(" <b>{}</b> ".format, inner),
        st.builds(" {} {} ".format, math, inner),
    ),
    max_leaves=12,
)
documents = st.lists(
    st.one_of(
        prose,
        st.sampled_from(
            [
                f"\n\n{CODE}\n\n",
                '\nHe said "so it is" now.\n',
                " **bold (text)** ",
                "\n| a | b |\n|---|---|\n| c | d |\n\n",
            ]
        ),
        st.builds("\n\\[\n{}\n\\]\n".format, math),
    ),
    min_size=1,
    max_size=6,
).map("".join)
methods = st.builds(
    Method,
    st.sampled_from(["random", "tail", "head"]),
    st.just("token"),
    st.sampled_from([(), ("symbols-first",), ("answer", "symbols")]),
    formulas=st.sampled_from(FORMULA_MODES),
    fill=st.booleans(),
    seed=st.integers(0, 99),
)


@settings(deadline=None, max_examples=150)
@given(documents, methods, st.sampled_from(["0.1", "0.3", "0.5", "0.7", "0.9"]))
def test_no_budget_leaves_a_delimiter_without_its_partner(text: str, method: Method, keep: str) -> None:
    outcome = apply_budget(rank_trace(prepare_trace(Trace("a", "", text)), method), parse_keep_ratio(keep))
    before = count_unmatched(text)
    assert count_unmatched(outcome.text) - before == Counter(), outcome.text
    assert outcome.text.count("```") == 2 * outcome.text.count(CODE)
    assert "over-budget" in outcome.flags or outcome.tokens_kept <= parse_keep_ratio(keep).apply_to(
        outcome.tokens_original
    )


PIECES = [
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "\\{",
        "\\}",
        '"',
        "'''",
        "“",
        "”",
        "*",
        "**",
        "$",
        "\\(",
        "\\)",
        "<b>",
        "</b>",
        "|",
    ),
    *(
        "\n|--|--|\n",
        "\n```py\n",
        "\n```\n",
        "`",
        "a",
        "12",
        " = ",
        " + ",
        ",",
        ", ",
        "…",
        "\n",
        "\n\n",
        "\\left(",
        "\\right)",
    ),
    *(
        "\\begin{cases}",
        "\\end{cases}",
        "&",
        "\\\\",
        '{"a": 1}',
        '\n{"',
        "}\n",
        "\\big(",
        "f(x)",
        "http://a.b/(",
        "\\textbf{",
    ),
    *("\x00", "é", "（", "）", "sin ", " (1, 2)", " [0, 1)"),
]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=30).map("".join))
def test_blocks_of_any_text_are_disjoint_and_nest(text: str) -> None:
    cut = segment(text)
    for formulas in FORMULA_MODES:
        blocks = find_unit_blocks(cut, formulas)
        edges = sorted((unit, number) for number, block in enumerate(blocks) for unit in block)
        assert len({unit for unit, _ in edges}) == len(edges)
        assert all(0 <= unit < len(cut.kinds) for unit, _ in edges)
        opened: list[int] = []
        for unit, number in edges:
            if unit == blocks[number][0]:
                opened.append(number)
            assert opened[-1] == number
            if unit == blocks[number][-1]:
                opened.pop()
        assert all(len(block) > 1 for block in blocks)


def test_code_of_real_traces_is_verbatim_or_gone(shared_data: Path) -> None:
    rows = json.loads((shared_data / "traces" / "code_traces.json").read_text(encoding="utf-8"))
    fence = re.compile(r"^```\w*\n.*?^```$", re.DOTALL | re.MULTILINE)
    seen = kept = 0
    for number, row in enumerate(rows):
        text = row["answer_with"] if "answer_with" in row else row["answer_without"]
        ranked = rank_trace(prepare_trace(Trace(str(number), "", text)), Method("random", "token"))
        for keep in ("0.7", "0.4"):
            after = apply_budget(ranked, parse_keep_ratio(keep)).text
            found = fence.findall(after)
            assert set(found) <= set(fence.findall(text))
            seen, kept = seen + len(fence.findall(text)), kept + len(found)
    assert 0 < kept < seen


SIZE = 30_000
LONG = {
    "open brackets": "(" * SIZE,
    "closed brackets": "(a " * (SIZE // 6) + ")" * (SIZE // 6),
    "pairs": "(a) " * (SIZE // 4),
    "crossing brackets": "([)]" * (SIZE // 4),
    "brackets in a link": "http://" + "(" * (SIZE // 2) + " " + ")" * (SIZE // 2),
    "quotes": '"a" ' * (SIZE // 4),
    "stars": "*a b* " * (SIZE // 6),
    "open stars": "*a\n" + "b* " * (SIZE // 3),
    "tags": "<b> a " * (SIZE // 12) + "</b> " * (SIZE // 10),
    "tables": "| a | b |\n|---|---|\n| c | d |\n\n" * (SIZE // 32),
    "rules": "| a |\n" + "|---|\n" * (SIZE // 6),
    "equations": "a = 3 + (b) " * (SIZE // 12),
    "json": '{"a": [1]}\n' * (SIZE // 11),
    "open json": '{"a": [1, ' * (SIZE // 10),
    "open fence": "```py\n" + "f(\n\n" * (SIZE // 4),
    "fences": "```py\nx\n\n" * (SIZE // 9),
    "commas": "(" + "1, " * (SIZE // 3) + ")",
}


@pytest.mark.parametrize("name", LONG)
def test_time_is_in_proportion_to_the_length(name: str) -> None:
    method = Method("random", "token")
    cut = [prepare_trace(Trace("a", "", text)) for text in (LONG[name][: SIZE // 8], LONG[name])]

    def rank(number: int) -> None:
        cut[number].blocks.clear()
        rank_trace(cut[number], method)

    rank(0)
    short, long = seconds(partial(rank, 0), partial(rank, 1), rounds=2)
    assert long < 8 * 3 * max(short, 0.004)


def test_a_fifth_of_a_megabyte_of_brackets() -> None:
    cut = segment("((a) " * 40_000)
    began = time.process_time()
    blocks = find_unit_blocks(cut)
    assert time.process_time() - began < 2
    assert np.diff(blocks).tolist() == [[2]] * 40_000
