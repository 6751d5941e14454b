"""French: phrases and abbreviations, after the pattern of the English ones."""

from __future__ import annotations

from cotpress.text.language_words.language import LanguageWords

_WILL = (
    r"(?:laiss(?:e|ez)[- ]moi|je\s+(?:dois|vais|devrais|veux)|on\s+(?:doit|va|devrait)"
    r"|nous\s+(?:devons|allons|devrions)|il\s+faut)\s+"
)
_THAT = r"(?:[çc]a|cela|ceci|ce)"

WORDS = LanguageWords(
    code="fr",
    leading_interjections="mais donc et ou oh ah ok okay bon bien alors oui non maintenant en fait eh ben",
    reflective_heads=(
        r"attend(?:s|ez|ons)\b(?!\s+(?:que|le|la|les|un|une|\d))",
        r"(?:un\s+(?:instant|moment)|une\s+(?:minute|seconde)|minute)\s*[,.!…]",
        r"(?:h+m+|euh+|oups|zut|mince)\b",
        r"alternativement\b|[àa]\s+la\s+r[ée]flexion\b|autre\s+(?:m[ée]thode|approche|fa[çc]on|id[ée]e|piste)\b",
        r"une\s+autre\s+(?:m[ée]thode|approche|fa[çc]on|id[ée]e|possibilit[ée]|piste|mani[èe]re)\b",
        rf"{_THAT}\s+(?:n'est\s+pas|ne\s+(?:peut\s+pas|semble\s+pas|marche\s+pas|colle\s+pas|va\s+pas|tient\s+pas))\b"
        r"(?!\s+(?:un|une|le|la|les|n[ée]cessaire|suffisant|tout))",
        r"(?:juste\s+)?pour\s+(?:v[ée]rifier|confirmer|(?:en\s+)?[êe]tre\s+s[ûu]r\w*|m'assurer|s'assurer|nous\s+assurer)\b",
        r"est-ce\s+(?:que\s+c'est\s+)?(?:bien\s+)?(?:correct|juste|exact|possible)\b",
        r"(?:v[ée]rifions|rev[ée]rifions|revoyons|reprenons|recalculons)\b(?!\s+(?:chaque|tous|toutes|si|les\s+cas))",
        r"revenons\s+(?:au|en)\s+(?:d[ée]but|probl[èe]me|arri[èe]re)\b",
    ),
    reflective_phrases=(
        r"(?:mais|non|oh),?\s+attend(?:s|ez)\b|attend(?:s|ez),",
        rf"{_WILL}(?:re)?(?:v[ée]rifier|contr[ôo]ler|recalculer|reconsid[ée]rer|revoir|recommencer)\b"
        r"(?!\s+(?:chaque|tous|toutes|si|les\s+cas))",
        r"(?:j'ai|on\s+a|nous\s+avons|ai-je)\s+(?:peut-[êe]tre\s+|d[ûu]\s+)?(?:fait|commis|faire)\s+une\s+erreur\b",
        r"je\s+me\s+(?:suis\s+)?tromp[ée]?\w*|nous\s+nous\s+sommes\s+tromp[ée]s?\b|j'ai\s+mal\s+(?:lu|compt[ée]|calcul[ée]|compris)\b",
        r"(?:c'est|c'[ée]tait|cela\s+est|[çc]a\s+semble)\s+(?:donc\s+|clairement\s+)?(?:faux|incorrect|erron[ée]|une\s+erreur|contradictoire)\b",
        r"est-ce\s+(?:que\s+c'est\s+)?(?:vraiment\s+|bien\s+)?(?:correct|juste|exact)\s*\?",
    ),
    restating_openings=("donc", "bon", "bien", "alors", "ok", "maintenant", "et", "mais", r"d'abord"),
    restating_phrases=(
        r"jusqu'(?:ici|[àa]\s+pr[ée]sent)\b",
        r"(?:pour\s+r[ée]sumer|en\s+r[ée]sum[ée]|r[ée]capitulons|r[ée]sumons|en\s+bref)\b",
        r"comme\s+(?:je\s+l'ai\s+dit|nous\s+l'avons\s+vu|on\s+l'a\s+vu)\b",
        r"(?:le\s+probl[èe]me|l'[ée]nonc[ée]|la\s+question)\s+(?:nous\s+)?(?:dit|demande|est|donne)\b",
        r"(?:on\s+nous\s+demande|on\s+demande|nous\s+devons|il\s+faut|on\s+cherche\s+[àa])\s+(?:de\s+)?(?:trouver|d[ée]terminer|calculer)\b",
    ),
    inferring_phrases=(
        r"doit|doivent|implique|puisque|car|parce\s+que|divise|divisible|de\s+même|seulement\s+si|si\s+et\s+seulement\s+si",
        r"cela\s+(?:signifie|implique)|ce\s+qui\s+(?:signifie|implique)",
        r"ne\s+peut\s+pas|impossible|contradiction|contredit|pas\s+un\s+entier",
    ),
    concluding_words=(
        "donc",
        "ainsi",
        "par conséquent",
        "en conséquence",
        "d'où",
        "il s'ensuit",
        "finalement",
        "au total",
    ),
    hedging_words=("ou", "peut-être", "probablement", "possiblement", "pourrait", "serait", "si", "supposons"),
    retracting_phrases=(
        r"(?:est|[ée]tait|semble)\s+(?:faux|fausse|incorrecte?|erron[ée]e?|une\s+erreur|impossible)",
        r"n'est\s+pas\s+(?:correct|juste|exact|possible)|ne\s+(?:marche|fonctionne|colle|tient)\s+pas|contradiction",
        r"je\s+me\s+suis\s+tromp[ée]e?|fait\s+une\s+erreur|mon\s+erreur|non,\s+attend(?:s|ez)",
    ),
    leading_abbreviations="mm mme mmes mlle mlles dr prof st cf p.ex",
    trailing_abbreviations="env etc max min approx av bd tél éd",
    numbering_abbreviations="n° no art chap fig p pp éq vol",
    spaced_abbreviations=(("p", "ex"), ("c", "à"), ("av", "j"), ("j", "c")),
    openers=(
        r"(?:ok|okay|bon|bien|alors|donc|d'accord|tr[èe]s bien|eh bien|voyons|voyons voir|maintenant|hm+|euh+|super"
        r"|parfait|int[ée]ressant|tout d'abord),[ \t]+"
    ),
    replies=r"(?:oui|exact|exactement|correct|c'est [çc]a),[ \t]+",
    clause_fillers=(
        r"(?:on|nous) (?:peut|pouvons|voit|voyons)(?: facilement| clairement)?(?: voir)? que",
        r"(?:notons|remarquons|rappelons|observons|notez|remarquez|rappelez-vous) que",
        r"il est (?:clair|[ée]vident) que",
        r"comme (?:on peut le voir|nous pouvons le voir|on l'a dit|dit pr[ée]c[ée]demment),",
        r"il faut (?:noter|se rappeler|remarquer) que",
    ),
    fillers=(r"(?:bien s[ûu]r|bien entendu|[ée]videmment|naturellement|de toute [ée]vidence)",),
    governing_words="pas jamais ne si très plus moins presque trop aussi",
    clause_conjunctions="et mais car donc que puis alors",
    clause_short_forms={
        r"par cons[ée]quent,?|en cons[ée]quence,?|de ce fait,": "donc",
        r"cependant,|toutefois,|n[ée]anmoins,": "mais",
        r"(?:ce qui|cela|ceci) (?:signifie|implique|veut dire) que": "donc",
        r"(?:nous devons|on doit|il faut|nous voulons) (?:trouver|d[ée]terminer|calculer)": "trouver",
    },
    short_forms={
        r"est [ée]gale? [àa](?= ?(?:\d|\$|\\))": "=",
        r"afin de|dans le but de": "pour",
        r"en raison du fait que|du fait que|[ée]tant donn[ée] que": "comme",
        r"un total de(?= \d)": "",
        r"dans le cas o[ùu]": "si",
        r"un grand nombre de": "beaucoup de",
        r"[àa] l'heure actuelle": "actuellement",
        r"approximativement(?= \d)": "environ",
        r"(?<=\d )(?:multipli[ée] par|fois)(?= \d)": "×",
        r"(?<=\d )divis[ée] par(?= \d)": "/",
        r"(?<=\d )plus(?= \d)": "+",
        r"(?<=\d )moins(?= \d)": "-",
    },
    interjections="ok|okay|bon|bien|oui|hm+|euh+|attends|alors|donc|maintenant|super|parfait|exact|correct|voil[àa]|int[ée]ressant",
    stock_phrases=(
        r"voyons|voyons voir|d'accord|c'est (?:bon|juste|correct|logique|[çc]a)|[çc]a marche|je pense que oui"
        r"|laissez?[- ]moi (?:voir|r[ée]fl[ée]chir|v[ée]rifier|commencer)|allons-y"
    ),
)
