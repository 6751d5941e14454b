"""Options of where `compress` and `rewrite` write to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cotpress.cli.options.choices import PATHS
from cotpress.cli.options.publish_options import PublishOptions
from cotpress.cli.options.reference_options import ReferenceOptions
from cotpress.cli.options.scale_options import ScaleOptions, refuse_unused_options
from cotpress.errors import OptionError


@Parameter(name="*")
@dataclass(frozen=True)
class OutputOptions:
    """Where the output goes and what is said about it."""

    output: Annotated[str, Parameter(name=["--output", "-o"]), PATHS]
    "Folder to write; an interrupted run is continued there. With --executor also a URL."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace a finished output."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print the summary as JSON on standard output."
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False
    "No progress."
    compare: ReferenceOptions = ReferenceOptions()  # noqa: RUF009 (frozen)
    publish: PublishOptions = PublishOptions()  # noqa: RUF009 (frozen)
    scale: ScaleOptions = ScaleOptions()  # noqa: RUF009 (frozen)

    def resolve_folder(self) -> Path:
        """The output as a folder of this machine, for a run without an executor.

        Raises:
            OptionError: it is a URL, or an option is given that is for an executor.
        """
        refuse_unused_options(self.scale)
        if not self.output.strip():
            raise OptionError("The output folder has no name.", "Give -o a folder that is new or empty.")
        if "://" in self.output:
            raise OptionError(f"{self.output} is a URL.", "Add --executor local, or give -o a folder.")
        return Path(self.output)
