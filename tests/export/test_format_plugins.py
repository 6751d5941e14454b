"""Export formats that do not come with cotpress."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from command import cotpress

from cotpress import Trace, compress, registry, write
from cotpress.errors import OptionError
from cotpress.export import EXPORT_FORMATS, ExportExample, ExportFormat, format_dataset_info, get_export_format
from cotpress.export.format_registry import ExportRow, _adapt_format
from cotpress.training.examples import TrainingExample, read_examples
from cotpress.types import Rejected

EXAMPLE = ExportExample("7", "Be brief.", "2+3?", "Two and three.\n5")
NOT_A_FORMAT = 5


def build_pair(example: ExportExample) -> ExportRow:
    """A pair of texts."""
    return {"left": example.prompt, "right": example.completion}


def read_pair(row: dict[str, str]) -> list[tuple[str, str]]:
    return [("user", row["left"]), ("assistant", row["right"].strip())]


@pytest.fixture
def formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that the test may add to."""
    list(EXPORT_FORMATS)  # loaded, so that the entries are those of cotpress
    monkeypatch.setattr(EXPORT_FORMATS, "_entries", dict(EXPORT_FORMATS._entries))


def test_a_plain_function_is_a_format_by_its_module(formats: None) -> None:
    pair = get_export_format(f"{__name__}:build_pair")
    assert pair.build_row(EXAMPLE) == {"left": "2+3?", "right": "Two and three.\n5"}
    assert pair.summary == "A pair of texts."
    assert pair.columns == ()
    assert format_dataset_info(f"{__name__}:build_pair") is None


def test_what_is_no_format_is_refused(formats: None) -> None:
    with pytest.raises(OptionError, match="neither an ExportFormat nor a function; it is a int"):
        get_export_format(f"{__name__}:NOT_A_FORMAT")
    with pytest.raises(OptionError, match="cannot be imported"):
        get_export_format(f"{__name__}:nothing")


def test_a_plugin_offers_a_format_by_an_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("pair", f"{__name__}:build_pair", EXPORT_FORMATS.group)
    monkeypatch.setattr(registry, "find_entry_points", lambda group: [point])
    fresh = registry.Registry[ExportFormat]("export format", EXPORT_FORMATS.group, adapt=_adapt_format)
    assert fresh["pair"].build_row is build_pair


def test_compress_writes_a_format_of_a_module(formats: None, tmp_path: Path) -> None:
    rows = [{"question": "2+3?", "reasoning": "Two and three make five.", "answer": "#### 5", "gold": "5"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ["compress", tmp_path / "in.jsonl", "-o", tmp_path / "out", "--criterion", "random", "-q"]
    assert cotpress(*arguments, "--export", f"{__name__}:build_pair") == 0
    [line] = (tmp_path / "out" / "sft.jsonl").read_text().splitlines()
    assert set(json.loads(line)) == {"left", "right"}
    assert f"{__name__}:build_pair" in (tmp_path / "out" / "README.md").read_text()


def test_a_format_that_can_be_read_back_is_trained_from(formats: None, tmp_path: Path) -> None:
    EXPORT_FORMATS.add("pair", ExportFormat(build_pair, None, ("left", "right"), read_pair))
    path = tmp_path / "sft.jsonl"
    path.write_text('{"left": "2+3?", "right": "5"}\n{"left": "2+3?", "right": 5}\n')
    good, bad = read_examples([path])
    assert isinstance(good, TrainingExample)
    assert (good.prompt[0].content, good.completion) == ("2+3?", "5")
    assert isinstance(bad, Rejected)
    assert (bad.reason, "AttributeError" in bad.detail) == ("bad-turns", True)


def build_broken(example: ExportExample) -> ExportRow:
    return {"text": example.nothing}  # type: ignore[attr-defined]


def test_a_format_that_fails_is_named_with_its_line(formats: None, tmp_path: Path) -> None:
    outcomes = compress([Trace("1", "2+3?", "2+3=5.", "5")])
    with pytest.raises(OptionError, match=r"build_broken' failed on trace '1' \(Attribute.*, test_format_plugins"):
        write(outcomes, tmp_path / "out", export=f"{__name__}:build_broken")
