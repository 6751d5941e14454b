"""A compressed trace as one training example: what the student reads and what it should write."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError
from cotpress.types import THINK_TAGS, Compressed

DEFAULT_RATIO_PROMPT = "Use about {percent}% of your usual reasoning length."


@dataclass(frozen=True, slots=True)
class ExportExample:
    """The turns of one training example. `system` may be empty.

    `reasoning` and `answer` are the two parts of a tagged `completion`, for formats that keep them apart; both are
    empty where the completion is one text.
    """

    id: str
    system: str
    prompt: str
    completion: str
    reasoning: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ExampleStyle:
    """How examples are worded.

    `think` is "auto" (`<think>`, whatever the tags of the source are, where the source kept reasoning apart from the
    reply), "none", or the two tags, separated by a comma. `ratio_prompt`, if any, is appended to the question with
    {ratio} or {percent} filled in, so that one student can serve several budgets.

    Raises:
        OptionError: on construction, for tags or a template that cannot be used.
    """

    think: str = "auto"
    ratio_prompt: str = ""

    def __post_init__(self) -> None:
        if self.think not in ("auto", "none") and len(self.tags) != 2:
            raise OptionError(f"'{self.think}' is not a choice of think tags.", "Give auto, none or OPEN,CLOSE.")
        try:
            self.format_ratio_prompt(0.5)
        except (KeyError, IndexError, ValueError, AttributeError):
            raise OptionError(
                f"The ratio prompt '{self.ratio_prompt}' cannot be filled in.", "Use {ratio} or {percent} in it."
            ) from None

    @property
    def tags(self) -> tuple[str, ...]:
        """The opening and the closing tag."""
        return THINK_TAGS if self.think == "auto" else tuple(part.strip() for part in self.think.split(","))

    def format_ratio_prompt(self, ratio: float) -> str:
        """The sentence that states a keep ratio (0..1) to the student."""
        return self.ratio_prompt.format(ratio=f"{ratio:g}", percent=f"{100 * ratio:g}")


def build_example(compressed: Compressed, style: ExampleStyle) -> ExportExample:
    """Word one training example.

    >>> from cotpress import Trace, compress
    >>> [outcome] = compress([Trace('1', '2+3?', 'Two and three.', 'It is 5.')], keep=1)
    >>> build_example(outcome, ExampleStyle()).prompt
    '2+3?'
    """
    trace = compressed.trace
    prompt = trace.question
    if style.ratio_prompt and compressed.target_ratio is not None and "left-whole" not in compressed.flags:
        prompt = f"{prompt}\n\n{style.format_ratio_prompt(compressed.target_ratio)}"
    tagged = trace.tagged if style.think == "auto" else style.think != "none"
    completion = _format_completion(compressed, style, tagged)
    parts = (compressed.text, trace.answer) if tagged and compressed.text else ("", "")
    return ExportExample(trace.id, trace.system, prompt, completion, *parts)


def _format_completion(compressed: Compressed, style: ExampleStyle, tagged: bool) -> str:
    trace, reasoning = compressed.trace, compressed.text
    if tagged:
        opening, closing = style.tags
        return f"{opening}\n{reasoning}\n{closing}\n\n{trace.answer}".rstrip()
    return "\n".join(part for part in (reasoning, trace.answer) if part)
