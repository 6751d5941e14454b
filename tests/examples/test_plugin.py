"""The plugin of examples/, installed beside cotpress: used from the command line, from Python and by a study."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import cotpress as cotpress_here
from forked_command import fork_command

import cotpress

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples" / "plugin"
STUDY = """
name: With a plugin
conditions:
  math: {traces: world, domain: math, regime: long, limit: 4}
pruning: {criteria: [numbers-first, random], granularities: [step], keep: [0.5]}
seeds: [0]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin as pip installs it."""
    source, target = tmp_path_factory.mktemp("source") / "plugin", tmp_path_factory.mktemp("site")
    shutil.copytree(PLUGIN, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(source)]
    ran = subprocess.run(pip, capture_output=True, text=True, check=False, timeout=200)
    if ran.returncode:
        pytest.skip(f"pip cannot build a package here: {ran.stderr.strip()[-300:]}")
    return target


def run(folder: Path, words: list[str], place: Path, source: Path | None = None) -> subprocess.CompletedProcess[str]:
    """`cotpress WORDS` in a folder, with `place` on the path; in a new Python where the package is another `source`."""
    paths = [str(place), str(source or Path(cotpress.__file__).parents[1])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COTPRESS_CACHE": str(folder / "cache")}
    if source is not None:
        command = [sys.executable, "-m", "cotpress", *words]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    forked = fork_command(words, folder / "logs", folder=folder, environment=environment, paths=[place])
    return subprocess.CompletedProcess(words, forked.wait(), forked.stdout, forked.stderr)


def sample(folder: Path) -> None:
    words = ["world", "sample", "--domain", "math", "--regime", "long", "-n", "6", "-o", folder / "t.jsonl"]
    assert cotpress_here(*words) == 0


def test_its_entries_are_listed_and_offered(installed: Path, tmp_path: Path) -> None:
    listed = run(tmp_path, ["criteria"], installed)
    assert "numbers-first" in listed.stdout
    assert "plugin" in " ".join(listed.stdout.split())
    assert "capitals" in run(tmp_path, ["benchmarks"], installed).stdout
    helped = " ".join(run(tmp_path, ["compress", "--help"], installed).stdout.replace("│", " ").split())
    assert "numbers-first" in helped
    assert "question-answer" in helped


def test_its_own_tests_pass(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(PLUGIN / "tests", tmp_path / "tests")
    paths = [str(installed), str(Path(cotpress.__file__).parents[1])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout


def test_it_compresses_and_exports(installed: Path, tmp_path: Path) -> None:
    sample(tmp_path)
    words = ["compress", "t.jsonl", "-o", "out", "--criterion", "numbers-first", "--export", "question-answer"]
    ran = run(tmp_path, [*words, "--json", "-q"], installed)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["compressed"] == 6
    rows = [json.loads(line) for line in (tmp_path / "out" / "sft.jsonl").read_text().splitlines()]
    assert all(set(row) == {"id", "question", "answer"} for row in rows)


STUDENT = """
from cotpress.chat import ChatReply


class Geographer:
    endpoint = "geographer"

    async def ask(self, request):
        return ChatReply("The answer is Paris", "stop", 9, 4, 0.0)

    async def close(self):
        pass


def open_geographer(model, options):
    return Geographer()
"""


def test_its_benchmark_is_asked(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(STUDENT)
    words = ["evaluate", "any", "--backend", "mine:open_geographer", "--benchmark", "capitals"]
    ran = run(tmp_path, [*words, "-o", "eval", "--json", "--quiet"], installed)
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(ran.stdout)["benchmarks"]["capitals"]
    assert figures["problems"] == 4
    assert figures["accuracy"]["value"] == 0.25


def test_a_study_of_two_workers_uses_it(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY)
    ran = run(tmp_path, ["sweep", "study.yaml", "-o", "run", "--workers", "2", "--quiet"], installed)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    kinds = [json.loads(line)["kind"] for line in (tmp_path / "run" / "journal.jsonl").read_text().splitlines()]
    assert kinds.count("ranking") == 2


def test_a_changed_criterion_is_ranked_again(installed: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    shutil.copytree(installed, place)
    (tmp_path / "study.yaml").write_text(STUDY)
    journal = tmp_path / "run" / "journal.jsonl"
    made = []
    for change in ("", "", "\n# Another version.\n"):
        with (place / "cotpress_example" / "criteria.py").open("a") as file:
            file.write(change)
        before = len(journal.read_text().splitlines()) if journal.is_file() else 0
        ran = run(tmp_path, ["sweep", "study.yaml", "-o", "run", "--quiet"], place)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        made.append(["ranking" in line for line in journal.read_text().splitlines()[before:]].count(True))
    assert made == [2, 0, 1]


def test_a_broken_plugin_is_one_line_and_no_crash(installed: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    shutil.copytree(installed, place)
    (place / "cotpress_example" / "criteria.py").write_text("raise RuntimeError('not today')\n")
    listed = run(tmp_path, ["criteria"], place)
    assert listed.returncode == 0
    [line] = [line for line in listed.stderr.splitlines() if line]
    assert "criterion 'numbers-first' of the plugin cotpress-example cannot be loaded" in line
    sample(tmp_path)
    asked = run(tmp_path, ["compress", "t.jsonl", "-o", "out", "--criterion", "numbers-first", "-q"], place)
    assert asked.returncode == 2
    assert "not today" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_a_module_of_the_working_directory_needs_no_plugin(tmp_path: Path) -> None:
    sample(tmp_path)
    (tmp_path / "mine.py").write_text(
        "def keep_short(evidence):\n    'Short segments are kept first.'\n    return -1.0 * evidence.costs\n"
    )
    words = ["compress", "t.jsonl", "--criterion", "mine:keep_short", "--keep", "0.5", "--json", "-q"]
    alone = run(tmp_path, [*words, "-o", "alone"], tmp_path / "nowhere")
    assert alone.returncode == 0, alone.stderr
    shared = run(tmp_path, [*words, "-o", "shared", "--executor", "local", "--workers", "2"], tmp_path / "nowhere")
    assert shared.returncode == 0, shared.stderr
    assert json.loads(alone.stdout)["tokens_kept"] == json.loads(shared.stdout)["tokens_kept"]
    (tmp_path / "study.yaml").write_text(STUDY.replace("numbers-first", "'mine:keep_short'"))
    ran = run(tmp_path, ["sweep", "study.yaml", "-o", "run", "--workers", "2", "--quiet"], tmp_path / "nowhere")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_criterion_is_added_to_the_package_by_one_file(tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(Path(cotpress.__file__).parent, source / "cotpress")
    (source / "cotpress" / "criteria" / "longest.py").write_text(
        '"""One more criterion."""\n\nfrom cotpress.criteria.registry import register_criterion\n\n\n'
        '@register_criterion("longest", published_in="a test")\ndef longest(evidence):\n'
        '    """Long segments are kept first."""\n    return evidence.costs.astype(float)\n'
    )
    sample(tmp_path)
    nowhere = tmp_path / "nowhere"
    assert "longest" in run(tmp_path, ["criteria"], nowhere, source).stdout
    assert "longest" in run(tmp_path, ["compress", "--help"], nowhere, source).stdout
    words = ["compress", "t.jsonl", "-o", "out", "--criterion", "longest", "-q"]
    assert run(tmp_path, words, nowhere, source).returncode == 0
    wrong = run(tmp_path, [*words[:-2], "longst"], nowhere, source)
    assert "Did you mean 'longest'?" in wrong.stderr
