"""The level files: each says what it is, ranks itself, and names checks that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from cotpress.checks import CHECKS, check_names
from cotpress.errors import OptionError
from cotpress.levels import LEVELS, get_level
from cotpress.rewriting.prompt import system_prompt

FILE = """---
name: terse
order: 5
version: 1
summary: Say it in one line.
source: ours
checks: [fewer-steps]
---
Say it in one line.
"""


@pytest.mark.parametrize("name", LEVELS)
def test_every_level_is_complete(name: str) -> None:
    level = LEVELS[name]
    assert level.name == name
    assert level.summary.endswith(".")
    assert level.source
    assert {*level.checks} <= {*CHECKS}
    for domain in ("math", "general"):
        assert "{{" not in system_prompt(level, domain), "a placeholder is left"
        assert all(f"{heading}: ..." in system_prompt(level, domain) for heading in level.headings(domain))


def test_levels_are_ordered_from_mild_to_strong() -> None:
    assert [*LEVELS] == ["preserve", "edit", "fuse", "replace"]
    assert len({level.order for level in LEVELS.values()}) == len(LEVELS)


def test_a_file_of_the_users_own_is_a_level(tmp_path: Path) -> None:
    path = tmp_path / "terse.md"
    path.write_text(FILE)
    level = get_level(str(path))
    assert (level.name, level.checks, level.headings("math")) == ("terse", ("fewer-steps",), ())
    assert "Say it in one line." in system_prompt(level, "math")


BROKEN = {
    "no front matter": ("Say it.", "no front matter"),
    "no prompt": (FILE.split("Say it in one line.\n")[0] + "Say\n---\n", "no front matter or no prompt"),
    "no yaml": (FILE.replace("order: 5", "order: [5"), "is not YAML"),
    "missing": (FILE.replace("order: 5\n", ""), "'order' is missing"),
    "unknown": (FILE.replace("order: 5", "order: 5\ncolour: red"), "'colour' is not known"),
    "wrong type": (FILE.replace("order: 5", "order: five"), "'order' is not int"),
    "several": (FILE.replace("order: 5\nversion: 1\n", ""), "'order' is missing; 'version' is missing"),
    "sections": (FILE.replace("order: 5", "order: 5\nsections: {law: [A]}"), "names a domain"),
    "checks no texts": (FILE.replace("[fewer-steps]", "[1]"), "lists of texts"),
    "code": (FILE.replace("order: 5", "order: !!python/object/apply:os.getcwd []"), "is not YAML"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_faulty_file_is_a_clear_error(name: str, tmp_path: Path) -> None:
    text, said = BROKEN[name]
    path = tmp_path / "mine.md"
    path.write_text(text)
    with pytest.raises(OptionError, match=said):
        get_level(str(path))


def test_unknown_names_get_a_guess_and_missing_files_a_reason(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="Did you mean 'preserve'"):
        get_level("perserve")
    with pytest.raises(OptionError, match="No such file"):
        get_level(str(tmp_path / "none.md"))
    path = tmp_path / "mine.md"
    path.write_text(FILE.replace("fewer-steps", "fewer-stepps"))
    with pytest.raises(OptionError, match="Did you mean 'fewer-steps'"):
        check_names(get_level(str(path)))
