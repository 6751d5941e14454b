"""The command line, called in this process."""

from __future__ import annotations

import pytest

from cotpress.cli import main


def cotpress(*words: object) -> int:
    """Run it on these words; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert isinstance(ended.value.code, int)
    return ended.value.code
