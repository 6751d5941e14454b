"""The picture of a pair: well-formed, bounded, and what it says is what was kept."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile_study import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from pair_outputs import make_pruned, make_rewritten

from cotpress import write
from cotpress.analysis.pairs import MarkedPart, open_pairs
from cotpress.analysis.pairs.output_pairs import Pair, PairFigures
from cotpress.cli import main
from cotpress.errors import OptionError
from cotpress.reporting import draw_pair
from cotpress.reporting.pair_picture import COLUMNS, wrap_parts


def _make_pair(original: str, compressed: str) -> Pair:
    return Pair(PairFigures(0, "1", 10, 5, 0.5), "", original, compressed, None)


def test_before_stands_beside_after_and_deleted_is_told_from_kept() -> None:
    root = ElementTree.fromstring(draw_pair(_make_pair("Well, x < 3.\n\nSo x is 2.", "So x is 2.")))
    spans = [(span.get("class"), span.text) for span in root.iter("{http://www.w3.org/2000/svg}tspan")]
    assert spans == [("deleted", "Well, x < 3."), ("kept", "So x is 2."), ("kept", "So x is 2.")]
    heads = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("class") == "head"]
    assert heads == ["before: 10 tokens", "after: 5 tokens, 50%"]


def test_a_long_text_is_cut_and_the_rest_is_counted() -> None:
    pair = _make_pair("x = 1.\n" * 100, "x = 1.")
    assert "… 95 more lines" in draw_pair(pair, max_lines=5)
    assert draw_pair(pair, max_lines=5).count("<tspan") < 10
    with pytest.raises(OptionError):
        draw_pair(pair, max_lines=0)


@given(st.lists(st.tuples(st.sampled_from(["kept", "deleted"]), st.text(max_size=150)), max_size=5))
def test_no_line_is_too_long_and_no_word_is_lost(given: list[tuple[str, str]]) -> None:
    parts = [MarkedPart(kind, text) for kind, text in given]  # type: ignore[arg-type]
    lines = ["".join(part.text for part in line) for line in wrap_parts(parts)]
    assert all(0 < len(line) <= COLUMNS for line in lines)
    assert "".join("".join(lines).split()) == "".join("".join(text for _, text in given).split())


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        [make_rewritten("<img>", "Okay. " + " ".join(HOSTILE), " ".join(HOSTILE)), make_pruned("a", "01")],
        tmp_path / "o",
    )
    with pytest.raises(SystemExit) as ended:
        main(["show", str(tmp_path / "o"), "<img>", "--svg", str(tmp_path / "pair.svg")])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"trace <img> drawn in {tmp_path / 'pair.svg'}\n"
    ElementTree.parse(tmp_path / "pair.svg")
    assert "<img" not in (tmp_path / "pair.svg").read_text(encoding="utf-8")
    assert open_pairs(tmp_path / "o").figures
