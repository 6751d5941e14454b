"""What MkDocs asks while it builds: pages made from the program, links, flow charts, wide tables."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

_HERE = Path(__file__).resolve().parent
# How the search ranks pages: those that answer questions before those that list measurements and names.
_RANKS = {"codes": 8, "outputs": 4, "glossary": 3, "quickstart": 2, "tasks": 2, "guides": 2, "formats": 2}
_RANKED_LOW = ("results/", "performance.md", "speed.md", "architecture.md", "reference/python-names.md")
_OUTSIDE = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)]+)\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the references, which are made anew for each build."""
    sys.path[:0] = [str(_HERE), str(_HERE.parent / "src")]
    from command_line import build_page
    from python_names import build_page as build_python_page

    for name, text in (("command-line", build_page()), ("python-names", build_python_page())):
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def _rank(name: str) -> float:
    return 0.3 if name.startswith(_RANKED_LOW) else _RANKS.get(name.removesuffix(".md"), 1)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Say how the search ranks the page. Links to files of the repository that are no pages become the files' names,
    and flow charts become pictures."""
    page.meta["search"] = {"boost": _rank(page.file.src_uri)}
    folder = Path(page.file.src_uri).parent

    def name_file(link: re.Match[str]) -> str:
        text, target = link[1], (Path(config.docs_dir) / folder / link[2].partition("#")[0]).resolve()
        if target.is_relative_to(config.docs_dir):
            return link[0]
        path = f"`{target.relative_to(Path(config.docs_dir).parent)}`"
        return f"{path} in the repository" if text == path else f"{text} ({path} in the repository)"

    from diagrams import draw_diagrams

    return draw_diagrams(_OUTSIDE.sub(name_file, markdown))


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Name the search for screen readers: the theme gives its dialog no name."""
    return output.replace(
        ' data-md-component="search" role="dialog"', ' data-md-component="search" role="dialog" aria-label="Search"'
    )


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """Give wide tables a box of their own."""
    from wide_tables import box_tables

    return box_tables(content, page.title)
