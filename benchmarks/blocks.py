"""What pruning breaks in real traces, by checks of its own: lead-ins that lost what follows, code, delimiters.

    python benchmarks/blocks.py --data ../shared/data [--unbound]

The checks are plain regular expressions over both texts and share nothing with the segmentation. Steps: of the lead-ins
that stay (lines that end in a colon, or announce a line that begins with a formula), how many lost the next line of the
original. Tokens: code blocks that are neither verbatim nor gone, and traces with more unmatched delimiters than before.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from cotpress import Method, NGram, Trace
from cotpress.pruning import PreparedTrace, apply_budget, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.text import FORMULA_MODES
from cotpress.types import Compressed, IntArray, Signals

FILES = ("limo_r1", "qwen3_thinking", "gpt_oss_medical", "code_traces", "tool_calls")
RATIOS = ("0.7", "0.5", "0.3", "0.1")
CRITERIA = ("random", "nll", "tail", "backbone")
COLON = re.compile(r":[*_]*$")
ANNOUNCES = re.compile(
    r"(?:(?:^|[.!?]\s)(?:so|thus|then|therefore|hence|similarly),?|\b(?:we\s+get|we\s+have|gives|becomes|is|equals|obtain)[,:]?)$",
    re.IGNORECASE,
)
FORMULA = re.compile(r"\\\[|\\\(|\$|[-\d(]*\s?[a-z]?\s?[-+=^*/]\s?|\d", re.IGNORECASE)
FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^`\n]*\n.*?^[ \t]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
INTERVAL = re.compile(r"(?<![\\a-z])[\[(]\s*[^\[\](){},\\]{1,25},[^\[\](){},\\]{1,25}[\])]")
MONEY = re.compile(r"\$\d[\d,.]*(?:[\s)*]|$)")
PAIRS = {")": "(", "]": "[", "}": "{", "\\]": "\\[", "\\)": "\\(", "\\}": "\\{"}
DELIMITER = re.compile(r"\\(?:[()\[\]{}]|left\b\s*\S|right\b\s*\S|begin\{\w+\*?\}|end\{\w+\*?\}|\\)|[()\[\]{}]")


def load(folder: Path, name: str) -> list[Trace]:
    """The traces of one of FILES."""
    if name == "code_traces":
        rows = json.loads((folder / "code_traces.json").read_text(encoding="utf-8"))
        texts = [text for row in rows for text in row.values() if isinstance(text, str) and len(text) > 300]
    elif name == "tool_calls":
        table = pq.read_table(folder / "tool_calls.parquet", columns=["extra_info"]).to_pylist()
        texts = [f"{row['extra_info']['input']}\n\n{row['extra_info']['output']}" for row in table]
    else:
        file, field = {
            "limo_r1": ("limo_r1_distill_qwen_32b.jsonl", "solution"),
            "qwen3_thinking": ("qwen3_8b_think_on.jsonl", "thinking"),
            "gpt_oss_medical": ("gpt_oss_medical.jsonl", "thinking"),
        }[name]
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)[field] for line in lines]
    return [Trace(f"{name}-{number}", "", text, "") for number, text in enumerate(texts) if text.strip()]


def list_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text that are not blank or a rule, with where they start."""
    at = 0
    for line in text.split("\n"):
        if re.search(r"\w", line):
            yield at, line.strip()
        at += len(line) + 1


def count_lost(original: str, spans: IntArray) -> tuple[int, int]:
    """Lead-ins that stay, and those of them whose next line in the original does not stay, at least its beginning."""
    stands = np.zeros(len(original) + 1, dtype=bool)
    for start, end in spans.tolist():
        stands[start:end] = True
    lines = list(list_lines(original))
    kept = lost = 0
    for (at, line), (following, after) in pairwise(lines):
        announces = COLON.search(line) or (ANNOUNCES.search(line) and FORMULA.match(after))
        if announces and stands[original.index(line, at) + len(line) - 1]:
            kept += 1
            lost += not stands[original.index(after, following)]
    return kept, lost


def classify_code(original: str, outcome: Compressed) -> Counter[str]:
    """Code blocks between fences: how many are verbatim in the text, gone, and neither, which is broken."""
    assert outcome.kept_spans is not None
    stands = np.zeros(len(original), dtype=bool)
    for start, end in outcome.kept_spans.tolist():
        stands[start:end] = True
    counts: Counter[str] = Counter()
    for fence in FENCE.finditer(original):
        whole, start = fence.group().strip(), original.index(fence.group().strip(), fence.start())
        solid = [start + m.start() for m in re.finditer(r"\S", whole)]
        verbatim = stands[solid].all() and whole in outcome.text
        counts["verbatim" if verbatim else "broken" if stands[solid].any() else "gone"] += 1
    return counts


