"""s3:// against moto's server, which speaks S3 on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scale_case import ONE, scaled, tables_of, write_shards

from cotpress.errors import InputError
from cotpress.pipeline import CompressionSpec
from cotpress.pruning import Method

moto: Any = pytest.importorskip("moto.server", reason="moto is not installed (pip install 'moto[server]')")
s3fs: Any = pytest.importorskip("s3fs", reason="s3fs is not installed (extra: s3)")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A file system with an empty bucket, which `s3://` names find by the environment."""
    server = moto.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    files = s3fs.S3FileSystem()
    files.mkdir("bucket")
    yield files
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_from_a_bucket_into_a_bucket(bucket: Any, tmp_path: Path) -> None:
    given, job = write_shards(tmp_path), CompressionSpec(Method("nll", "token"))
    for path in given:
        bucket.put_file(path, f"bucket/traces/{Path(path).name}")
    scaled(given, job, tmp_path / "here")
    there = scaled(["s3://bucket/traces/*.jsonl"], job, "s3://bucket/out", ONE)
    assert there["traces"] == there["compressed"] + there["rejected"]
    bucket.get("bucket/out", str(tmp_path / "fetched"), recursive=True)
    ours, theirs = tables_of(tmp_path / "here"), tables_of(tmp_path / "fetched")
    assert (ours["traces"], ours["sft"]) == (theirs["traces"], theirs["sft"])
    assert len(ours["rejected"]) == len(theirs["rejected"])
    with pytest.raises(InputError, match="No file of traces"):
        scaled(["s3://bucket/none/*.jsonl"], job, "s3://bucket/other")
