"""The level files: each says what it is, ranks itself, and names checks that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from cotpress import Compressed, Trace, rewrite
from cotpress.errors import OptionError
from cotpress.pipeline.rewrite_spec import RewriteSpec
from cotpress.rewriting.checks import CHECKS, validate_check_names
from cotpress.rewriting.levels import LEVELS, get_level
from cotpress.rewriting.prompt import build_system_prompt
from cotpress.rewriting.rules import rewrite_by_rules

FILE = """---
name: terse
order: 5
version: 1
summary: Say it in one line.
published_in: ours
checks: [fewer-steps]
---
Say it in one line.
"""


@pytest.mark.parametrize("name", LEVELS)
def test_every_level_is_complete(name: str) -> None:
    level = LEVELS[name]
    assert level.name == name
    assert level.summary.endswith(".")
    assert level.published_in
    assert {*level.checks} <= {*CHECKS}
    for domain in ("math", "general"):
        assert "{{" not in build_system_prompt(level, domain), "a placeholder is left"
        assert all(f"{heading}: ..." in build_system_prompt(level, domain) for heading in level.headings(domain))


def test_levels_are_ordered_from_mild_to_strong() -> None:
    assert [*LEVELS] == ["preserve", "edit", "fuse", "replace"]
    assert len({level.order for level in LEVELS.values()}) == len(LEVELS)


def test_a_file_of_the_users_own_is_a_level(tmp_path: Path) -> None:
    path = tmp_path / "terse.md"
    path.write_text(FILE)
    level = get_level(str(path))
    assert (level.name, level.checks, level.headings("math")) == ("terse", ("fewer-steps",), ())
    assert "Say it in one line." in build_system_prompt(level, "math")


def test_a_level_file_of_before_is_read_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "terse.md"
    path.write_text(FILE.replace("published_in: ours", "source: ours"))
    assert get_level(str(path)).published_in == "ours"
    assert "The field 'source' of the level file" in caplog.text
    assert "is now 'published_in'" in caplog.text


def test_a_level_with_a_strategy_is_written_by_its_rules(tmp_path: Path) -> None:
    path = tmp_path / "terse.md"
    path.write_text(FILE.replace("checks: [fewer-steps]", "checks: [steps-in-order]\nstrategy: edit"))
    trace = Trace("1", "2 + 3?", "Okay, so we basically add. 2 + 3 is equal to 5. So the answer is 5.")
    by_file, by_name = (rewrite_by_rules(trace, get_level(level), "math") for level in (str(path), "edit"))
    assert by_file == by_name == "We add. 2 + 3 = 5. The answer is 5."
    [one] = rewrite([trace], str(path))
    assert isinstance(one, Compressed)
    assert one.text == by_name


SECTIONS = "sections: {math: [Known, Wanted, Way, Steps, Result], general: [Asked, Known, Drawn, Result]}"


def test_a_template_of_the_users_own_is_filled_by_the_rules_of_replace(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(FILE.replace("checks: [fewer-steps]", f"checks: []\nstrategy: replace\n{SECTIONS}"))
    trace = Trace("1", "2 + 3?", "Okay, so we basically add, as ever. 2 + 3 is equal to 5 in all. So the answer is 5.")
    assert rewrite_by_rules(trace, get_level(str(path)), "math").endswith("Result: 5")


def test_rules_say_at_once_which_levels_they_know(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(FILE)
    with pytest.raises(OptionError, match="There are no rules for the level 'terse'"):
        RewriteSpec(str(path))
    path.write_text(FILE.replace("order: 5", "order: 5\nstrategy: replace"))
    with pytest.raises(OptionError, match="cannot fill the sections of the level 'terse'"):
        RewriteSpec(str(path))
    path.write_text(FILE.replace("order: 5", "order: 5\nstrategy: fuze"))
    with pytest.raises(OptionError, match="There are no rules for the level 'fuze'"):
        RewriteSpec(str(path))


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
        validate_check_names(get_level(str(path)))
