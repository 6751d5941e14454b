"""Whether a run's tables still are what its steps would make of them, so that a rerun need not write them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from cotpress.store import content_key, writing
from cotpress.study.desk import Desk
from cotpress.study.jobs import Teach, is_done
from cotpress.study.plan import cells, compressions
from cotpress.study.schooling import evaluation_step
from cotpress.study.shortening import texts_step
from cotpress.tables import SCHEMAS

VERSION = 1  # of what is written into the tables


def tables_key(desk: Desk, failed: Mapping[str, str]) -> str:
    """A key of all that the tables hold: the study, its steps, which of them are done, and what failed."""
    traces = [desk.material(name).key for name in desk.study.conditions]
    texts = [None if way.name in failed else texts_step(desk, way).key for way in compressions(desk.study)]
    taught = [
        None if cell.name in failed else (evaluation_step(desk, cell).key, is_done(desk, Teach(cell)))
        for cell in cells(desk.study)
    ]
    columns = {name: schema.names for name, schema in SCHEMAS.items()}
    return content_key(
        "tables", VERSION, columns, desk.study.model_dump(mode="json"), dict(failed), traces, texts, taught
    )


def are_fresh(folder: Path, note: Path, key: str) -> bool:
    """Whether the tables in `folder` were written under this key and nobody has changed them since."""
    try:
        return bool(json.loads(note.read_text(encoding="utf-8")) == {"key": key, "files": _digests(folder)})
    except (OSError, ValueError):
        return False


def note_fresh(folder: Path, note: Path, key: str) -> None:
    """Write down that the tables are there and what they are. Raises OSError where that cannot be written."""
    with writing(note) as path:
        path.write_text(json.dumps({"key": key, "files": _digests(folder)}) + "\n", encoding="utf-8")


def _digests(folder: Path) -> dict[str, str]:
    paths = [folder / f"{name}.parquet" for name in SCHEMAS]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
