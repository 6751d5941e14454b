"""Words in the names of columns that nobody lists: what a column called `student_question` or `解答过程` may hold."""

from __future__ import annotations

import re
from typing import Final

QUESTION_WORDS: Final = (
    "question", "problem", "prompt", "query", "instruction", "task", "user", "exercise", "puzzle",
    "问题", "题目", "題目", "問題", "질문", "문제", "سؤال", "प्रश्न", "вопрос", "задача", "pregunta", "pergunta", "frage",
)  # fmt: skip
REASONING_WORDS: Final = (
    "thinking", "reasoning", "rationale", "trajectory", "thought", "monologue",
    "思考", "推理", "思维", "추론", "사고", "تفكير", "तर्क", "рассуждени", "razonamiento", "raisonnement", "raciocínio",
)  # fmt: skip
SOLUTION_WORDS: Final = (
    "solution", "explanation", "derivation", "proof", "response", "completion", "generation", "output", "trace",
    "解析", "解答", "解説", "해설", "풀이", "شرح", "हल", "решение", "solución", "erklärung",
)  # fmt: skip
GOLD_WORDS: Final = (
    "答案", "正解", "答え", "정답", "답", "جواب", "उत्तर", "ответ", "respuesta", "resposta", "réponse", "antwort",
)  # fmt: skip
_ABOUT: Final = (
    "id", "ids", "type", "source", "category", "topic", "subject", "difficulty", "level", "token", "tokens", "len",
    "length", "url", "name", "title", "format", "language", "lang", "config", "version", "hash", "count", "score",
    "grade", "tags", "label", "index", "effort", "mode",
)  # words of columns that say something about a question or a reasoning  # fmt: skip
_COT: Final = re.compile(r"(?:\b|_)cot(?:\b|_)|(?<=[a-z])COT|CoT", re.ASCII)
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff]")
_PARTS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def has_word(field: str, words: tuple[str, ...]) -> bool:
    """Whether a word is in a name.

    >>> has_word("student_question", QUESTION_WORDS), has_word("解答过程", SOLUTION_WORDS)
    (True, True)
    """
    return any(word in field.lower() for word in words)


def is_about(field: str) -> bool:
    """Whether a name says that a column tells something about a text, such as its length or type.

    >>> is_about("questionType"), is_about("question_text")
    (True, False)
    """
    return any(part.lower() in _ABOUT for part in _PARTS.findall(field))


def names_reasoning(field: str) -> bool:
    """Whether a name has a word of reasoning in it, or "cot" as a part.

    >>> [names_reasoning(name) for name in ("longCOT", "cot_content", "model_thoughts", "cotton")]
    [True, True, True, False]
    """
    return has_word(field, REASONING_WORDS) or bool(_COT.search(field))


def count_words(text: str) -> int:
    """Words between spaces; two characters of a script without spaces are a word.

    >>> count_words("2 and 3"), count_words("二加三等于五")
    (3, 3)
    """
    return max(len(text.split()), len(_UNSPACED.findall(text)) // 2)
