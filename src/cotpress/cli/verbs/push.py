"""`cotpress push`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def push(
    output: Path,
    name: str,
    /,
    *,
    public: Annotated[bool, Parameter(negative=())] = False,
    force: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Write a finished output to the Hugging Face hub: training set, traces, card and summary; no rejected rows.

    The token is that of HF_TOKEN, or of the login by: hf auth login.

    Parameters
    ----------
    output
        Output folder of compress or rewrite.
    name
        The data set: OWNER/NAME; the token is HF_TOKEN, or that of hf auth login.
    public
        Everybody may see it; private by default.
    force
        Write to a data set that is no output of cotpress.
    """
    from cotpress.cli.options.publish_options import format_address
    from cotpress.pipeline import push as push_output

    print(format_address(push_output(output, name, public=public, force=force), public))
