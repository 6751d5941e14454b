"""Delimiters that live and die together: after any deletion that keeps whole groups, LaTeX still parses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cotpress.text import Segmentation, segment

# --- a small TeX reader, independent of the room under test -------------------------------------------------------

TEX = re.compile(
    r"\\begin\s*\{(?P<begin>[A-Za-z]+\*?)\}|\\end\s*\{(?P<end>[A-Za-z]+\*?)\}"
    r"|\\(?P<fence>left|right)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|\S)"
    r"|\\(?P<command>[A-Za-z]+)\*?|\\.|\s+|.",
    re.DOTALL,
)
MATH = re.compile(
    r"\\\\|\\\((.*?)\\\)|\\\[(.*?)\\\]|\$\$(.*?)\$\$|(?<!\$)\$([^$]*?)\$(?!\$)|\\begin\{align\*\}(.*?)\\end\{align\*\}",
    re.DOTALL,
)
TWO, ONE = {"frac", "dfrac", "tfrac", "binom"}, {"sqrt", "text", "boxed", "overline", "mathbf", "mathrm", "pmod", "vec"}


class Level:
    """One open brace, \\left or environment of the reader, and what its next token must be."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.scripts: set[str] = set()
        self.arguments = 0

    def atom(self) -> None:
        if self.arguments:
            self.arguments -= 1
        else:
            self.scripts.clear()


def tex_errors(math: str) -> list[str]:
    """What TeX would reject in one formula: unbalanced groups, missing arguments, double scripts."""
    errors: list[str] = []
    levels = [Level("top")]

    def close(kind: str) -> None:
        if levels[-1].arguments:
            errors.append(f"argument missing before the end of {kind}")
        if levels[-1].kind != kind:
            errors.append(f"{kind} closes {levels[-1].kind}")
        elif len(levels) > 1:
            levels.pop()
        levels[-1].atom()

    for m in TEX.finditer(math):
        token, level = m.group(), levels[-1]
        if token.isspace() or m["command"] in ("limits", "quad"):
            continue
        if token == "{" or m["begin"] or m["fence"] == "left":
            levels.append(Level(m["begin"] or ("left" if m["fence"] else "{")))
        elif token == "}" or m["end"] or m["fence"] == "right":
            close(m["end"] or ("left" if m["fence"] else "{"))
        elif token in "^_":
            if token in level.scripts or level.arguments:
                errors.append(f"stray or double {token}")
            level.scripts.add(token)
            level.arguments += 1
        elif token == "'" and "^" in level.scripts:
            errors.append("prime after a superscript")
        elif token in ("&", "\\\\"):
            if level.arguments:
                errors.append("argument missing before & or \\\\")
            level.scripts.clear()
        elif token != "'":
            level.atom()
            level.arguments += 2 if m["command"] in TWO else 1 if m["command"] in ONE else 0
    close("top")
    return errors + [f"{level.kind} is open" for level in levels[1:]]


def document_errors(text: str) -> list[str]:
    """The errors of all formulas, and what is left unbalanced outside them."""
    errors = [error for m in MATH.finditer(text) for part in m.groups() if part for error in tex_errors(part)]
    rest = MATH.sub("", re.sub(r"(?m)^```[^`]*?^```", "", text))
    errors += [f"{d} is left" for d in ("\\(", "\\)", "\\[", "\\]", "\\begin", "\\end", "$") if d in rest]
    errors += ["bold text"] if rest.count("**") % 2 else []
    if rest.count("{") != rest.count("}"):
        errors.append("braces in prose")
    return errors


# --- the rule that pruning follows ---------------------------------------------------------------------------------


