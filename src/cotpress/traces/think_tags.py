"""The think tags that are known, and what stands between them in a text."""

from __future__ import annotations

import re
from typing import TypeAlias

from cotpress.traces.field_words import count_words
from cotpress.traces.rows import MalformedRowError
from cotpress.types import THINK_TAGS, Span

TagPair: TypeAlias = tuple[str, str]
ThinkTagPairs: TypeAlias = tuple[TagPair, ...]
# Of these, a single tag is enough to say that the text is of that kind.
_SURE_PAIRS: ThinkTagPairs = (THINK_TAGS, ("<|begin_of_thought|>", "<|end_of_thought|>"))
THINK_TAG_PAIRS: ThinkTagPairs = (
    *_SURE_PAIRS,
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("<seed:think>", "</seed:think>"),
    ("◁think▷", "◁/think▷"),
    ("<THINK>", "</THINK>"),
    ("<thought>", "</thought>"),
    ("<Thought>", "</Thought>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<REASONING>", "</REASONING>"),
    ("<longcat_think>", "</longcat_think>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<unused94>thought", "<unused95>"),
    ("<|channel>thought", "<channel|>"),
    ("&lt;think&gt;", "&lt;/think&gt;"),
    ("<|im_start|>think", "<|im_start|>answer"),
    ("\\<think\\>", "\\</think\\>"),  # as Markdown escapes them
    ("\\<think>", "\\</think>"),
)
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"  # marks that stand before a text and say nothing
# What pages fold away as the model's thoughts, with its heading.
_FOLDED = re.compile(
    r"\s{0,40}(<details(?: [^<>\n]{0,200})?>\s{0,40}"
    r"<summary>[^<>\n]{0,80}(?:think|thought|reason)[^<>\n]{0,80}</summary>)",
    re.IGNORECASE,
)
# A tag by another name that begins a text and has a word of thinking in it, such as <internal_reasoning>.
_OWN_TAG = re.compile(
    r"\s{0,40}((<\|?|\[|◁|< )"
    r"((?=[\w:]*(?:think|thought|reason|scratchpad|(?<![a-z])cot(?![a-z])|inner_prefix|working_out))[\w:]{2,40})"
    r"(\|?>|\]|▷| >))",
    re.IGNORECASE,
)
# Headings of a reply that is in two parts, its thoughts and what it says at last.
_THOUGHT_HEADING = re.compile(
    r"\s{0,40}((#{1,6} |\*\*)(?:thinking|thinking process|thought process|thoughts?|reasoning|reasoning process|"
    r"chain[ -]of[ -]thought):?(?:\*\*:?)?[ \t]{0,9}\n)",
    re.IGNORECASE,
)
_REPLY_HEADING = re.compile(
    r"\n(?:#{1,6} |\*\*)(?:final )?(?:response|answer|reply|output|solution|conclusion)"
    r":?(?:\*\*:?)?[ \t]{0,9}(?:\n|\Z)",
    re.IGNORECASE,
)
# Harmony without its tokens: "analysisWe add.assistantfinal5".
_FIRST_CHANNEL = re.compile(r"\s{0,40}analysis(?![\sa-z])")
_NEXT_CHANNEL = re.compile(r"assistant(analysis|commentary|final)")
_PARTNERS = (("begin", "end"), ("start", "end"), ("prefix", "suffix"))  # in the names of tags
_FENCE = re.compile(r"[ \t]{0,40}(`{3,}|~{3,})")
_INLINE_CODE = re.compile(r"`[^`]+`")
_CLOSING_TAG = re.compile(r"</[\w:|-]{1,30}>\Z")
_SENTENCE_ENDS = (".", "!", "?", ":", "。", "！", "？", "：", "…", "।")
MIN_INLINE_WORDS = 3  # of a reasoning whose tag stands within a line
MAX_INDENT = 40  # characters before a think tag that begins a line


def has_think_tags(text: str, pairs: ThinkTagPairs = THINK_TAG_PAIRS) -> bool:
    """Whether the text marks a part of it as thought."""
    return bool(_find_channels(text)) or _find_pair(text, pairs) is not None


def _find_channels(text: str) -> list[tuple[Span, Span]]:
    """The blocks of a harmony reply that was decoded without its tokens, so that the names of channels are left."""
    first = _FIRST_CHANNEL.match(text)
    if first is None or "assistantfinal" not in text:
        return []
    blocks, opened = [], first.span()
    thinks = True
    for mark in _NEXT_CHANNEL.finditer(text, first.end()):
        if thinks:
            after = mark.end() if mark[1] == "final" else mark.start()
            blocks.append(((opened[1], mark.start()), (opened[0], after)))
        thinks, opened = mark[1] == "analysis", mark.span()
    return blocks


