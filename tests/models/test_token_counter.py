"""Tokenizers by name: whatever a model may be named by, one may count with."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tokenizers", reason="counting with a tokenizer needs the extra 'lm'")

from cotpress.errors import ModelError
from cotpress.models import EMBEDDED_MODELS, embedded_folder, load_counter

TEXTS = ["So 12 + 3 = 15.", "", "Wait, is the box heavy?"]


@pytest.mark.parametrize("name", EMBEDDED_MODELS)
def test_an_embedded_model_counts_by_its_name(name: str) -> None:
    counter, folder = load_counter(name), embedded_folder() / name
    assert counter.name == name
    assert counter.count(TEXTS)[1] == 0
    assert counter.count(TEXTS) == load_counter(str(folder)).count(TEXTS)
    assert counter.count(TEXTS) == load_counter(str(folder / "tokenizer.json")).count(TEXTS)


def test_a_gguf_file_counts_with_the_tokenizer_within(smollm2: Path) -> None:
    pytest.importorskip("gguf")
    counter = load_counter(str(smollm2))
    (text,) = TEXTS[:1]
    assert [text[start:end] for start, end in counter.find_offsets(text)][:4] == ["So", " ", "1", "2"]
    assert counter.count(TEXTS) == [len(counter.find_offsets(text)) for text in TEXTS]


@pytest.mark.parametrize("name", ["./nowhere", "a/b/c"])
def test_what_is_not_there_says_what_to_give(name: str) -> None:
    with pytest.raises(ModelError, match=r"There is no tokenizer\.json at .*Name a hub id, a folder"):
        load_counter(name)


def test_a_file_that_is_no_tokenizer(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be read"):
        load_counter(str(tmp_path))


def test_without_a_connection_only_the_cache_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library would try again for half a minute, and print a line for each time."""
    asked = []

    def download(name: str, file: str, **options: object) -> str:
        asked.append(options["local_files_only"])
        raise FileNotFoundError(file)

    monkeypatch.setattr("cotpress.traces.files.hub.is_hub_reachable", lambda: False)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    with pytest.raises(ModelError, match=r"the hub cannot be reached, and the cache does not have it\. Check the name"):
        load_counter("org/name")
    assert asked == [True]