def keep_whole_groups(segmentation: Segmentation, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Every group whole where content between its first and last member is kept, else dropped whole."""
    content = keep.copy()
    for group in segmentation.groups:
        content[list(group)] = False
    kept = content.copy()
    for group in segmentation.groups:
        kept[list(group)] = content[group[0] : group[-1]].any()
    return kept


def joined(segmentation: Segmentation, keep: NDArray[np.bool_]) -> str:
    """The kept units; a space where two that were apart would run into each other, a line break where one was lost."""
    cuts, out, last = segmentation.units.tolist(), "", -1
    for i in np.flatnonzero(keep).tolist():
        unit = segmentation.text[cuts[i] : cuts[i + 1]]
        lost = segmentation.text[cuts[last + 1] : cuts[i]]
        if i > last + 1 and out and not unit[0].isspace():
            glued = (out[-1].isalnum() and unit[0].isalnum()) or out[-1] in "$*`\\" or out[-1] == unit[0]
            unit = ("\n" if "\n" in lost else " " if glued else "") + unit
        out, last = out + unit, i
    return out


# --- golden groups -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("so $a + b$ is", [["$", "$"]]),
        ("so $$a + b$$ is", [["$$", "$$"]]),
        ("so \\(a + b\\) is", [["\\(", "\\)"]]),
        ("so \\[\na + b\n\\] is", [["\\[", "\\]"]]),
        ("\\begin{align}a &= b\\end{align}", [["\\begin{align}", "\\end{align}"]]),
        ("$\\begin{array}{cc} 1 & 2 \\end{array} + 3$", [["\\begin{array}{cc}", "\\end{array}"], ["$", "$"]]),
        ("$\\left(a + b\\right)^2 + 1$", [["\\left(", "\\right)^2"], ["$", "$"]]),
        (
            "$\\frac{favourable + outcomes}{all + the + outcomes} = p$",
            [["\\frac{", "}{", "}"], ["$", "$"]],
        ),
        ("$\\frac{\\sqrt{\\frac{1}{2}} + 1}2 + 1$", [["\\frac{", "}2"], ["$", "$"]]),
        ("$x^{a + b + c + d + e + f + g + h + i + j + k} + 1$", [["x^{", "}"], ["$", "$"]]),
        (
            "$\\left(a + b\\right)^{a + b + c + d + e + f + g + h + i + j + k} + 1$",
            [["\\left(", "\\right)^{", "}"], ["$", "$"]],
        ),
        ("**bold text** here", [["**", "**"]]),
        ("the set {1, 2, 3}", [["{", "}"]]),
        ("a\n```py\nx = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9\n```\nb", [["```py\n", "```"]]),
        ("[asy] draw(A--B); label(C); draw(C--D); [/asy]", [["[asy]", "[/asy]"]]),
        ("So $a$ $12 + \\sum_{a}^{a} $", [["$", "$"]]),
        # one unit: no group
        ("so $a$ and \\(\\frac{1}{2}\\) and {x} and **b** and `code`", []),
        # money
        ("He pays $12 \\cdot 3 = $x and $5 \\times 2 in $2", []),
        ("He pays $12 \\times $n$ for $n$ people, saves $15\\%, $b.", []),
        # not balanced: no group
        ("a $ b and \\( c", []),
        ("\\begin{align} a = b", []),
        ("\\end{align} } { \\right) \\left(", []),
        ("```\nno end", []),
        ("\\( a \\( b", []),
        ("$x + { y$ and } z", [["$", "$"]]),
        ("{ $x + y } z$ w", [["$", "$"]]),
    ],
)
def test_groups(text: str, groups: list[list[str]]) -> None:
    found = segment(text)
    cuts = found.units.tolist()
    assert [[text[cuts[i] : cuts[i + 1]].lstrip() for i in group] for group in found.groups] == groups


def test_an_unclosed_delimiter_does_not_swallow_the_rest() -> None:
    text = "\\[ a = b\n\nThen $x + 1$, \\(y + 1\\) and\n\n\\[ c = d \\] and ```z. **So it\n\n**bold text** ends $5."
    members = [text[segment(text).units[g[0]] :].lstrip()[:2] for g in segment(text).groups]
    assert members == ["$x", "\\(", "\\[", "**"]


# --- any deletion --------------------------------------------------------------------------------------------------

atoms = st.sampled_from(["a", "x", "12", "3.5", "\\pi", "\\alpha", "f(x)", "n!", "AB", "\\infty", "\\cdot", "|x|"])
operators = st.sampled_from([" + ", "-", " = ", "\\cdot ", " \\leq ", ", ", " ", "", "\\quad "])


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    script = st.sampled_from(["^2", "_1", "^{10}", "_{ij}", "'", "^\\circ", "^\\frac{1}{2}", " ^ 2", "_1^2", "'_{k}"])
    return st.one_of(
        st.builds("{}{}{}".format, inner, operators, inner),
        st.builds("\\frac{{{}}}{{{}}}".format, inner, inner),
        st.builds("\\frac{{{}}}2".format, inner),
        st.builds("\\sqrt[3]{{{}}}".format, inner),
        st.builds("\\left( {} \\right){}".format, inner, st.sampled_from(["", "^2", "^{-1}", " _3"])),
        st.builds("\\left\\{{ {} \\right.".format, inner),
        st.builds("z^{{{}}}".format, inner),
        st.builds("\\sum_{{{}}}^{{{}}} ".format, inner, inner),
        st.builds("\\sum\\limits_{{{}}} ".format, inner),
        st.builds("{{{}}}".format, inner),
        st.builds("\\text{{ if ${}$ is }}".format, atoms),
        st.builds("\\begin{{cases}} {} & {} \\\\ {} & {} \\end{{cases}}".format, inner, inner, inner, inner),
        st.builds("y{}".format, script),
        st.builds("){}".format, script),
        st.builds("\\boxed{{{}}}^2".format, inner),
    )


formulas = st.recursive(atoms, compound, max_leaves=12)
words = st.sampled_from(["So", " the", " area", " is", " $5", " 3 + 4", ".", "\n\nThen", "\n", " {1, 2}", " and,"])
blocks = st.one_of(
    words,
    st.builds(" ${}$".format, formulas),
    st.builds(" \\({}\\)".format, formulas),
    st.builds("\n\\[\n{}\n\\]\n".format, formulas),
    st.builds(" $${}$$".format, formulas),
    st.builds("\n\\begin{{align*}}\n{} &= {} \\\\\n &= {}\n\\end{{align*}}\n".format, formulas, formulas, formulas),
    st.just(" **bold words**"),
    st.just("\n```py\nx = {1: 2}; y = {}\nprint(x, y, x, y, x, y)\n```\n"),
)
documents = st.lists(blocks, min_size=1, max_size=12).map("".join)


@settings(deadline=None, max_examples=150)
@given(documents, st.integers(0, 2**32), st.sampled_from([0.05, 0.3, 0.7, 0.95]))
def test_deletions_keep_documents_parsing(text: str, seed: int, share: float) -> None:
    before = set(document_errors(text.replace(" $5", " 5")))
    found = segment(text)
    keep = np.random.default_rng(seed).random(len(found.kinds)) < share
    after = joined(found, keep_whole_groups(found, keep))
    assert set(document_errors(re.sub(r"(?<=[\w\s])\$5(?![\d$])|^\$5", "5", after))) <= before


@pytest.mark.parametrize("file", ["limo_qwen2.5_32b_instruct", "limo_human", "limo_r1_distill_qwen_32b"])
def test_deletions_keep_real_traces_parsing(shared_data: Path, file: str) -> None:
    random = np.random.default_rng(7)
    tried = broken_without_the_rule = 0
    for line in (shared_data / "traces" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()[::5]:
        text = re.sub(r"\[asy\].*?\[/asy\]", "", json.loads(line)["solution"], flags=re.DOTALL)
        if document_errors(text):
            continue
        tried += 1
        found = segment(text)
        for share in (0.9, 0.4):
            keep = random.random(len(found.kinds)) < share
            after = joined(found, keep_whole_groups(found, keep))
            assert document_errors(after) == [], after
            broken_without_the_rule += bool(document_errors(joined(found, keep)))
    assert tried > 40
    assert broken_without_the_rule > tried / 2  # the checker can tell