def _find_pair(text: str, pairs: ThinkTagPairs) -> TagPair | None:
    """The pair of tags that a text uses: the one whose tag comes first.

    A rare tag that is opened in the middle of a text and not closed is a word of it, such as "<reasoning>" in prose.
    """
    found: list[tuple[int, TagPair]] = []
    for pair in pairs:
        opened, closed = text.find(pair[0]), text.find(pair[1])
        if closed < 0 and (opened < 0 or (pair not in _SURE_PAIRS and text[:opened].strip())):
            continue
        found.append((min(at for at in (opened, closed) if at >= 0), pair))
    return min(found)[1] if found else _find_own_pair(text)


def _find_own_pair(text: str) -> TagPair | None:
    """A pair of tags that is not known, of which the opening one begins the text and the closing one comes later."""
    folded = _FOLDED.match(text)
    if folded is not None:
        return (folded[1], "</details>") if text.find("</details>", folded.end()) >= 0 else None
    heading = _THOUGHT_HEADING.match(text)
    if heading is not None:
        last = _REPLY_HEADING.search(text, heading.end())
        return (heading[1], last[0]) if last and last[0].startswith(f"\n{heading[2]}") else None
    tag = _OWN_TAG.match(text)
    if tag is None:
        return None
    names = [f"/{tag[3]}"]
    for begin, end in _PARTNERS:
        names += [tag[3].replace(begin, end), tag[3].replace(begin.upper(), end.upper())]
    closings = [f"{tag[2]}{name}{tag[4]}" for name in names if name != tag[3]]
    closings += [f"</{gap}{tag[3]}{end}" for gap in ("", " ") for end in (" >", ">")] if tag[2] == "< " else []
    return next(((tag[1], closing) for closing in closings if text.find(closing, tag.end()) >= 0), None)


def list_pairs(text: str, pairs: ThinkTagPairs) -> ThinkTagPairs:
    """The pairs that a text may use: those known, and one of its own.

    >>> list_pairs("<inner_thought>2+3=5.</inner_thought>5", ())
    (('<inner_thought>', '</inner_thought>'),)
    """
    own = _find_own_pair(text)
    return pairs if own is None or own in pairs else (*pairs, own)


def find_thought(text: str, pairs: ThinkTagPairs = THINK_TAG_PAIRS) -> tuple[Span, int] | None:
    """[start, end) of what is inside the think tags, and where what follows them begins; None where there are none.

    Chat templates may put the opening tag into the prompt, so a closing tag alone is enough. Where tags are too many,
    or in odd places, those inside code are text.

    Raises:
        MalformedRowError: "unclosed-think", "repeated-think" or "text-before-think".

    >>> find_thought("<think>2+3=5.</think>5"), find_thought("Write `<think>` first.")
    (((7, 13), 21), None)
    """
    channels = _find_channels(text)
    if len(channels) > 1:
        raise MalformedRowError("repeated-think", "There are several channels of analysis.")
    if channels:
        return channels[0][0], channels[0][1][1]
    pair = _find_pair(text, pairs)
    if pair is None:
        return None
    try:
        return _find_only_thought(text, pair)
    except MalformedRowError as bad:
        bare = blank_code(text)
        pair = _find_pair(bare, pairs)
        if pair is None:
            return None
        try:
            return _find_only_thought(bare, pair)
        except MalformedRowError:
            raise bad from None


def _find_only_thought(text: str, pair: TagPair) -> tuple[Span, int]:
    opening, closing = pair
    opened = text.find(opening)
    start = _skip_repeated(text, opening, opened + len(opening)) if opened >= 0 else 0
    end = text.find(closing, start)
    after = _skip_repeated(text, closing, end + len(closing)) if end >= 0 else len(text)
    if opening in text[start:] or closing in text[after:] or (end >= 0 and closing in text[: max(0, opened)]):
        counts = f"{text.count(opening)} of {opening} and {text.count(closing)} of {closing}"
        raise MalformedRowError("repeated-think", f"There are {counts}; one pair is understood.")
    if end < 0:
        raise MalformedRowError("unclosed-think", f"{opening} is never closed by {closing}.")
    if opened < 0:
        start = _skip_attributes(text, opening)
    before = text[: max(0, opened)].strip().strip(_INVISIBLE).strip()
    if before:
        raise MalformedRowError("text-before-think", f"Text stands before {opening}: '{before[:60]}'.")
    return (start, end), after


