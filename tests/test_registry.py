"""The registry: lazy, open to plugins and `module:name`, and never brought down by either."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from cotpress import registry as module
from cotpress.criteria import get_criterion
from cotpress.errors import OptionError
from cotpress.registry import Registry, find_import_name, import_object

ADDED_TO: list[Registry[Callable[[str], str]]] = []  # the registry that a plugin made by a test adds to


def shout(word: str) -> str:
    """Says it loudly."""
    return word.upper()


def adapt(name: str, given: Any) -> Callable[[str], str]:
    if not callable(given):
        raise OptionError(f"The greeting '{name}' is no function.")
    return given  # type: ignore[no-any-return]


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives installed entry points to the group "test.greetings"; modules lie in a folder that Python finds."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(**values: str) -> None:
        points = [EntryPoint(name.replace("_", "-"), value, "test.greetings") for name, value in values.items()]
        monkeypatch.setattr(module, "find_entry_points", lambda group: points if group == "test.greetings" else [])

    return install


def greetings() -> Registry[Callable[[str], str]]:
    made = Registry("greeting", "test.greetings", adapt=adapt)
    made.add("plain", str)
    return made


def test_nothing_is_loaded_before_the_first_look_up(
    plugins: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lazy_plugin.py").write_text("def hello(word):\n    return 'hello ' + word\n")
    plugins(hello="lazy_plugin:hello")
    made = greetings()
    assert "lazy_plugin" not in sys.modules
    assert made.list_plugin_names() == ["hello"]
    assert "lazy_plugin" not in sys.modules
    assert made.get_entry("hello")("you") == "hello you"
    assert list(made) == ["plain", "hello"]


def test_a_package_is_imported_with_its_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "greeting_package").mkdir()
    (tmp_path / "greeting_package" / "__init__.py").write_text("made = []\n")
    (tmp_path / "greeting_package" / "loud.py").write_text(
        "from greeting_package import made\nmade[0].add('loud', str.upper)\n"
    )
    made: Registry[Callable[[str], str]] = Registry("greeting", "test.none", "greeting_package")
    import greeting_package  # type: ignore[import-not-found]

    greeting_package.made.append(made)
    assert dict(made) == {"loud": str.upper}
    with pytest.raises(OptionError, match="comes with cotpress"):
        made.add("loud", str)


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(OptionError, match=r"There is no greeting 'plane'. Did you mean 'plain'\?"):
        greetings().get_entry("plane")


def test_a_name_of_your_own_is_module_and_name() -> None:
    with pytest.raises(OptionError, match=r"One of your own is MODULE:NAME\."):
        get_criterion("keep_all_of_it")
    with pytest.raises(OptionError, match=r"no attribute 'sqr'.*Did you mean 'math:sqrt'\?"):
        import_object("math:sqr", "criterion")
    with pytest.raises(OptionError, match=r"No module named 'nowhere'.*of a file mine\.py in this folder\."):
        import_object("nowhere:keep_all", "criterion")
    with pytest.raises(OptionError, match=r"One of your own is MODULE:NAME, such as mine:keep_all\."):
        get_criterion("mine.keep_all")
    for name in ("mine.py:keep_all", "./folder/mine.py:keep_all"):
        with pytest.raises(
            OptionError, match=r"names a file, not a module\. Give mine:keep_all, in the folder of mine"
        ):
            import_object(name, "criterion")


def test_a_fault_of_a_module_is_not_told_as_a_wrong_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "does_not_parse.py").write_text("def keep(evidence: return 1\n")
    (tmp_path / "needs_another.py").write_text("import no_such_library\n")
    (tmp_path / "has_names.py").write_text("import os\n\n\ndef keep_all():\n    pass\n\n\nhalf = 2\n")
    for broken in ("does_not_parse", "needs_another"):
        with pytest.raises(OptionError, match=f"The error is in the module {broken}: mend it there"):
            import_object(f"{broken}:keep", "criterion")
    with pytest.raises(OptionError, match=r"That module has: half, keep_all\."):
        import_object("has_names:xyz", "criterion")


def test_a_broken_plugin_is_one_line_and_an_error_only_for_who_asks(
    plugins: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "broken_plugin.py").write_text("raise SystemExit('gone\\nfishing')\n")
    plugins(broken="broken_plugin:hello", unfit="math:pi", missing="no_such_module:x")
    made = greetings()
    with caplog.at_level(logging.WARNING, "cotpress"):
        assert list(made) == ["plain"]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3
    assert all("\n" not in message for message in caplog.messages)
    for name, why in (("broken", "gone fishing"), ("unfit", "no function"), ("missing", "no_such_module")):
        with pytest.raises(OptionError, match=why):
            made.get_entry(name)


def test_a_plugin_cannot_take_a_name_of_ours(plugins: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    plugins(plain="os:getcwd")
    made = greetings()
    assert made.get_entry("plain") is str
    assert "the name is taken" in caplog.text
    assert made.find_plugin("plain") == ""


def test_module_and_name_need_no_registration() -> None:
    made = greetings()
    name = f"{__name__}:shout"
    assert made.get_entry(name)("a") == "A"
    assert list(made) == ["plain"], "it is not listed"
    for wrong in ("math:nothing", "no_such_module:x", "math:pi"):
        with pytest.raises(OptionError):
            made.get_entry(wrong)


def test_an_object_gets_a_name_that_other_processes_find() -> None:
    made = greetings()
    assert made.name_object(str) == "plain"
    assert made.name_object(shout) == find_import_name(shout) == f"{__name__}:shout"
    assert import_object(f"{__name__}:shout", "greeting") is shout


def test_what_cannot_be_imported_works_in_this_process_alone() -> None:
    made = greetings()
    first, second = made.name_object(lambda word: word + "!"), made.name_object(lambda word: word + "?")
    assert first != second
    assert (made.get_entry(first)("a"), made.get_entry(second)("a")) == ("a!", "a?")
    with pytest.raises(OptionError, match="only in the process that made it"):
        greetings().get_entry(first)


def test_a_plugin_may_add_its_entries_when_it_is_imported(
    plugins: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "adding_plugin.py").write_text(
        f"from {__name__} import ADDED_TO\n\n"
        "one = ADDED_TO[0].add('first', lambda word: word + '1')\n"
        "two = ADDED_TO[0].add('second', lambda word: word + '2')\n"
    )
    plugins(first="adding_plugin:one", second="adding_plugin:two")
    made = greetings()
    ADDED_TO[:] = [made]
    assert list(made) == ["plain", "first", "second"]
    assert made.get_entry("second")("a") == "a2"
    assert not caplog.records


def test_of_two_plugins_with_one_name_the_first_is_taken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    points = [
        EntryPoint("same", "os.path:basename", "test.greetings"),
        EntryPoint("same", "os:getcwd", "test.greetings"),
    ]
    monkeypatch.setattr(module, "find_entry_points", lambda group: points)
    assert greetings().get_entry("same") is import_object("os.path:basename", "greeting")
    assert "the name is taken" in caplog.text


def test_what_was_added_can_be_removed_and_what_comes_along_cannot() -> None:
    made = greetings()
    assert list(made) == ["plain"]
    made.add("mine", shout)
    made.remove("mine")
    assert list(made) == ["plain"]
    for name, why in (("plain", "comes with cotpress"), ("mine", "There is no greeting")):
        with pytest.raises(OptionError, match=why):
            made.remove(name)
