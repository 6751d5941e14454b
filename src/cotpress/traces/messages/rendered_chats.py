"""Conversations that a chat template has rendered to one text, as passages: ChatML, Llama, DeepSeek, Gemma, Mistral."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cotpress.traces.messages.message_reasoning import mark_reasoning
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.think_tags import THINK_TAG_PAIRS, ThinkTagPairs
from cotpress.types import RowPath, Span, TextPlace


class TemplateStyle(NamedTuple):
    """How a template marks turns.

    `role` matches what begins one, `ends` are marks that end its text. `system_first`: the system prompt has no mark.
    `bare`: the marks are words, which mark turns only where one begins the text.
    """

    role: re.Pattern[str]
    ends: tuple[str, ...]
    system_first: bool = False
    bare: bool = False


_STYLES = (
    TemplateStyle(re.compile(r"<\|im_start\|>(\w+)(?:\n|<\|im_sep\|>)?"), ("<|im_end|>",)),
    TemplateStyle(
        re.compile(r"<\|start_header_id\|>(\w+)<\|end_header_id\|>\n{0,2}"),
        ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"),
    ),
    TemplateStyle(
        re.compile(r"<｜(User|Assistant|tool▁outputs?▁(?:begin|end))｜>"), ("<｜end▁of▁sentence｜>",), system_first=True
    ),
    TemplateStyle(re.compile(r"<start_of_turn>(\w+)\n"), ("<end_of_turn>",)),
    TemplateStyle(re.compile(r"<\|(system|user|assistant|observation)\|>\n?"), ("<|end|>", "</s>", "<|endoftext|>")),
    TemplateStyle(re.compile(r"<\|im_(?:system|user|assistant)\|>(\w+)<\|im_middle\|>"), ("<|im_end|>",)),  # Kimi
    TemplateStyle(re.compile(r"\]~b\](\w+)\n"), ("[e~[",)),  # MiniMax
    TemplateStyle(re.compile(r"<\|start_of_role\|>(\w+)<\|end_of_role\|>"), ("<|end_of_text|>",)),  # Granite
    TemplateStyle(re.compile(r"<\|header_start\|>(\w+)<\|header_end\|>\n{0,2}"), ("<|eot|>", "<|eom|>")),  # Llama 4
    TemplateStyle(re.compile(r"<\|START_OF_TURN_TOKEN\|><\|(\w+)_TOKEN\|>"), ("<|END_OF_TURN_TOKEN|>",)),  # Command
    TemplateStyle(re.compile(r"<seed:bos>(\w+)\n"), ("<seed:eos>",)),
    TemplateStyle(re.compile(r"\[\|(system|user|assistant|tool)\|\]\n?"), ("[|endofturn|]",)),  # EXAONE
    TemplateStyle(re.compile(r"<\|turn>(\w+)\n"), ("<turn|>",)),  # Gemma 4
    TemplateStyle(re.compile(r"<SPECIAL_1[01]>(\w+)\n"), ("<SPECIAL_12>", "</s>")),  # Nemotron
    TemplateStyle(re.compile(r"^### (Instruction|Input|Response|Human|Assistant):\s", re.MULTILINE), ("</s>",), True),
    TemplateStyle(re.compile(r"\[(INST|/INST|SYSTEM_PROMPT)\]"), ("</s>", "[/SYSTEM_PROMPT]")),
    # decoded without their tokens: ChatML, Llama
    TemplateStyle(re.compile(r"^(system|user|assistant|tool)\n", re.MULTILINE), (), bare=True),
    TemplateStyle(re.compile(r"(?:\A|(?<=\S)|(?<=\n))(system|user|assistant)\n\n"), (), bare=True),
)
_ROLES = {
    "user": "user", "inst": "user", "assistant": "assistant", "model": "assistant", "/inst": "assistant",
    "ai": "assistant", "instruction": "user", "input": "user", "human": "user", "response": "assistant",
    "chatbot": "assistant", "tool▁output▁end": "assistant", "tool▁outputs▁end": "assistant",
    "think": "think", "answer": "assistant",  # turns of s1
    "system": "system", "system_prompt": "system", "developer": "system",
    "tool": "tool", "observation": "tool", "ipython": "tool", "tool▁output▁begin": "tool", "tool▁outputs▁begin": "tool",
}  # fmt: skip
# What a template writes where the reply begins: the opening tag, or an empty thought for a model that is not to think.
_OPENED = re.compile(
    "(?:"
    + "|".join(
        rf"{re.escape(opening)}\s{{0,9}}(?:{re.escape(closing)}\s{{0,9}})?" for opening, closing in THINK_TAG_PAIRS
    )
    + r")\Z"
)
_LAST_TOKENS = sorted({
    *(token for style in _STYLES for token in style.ends if not token.startswith("[/")),
    "<eos>", "</s>", "<|endoftext|>", "<|return|>", "<|end▁of▁sentence|>", "<｜end▁of▁sentence｜>", "<pad>",
    "<|finetune_right_pad_id|>", "<|user|>", "<|observation|>",
})  # fmt: skip
MAX_OPENED = 80  # characters of it
_SPECIAL_TOKEN = re.compile(r"\]~!b\[|<(?:\|[^|<>\n]{1,40}\||｜[^｜<>\n]{1,40}｜|bos|s|sop|BOS_TOKEN)>|\[gMASK\]")


def find_style(text: str) -> TemplateStyle | None:
    """The style of a text in which a template has marked what the user says, then what the assistant says.

    >>> find_style("<|im_start|>user\\n2+3?<|im_end|>\\n<|im_start|>assistant\\n5<|im_end|>") is not None
    True
    """
    for style in _STYLES:
        first = style.role.search(text)
        if first is None or (not style.system_first and _strip_tokens(text[: first.start()])):
            continue
        roles = [_ROLES.get(mark[1].lower(), "") for mark in style.role.finditer(text)]
        if "user" in roles and "assistant" in roles[roles.index("user") :] and "" not in roles:
            return style if _has_reply(text, style) else None
    return None


def parse_prompt(text: str) -> list[Passage]:
    """The passages of what asks: of a prompt that a template has rendered up to where the reply begins, else one.

    Args:
        text: the text. A think tag that it opens at its end belongs to the reply.

    >>> [part.text for part in parse_prompt("<|im_start|>user\\n2+3?<|im_end|>\\n<|im_start|>assistant\\n")]
    ['2+3?']
    """
    text = _strip_opened(text)
    for style in _STYLES:
        marks = list(style.role.finditer(text))
        roles = [_ROLES.get(mark[1].lower(), "") for mark in marks]
        if style.bare and marks and text[: marks[0].start()].strip():
            continue
        if "user" in roles and roles[-1] == "assistant" and "" not in roles and not _has_reply(text, style):
            passages = [passage for passage in parse_rendered_chat(text, style, (), ()) if passage.text]
            if any(passage.role == "user" for passage in passages):
                return passages
    return [Passage("user", text)]


def _has_reply(text: str, style: TemplateStyle) -> bool:
    """Whether the last turn says something: a prompt ends where the reply would begin.

    A generation may end with the mark that begins the next turn.
    """
    marks = list(style.role.finditer(text))
    last = marks[-1]
    if _ROLES.get(last[1].lower()) in ("user", "tool") and not text[last.end() :].strip():
        last, text = marks[-2] if len(marks) > 1 else last, text[: last.start()]
    return bool(_strip_tokens(_strip_opened(text[last.end() :])))


def find_last_tokens(text: str) -> int:
    """Where the tokens begin with which a generation ends, such as <|im_end|>; the length of the text without any.

    Args:
        text: a reply.

    >>> find_last_tokens("5<|im_end|>\\n<|endoftext|>"), find_last_tokens("5 ")
    (1, 2)
    """
    end = at = len(text)
    while True:
        while at and text[at - 1].isspace():
            at -= 1
        token = next((token for token in _LAST_TOKENS if text.endswith(token, 0, at)), None)
        if token is None:
            return end
        end = at = at - len(token)


def _strip_opened(text: str) -> str:
    start = max(0, len(text) - MAX_OPENED)
    opened = _OPENED.search(text, start)
    return text[: opened.start()] if opened else text


def parse_rendered_chat(text: str, style: TemplateStyle, path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of a text.

    Args:
        text: the text.
        style: how its turns are marked.
        path: where it stands in the row.
        pairs: the think tags.

    Raises:
        MalformedRowError: a code of think tags.

    >>> text = "<|im_start|>user\\n2+3?<|im_end|><|im_start|>assistant\\n<think>2+3=5.</think>5<|im_end|>"
    >>> style = find_style(text)
    >>> [passage.text for passage in parse_rendered_chat(text, style, ("text",), (("<think>", "</think>"),))]
    ['2+3?', '2+3=5.', '5']
    """
    marks = list(style.role.finditer(text))
    told = _strip_tokens(text[: marks[0].start()]) if marks else ""
    passages = [Passage("system", told)] if told else []
    for number, mark in enumerate(marks, 1):
        stop = marks[number].start() if number < len(marks) else len(text)
        role = _ROLES.get(mark[1].lower(), "tool")
        for speaker, start, end in _list_pieces(text, (mark.end(), stop), style, pairs if role == "assistant" else ()):
            if text[start:end].strip() or not (mark[1].startswith("tool") or number == len(marks) > 1):
                passages += _parse_turn(speaker or role, text[start:end], start, number, (path, pairs))
    return passages


