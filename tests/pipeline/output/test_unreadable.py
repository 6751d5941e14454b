"""What is said of a folder or file that should be a finished output and is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pair_outputs import write_pruned

from cotpress.analysis.output_measures import measure_output
from cotpress.analysis.pairs import open_pairs
from cotpress.errors import InputError
from cotpress.training.saliency.pairs import read_pairs


def _open_for_saliency(folder: Path) -> object:
    return list(read_pairs([folder]))


@pytest.mark.parametrize("open_output", [measure_output, open_pairs, _open_for_saliency])
@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("nowhere", "There is no folder nowhere. Give the folder that compress or rewrite wrote with -o."),
        ("output", "There is no folder output. Did you mean out?"),
        ("traces.jsonl", "traces.jsonl is a file, and no table of compressed traces."),
        ("empty", "empty is no finished output: it holds no traces.parquet. Give the folder"),
        ("parent", "parent is no finished output: it holds no traces.parquet. Did you mean parent/out?"),
        ("study", "study is the run of a study. Its page: cotpress report study."),
        ("unfinished", "The run in unfinished is unfinished. Repeat its command"),
        ("damaged", "damaged is no finished output: its traces.parquet cannot be read"),
    ],
)
def test_what_is_no_output_is_told_without_names_of_exceptions(
    open_output: Callable[[Path], object], named: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_pruned(Path("out"))
    write_pruned(Path("parent/out"))
    Path("traces.jsonl").write_text("{}\n")
    for folder in ("empty", "unfinished/.parts", "damaged", "study/tables"):
        Path(folder).mkdir(parents=True)
    Path("damaged/traces.parquet").write_text("no table")
    with pytest.raises(InputError) as refused:
        open_output(Path(named))
    assert str(refused.value).startswith(said)
    assert "Error" not in str(refused.value)
    assert "ArrowInvalid" not in str(refused.value)
