"""Where the tokens that a server names stand in the text that was sent.

Servers count `text_offset` in different ways (SGLang gives -1 throughout), so that it is not read: the tokens' own
texts decide. Tokens that are pieces of a character come as U+FFFD, as "bytes:\\xe2" or as nothing; such a run covers
what lies between the tokens around it. Its tokens share that span, unless each is one byte.
"""

from __future__ import annotations

from collections.abc import Sequence

_RUN_CHARS = 64  # characters for each token of such a run, in which the next one must be found
_PIECE_MARKS = str.maketrans({"Ġ": " ", "Ċ": "\n", "ĉ": "\t", "▁": " "})  # how tokenizers write white space inside


class AlignmentError(ValueError):
    """Tokens that are not those of the text."""


def align_tokens(tokens: Sequence[str], text: str) -> list[tuple[int, int]]:
    """The [start, end) characters of each token, in order, until the text is covered.

    Tokens after that, such as a generated one, are left out. A start token that stands for no text gets (0, 0).

    Raises:
        AlignmentError: the tokens do not make up the text.

    >>> align_tokens(["<s>", "Let", " x", "\\ufffd", "\\ufffd", "!", "and"], "Let x≤!")
    [(0, 0), (0, 3), (3, 5), (5, 6), (5, 6), (6, 7)]
    """
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(text) and len(spans) < len(tokens):
        index = len(spans)
        end = _match_token(tokens[index], text, at)
        if end is not None:
            spans.append((at, end))
        elif index == 0 and not _is_opaque(tokens[0]):
            spans.append((0, 0))
            continue
        else:
            run, end = _match_run(tokens, index, text, at)
            spans += _share_span(run, text, at, end)
        at = end
    if at < len(text):
        raise AlignmentError(f"they cover {at} of {len(text)} characters")
    return spans


def _match_token(token: str, text: str, at: int) -> int | None:
    """Where a token ends that stands at `at`, as it is or as tokenizers write it; None where it does not."""
    if not token or _is_opaque(token):
        return None
    for written in dict.fromkeys((token, token.translate(_PIECE_MARKS))):
        if text.startswith(written, at):
            return at + len(written)
        if at == 0 and written.startswith(" ") and len(written) > 1 and text.startswith(written[1:]):
            return len(written) - 1  # a space that tokenizers put before a text
    spaces = at
    while spaces < len(text) and text[spaces].isspace():
        spaces += 1
    # a server that writes each token alone may lose the space before it
    return spaces + len(token) if spaces > at and text.startswith(token, spaces) else None


def _match_run(tokens: Sequence[str], index: int, text: str, at: int) -> tuple[int, int]:
    """How many tokens from `index` on are pieces of characters, and where these characters end."""
    run = 0
    while index + run < len(tokens) and _is_opaque(tokens[index + run]):
        run += 1
    if not run:
        raise AlignmentError(f"token {index + 1} is {tokens[index][:20]!r} where the text has {text[at : at + 20]!r}")
    if index + run == len(tokens):
        return run, len(text)
    least = at if all(not token for token in tokens[index : index + run]) else at + 1
    for end in range(least, min(len(text), at + _RUN_CHARS * run) + 1):
        if _match_token(tokens[index + run], text, end) is not None:
            return run, end
    if index + run + 1 == len(tokens):  # the generated one
        return run, len(text)
    raise AlignmentError(f"token {index + run + 1} is {tokens[index + run][:20]!r}, which the text does not have there")


def _share_span(run: int, text: str, at: int, end: int) -> list[tuple[int, int]]:
    """The spans of a run: of single characters where each token is a byte, else of all together."""
    of_bytes = [(place, place + 1) for place in range(at, end) for _ in text[place].encode("utf-8", "replace")]
    return of_bytes if len(of_bytes) == run else [(at, end)] * run


def _is_opaque(token: str) -> bool:
    return not token or "\ufffd" in token or token.startswith("bytes:")
