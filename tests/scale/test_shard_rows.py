"""Parts of a file share out its rows, never the traces of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cotpress.scale.shards import ShardReader
from cotpress.traces import read
from cotpress.types import Trace


def test_a_conversation_is_of_one_part(tmp_path: Path) -> None:
    def say(number: int) -> list[dict[str, Any]]:
        turn = [
            {"role": "user", "content": "Why?"},
            {"role": "assistant", "content": "So.", "reasoning": "Let me see."},
        ]
        return turn * (1 + number % 3)

    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": f"c{at}", "messages": say(at)}) + "\n" for at in range(10)))
    parts = [list(ShardReader(read(path), part, 3)) for part in range(3)]
    ids = [{row.id.partition("#")[0] for row in part if isinstance(row, Trace)} for part in parts]
    assert [sorted(part) for part in ids] == [["c0", "c3", "c6", "c9"], ["c1", "c4", "c7"], ["c2", "c5", "c8"]]
    assert sum(map(len, parts)) == len(list(read(path))) == 19
