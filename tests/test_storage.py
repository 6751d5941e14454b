"""Content keys and atomic writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cotpress.errors import OutputError
from cotpress.storage import build_write_error, compute_content_key, get_cache_folder, write_atomically


def test_keys_depend_on_content_alone() -> None:
    assert compute_content_key({"a": 1, "b": [2]}) == compute_content_key({"b": [2], "a": 1})
    assert compute_content_key("a", "b") != compute_content_key("ab")
    assert len(compute_content_key()) == 32


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"

    def half() -> None:
        with write_atomically(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert list((tmp_path / "deep").iterdir()) == []
    with write_atomically(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["file"]


def test_what_the_system_refuses_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="Cannot write"), write_atomically(tmp_path / "file" / "x"):
        pass
    with pytest.raises(OutputError, match="No space left"), write_atomically(tmp_path / "full"):
        raise OSError(28, "No space left on device")


def test_the_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("COTPRESS_CACHE", raising=False)
    assert get_cache_folder() == tmp_path / "cotpress"
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "mine"))
    assert get_cache_folder() == tmp_path / "mine"


def test_a_file_in_the_place_of_a_folder_is_no_full_disk() -> None:
    assert "Choose another place" in str(build_write_error(Path("x"), NotADirectoryError(20, "Not a directory")))
    assert "Free some space" in str(build_write_error(Path("x"), OSError(28, "No space left on device")))
