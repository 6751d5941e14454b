"""Phrases and abbreviations of each language, on made-up sentences right and wrong."""

from __future__ import annotations

import importlib
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from cotpress.analysis.inspection import inspect
from cotpress.text import segment
from cotpress.text.language_words import LANGUAGES, LanguageWords, choose_language, find_words, load_words
from cotpress.text.markers import has_reflective_phrases, is_reflective, is_restating, is_retraction, mark_reflective
from cotpress.text.retractions import find_retracted
from cotpress.types import Trace

REFLECTIVE = {
    "es": [
        "Espera, eso no es correcto.",
        "Pero espera, el total era 40.",
        "Hmm, algo no cuadra.",
        "Un momento, la suma es 12.",
        "Otra forma: contar el complemento.",
        "Alternativamente, usamos el teorema del coseno.",
        "Entonces n = 7. Voy a comprobar la aritmética otra vez.",
        "Creo que cometí un error en el segundo paso.",
        "Me equivoqué con el signo.",
        "Por lo tanto es 204. ¿Es esto correcto?",
        "Para verificar, sustituimos x = 3.",
        "Déjame recalcular el producto.",
    ],
    "de": [
        "Moment, das stimmt nicht.",
        "Warte, die Summe war 40.",
        "Aber Moment mal, n ist ungerade.",
        "Hm, das kann nicht sein.",
        "Alternativ nehmen wir den Kosinussatz.",
        "Ein anderer Weg: das Komplement zählen.",
        "Zur Kontrolle setzen wir x = 3 ein.",
        "Also n = 7. Ich sollte das noch einmal überprüfen.",
        "Lass mich das kurz nachrechnen.",
        "Ich habe mich verrechnet.",
        "Da habe ich einen Fehler gemacht.",
        "Die Fläche ist 204. Ist das richtig?",
    ],
    "fr": [
        "Attends, ce n'est pas juste.",
        "Mais attendez, le total était 40.",
        "Hmm, quelque chose cloche.",
        "Une autre méthode : compter le complément.",
        "À la réflexion, l'ordre compte.",
        "Donc n = 7. Je dois vérifier le calcul.",
        "Vérifions le résultat.",
        "J'ai fait une erreur de signe.",
        "Je me suis trompé au deuxième pas.",
        "Pour être sûr, on remplace x par 3.",
        "L'aire est 204. Est-ce correct ?",
        "Laissez-moi recalculer.",
    ],
    "zh": [
        "等等，这不对。",
        "等一下，总数是40。",
        "不对，n是奇数。",
        "但是等等，我们漏了一种情况。",
        "另一种方法：计算补集。",
        "换个角度考虑这个问题。",
        "让我再检查一遍。",
        "所以n=7。我需要重新计算一下。",
        "我可能算错了。",
        "面积是204，这样对吗？",
        "验算一下：3×4=12。",
        "嗯，好像哪里有问题。",
    ],
    "ja": [
        "待って、これは違う。",
        "ちょっと待って、合計は40だった。",
        "いや、nは奇数だ。",
        "うーん、何かが変だ。",
        "別の方法：補集合を数える。",
        "もう一度確認する。",
        "念のため、x=3を代入する。",
        "だからn=7。もう一度計算してみる。",
        "計算を間違えた。",
        "面積は204。これで正しいだろうか？",
        "検算すると3×4=12。",
        "それはおかしい。",
    ],
}
PLAIN = {
    "es": [
        "Ahora calculamos la suma.",
        "El tren espera 20 minutos.",
        "Se espera que lleguen 5 personas.",
        "Entonces la respuesta es 42.",
        "Comprobemos cada divisor de 12.",
        "Quizás el área es 12.",
        "Hay otra caja con 5 lápices.",
        "La otra mitad vale 10.",
    ],
    "de": [
        "Nun berechnen wir die Summe.",
        "Sie wartet 20 Minuten.",
        "In diesem Moment sind es 5 Leute.",
        "Also ist die Antwort 42.",
        "Wir prüfen jeden Teiler von 12.",
        "Vielleicht ist die Fläche 12.",
        "Das Moment der Kraft ist 5 Nm.",
        "Wir müssen die Summe noch durch 2 teilen.",
    ],
    "fr": [
        "Maintenant, calculons la somme.",
        "Il attend 20 minutes le bus.",
        "Donc la réponse est 42.",
        "On vérifie chaque diviseur de 12.",
        "L'aire est peut-être 12.",
        "Une autre boîte contient 5 stylos.",
        "Cela n'est pas nécessaire ici.",
        "Pour calculer la somme, on additionne.",
    ],
    "zh": [
        "现在计算总和。",
        "这是一个不等式。",
        "苹果、梨等等一共5个。",
        "所以答案是42。",
        "我们检查12的每个因数。",
        "面积也许是12。",
        "这两个角不对称。",
        "他等了20分钟。",
    ],
    "ja": [
        "次に合計を計算する。",
        "彼は20分待った。",
        "だから答えは42です。",
        "12の各約数を調べる。",
        "面積は12かもしれない。",
        "別の箱に5本のペンがある。",
        "問題の数は5です。",
        "まず17に25を足します。",
    ],
}


