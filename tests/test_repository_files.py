"""What hosts and tools read of the repository: citation, workflow, templates, hooks. Each says what is true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from cotpress import __version__
from cotpress.traces.rows import MAX_ROW_BYTES

ROOT = Path(__file__).parents[1]


def _read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_citation_is_of_this_version_and_of_the_study() -> None:
    citation, page = _read_yaml("CITATION.cff"), (ROOT / "docs" / "citing.md").read_text(encoding="utf-8")
    assert citation["version"] == __version__
    assert f"version = {{{__version__}}}" in page
    [study] = citation["references"]
    for name in (author["family-names"] for author in study["authors"]):
        assert name in page
    assert "".join(study["title"].split()) in "".join(page.split())
    assert study["url"] in page


def test_the_workflow_runs_what_every_change_must_pass() -> None:
    [job] = _read_yaml(".github/workflows/ci.yml")["jobs"].values()
    assert {"run": ".ci/run"} in job["steps"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_the_hooks_check_with_the_same_ruff_as_make_lint() -> None:
    pins = dict(re.findall(r"^([\w-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE))
    revisions = {repo["repo"]: repo.get("rev") for repo in _read_yaml(".pre-commit-config.yaml")["repos"]}
    assert revisions["https://github.com/astral-sh/ruff-pre-commit"] == f"v{pins['ruff']}"


@pytest.mark.parametrize("form", sorted(ROOT.glob(".github/ISSUE_TEMPLATE/[!c]*.yml")), ids=lambda path: path.stem)
def test_an_issue_form_has_what_the_host_requires(form: Path) -> None:
    content = _read_yaml(str(form.relative_to(ROOT)))
    assert content["name"]
    assert content["description"]
    for field in content["body"]:
        assert field["type"] in ("markdown", "textarea", "input", "dropdown", "checkboxes")
        assert field["attributes"]["label"]


def test_the_security_policy_names_the_bound_of_a_row() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert f"at most {MAX_ROW_BYTES // 2**20} MiB" in policy


def test_the_oldest_python_is_the_first_classifier() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minors = [int(minor) for minor in re.findall(r"Python :: 3\.(\d+)", "\n".join(project["classifiers"]))]
    assert project["requires-python"] == f">=3.{minors[0]}"
    assert minors == sorted(minors)
