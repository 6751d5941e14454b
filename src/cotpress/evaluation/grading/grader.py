"""The grader: reads each attempt by its kind, and sends to children only what takes algebra."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from types import TracebackType
from typing import NamedTuple

from cotpress.answers import normalise_answer
from cotpress.errors import OptionError, build_unknown_name_error, import_optional
from cotpress.evaluation.grading.choice_answers import read_choice
from cotpress.evaluation.grading.comparison_client import ComparisonClient
from cotpress.evaluation.grading.grade import ANSWER_KINDS, Grade, GradingInput
from cotpress.evaluation.grading.math_answers import ExpressionPair, compare_math, read_math
from cotpress.evaluation.grading.word_answers import has_same_words, read_truth, read_words
from cotpress.number_formatting import count_noun

MIN_MEMORY_MB = 256  # MB; less does not hold the libraries
ANSWER_READERS: Mapping[str, Callable[[GradingInput], str | None]] = {
    "math": lambda attempt: read_math(attempt.text),
    "choice": lambda attempt: read_choice(attempt.text, attempt.options),
    "truth": lambda attempt: read_truth(attempt.text),
    "text": lambda attempt: read_words(attempt.text),
}
# Whether a found answer is the gold one, or what has to be compared by algebra.
ANSWER_COMPARERS: Mapping[str, Callable[[str, str], bool | ExpressionPair | None]] = {
    "math": compare_math,
    "choice": lambda stated, gold: stated == normalise_answer(gold),
    "truth": lambda stated, gold: stated == normalise_answer(gold),
    "text": has_same_words,
}
OUTCOME_BY_COMPARISON = {True: "right", False: "wrong", None: "timed-out"}


class ProvisionalGrade(NamedTuple):
    """What can be said of an attempt here: its grade; or the answer found, and the pair left for a child."""

    grade: Grade
    undecided_pair: ExpressionPair | None = None


class Grader:
    """Grades attempts; the last answer that a text states wins.

    `seconds` is the wall clock limit of one comparison and `memory_mb` the address space of a child; what exceeds
    either is "timed-out", its child is replaced, and the rest goes on. (A memory error that math-verify catches
    itself counts as a comparison that failed: "wrong".) At most `workers` children run at a time. They are started
    when first needed and kept until `close`, which a `with` block calls; a closed grader may be used again. Safe to use
    from any thread.
    """

    def __init__(self, seconds: float = 5.0, memory_mb: int = 2048, workers: int = 2) -> None:
        """Set the limits; nothing is started.

        Raises:
            OptionError: a limit that nothing could keep.
        """
        if not 0 < seconds < float("inf") or memory_mb < MIN_MEMORY_MB or workers < 1:
            raise OptionError(
                f"Cannot grade within {seconds} seconds and {memory_mb} MB by {count_noun(workers, 'worker')}.",
                f"Give more than 0 seconds, {MIN_MEMORY_MB} MB or more, and at least one worker.",
            )
        self._seconds, self._memory_mb, self._workers = seconds, memory_mb, workers
        self._idle: list[ComparisonClient] = []
        self._lock = Lock()

    def grade(self, attempts: Sequence[GradingInput]) -> list[Grade]:
        """One grade an attempt, in the order given. Equal comparisons are made once.

        Raises:
            OptionError: an attempt of an unknown kind.
            MissingExtraError: a comparison takes algebra, and math-verify is not installed.
        """
        readings = [_read_answer(attempt) for attempt in attempts]
        same = self._compare_pairs(
            list(dict.fromkeys(reading.undecided_pair for reading in readings if reading.undecided_pair))
        )
        return [
            Grade(OUTCOME_BY_COMPARISON[same[reading.undecided_pair]], reading.grade.answer)
            if reading.undecided_pair
            else reading.grade
            for reading in readings
        ]

    def grade_alone(self, texts: Sequence[ExpressionPair]) -> list[bool | None]:
        """Whether each reply, given with its gold answer, is right by math-verify alone; None where it does not decide.

        Raises:
            MissingExtraError: math-verify is not installed.
        """
        found = self._compare_pairs(list(dict.fromkeys(texts)), alone=True)
        return [found[pair] for pair in texts]

    def close(self) -> None:
        """End the children."""
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.end()

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _compare_pairs(self, pairs: Sequence[ExpressionPair], alone: bool = False) -> dict[ExpressionPair, bool | None]:
        if not pairs:
            return {}
        if importlib.util.find_spec("math_verify") is None:
            import_optional("math_verify", "evaluate")
        with ThreadPoolExecutor(min(self._workers, len(pairs)), "grading") as threads:
            return dict(zip(pairs, threads.map(partial(self._compare_in_process, alone=alone), pairs), strict=True))

    def _compare_in_process(self, pair: ExpressionPair, alone: bool) -> bool | None:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        child = child if child and child.is_alive else ComparisonClient(self._seconds, self._memory_mb)
        same = child.compare(*pair, alone)
        if child.is_alive:
            with self._lock:
                self._idle.append(child)
        return same


def _read_answer(attempt: GradingInput) -> ProvisionalGrade:
    if attempt.kind not in ANSWER_KINDS:
        raise build_unknown_name_error("kind of answer", attempt.kind, ANSWER_KINDS)
    if not attempt.text.strip():
        return ProvisionalGrade(Grade("empty"))
    stated = ANSWER_READERS[attempt.kind](attempt)
    if stated is None:
        return ProvisionalGrade(Grade("unparsed"))
    decided = ANSWER_COMPARERS[attempt.kind](stated, attempt.gold)
    if decided is None:  # an answer that was not compared is not called wrong
        return ProvisionalGrade(Grade("unparsed", stated))
    if isinstance(decided, bool):
        return ProvisionalGrade(Grade(OUTCOME_BY_COMPARISON[decided], stated))
    return ProvisionalGrade(Grade("timed-out", stated), decided)