@pytest.mark.parametrize(("language", "step"), [(code, step) for code, steps in REFLECTIVE.items() for step in steps])
def test_reflective(language: str, step: str) -> None:
    assert is_reflective(step, language)


@pytest.mark.parametrize(("language", "step"), [(code, step) for code, steps in PLAIN.items() for step in steps])
def test_not_reflective(language: str, step: str) -> None:
    assert not is_reflective(step, language)


@pytest.mark.parametrize("language", REFLECTIVE)
def test_the_language_of_steps_is_found(language: str) -> None:
    steps = [*PLAIN[language], *REFLECTIVE[language]]
    assert choose_language(steps) == language
    assert mark_reflective(steps) == [False] * len(PLAIN[language]) + [True] * len(REFLECTIVE[language])


@pytest.mark.parametrize(
    ("language", "attempt", "retraction", "restating"),
    [
        ("es", "Entonces 4 * 2 = 9.", "Espera, eso es incorrecto.", "El problema dice que hay 5."),
        ("de", "Also 4 * 2 = 9.", "Moment, das ist falsch.", "Die Aufgabe lautet: wie viele?"),
        ("fr", "Donc 4 * 2 = 9.", "Attends, c'est faux, je me suis trompé.", "Le problème demande la somme."),
        ("zh", "所以4×2=9。", "等等，我算错了。", "题目要求我们求和。"),
        ("ja", "だから4×2=9。", "待って、計算を間違えた。", "問題は合計を求めている。"),
    ],
)
def test_what_is_taken_back_and_what_is_said_again(
    language: str, attempt: str, retraction: str, restating: str
) -> None:
    assert is_retraction(retraction, language)
    assert not is_retraction(attempt, language)
    assert is_restating(restating, language)
    assert not is_restating(attempt, language)
    assert find_retracted([*PLAIN[language][:3], attempt, retraction]) == [(3, 4)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Das ist z. B. am 3. Mai so. Dann sind es 5.", 2),
        ("Das gilt d. h. immer. Im 19. Jahrhundert war es bzw. Sachsen.", 2),
        ("Siehe Nr. 5 und Abb. 2 im Buch. Dann folgt es.", 2),
        ("Die Summe ist 3. Dann ist es fertig.", 2),
        ("La Sra. García tiene 5. Luego compra p. ej. 3 más.", 2),
        ("¿Cuántos hay? Hay 5. ¡Listo!", 3),
        ("Mme. Dupont a 5 pommes. Elle en donne env. 3 à Luc.", 2),
        ("首先，2加3等于5。所以答案是5。", 2),
        ("まず2+3=5です。だから答えは5です。", 2),
        ("Give it to me. Then solve for z. B is next.", 3),
    ],
)
def test_sentences(text: str, count: int) -> None:
    bounds = segment(text, "sentence").steps.tolist()
    assert len(bounds) - 1 == count, [text[start:end] for start, end in pairwise(bounds)]


def test_a_language_without_a_file_has_no_phrases_and_is_said_so() -> None:
    text = "Подождите, это неверно. Сумма равна 5, и это ответ на вопрос."
    assert find_words(text) == LanguageWords("ru")
    assert not has_reflective_phrases("ru")
    assert not is_reflective(text, "ru")
    told = inspect([Trace("1", "", text, "5")])
    assert told["languages"] == {"ru": 1}
    assert told["reflective_steps"] is None
    assert told["reflective_steps_of"] == {}
    mixed = inspect([Trace("1", "", text, "5"), Trace("2", "", "\n\n".join(REFLECTIVE["de"]), "5")])
    assert (mixed["reflective_steps"], mixed["reflective_steps_of"]) == (1.0, {"de": 1})


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_file_is_that_of_its_language(code: str) -> None:
    module = importlib.import_module(f"cotpress.text.language_words.{code}")
    assert module.WORDS is load_words(code)
    assert module.WORDS.code == code
    for names in (module.WORDS.interjections, module.WORDS.stock_phrases, module.WORDS.openers):
        assert re.compile(names).match("") is None


def test_real_solutions_are_not_reflective(shared_data: Path) -> None:
    rows = map(json.loads, (shared_data / "traces" / "mgsm_exemplars.jsonl").read_text("utf-8").splitlines())
    steps = [
        (row["language"], row["reasoning"][start:end])
        for row in rows
        for start, end in pairwise(segment(row["reasoning"], "sentence").steps.tolist())
        if row["language"] in LANGUAGES
    ]
    assert len(steps) > 100
    assert [step for language, step in steps if is_reflective(step, language)] == []
