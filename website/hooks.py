"""What MkDocs asks while it builds: pages made from the program, and links that leave the folder of pages."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

_HERE = Path(__file__).resolve().parent
_OUTSIDE = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)]+)\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the references, which are made anew for each build."""
    sys.path[:0] = [str(_HERE), str(_HERE.parent / "src")]
    from command_line import build_page
    from python_names import build_page as build_python_page

    for name, text in (("command-line", build_page()), ("python-names", build_python_page())):
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links to files of the repository that are no pages become the files' names."""
    folder = Path(page.file.src_uri).parent

    def name_file(link: re.Match[str]) -> str:
        text, target = link[1], (Path(config.docs_dir) / folder / link[2].partition("#")[0]).resolve()
        if target.is_relative_to(config.docs_dir):
            return link[0]
        return f"{text} (`{target.relative_to(Path(config.docs_dir).parent)}` in the repository)"

    return _OUTSIDE.sub(name_file, markdown)
