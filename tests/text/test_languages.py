"""The language of a text, on real solutions in eleven languages and on text that hardly has one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.text.languages import UNKNOWN, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wait, that is not right. The sum of the two is 42.", "en"),
        ("D'abord, nous avons 5 pommes et 3 poires dans le panier.", "fr"),
        ("Primero, sumamos los dos números y tenemos el resultado.", "es"),
        ("Somamos os dois números e temos então o resultado.", "pt"),
        ("首先，17加25等于42。", "zh"),
        ("まず、17に25を足します。", "ja"),
        ("먼저 17과 25를 더합니다.", "ko"),
        ("أولاً نجمع العددين ونحصل على النتيجة.", "ar"),
        ("पहले 17 और 25 जोड़ें।", "hi"),
        ("Спочатку додаємо числа, і їх сума є 42.", "uk"),
        ("```python\nfor the in of: is\n```", UNKNOWN),
        (r"\frac{a}{b} = \sqrt{c}", UNKNOWN),
        ("", UNKNOWN),
        ("42", UNKNOWN),
        ("I have 3 apples. I buy 4 more. 3 + 4 = 7.", UNKNOWN),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert detect_language(text)


def test_real_solutions(shared_data: Path) -> None:
    rows = map(json.loads, (shared_data / "traces" / "mgsm_exemplars.jsonl").read_text("utf-8").splitlines())
    assert [row["id"] for row in rows if detect_language(row["reasoning"]) != row["language"]] == []