def _list_pieces(
    text: str, span: Span, style: TemplateStyle, pairs: ThinkTagPairs
) -> Iterator[tuple[str | None, int, int]]:
    """(who speaks, None for the turn's own, [start, end)) of the pieces of a turn: one, up to the mark that ends it.

    Where it goes on and thinks again, as after results of tools that have no turn, these and what follows are pieces.
    """
    start, stop = span
    ending, opening = _match_any(style.ends), _match_any([tag for tag, _ in pairs])
    speaker: str | None = None
    while True:
        end = ending.search(text, start, stop) if style.ends else None
        yield speaker, start, end.start() if end else stop
        opened = opening.search(text, end.end(), stop) if end and pairs else None
        if end is None or opened is None:
            return
        if text[end.end() : opened.start()].strip():
            yield "tool", end.end(), opened.start()
        speaker, start = "assistant", opened.start()


def _match_any(texts: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, texts)))


def _strip_tokens(text: str) -> str:
    return _SPECIAL_TOKEN.sub("", text).strip()


def _parse_turn(
    role: str, content: str, start: int, number: int, where: tuple[RowPath, ThinkTagPairs]
) -> list[Passage]:
    if role == "think":
        thought = mark_reasoning(content, where[0], ())
        places = tuple(_shift(place, start) for place in thought.places)
        return [thought._replace(places=places, message=number)]
    if role != "assistant":
        kind = PassageKind.OTHER if role == "tool" else PassageKind.TEXT
        return [Passage(role, content.strip(), kind, message=number)]
    return [
        passage._replace(places=tuple(_shift(place, start) for place in passage.places), message=number)
        for passage in split_reply(content, *where)
    ]


def _shift(place: TextPlace, by: int) -> TextPlace:
    start, end = place.span or (0, 0)
    return TextPlace(place.path, (start + by, end + by))
