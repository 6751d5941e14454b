"""The dataset card: what it says of a run, in Markdown that no name breaks, without the folders of the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cotpress import Trace, compress, write
from cotpress.export import CARD_TAG, format_dataset_card, hide_folders

SUMMARY: dict[str, Any] = {
    "traces": 3, "compressed": 2, "rejected": 1, "rejected_reasons": {"invalid-json": 1}, "tokens_original": 100,
    "tokens_kept": 48, "target_ratio": 0.5, "realized_ratio": 0.48, "counted_with": "units", "format": "messages",
    "method": {"method": {"criterion": "nll", "seed": 0}, "budget": {"keep": ["0.5", "0.3"], "max_tokens": None}},
    "cotpress": "1.0", "recognised": [{"source": "a.jsonl"}],
    "gauges": {"equations": {"compressed": 0.91234, "random": 0.5, "original": None, "traces": 2}},
}  # fmt: skip


def test_settings_ratios_gauges_and_source() -> None:
    card = format_dataset_card(SUMMARY)
    for line in (
        "Made by cotpress 1.0. Made of `a.jsonl`.",
        "| criterion | nll |",
        "| keep | 0.5, 0.3 |",
        "| rejected | 1 (1 invalid-json) |",
        "| target ratio | 0.5 |",
        "| equations | 0.912 | 0.5 | - | 2 |",
    ):
        assert f"{line}\n" in card
    assert "max tokens" not in card


@pytest.mark.parametrize("sharded", [False, True])
def test_the_front_matter_loads_and_leaves_the_licence_open(sharded: bool) -> None:
    front = yaml.safe_load(format_dataset_card(SUMMARY, sharded).split("---\n")[1])
    assert "license" not in front
    assert CARD_TAG in front["tags"]
    assert front["configs"][0]["data_files"] == ("sft/*.jsonl" if sharded else "sft.jsonl")
    assert front["size_categories"] == ["n<1K"]


def test_each_configuration_of_the_card_is_loaded(tmp_path: Path) -> None:
    """The library reads all configurations of a folder by one format: JSON and Parquet cannot stand together."""
    datasets = pytest.importorskip("datasets")
    write(compress([Trace("1", "2+3?", "Two and three.\n\n2+3=5.", "5")]), tmp_path / "out")
    front = yaml.safe_load((tmp_path / "out" / "README.md").read_text().split("---\n")[1])
    for config in front["configs"]:
        loaded = datasets.load_dataset(str(tmp_path / "out"), config["config_name"], cache_dir=str(tmp_path / "cache"))
        assert loaded["train"].num_rows == 1


@pytest.mark.parametrize(
    ("count", "size"), [(999, "n<1K"), (1000, "1K<n<10K"), (10**7 - 1, "1M<n<10M"), (10**7, "n>10M")]
)
def test_the_size(count: int, size: str) -> None:
    assert f"\n- {size}\n" in format_dataset_card({**SUMMARY, "compressed": count})


def test_names_do_not_break_the_card() -> None:
    names = ["a|b.jsonl", "c`d.jsonl", "<script>.jsonl", "e\nf.jsonl", "g.jsonl", "h.jsonl"]
    card = format_dataset_card({**SUMMARY, "recognised": [{"source": name} for name in names]})
    assert "Made of `a\\|b.jsonl`, `c'd.jsonl`, `&lt;script>.jsonl`, `e f.jsonl`, `g.jsonl` and 1 more.\n" in card


def test_no_folder_of_the_machine_is_named(tmp_path: Path) -> None:
    place = tmp_path / "secret"
    place.mkdir()
    (place / "a.jsonl").write_text("")
    held = {**SUMMARY, "recognised": [{"source": str(place / "a.jsonl")}, {"source": str(place / "gone.jsonl")}]}
    held["method"] = {"model": str(place), "decontaminate": [f"mine={place / 'a.jsonl'}"], "hub": "org/name"}
    card = format_dataset_card(held)
    assert "Made of `a.jsonl`, `gone.jsonl`." in card
    assert str(tmp_path) not in card
    assert '"mine=a.jsonl"' in card
    assert '"org/name"' in card


@pytest.mark.parametrize("text", ["org/name", "km/h", "2/3", "a\0/b", "", "http://127.0.0.1:8000/v1", "/x/y"])
def test_what_is_no_path_stays(text: str) -> None:
    assert hide_folders(text) == text


def test_a_home_is_nobody_elses_business() -> None:
    assert hide_folders(["~/traces.jsonl", "~alice/x/", 5, None]) == ["traces.jsonl", "x", 5, None]


def test_a_password_in_a_url_is_not_told() -> None:
    assert hide_folders({"base_url": "https://alice:secret@host:8000/v1"}) == {"base_url": "https://host:8000/v1"}
