"""The site of the documentation: every page has its place, and the references are made of the program."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from itertools import combinations
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree

import pytest
from command import cotpress

import cotpress as package
from cotpress.cli.app import VERBS, WORLD_VERBS, build_app

ROOT = Path(__file__).parents[1]
GENERATED = {"reference/command-line.md", "reference/python-names.md"}
ALL_VERBS = [*VERBS, *(f"world {verb}" for verb in WORLD_VERBS)]


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"website_{name}", ROOT / "website" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def test_every_page_has_a_place_in_the_navigation_and_every_place_a_page() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    named = re.findall(r"([\w./-]+\.md)$", navigation, re.MULTILINE)
    there = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(named) == sorted(there | GENERATED)


def test_the_reference_has_every_verb_option_and_choice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    sections = _load("command_line").build_page().split("\n## ")
    for verb in ALL_VERBS:
        [section] = [text for text in sections if text.startswith(f"cotpress {verb} {{")]
        cotpress(*verb.split(), "--help")
        printed = capsys.readouterr().out.partition("Examples:")[0]
        names = re.findall(r"^│? *\*? *(--[a-z-]+)", printed, re.MULTILINE)
        assert not [name for name in names if f"`{name}`" not in section]
        for choices in re.findall(r"\[choices: ([^]]+)\]", printed):
            assert ", ".join(f"`{choice}`" for choice in choices.split(", ")) in section


def test_no_cell_of_the_reference_breaks_its_table() -> None:
    rows = [line for line in _load("command_line").build_page().splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_options_that_the_reference_names_are_code() -> None:
    rows = [line.split("|") for line in _load("command_line").build_page().splitlines() if line.startswith("| `")]
    assert any("or with `--shuffle` the first" in row[2] for row in rows)
    assert not [row[2] for row in rows if re.search(r"(?<!`)--", row[2])]


def test_the_reference_says_what_each_exit_code_means() -> None:
    codes = re.findall(r"^\| (\d+) \| \S", _load("command_line").build_page(), re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "7", "70", "130"]


def test_the_reference_has_every_public_name() -> None:
    named = re.findall(r"^::: cotpress\.[\w.]+\.(\w+)$", _load("python_names").build_page(), re.MULTILINE)
    assert sorted(named) == sorted(set(package.__all__) - {"__version__"})


@pytest.mark.parametrize("name", ["quickstart", "tasks"])
def test_every_command_of_a_page_can_be_typed(name: str) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    (cotpress .*)$", page, re.MULTILINE)
    assert len(lines) > 5
    for line in lines:
        build_app().parse_args(shlex.split(line)[1:], exit_on_error=False, print_error=False)


def test_flow_charts_are_drawn_while_the_site_is_built() -> None:
    draw = _load("diagrams").draw_diagrams
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = draw(page)
    pictures = re.findall(r'<svg class="diagram".*?</svg>', drawn)
    assert len(pictures) == page.count("```mermaid") == 2
    assert "mermaid" not in drawn
    for number, picture in enumerate(pictures, 1):
        root = ElementTree.fromstring(picture)
        width, height = (float(root.attrib[name]) for name in ("width", "height"))
        boxes = [[float(box.attrib[name]) for name in ("x", "y", "width", "height")] for box in root.iter("rect")]
        assert len(boxes) > 10
        assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
        apart = (a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] != b[1] for a, b in combinations(boxes, 2))
        assert all(apart)
        assert f"url(#tip-{number})" in picture
        assert f'id="tip-{number}"' in picture
    assert "traces to pipeline/output (Rejected, with a reason)" in pictures[0]


def test_a_chart_that_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="not drawn"):
        _load("diagrams").draw_diagrams("```mermaid\nflowchart TB\n    a ==> b\n```")


def test_the_site_loads_nothing_from_elsewhere() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8") + (ROOT / "docs/images/site.css").read_text()
    assert not re.findall(r"https?://|mermaid|unpkg", settings)


@pytest.mark.parametrize(
    ("rows", "keys"),
    [(("a 0.5", "b 0.5"), 1), (("a 0.5", "a 0.3"), 2), (("a b 0.5", "a b 0.3"), 3), (("a b c 1", "a b c 2"), 1)],
)
def test_in_a_wide_table_what_names_a_row_stays_in_sight(rows: tuple[str, ...], keys: int) -> None:
    lines = [f"{row} 7 7 7 7 7 7".split() for row in ("head " * len(rows[0].split()), *rows)]
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    boxed = _load("wide_tables").box_tables(f"<p>x</p><table>{table}</table>", "A & B")
    opening = f'<div class="wide keys-{keys}" tabindex="0" role="region" aria-label="A &amp; B, wide table 1">'
    assert boxed == f"<p>x</p>{opening}<table>{table}</table></div>"


def test_small_tables_are_left_and_an_interval_is_one_word() -> None:
    box = _load("wide_tables").box_tables
    assert box("<table><tr><td>0.5% [0.1, 0.9] of [3]</td></tr></table>", "A") == (
        '<table><tr><td>0.5% <span class="interval">[0.1, 0.9]</span> of [3]</td></tr></table>'
    )


def test_the_glossary_is_in_order() -> None:
    words = re.findall(r"^\| \*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert words == sorted(words, key=str.lower)
    needed = "regime domain cell retention keep unit token step gold gauge backbone coverage"
    assert all(any(word in known for known in words) for word in needed.split())


def test_each_page_says_at_its_beginning_whom_it_is_for() -> None:
    of_the_code = {"architecture", "performance", "world", "index"}  # what they are about is whom they are for
    pages = [page for page in (ROOT / "docs").glob("*.md") if page.stem not in of_the_code]
    openings = {page.stem: page.read_text(encoding="utf-8").split("\n\n")[1] for page in pages}
    assert not [name for name, opening in openings.items() if not opening.startswith("For who")]


def test_a_link_to_a_file_of_the_repository_becomes_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    monkeypatch.syspath_prepend(str(ROOT / "website"))
    page = SimpleNamespace(meta={}, file=SimpleNamespace(src_uri="extending.md"))
    text = "[`examples/plugin`](../examples/plugin), [notes](../CHANGELOG.md), [codes](codes.md)"
    written = _load("hooks").on_page_markdown(text, page, SimpleNamespace(docs_dir=str(ROOT / "docs")), ())
    assert written == (
        "`examples/plugin` in the repository, notes (`CHANGELOG.md` in the repository), [codes](codes.md)"
    )


def test_the_search_has_a_name() -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    theme = pytest.importorskip("material", reason="the theme is not installed")
    source = (Path(theme.__file__).parent / "templates/partials/search.html").read_text(encoding="utf-8")
    assert 'role="dialog" aria-label="Search"' in _load("hooks").on_post_page(source, None, None)
