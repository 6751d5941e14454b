"""Which numbers a text works out, and which it takes."""

from __future__ import annotations

import pytest

from cotpress.backbone.calculations import find_derived_numbers, find_missing_operands, list_number_uses


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("$1,200 / 4 = $<<1200/4=300>>300 a month", [("1200", "taken"), ("4", "taken"), ("300", "made")]),
        ("18 times 3 is 54.", [("18", "taken"), ("3", "taken"), ("54", "made")]),
        ("x = 5 * 8 = 40", [("5", "taken"), ("8", "taken"), ("40", "made")]),
        ("20% of .50 is a dime", [("20", "said"), ("0.5", "said")]),
        ("80.00 + 1.50 = 81.50.", [("80", "taken"), ("1.5", "taken"), ("81.5", "made")]),
        (
            "13 * 40 = 520, so 520 + 7 = 527",
            [("13", "taken"), ("40", "taken"), ("520", "made"), ("520", "taken"), ("7", "taken"), ("527", "made")],
        ),
        ("", []),
    ],
)
def test_uses_of_numbers(text: str, uses: list[tuple[str, str]]) -> None:
    assert list(list_number_uses(text)) == uses


def test_a_number_that_is_said_first_is_not_derived() -> None:
    assert find_derived_numbers("It has 7 days. 14 / 2 = 7.") == set()
    assert find_derived_numbers("14 / 2 = 7. It has 7 days.") == {"7"}
    assert find_derived_numbers("14 / 2 = 7.", given="a week of 7 days") == set()


def test_an_operand_is_missing_until_it_is_there() -> None:
    assert find_missing_operands("8 - 1 = 7. 4 * 2 = 8.", {"8", "7"}) == ["8"]
    assert find_missing_operands("4 * 2 = 8. 8 - 1 = 7.", {"8", "7"}) == []
    assert find_missing_operands("With 8 of them, 8 - 1 = 7.", {"8"}) == ["8"]
    assert find_missing_operands("There are 8. So 8 - 1 = 7.", {"8"}) == []


def test_time_is_linear_in_size() -> None:
    list(list_number_uses("1,234" * 40_000))
    list(list_number_uses("<<" * 100_000 + " = " * 100_000))