def _skip_repeated(text: str, tag: str, at: int) -> int:
    """Where the same tag ends that comes again at once: a template wrote one, and the model another."""
    again = re.compile(rf"(?:\s{{0,{MAX_INDENT}}}{re.escape(tag)})+").match(text, at)
    return again.end() if again else at


def _skip_attributes(text: str, opening: str) -> int:
    """Where an opening tag with attributes ends that begins the text, such as <think lang="en">; else 0."""
    if not opening.startswith("<") or not opening.endswith(">"):
        return 0
    tag = re.match(rf"\s*{re.escape(opening[:-1])}\s[^<>\n]{{1,200}}>", text)
    return tag.end() if tag else 0


def find_thoughts(text: str, pairs: ThinkTagPairs = THINK_TAG_PAIRS) -> list[tuple[Span, Span]]:
    """[start, end) of what is inside the tags of each block of thought, and of the block with its tags.

    Several blocks, or text before the first, are understood where every opening tag begins a line, or follows a closing
    one or the end of a sentence and has a few words behind it.

    Raises:
        MalformedRowError: as `find_thought`.

    >>> text = "<think>2+3=5.</think>5\\n<think>Or 6?</think>No."
    >>> [text[slice(*inside)] for inside, _ in find_thoughts(text)]
    ['2+3=5.', 'Or 6?']
    """
    try:
        found = find_thought(text, pairs)
    except MalformedRowError:
        blocks = _find_channels(text) or _find_blocks(blank_code(text), pairs)
        if not blocks:
            raise
        return blocks
    return [(found[0], (0, found[1]))] if found else []


def _find_blocks(text: str, pairs: ThinkTagPairs) -> list[tuple[Span, Span]]:
    """The blocks of a text whose tags open and close in turn; none where they do not."""
    pair = _find_pair(text, pairs)
    if pair is None:
        return []
    blocks: list[tuple[Span, Span]] = []
    by_template = (0, 0)  # a chat template may have opened the first
    opened: Span | None = by_template
    for tag in re.finditer("|".join(map(re.escape, pair)), text):
        if tag[0] == pair[0]:
            if opened not in (None, by_template) or not _may_open(text, tag, pair[1]):
                return []
            opened = tag.span()
        elif opened is None:
            return []
        else:
            blocks.append(((opened[1], tag.start()), (opened[0], tag.end())))
            opened = None
    return [] if opened else blocks


def _may_open(text: str, tag: re.Match[str], own: str) -> bool:
    """Whether an opening tag is one, and no word of the text; its `own` closing one comes later."""
    if _begins_line(text, tag.start(), own):
        return True
    before = text[max(0, tag.start() - MAX_INDENT) : tag.start()].rstrip()
    inside = text[tag.end() : text.find(own, tag.end())]
    return before.endswith((own, *_SENTENCE_ENDS)) and count_words(inside) >= MIN_INLINE_WORDS


def _begins_line(text: str, at: int, own: str) -> bool:
    """Whether a tag begins a line, or follows the closing tag of another element; its `own` is none."""
    before = text[max(text.rfind("\n", 0, at) + 1, at - MAX_INDENT) : at].rstrip()
    return not before or (_CLOSING_TAG.search(before) is not None and not before.endswith(own))


def blank_code(text: str) -> str:
    """The text with blanks in place of code, fenced or between backticks; a fence that is not closed holds none.

    >>> blank_code("a `b` c")
    'a     c'
    """
    lines = text.split("\n")
    opened: tuple[int, str] | None = None
    fenced: set[int] = set()
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if opened is None:
            opened = (at, mark[1]) if mark else None
        elif mark and mark[1].startswith(opened[1]) and not line[mark.end() :].strip():
            fenced.update(range(opened[0], at + 1))
            opened = None
    return "\n".join(
        " " * len(line) if at in fenced else _INLINE_CODE.sub(lambda code: " " * len(code[0]), line)
        for at, line in enumerate(lines)
    )


def split_think_tags(text: str, pairs: ThinkTagPairs = THINK_TAG_PAIRS) -> tuple[str, str] | None:
    """(what is inside the think tags, what follows them); None where there are none. Raises as `find_thought`."""
    found = find_thought(text, pairs)
    return (text[slice(*found[0])], text[found[1] :].strip()) if found else None
