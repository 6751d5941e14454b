"""Rows of words in columns: what fits is whole, what does not gives way where it may."""

from __future__ import annotations

from cotpress.cli.display.text_columns import fit_width, format_columns, pack_parts

COLUMNS: dict[str, int | None] = {"who": 0, "nothing": None, "number": None, "": 3}
ROWS = [{"who": "a rather long name", "number": "1234", "": "and a rather long note"}, {"who": "b", "number": "5"}]


def test_columns_are_as_wide_as_what_is_in_them_and_empty_ones_left_out() -> None:
    assert format_columns(ROWS, COLUMNS, 80) == [
        "who                 number",
        "a rather long name  1234    and a rather long note",
        "b                   5",
    ]


def test_what_may_give_way_does_the_favoured_less() -> None:
    assert format_columns(ROWS, COLUMNS, 30) == [
        "who       number",
        "a rather… 1234   and a rather…",
        "b         5",
    ]


def test_where_nothing_more_gives_way_lines_are_too_long() -> None:
    assert format_columns(ROWS, COLUMNS, 5)[1] == "a r… 1234   and a …"
    assert format_columns(ROWS, {"number": None}, 2) == ["number", "1234", "5"]


def test_characters_of_double_width_count_twice() -> None:
    assert format_columns([{"who": "数学", "": "x"}], COLUMNS, 80)[1] == "数学  x"
    assert fit_width("数学数学", 6) == "数学 …"


def test_parts_go_on_a_line_as_long_as_there_is_room() -> None:
    parts = ["one", "two", "three"]
    assert pack_parts(parts, 20) == ["one, two, three"]
    assert pack_parts(parts, 10) == ["one, two,", "three"]
    assert pack_parts(parts, 1) == ["one,", "two,", "three"]
    assert pack_parts([], 9) == []
