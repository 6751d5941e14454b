"""Pushing an output to the hub, against a stand-in for its API: what is written, for whom, and every refusal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from command import cotpress
from hub_server import TOKEN, Hub, Repository, serve_hub

import cotpress as package
from cotpress import Trace, compress, write
from cotpress.errors import CotpressError, InputError, MissingExtraError, OptionError, OutputError

library = pytest.importorskip("huggingface_hub", reason="the extra 'hub' is not installed")
ROW = {"id": "1", "question": "2+3?", "reasoning": "Two and three. Hmm, wait. 2+3=5.", "answer": "5"}
LARGE = ("sft.jsonl", "traces.parquet")
PUSHED = {"README.md", "sft.jsonl", "traces.parquet", "dataset_info.json", "summary.json", ".gitattributes"}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serve_hub() as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield served


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    write(compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")]), tmp_path / "out")
    return tmp_path / "out"


def test_an_output_is_pushed_whole_in_one_private_commit(hub: Hub, finished: Path) -> None:
    (finished / "rejected.jsonl").write_text('{"row": "mine alone"}\n')
    assert package.push(finished, "alice/short") == f"{hub.url}/datasets/alice/short"
    there = hub.datasets["alice/short"]
    assert (there.private, there.commits, set(there.files)) == (True, 1, PUSHED)
    for name in ("sft.jsonl", "traces.parquet", "README.md"):
        assert there.files[name] == (finished / name).read_bytes()
    assert TOKEN.encode() not in b"".join(there.files.values())
    assert not [path for path in finished.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]


@pytest.mark.parametrize("part_bytes", [None, 1000])
def test_large_files_are_uploaded_apart(
    part_bytes: int | None, hub: Hub, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    hub.large, hub.part_bytes = (".parquet", "sft.jsonl"), part_bytes
    package.push(finished, "alice/short")
    there = hub.datasets["alice/short"]
    assert (there.commits, set(there.files)) == (1, PUSHED)
    assert sorted(hub.stored.values()) == sorted((finished / name).read_bytes() for name in PUSHED & {*LARGE})
    assert all(there.files[name] == (finished / name).read_bytes() for name in LARGE)
    puts = [path for verb, path in hub.asked if verb == "PUT"]
    assert len(puts) == (2 if part_bytes is None else sum(-(-len(one) // part_bytes) for one in hub.stored.values()))
    hub.asked.clear()
    package.push(finished, "alice/short", force=True)  # what is there is not sent again
    assert "PUT" not in {verb for verb, _ in hub.asked}
    assert set(there.files) == PUSHED


@pytest.mark.parametrize(("verb", "end"), [("POST", "/objects/batch"), ("PUT", ""), ("POST", "/verify")])
def test_a_large_file_that_is_refused_leaves_nothing(
    verb: str, end: str, hub: Hub, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    hub.large, hub.refusals = (".parquet",), {(verb, end): 403}
    with pytest.raises(OutputError):
        package.push(finished, "alice/short")
    assert hub.datasets["alice/short"].commits == 0


def test_a_storage_that_is_refused_is_one_line(hub: Hub, finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hf_xet")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", False)
    hub.large, hub.refusals = (".parquet",), {("GET", "/xet-write-token/main"): 403}
    with pytest.raises(OutputError) as caught:
        package.push(finished, "alice/short")
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert hub.datasets["alice/short"].commits == 0


def test_public_is_asked_for_by_name(hub: Hub, finished: Path) -> None:
    package.push(finished, "lab/short", public=True)
    assert not hub.datasets["lab/short"].private


@pytest.mark.parametrize("verb", ["compress", "rewrite"])
def test_a_verb_pushes_what_it_has_made(
    verb: str, hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret-project"
    secret.mkdir()
    (secret / "rows.jsonl").write_text(json.dumps(ROW) + "\nno JSON\n")
    assert cotpress(verb, secret / "rows.jsonl", "-o", tmp_path / "out", "-q", "--push", "alice/short") == 0
    assert f"pushed to {hub.url}/datasets/alice/short (private)" in capsys.readouterr().out
    files = hub.datasets["alice/short"].files
    assert set(files) == PUSHED
    assert b"secret-project" not in b"".join(files.values())
    _, front, card = files["README.md"].decode().split("---\n", 2)
    assert yaml.safe_load(front)["configs"][0] == {"config_name": "sft", "data_files": "sft.jsonl", "default": True}
    assert "license" not in yaml.safe_load(front)
    assert "Made of `rows.jsonl`." in card
    assert "| rejected | 1 (1 invalid-json) |" in card
    assert "| equations |" in card
    assert ("| criterion | backbone |" if verb == "compress" else "| level | edit |\n| rewriter | rules |") in card
    assert json.loads(files["summary.json"])["input"][0][0] == "rows.jsonl"


def test_with_json_the_address_goes_to_standard_error(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(ROW))
    words = ("compress", tmp_path / "rows.jsonl", "-o", tmp_path / "out", "-q", "--json", "--push", "alice/short")
    assert cotpress(*words) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["compressed"] == 1
    assert "pushed to" in said.err


def test_a_later_push_takes_stale_files_away_and_keeps_the_licence(hub: Hub, finished: Path) -> None:
    package.push(finished, "alice/short")
    there = hub.datasets["alice/short"]
    there.files |= {"sft/old-1.jsonl": b"old", "notes.md": b"mine"}
    there.licence = "cc-by-4.0"
    package.push(finished, "alice/short")
    assert set(there.files) == {*PUSHED, "notes.md"}
    assert there.files["README.md"].startswith(b'---\nlicense: "cc-by-4.0"\n')


def test_shards_are_pushed_as_folders(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(ROW))
    pytest.importorskip("datatrove", reason="the extra 'scale' is not installed")
    words = ("compress", tmp_path / "rows.jsonl", "-o", tmp_path / "out", "-q", "--criterion", "head")
    assert cotpress(*words, "--executor", "local", "--workers", "1", "--push", "alice/short") == 0
    names = {name.partition("/")[0] for name in hub.datasets["alice/short"].files}
    assert names == {"sft", "traces", "README.md", "summary.json", "dataset_info.json", ".gitattributes"}


REFUSALS = {
    "owner": ("bob/short", {}, "The token is of 'alice', who may not write to 'bob'. Known owners: alice, lab."),
    "unknown token": ("alice/short", {("GET", "/whoami-v2"): 401}, "The hub does not know the token."),
    "no rights to create": ("alice/short", {("POST", "/create"): 403}, "The token may not write to alice/short."),
    "no rights to commit": ("alice/short", {("POST", "/commit/main"): 403}, "The token may not write to alice/short."),
    "too often": ("alice/short", {("GET", "/whoami-v2"): 429}, "The hub has had too many requests."),
    "broken": ("alice/short", {("POST", "/create"): 500}, "The hub refuses alice/short: "),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals_are_one_line_without_the_token(case: str, hub: Hub, finished: Path) -> None:
    name, refusals, said = REFUSALS[case]
    hub.refusals.update(refusals)
    with pytest.raises(OutputError) as caught:
        package.push(finished, name)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert caught.value.__suppress_context__ or not refusals


def test_what_the_library_says_never_has_the_token(hub: Hub, finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"bad header: Bearer {TOKEN}")

    monkeypatch.setattr(library.HfApi, "create_commit", fail)
    with pytest.raises(OutputError, match=r"bad header: Bearer \*\*\*") as caught:
        package.push(finished, "alice/short")
    assert TOKEN not in str(caught.value)


def test_a_token_that_may_only_read(hub: Hub, finished: Path) -> None:
    hub.user["auth"]["accessToken"]["role"] = "read"
    with pytest.raises(OutputError, match="The token of 'alice' may only read"):
        package.push(finished, "alice/short")


def test_somebody_elses_data_set_is_not_written_to(hub: Hub, finished: Path) -> None:
    hub.datasets["alice/other"] = Repository(private=True, files={".gitattributes": b"", "data.csv": b"a,b"})
    with pytest.raises(OutputError, match=r"no output of cotpress \(data.csv\).*--force"):
        package.push(finished, "alice/other")
    assert hub.datasets["alice/other"].commits == 0
    package.push(finished, "alice/other", force=True)
    assert hub.datasets["alice/other"].files["data.csv"] == b"a,b"


@pytest.mark.parametrize(
    ("private", "public", "advice"), [(False, False, "Add --public"), (True, True, "Leave --public")]
)
def test_visibility_is_never_changed_on_the_way(
    private: bool, public: bool, advice: str, hub: Hub, finished: Path
) -> None:
    hub.datasets["alice/short"] = Repository(private)
    with pytest.raises(OptionError, match=advice):
        package.push(finished, "alice/short", public=public)
    assert hub.datasets["alice/short"].commits == 0


def test_without_a_token_nothing_is_read(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(library, "get_token", lambda: None)
    assert cotpress("compress", tmp_path / "no-such.jsonl", "-o", tmp_path / "out", "--push", "alice/short") == 4
    assert capsys.readouterr().err == (
        "cotpress: The hub wants to know who pushes, and there is no token. Set HF_TOKEN, or log in by: hf auth login\n"
    )
    assert not hub.asked


def test_no_network(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    for address in ("http://127.0.0.1:9", "http://no-such-host.invalid"):
        monkeypatch.setenv("HF_ENDPOINT", address)
        with pytest.raises(OutputError, match="The hub cannot be reached: "):
            package.push(finished, "alice/short")


def test_a_push_that_fails_at_the_end_says_how_to_go_on(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps(ROW))
    hub.refusals["POST", "/create"] = 403
    words = ("compress", tmp_path / "rows.jsonl", "-o", tmp_path / "out", "-q", "--push", "alice/short")
    assert cotpress(*words) == 4
    assert f"push it later: cotpress push {tmp_path / 'out'} alice/short" in capsys.readouterr().err
    hub.refusals.clear()
    assert cotpress("push", tmp_path / "out", "alice/short") == 0


def test_nothing_is_pushed_where_nothing_was_compressed(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps({**ROW, "gold": "6"}))
    words = ("compress", tmp_path / "rows.jsonl", "-o", tmp_path / "out", "-q", "--drop-wrong")
    assert cotpress(*words, "--push", "alice/short") == 3
    assert "not pushed to alice/short" in capsys.readouterr().err
    assert not hub.datasets


@pytest.mark.parametrize(
    "options",
    [
        ("--public",),
        ("--push", "short"),
        ("--push", "alice/a/b"),
        ("--push", "alice/short", "--executor", "slurm", "--partition", "cpu"),
        ("--push", "alice/short", "--executor", "local", "-o", "memory://out", "--workers", "1"),
    ],
)
def test_options_that_cannot_be(options: tuple[str, ...], hub: Hub, tmp_path: Path) -> None:
    pytest.importorskip("datatrove", reason="the extra 'scale' is not installed")
    (tmp_path / "rows.jsonl").write_text(json.dumps(ROW))
    place = () if "-o" in options else ("-o", tmp_path / "out")
    assert cotpress("compress", tmp_path / "rows.jsonl", *place, *options) == 2
    assert not (tmp_path / "out").exists()
    assert not hub.asked


def test_what_is_no_output_is_not_pushed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished output"):
        package.push(tmp_path, "alice/short")


def test_without_the_library_the_extra_is_named(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(MissingExtraError, match=r"cotpress\[hub\]"):
        package.push(finished, "alice/short")
    assert issubclass(MissingExtraError, CotpressError)
