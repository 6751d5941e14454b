"""Statements of an answer in other languages than English ("答えは8です"), and in tags."""

from __future__ import annotations

import re

from cotpress.answers.value import narrow_span
from cotpress.types import Span

# What comes before the value, the verb or the colon included; longer ones first.
_LEADS = (
    r"(?:Die )?(?:endgültige |richtige )?Antwort (?:ist|lautet)|Antwort[:：]",
    r"(?:La )?r[ée]ponse (?:finale |correcte )?est(?: donc| alors)?|Réponse ?[:：]",
    r"(?:La )?respuesta (?:final |correcta )?es|Respuesta[:：]",
    r"(?:A )?resposta (?:final |correta )?é|Resposta[:：]",
    r"(?:La )?risposta (?:finale |corretta )?è|Risposta[:：]",
    r"Ответ ?[:：—–-]|Jibu ni|Jibu[:：]|Đáp án(?: là|[:：])|Cevap[:：]",
    r"উত্তর (?:হল|হলো|হচ্ছে)|উত্তর[:：]|उत्तर[:：]|उत्तर(?= *\d)|సమాధానం[:：]?|คำตอบ(?:คือ|[:：])",
    r"सही (?:उत्तर|विकल्प)(?= *\(?[A-H])",
    r"答え ?(?:は|[:：])|正解(?:は|[:：])|故答案[是为]|正确答案[是为]|答案(?:应该?)?[是为]|答案[：:]|答[:：]"
    r"|故选|(?<!不)应选择?|选项[是为]|正确选项[是为]? ?(?=[A-H](?![A-Za-z]))"
    r"|(?<![不未别应])选择? ?(?=[A-H](?![A-Za-z]))"
    r"|选项 ?(?=[A-H] ?(?:是)?正确)",
    r"정답은|답은|정답 ?[:：]|답 ?[:：]|الجواب(?: الصحيح| النهائي)?(?: هو|[:：])"
    r"|الإجابة(?: الصحيحة| النهائية)?(?: هي|[:：])",
)
_HINTS = (  # in lower case: a text with none of them has no lead, and need not be searched for the many
    "antwort", "réponse", "reponse", "respuesta", "resposta", "risposta", "ответ", "jibu", "đáp án", "cevap", "উত্তর",
    "उत्तर", "विकल्प", "సమాధానం", "คำตอบ", "答", "正解", "选", "정답", "답", "الجواب", "الإجابة",
)  # fmt: skip
_LEAD = re.compile(rf"(?<!\w)(?:{'|'.join(_LEADS[:6])})|(?:{'|'.join(_LEADS[6:])})", re.IGNORECASE)
# Marks, then what may stand before the value: "la opción B", "共有34个".
_OPENING = re.compile(
    r"[\s：:=、，,*_$\"“「『（(\[]{0,8}(?:\\\()?"
    r"(?:(?i:(?:la |l['’]|die |a |o )?(?:opci[óo]n|option|opzione|opção|alternativa) )"
    r"|(?:la|a) (?=[A-H]\b)|[一总總]?共有?)?"
)
_CLOSERS = "）)」』】"
_VALUE = re.compile(
    r"[-−+]?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,9}(?:,\d{1,30})?(?!\d)|\d[\d.,]{0,30})(?:/\d+)?%?"
    r"|\(?[A-Z]\)?(?![A-Za-z])|\\boxed"
)
# A value of words ends with its sentence, the polite verb of its language aside.
_WORDS = re.compile(
    r"[^\s。．.!！?？\n][^。．!！?？\n]{0,29}?(?=(?:です|でした|である|だ|입니다|이다|है|।)?(?:[。．!！।؟]|\.(?!\d)|\s*\n|\s*$))"
)
_ANSWER_TAG = re.compile(r"<answer>([^<]{1,300})</answer>", re.IGNORECASE)
_JSON_ANSWER = re.compile(
    r'"(?:final_)?answer"[ \t]{0,9}:[ \t]{0,9}(?:"(?P<text>[^"\n]{1,300})"|(?P<value>-?\d[\d.]{0,30}|true|false))'
)
MAX_LEADS = 50  # of a text, the last ones: it bounds the work


def find_foreign_statement(text: str) -> tuple[Span, Span] | None:
    """([start, end) of the value, of the whole statement) of the last statement in another language, or None.

    >>> text = "8 + 3 = 11。答えは11です"
    >>> [text[slice(*span)] for span in find_foreign_statement(text)]
    ['11', '答えは11']
    """
    lower = text.lower()
    leads = list(_LEAD.finditer(text)) if any(hint in lower for hint in _HINTS) else []
    for lead in reversed(leads[-MAX_LEADS:]):
        opening = _OPENING.match(text, lead.end())
        at = opening.end() if opening else lead.end()
        value = _VALUE.match(text, at) or _WORDS.match(text, at)
        if value is None or value[0] == "\\boxed":
            continue
        end = value.end()
        while text[end - 1] in _CLOSERS and end - 1 > value.start() and text[value.start()] not in "（(「『【":
            end -= 1
        span = narrow_span(text, value.start(), end)
        if span:
            return span, (lead.start(), value.end())
    return None


def find_tagged_statement(text: str) -> tuple[Span, Span] | None:
    """The same for the last `<answer>…</answer>`, or `"answer": …` of JSON.

    >>> find_tagged_statement("<answer> 8 </answer>")
    ((9, 10), (0, 20))
    """
    found = (*_ANSWER_TAG.finditer(text), *_JSON_ANSWER.finditer(text))
    last = max(found, key=lambda tag: tag.start(), default=None)
    span = narrow_span(text, *last.span(last.lastgroup or 1)) if last else None
    return (span, last.span()) if last and span else None
