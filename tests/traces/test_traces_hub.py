"""Hugging Face datasets: saved ones for real, the hub by a stand-in for its library's one function."""

from __future__ import annotations

import builtins
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from cotpress.errors import InputError, MissingExtraError
from cotpress.traces import RowSelection, read
from cotpress.types import Rejected, Trace

datasets = pytest.importorskip("datasets", reason="the extra 'hub' is not installed")
ROWS = [
    {"id": f"r{index}", "question": f"q {index}", "solution": f"r {index}", "answer": index} for index in range(300)
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    datasets.disable_progress_bars()
    dataset = datasets.Dataset.from_list(ROWS)
    dataset.save_to_disk(folder / "one")
    datasets.DatasetDict(train=dataset, test=dataset.select([5])).save_to_disk(folder / "two")
    datasets.DatasetDict(train=dataset).save_to_disk(folder / "single")
    return folder


def test_a_saved_dataset(saved: Path) -> None:
    reading = read(saved / "one")
    found = list(reading)
    assert found == [Trace(f"r{index}", f"q {index}", f"r {index}", "", str(index)) for index in range(300)]
    assert list(reading) == found
    assert reading.recognised[0]["container"] == "saved dataset"
    assert len(reading.identity) == 3
    assert list(read(saved / "single")) == found


def test_splits_are_named(saved: Path) -> None:
    assert [one.id for one in read(f"{saved / 'two'}:test")] == ["r5"]
    with pytest.raises(InputError, match=r"has several splits. Splits: train, test. Name one, as in .*two:train"):
        read(saved / "two")
    with pytest.raises(InputError, match="no split 'tset'"):
        read(f"{saved / 'two'}:tset")
    with pytest.raises(InputError, match="without splits"):
        read(f"{saved / 'one'}:train")


def test_a_damaged_saved_dataset_is_one_error(tmp_path: Path) -> None:
    for name in ("state.json", "dataset_info.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(InputError, match="Cannot load the saved dataset"):
        read(tmp_path)


def test_columns_of_messages_and_rejects_in_a_dataset(tmp_path: Path) -> None:
    chats = [
        [{"role": "user", "content": "q"}, {"role": "assistant", "content": text}]
        for text in ("<think>r</think>a", "<think>r", "<think>s</think>b")
    ]
    datasets.Dataset.from_list([{"messages": chat} for chat in chats]).save_to_disk(tmp_path / "chat")
    first, second, third = read(tmp_path / "chat")
    assert (first.id, third.id) == ("chat-1", "chat-3")
    assert isinstance(second, Rejected)
    assert (second.reason, second.line) == ("unclosed-think", 2)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The hub's one dataset, "org/name" with a split "train" of 300 rows; the calls are kept."""
    calls: list[tuple[Any, ...]] = []

    def load(name: str, config: str | None = None, *, streaming: bool) -> Any:
        calls.append((name, config, streaming))
        if name != "org/name":
            raise datasets.exceptions.DatasetNotFoundError(f"Dataset '{name}' doesn't exist on the Hub.\nDetails")
        return {"train": datasets.Dataset.from_list(ROWS).to_iterable_dataset(num_shards=3)}

    monkeypatch.setattr(datasets, "load_dataset", load)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])
    return calls


def test_a_dataset_on_the_hub_is_streamed(hub: list[tuple[Any, ...]]) -> None:
    reading = read("org/name:train")
    assert [one.id for one in reading] == [row["id"] for row in ROWS]
    assert [one.id for one in reading] == [row["id"] for row in ROWS]
    assert reading.identity == [["org/name:train", 0, 0]]
    assert set(hub) == {("org/name", None, True)}
    assert len(list(read("org/name/main"))) == 300
    assert hub[-1] == ("org/name", "main", True)


def test_a_dataset_on_the_hub_is_shuffled_as_it_is_streamed(hub: list[tuple[Any, ...]]) -> None:
    selection = RowSelection(limit=20, shuffle=True, buffer=50)
    first = [one.id for one in read("org/name:train", select=selection)]
    assert first == [one.id for one in read("org/name:train", select=selection)]
    assert len(first) == 20
    assert max(int(str(name)[1:]) for name in first) < 70


def test_an_unknown_dataset_is_one_line_that_names_both_readings(hub: list[tuple[Any, ...]]) -> None:
    with pytest.raises(InputError) as caught:
        read("org/nmae")
    assert "no file or folder 'org/nmae'" in caught.value.message
    assert "doesn't exist on the Hub" in caught.value.message
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no split 'tset' in org/name"):
        read("org/name:tset")


def test_offline_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object) -> None:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    for name in ("HF_HUB_OFFLINE", "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(InputError, match=r"no file or folder 'org/name' here.*offline"):
        read("org/name:train")


def test_a_connection_that_is_lost_half_way(hub: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    def rows() -> Any:
        yield from ROWS[:200]
        raise ConnectionError("the line went dead")

    broken = {"train": datasets.IterableDataset.from_generator(rows)}
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: broken)
    reading = read("org/name")
    with pytest.raises(InputError, match=r"broke off after row \d+: .*Run it again"):
        list(reading)


def test_without_the_library_the_extra_is_named(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "datasets":
            raise ImportError("No module named 'datasets'")
        return real(name, *rest)

    monkeypatch.setitem(sys.modules, "datasets", None)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtraError, match=r"cotpress\[hub\]"):
        read(saved / "one")
