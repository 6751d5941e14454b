"""`--push` of `cotpress compress` and `rewrite`: the output on the Hugging Face hub, too."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.errors import OptionError, OutputError

if TYPE_CHECKING:
    from cotpress.pipeline import HubOutput


HUB_GROUP = Group("Hugging Face hub", sort_key=4.5)  # after the training set


@Parameter(name="*", group=HUB_GROUP)
@dataclass(frozen=True)
class PublishOptions:
    """Which data set of the hub the output is written to."""

    push: Annotated[str, Parameter(metavar="OWNER/NAME")] = ""
    "Also push the output, as a private data set with its card; the token is HF_TOKEN, or that of hf auth login."
    public: Annotated[bool, Parameter(negative=())] = False
    "With --push: everybody may see it."

    def open(self, output: str, executor: str = "") -> HubOutput | None:
        """The data set, None where nothing is pushed. Seen to before the work, which may take hours.

        Raises:
            OptionError: --public alone, or an output that is not here when the command ends.
            CotpressError: the user may not write there.
        """
        if not self.push:
            if self.public:
                raise OptionError("--public goes with --push.", "Add --push OWNER/NAME.")
            return None
        if "://" in output or executor == "slurm":
            raise OptionError(
                "--push needs an output folder that is finished here when the command ends.",
                f"Leave it out, and push later: cotpress push FOLDER {self.push}",
            )
        from cotpress.pipeline import open_hub_dataset

        return open_hub_dataset(self.push, public=self.public)


def upload_output(hub: HubOutput | None, output: Path | str, code: int, as_json: bool) -> int:
    """Upload the output of a run that went well, say where it is, and return the run's exit code.

    Raises:
        OutputError: the hub refuses; the message says how to push the output later.
    """
    if hub is None:
        return code
    if code:
        print(f"warning: not pushed to {hub.name}: there is nothing to train on", file=sys.stderr)
        return code
    try:
        address = hub.upload(Path(output))
    except OutputError as error:
        later = f"cotpress push {shlex.quote(str(output))} {hub.name}{' --public' if hub.public else ''}"
        raise OutputError(error.message, f"The output itself is finished; push it later: {later}") from error
    print(format_address(address, hub.public), file=sys.stderr if as_json else sys.stdout)
    return code


def format_address(address: str, public: bool) -> str:
    """Where an output was pushed to.

    >>> format_address("https://huggingface.co/datasets/alice/traces", public=False)
    'pushed to https://huggingface.co/datasets/alice/traces (private)'
    """
    return f"pushed to {address} ({'public' if public else 'private'})"
