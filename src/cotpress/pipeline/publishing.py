"""A finished output as a data set on the Hugging Face hub. The one place that imports the library `huggingface_hub`.

Private unless the user says otherwise. The token comes from the environment or the user's stored login; it is never
written, and taken out of what the hub says. One commit holds all files, so that nobody sees half of an output.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cotpress.chat.redaction import redact
from cotpress.errors import CotpressError, InputError, OptionError, OutputError, import_optional
from cotpress.export import CARD_TAG, hide_folders
from cotpress.pipeline.output import CARD_FILE, SUMMARY_FILE, list_published_files
from cotpress.traces.files.hub import is_hub_reachable

HUB_NAME: Final = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}\Z")
STALE_FILES: Final = re.compile(
    r"(?:sft|rejected|calls)\.jsonl\Z|traces\.parquet\Z|dataset_info\.json\Z|(?:sft|traces|rejected|calls)/[^/]*\Z"
)  # of an earlier push, which a later one takes away unless it has them, too
_LICENCE_LINE = re.compile(r"^license:", re.M)
_UNTOUCHED_FILES = frozenset((".gitattributes", CARD_FILE))  # all that a new repository of the hub has
_REFUSED, _FORBIDDEN, _TOO_MANY = 401, 403, 429


@dataclass(frozen=True, slots=True)
class HubOutput:
    """A data set on the hub that the user may write to. Made by `open_hub_dataset`.

    `files` are what is there already; `licence` is what its card says, "" for nothing.
    """

    name: str
    public: bool
    token: str
    exists: bool = False
    files: tuple[str, ...] = ()
    licence: str = ""

    def upload(self, folder: Path) -> str:
        """Upload a finished output in one commit, and return the address of the data set.

        Files that another output left there go; the licence that the card there names stays.

        Raises:
            InputError: the folder holds no finished output.
            OutputError: the hub refuses, or cannot be reached.
        """
        library, summary = import_optional("huggingface_hub", "hub"), _read_summary(folder)
        contents: dict[str, bytes | Path] = {name: folder / name for name in list_published_files(folder)}
        contents[SUMMARY_FILE] = (json.dumps(hide_folders(summary), indent=2, ensure_ascii=False) + "\n").encode()
        contents[CARD_FILE] = self._build_card(folder / CARD_FILE).encode()
        operations = [library.CommitOperationAdd(name, _give_source(part)) for name, part in contents.items()]
        stale = [name for name in self.files if STALE_FILES.match(name) and name not in contents]
        operations += [library.CommitOperationDelete(name) for name in stale]
        where: dict[str, Any] = {"repo_id": self.name, "repo_type": "dataset"}
        with _explain_errors(self.name, self.token):
            hub = _open_hub(self.token)
            if not self.exists:
                hub.create_repo(**where, private=not self.public)
            hub.create_commit(
                **where, operations=operations, commit_message=f"Output of cotpress {summary['cotpress']}"
            )
        return f"{_get_endpoint()}/datasets/{self.name}"

    def _build_card(self, path: Path) -> str:
        card = path.read_text(encoding="utf-8")
        if self.licence and not _LICENCE_LINE.search(card):
            card = card.replace("---\n", f"---\nlicense: {json.dumps(self.licence)}\n", 1)
        return card


def push(output: str | Path, name: str, *, public: bool = False, force: bool = False) -> str:
    """Write a finished output to the Hugging Face hub, as a data set with its card, and return its address.

    The training set, `traces.parquet`, the card and the summary are written; rejected rows and calls stay here. The
    token is that of HF_TOKEN, or of the user's stored login.

    Args:
        output: the folder of a finished output.
        name: the data set, as "owner/name".
        public: whether everybody may see it.
        force: whether a data set that holds something else is written to.

    Raises:
        InputError: the folder holds no finished output.
        OptionError: the name is no "owner/name", or the data set there has another visibility.
        OutputError: no token, no rights, no network, or a data set that holds something else.
        MissingExtraError: the library `huggingface_hub` is not installed.

    >>> push("out", "alice/traces")
    Traceback (most recent call last):
    cotpress.errors.InputError: out holds no finished output (no summary.json). Give the folder of a finished run.
    """
    _read_summary(Path(output))
    return open_hub_dataset(name, public=public, force=force).upload(Path(output))


def open_hub_dataset(name: str, *, public: bool = False, force: bool = False) -> HubOutput:
    """See whether the user may write to a data set on the hub; nothing is made there yet.

    Args:
        name: as "owner/name".
        public: whether everybody may see it.
        force: whether a data set that holds something else is written to.

    Raises:
        OptionError: the name is no "owner/name", or the data set there has another visibility.
        OutputError: no token, no rights, no network, or a data set that holds something else.
        MissingExtraError: the library `huggingface_hub` is not installed.

    >>> open_hub_dataset("traces")
    Traceback (most recent call last):
    cotpress.errors.OptionError: 'traces' names no data set on the hub. Give OWNER/NAME.
    """
    if not HUB_NAME.match(name):
        raise OptionError(f"'{name}' names no data set on the hub.", "Give OWNER/NAME.")
    library = import_optional("huggingface_hub", "hub")
    with _explain_errors(name, ""):
        token = library.get_token()
    if not token:
        raise OutputError(
            "The hub wants to know who pushes, and there is no token.", "Set HF_TOKEN, or log in by: hf auth login"
        )
    if not is_hub_reachable():
        raise _build_offline_error("its name is not known here")
    with _explain_errors(name, token):
        _check_owner(name, _open_hub(token).whoami())
        there = _find_dataset(name, token)
    if there is None:
        return HubOutput(name, public, token)
    _check_standing(name, there, public, force)
    licence = getattr(there.card_data, "license", None)
    files = tuple(part.rfilename for part in there.siblings or ())
    return HubOutput(name, public, token, True, files, licence if isinstance(licence, str) else "")


def _give_source(part: bytes | Path) -> bytes | str:
    return part if isinstance(part, bytes) else str(part)


def _get_endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def _open_hub(token: str) -> Any:
    library = import_optional("huggingface_hub", "hub")
    return library.HfApi(endpoint=_get_endpoint(), token=token, library_name=CARD_TAG)


def _find_dataset(name: str, token: str) -> Any:
    """What the hub says of a data set, None where there is none that the user may see."""
    library = import_optional("huggingface_hub", "hub")
    try:
        return _open_hub(token).dataset_info(name)
    except library.errors.RepositoryNotFoundError:
        return None


def _check_owner(name: str, user: Mapping[str, Any]) -> None:
    """Raises OutputError: the owner is neither the user nor one of the user's organisations, or the token may read
    only."""
    owner, me = name.partition("/")[0], str(user.get("name"))
    owners = [me, *(str(group.get("name")) for group in user.get("orgs") or ())]
    if owner not in owners:
        raise OutputError(
            f"The token is of '{me}', who may not write to '{owner}'.", f"Known owners: {', '.join(owners)}."
        )
    role = ((user.get("auth") or {}).get("accessToken") or {}).get("role")
    if role == "read":
        raise OutputError(f"The token of '{me}' may only read.", "Give one that may write; the hub's settings make it.")


def _check_standing(name: str, there: Any, public: bool, force: bool) -> None:
    """Raises OptionError: the data set has another visibility; OutputError: it holds something else than an output."""
    if bool(there.private) == public:
        state, advice = ("private", "Leave --public out") if public else ("public", "Add --public")
        raise OptionError(
            f"{name} is there already, and {state}.", f"{advice}, give another name, or change that on the hub."
        )
    held = {part.rfilename for part in there.siblings or ()} - _UNTOUCHED_FILES
    if held and CARD_TAG not in (there.tags or ()) and not force:
        raise OutputError(
            f"{name} is there already, and no output of cotpress ({min(held)}).",
            f"Give another name; cotpress push OUT {name} --force writes to it all the same.",
        )


def _read_summary(folder: Path) -> dict[str, Any]:
    try:
        summary = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
        if isinstance(summary, dict) and "cotpress" in summary and (folder / CARD_FILE).is_file():
            return summary
        what = f"no {SUMMARY_FILE} of a run with a {CARD_FILE}"
    except (OSError, ValueError):
        what = f"no {SUMMARY_FILE}"
    raise InputError(f"{folder} holds no finished output ({what}).", "Give the folder of a finished run.")


@contextmanager
def _explain_errors(name: str, token: str) -> Iterator[None]:
    """Whatever the library raises as one line, without the token."""
    try:
        yield
    except CotpressError:
        raise
    except Exception as error:  # of the hub, of its library, or of that one's own libraries
        raise _build_hub_error(name, error, token) from None  # the cause may hold the token


def _build_hub_error(name: str, error: Exception, token: str) -> OutputError:
    status = getattr(getattr(error, "response", None), "status_code", None)
    said = redact((str(error).strip() or type(error).__name__).partition("\n")[0].rstrip("."), token)
    if status == _REFUSED:
        return OutputError("The hub does not know the token.", "Set HF_TOKEN to one that is valid, or: hf auth login")
    if status == _FORBIDDEN:
        return OutputError(f"The token may not write to {name}.", "Give one that may; the hub's settings make it.")
    if status == _TOO_MANY:
        return OutputError("The hub has had too many requests.", "Push again later.")
    if status is not None:
        return OutputError(f"The hub refuses {name}: {said}.", "Push again, or see what is at that name.")
    return _build_offline_error(said)


def _build_offline_error(why: str) -> OutputError:
    return OutputError(f"The hub cannot be reached: {why}.", "Check the network and HF_ENDPOINT, then push again.")
