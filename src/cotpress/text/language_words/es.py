"""Spanish: phrases and abbreviations, after the pattern of the English ones."""

from __future__ import annotations

from cotpress.text.language_words.language import LanguageWords

_WILL = (
    r"(?:vamos\s+a|voy\s+a|d[ée]jame|d[ée]jenme|perm[íi]t[ae]nme|debo|debemos|deber[íi]a|deber[íi]amos|tengo\s+que"
    r"|hay\s+que)\s+"
)
_THAT = r"(?:eso|esto|ello)"

WORDS = LanguageWords(
    code="es",
    leading_interjections="pero así que entonces y o ah oh eh ok okay vale bien bueno sí no ahora pues a ver",
    reflective_heads=(
        r"esper(?:a|e|en|ad|emos)\b(?!\s+(?:a|hasta|que|\d))",
        r"(?:h+m+|m{3,}|eh+|ups|uy|vaya)\b",
        r"un\s+(?:momento|segundo|minuto)\s*[,.!…]",
        r"alternativamente\b|pens[áa]ndolo\s+(?:bien|mejor)\b",
        r"otr[ao]\s+(?:forma|manera|modo|m[ée]todo|enfoque|idea|posibilidad|camino)\b",
        rf"{_THAT}\s+no\s+(?:puede\s+ser|es\s+(?:correcto|posible|cierto)|parece|tiene\s+sentido|cuadra|est[áa]\s+bien)\b",
        r"(?:solo\s+|s[óo]lo\s+)?para\s+(?:comprobar|verificar|confirmar|estar\s+segur[oa]s?|asegurar(?:me|nos)?)\b",
        rf"¿\s*(?:es|est[áa])\s+{_THAT}?\s*(?:correcto|bien|cierto)\b",
        r"(?:volvamos|volviendo)\s+(?:a|al)\s+(?:empezar|principio|comienzo|problema)\b",
        r"(?:comprobemos|verifiquemos|revisemos|repasemos|recalculemos)\b(?!\s+(?:cada|todos|todas|si|los\s+casos))",
    ),
    reflective_phrases=(
        r"(?:pero|no),?\s+espera\b|espera,",
        rf"{_WILL}(?:volver\s+a\s+)?(?:verificar|comprobar|revisar|repasar|recalcular|reconsiderar)\b"
        r"(?!\s+(?:cada|todos|todas|si|los\s+casos))",
        rf"{_WILL}(?:pensar|intentar|empezar|hacer)(?:lo)?\s+(?:de\s+nuevo|otra\s+vez)\b",
        r"(?:comet[íi]|cometimos|he\s+cometido|hice)\s+un\s+error\b|me\s+(?:equivoqu[ée]|he\s+equivocado|confund[íi])\b",
        r"nos\s+(?:equivocamos|hemos\s+equivocado)\b|(?:calcul[ée]|cont[ée]|le[íi])\s+mal\b",
        rf"{_THAT}\s+(?:es|est[áa]|parece)\s+(?:mal|incorrecto|err[óo]neo|un\s+error|contradictorio)\b",
        r"(?:es|est[áa])\s+(?:eso|esto)\s+(?:realmente\s+)?(?:correcto|bien|cierto)\s*\?",
    ),
    restating_openings=("entonces", "bien", "bueno", "vale", "ok", "ahora", "pues", "y", "pero", "primero"),
    restating_phrases=(
        r"hasta\s+(?:ahora|aqu[íi])\b",
        r"(?:para\s+resumir|en\s+resumen|resumiendo|recapitulando|en\s+pocas\s+palabras)\b",
        r"como\s+(?:dije|dijimos|vimos|hemos\s+visto)\b",
        r"el\s+(?:problema|enunciado|ejercicio)\s+(?:nos\s+)?(?:dice|pide|pregunta|es|da)\b",
        r"la\s+pregunta\s+(?:dice|pide|es)\b",
        r"(?:nos\s+piden|se\s+(?:nos\s+)?pide|tenemos\s+que|necesitamos|hay\s+que)\s+(?:hallar|encontrar|determinar|calcular)\b",
    ),
    inferring_phrases=(
        r"debe|deben|implica|porque|ya\s+que|puesto\s+que|solo\s+si|si\s+y\s+solo\s+si|divide|divisible|de\s+igual\s+modo|análogamente",
        r"(?:esto|eso|lo\s+que)\s+(?:significa|implica)",
        r"no\s+puede|imposible|contradic\w+|no\s+es\s+(?:un\s+)?entero",
    ),
    concluding_words=(
        "por lo tanto",
        "por tanto",
        "así que",
        "entonces",
        "en consecuencia",
        "por consiguiente",
        "luego",
        "de ahí",
        "finalmente",
        "en total",
    ),
    hedging_words=(
        "o",
        "quizás",
        "quizá",
        "tal vez",
        "probablemente",
        "posiblemente",
        "podría",
        "sería",
        "si",
        "supongamos",
    ),
    retracting_phrases=(
        r"(?:es|est[áa]|era|parece)\s+(?:incorrecto|err[óo]neo|falso|un\s+error|imposible|mal)",
        r"no\s+(?:es|puede\s+ser|parece)\s+(?:correcto|cierto)|no\s+(?:funciona|se\s+cumple|cuadra)",
        r"me\s+equivoqu[ée]|(?:comet[íi]|hice)\s+un\s+error|calcul[ée]\s+mal|contradic(?:e|ci[óo]n)|no,\s+espera",
    ),
    leading_abbreviations="sr sra srta sres dr dra prof profa ing lic gral núm ej p.ej ee",
    trailing_abbreviations="aprox etc máx mín ud uds vd vds tel avda cía seg hrs",
    numbering_abbreviations="pág págs cap art núm fig ec",
    spaced_abbreviations=(("p", "ej"), ("a", "c"), ("d", "c"), ("ee", "uu")),
    openers=(
        r"(?:vale|ok|okay|bien|bueno|muy bien|de acuerdo|entonces|ahora|pues|veamos|a ver|genial|perfecto|hm+"
        r"|en primer lugar|b[áa]sicamente),[ \t]+"
    ),
    replies=r"(?:s[íi]|correcto|exacto|claro),[ \t]+",
    clause_fillers=(
        r"(?:podemos|se puede) ver que",
        r"(?:vemos|notemos|observemos|recordemos|recuerda|nota|observa|cabe señalar|cabe recordar) que",
        r"es (?:claro|obvio|evidente) que|est[áa] claro que",
        r"como (?:podemos ver|se puede ver|vimos antes|ya dije),",
        r"(?:hay que tener en cuenta|ten en cuenta|tengamos en cuenta) que",
    ),
    fillers=(r"(?:por supuesto|obviamente|evidentemente|desde luego|de hecho|b[áa]sicamente|literalmente)",),
    governing_words="no nunca tan muy más menos casi tampoco ni",
    clause_conjunctions="y pero porque que así pues entonces",
    clause_short_forms={
        r"por lo tanto,?|por consiguiente,?|en consecuencia,?|como resultado,": "luego",
        r"sin embargo,|no obstante,": "pero",
        r"(?:lo cual|lo que|esto|eso) (?:significa|implica|quiere decir) que": "así que",
        r"(?:tenemos que|necesitamos|hay que|queremos) (?:encontrar|hallar|calcular|determinar)": "hallar",
        r"(?:además de esto|adicionalmente),": "además,",
    },
    short_forms={
        r"es igual a(?= ?(?:\d|\$|\\))": "=",
        r"con el fin de|con el objetivo de|a fin de": "para",
        r"debido al hecho de que|dado el hecho de que|ya que": "pues",
        r"a pesar de que|a pesar del hecho de que": "aunque",
        r"un total de(?= \d)": "",
        r"en el caso de que": "si",
        r"una gran cantidad de|un gran número de": "muchos",
        r"(?:es|son) capaz de": "puede",
        r"(?<=\d )multiplicado por(?= \d)": "×",
        r"(?<=\d )dividido (?:entre|por)(?= \d)": "/",
        r"(?<=\d )más(?= \d)": "+",
        r"(?<=\d )menos(?= \d)": "-",
    },
    interjections="vale|ok|okay|bien|bueno|s[íi]|hm+|espera|entonces|ahora|genial|perfecto|correcto|exacto|claro|pues|interesante",
    stock_phrases=(
        r"veamos|a ver|ya est[áa]|creo que s[íi]|(?:eso |esto )?(?:es correcto|est[áa] bien|tiene sentido)"
        r"|(?:vamos a|voy a|d[ée]jame) (?:ver|pensar|empezar|comprobar|verificar|revisar)(?:lo)?|manos a la obra"
    ),
)