def count_unmatched(text: str) -> Counter[str]:
    """Delimiters without partner, by kind; code blocks are left out, and [0, 1) is a pair."""
    stacks: dict[str, list[str]] = {}  # one a kind, but ( and [ have one in common
    unmatched: Counter[str] = Counter()
    bare = INTERVAL.sub("", FENCE.sub("", text))
    for m in DELIMITER.finditer(bare):
        sign = re.sub(r"\s", "", m.group())
        if sign == "\\\\":
            continue
        closes = sign.startswith(("\\right", "\\end")) or sign in PAIRS
        kind = PAIRS.get(sign, "\\left" if sign.startswith(("\\left", "\\right")) else sign.partition("{")[2] or sign)
        opened = stacks.setdefault("(" if kind == "[" else kind, [])
        if not closes:
            opened.append(kind)
        elif kind in opened:
            while opened[-1] != kind:
                unmatched["(" if opened[-1] == "[" else opened[-1]] += 1
                opened.pop()
            opened.pop()
        elif opened:
            opened.pop()  # an interval
        else:
            unmatched["(" if kind == "[" else kind] += 1
    unmatched.update("(" if kind == "[" else kind for opened in stacks.values() for kind in opened)
    unmatched["$"] = 0 if MONEY.search(bare) else bare.count("$") % 2
    if text.count("```") % 2:  # code that was cut off: its quotes and stars are none of prose
        return unmatched
    unmatched["**"] = len(re.findall(r"(?<!\*)\*\*(?!\*)", bare)) % 2
    unmatched['"'] = bare.count('"') % 2
    return unmatched


def prepare(trace: Trace, mode: str, unbound: bool) -> PreparedTrace:
    """The trace ready; `unbound` without blocks, but for the delimiters of LaTeX."""
    prepared = prepare_trace(trace, mode)
    if not unbound:
        return prepared
    cut = prepared.segmentation
    blocks = dict.fromkeys(FORMULA_MODES, cut.groups)
    return replace(prepared, segmentation=replace(cut, requires=()), blocks=blocks)


def measure_steps(traces: list[Trace], signals: list[Signals], mode: str, unbound: bool) -> None:
    """Print the lead-ins that lost what follows, by criterion and ratio."""
    prepared = [prepare(trace, mode, unbound) for trace in traces]
    for criterion in CRITERIA:
        cells = []
        for ratio in RATIOS:
            kept = lost = 0
            for one, scored in zip(prepared, signals, strict=True):
                outcome = apply_budget(rank_trace(one, Method(criterion, "step"), [scored]), parse_keep_ratio(ratio))
                assert outcome.kept_spans is not None
                counts = count_lost(one.trace.reasoning, outcome.kept_spans)
                kept, lost = kept + counts[0], lost + counts[1]
            cells.append(f"{100 * lost / max(kept, 1):.2f}% of {kept}")
        print(f"| {traces[0].id.rpartition('-')[0]} | {mode} | {criterion} | " + " | ".join(cells) + " |", flush=True)


def measure_tokens(traces: list[Trace], signals: list[Signals], method: Method, unbound: bool) -> None:
    """Print broken code blocks and new unmatched delimiters, by ratio."""
    prepared = [prepare(trace, "auto", unbound) for trace in traces]
    before = [count_unmatched(trace.reasoning) for trace in traces]
    cells = []
    for ratio in RATIOS:
        code: Counter[str] = Counter()
        worse = kept = total = 0
        for one, scored, old in zip(prepared, signals, before, strict=True):
            outcome = apply_budget(rank_trace(one, method, [scored]), parse_keep_ratio(ratio))
            kept, total = kept + outcome.tokens_kept, total + outcome.tokens_original
            code += classify_code(one.trace.reasoning, outcome)
            new = count_unmatched(outcome.text) - old
            new = new if one.trace.reasoning.count("```") % 2 == 0 else Counter({"(": new["("]})
            worse += bool(+new)
        cells.append(f"{code['verbatim']}/{code['gone']}/{code['broken']}; {worse}; {kept / max(total, 1):.3f}")
    label = f"{method.criterion}, {method.formulas}, {'+'.join(method.protection_names) or 'none'}"
    print(f"| {traces[0].id.rpartition('-')[0]} | {label} | " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--files", nargs="+", choices=FILES, default=FILES)
    parser.add_argument("--modes", nargs="+", default=["auto", "sentence", "line"])
    parser.add_argument("--unbound", action="store_true", help="without blocks, for comparison")
    parser.add_argument("--every", type=int, default=1, help="only each so many-th trace")
    arguments = parser.parse_args()
    corpora = [load(arguments.data / "traces", name)[:: arguments.every] for name in arguments.files]
    scored = [NGram.fit(traces).score(traces) for traces in corpora]
    print("Lead-ins that lost what follows, of those that stay.\n")
    print("| file | steps | criterion | " + " | ".join(f"keep {ratio}" for ratio in RATIOS) + " |")
    print("|---|---|---|" + "---|" * len(RATIOS))
    for traces, signals in zip(corpora, scored, strict=True):
        for mode in arguments.modes:
            measure_steps(traces, signals, mode, arguments.unbound)
    print("\nTokens: code blocks verbatim/gone/broken; traces with new unmatched delimiters; realized ratio.\n")
    print("| file | method | " + " | ".join(f"keep {ratio}" for ratio in RATIOS) + " |")
    print("|---|---|" + "---|" * len(RATIOS))
    for traces, signals in zip(corpora, scored, strict=True):
        for method in (
            Method("nll", "token"),
            Method("backbone", "token"),
            Method("random", "token", ()),
            Method("nll", "token", (), formulas="inside"),
            Method("random", "token", (), formulas="inside"),
        ):
            measure_tokens(traces, signals, method, arguments.unbound)


if __name__ == "__main__":
    main()
