"""German: phrases and abbreviations, after the pattern of the English ones.

The verb stands second: an adverb at the head of a sentence is deleted with its comma or not at all.
"""

from __future__ import annotations

from cotpress.text.language_words.language import LanguageWords

_LET = (
    r"(?:(?:lass|lasst|lassen\s+sie)\s+(?:mich|uns)|ich\s+(?:sollte|muss|möchte|will|werde)"
    r"|wir\s+(?:sollten|müssen|wollen|werden))\s+"
)
_WILL = (
    rf"{_LET}(?:(?:das|dies|es|mal|kurz|lieber|noch|einmal|nochmal|nochmals|erneut|sicherheitshalber|jetzt)\s+)"
    r"{0,4}"
)

WORDS = LanguageWords(
    code="de",
    leading_interjections="aber also und oder oh ah ach okay ok gut na ja nein nun jetzt doch dann",
    reflective_heads=(
        r"warte(?:t|n\s+sie)?\b(?!\s+(?:auf|bis|\d))",
        r"(?:moment(?:\s+mal)?|augenblick|halt|stopp?)\s*[,.!…:–—-]",
        r"(?:h+m+|äh+m?|ups|hoppla)\b",
        r"alternativ\b|bei\s+näherer?\s+(?:betrachtung|überlegung)\b",
        r"(?:ein\s+anderer|eine\s+andere|ein\s+weiterer)\s+(?:weg|ansatz|idee|methode|möglichkeit|gedanke)\b",
        r"(?:das|dies)\s+(?:kann|stimmt|passt|ergibt|scheint|sieht)\s+(?:doch\s+|so\s+|aber\s+)?(?:nicht|keinen\s+sinn)\b",
        r"(?:zur|nur\s+zur)\s+(?:sicherheit|kontrolle|probe|überprüfung)\b|um\s+(?:ganz\s+)?sicher(?:zugehen|\s+zu\s+(?:sein|gehen))\b",
        r"(?:stimmt\s+das|ist\s+das\s+(?:richtig|korrekt|so|möglich))\b",
        r"(?:überprüfen|prüfen|kontrollieren)\s+wir\s+(?:das|dies|es|noch\s*mal|nochmals|noch\s+einmal|erneut|unser\w*)\b",
        r"zurück\s+zum\s+(?:anfang|problem)\b",
    ),
    reflective_phrases=(
        r"(?:aber|nein|oh),?\s+(?:warte|moment)\b",
        rf"{_WILL}(?:überprüfen|nachrechnen|nachprüfen|kontrollieren|überdenken|neu\s+(?:anfangen|rechnen))\b",
        rf"{_LET}(?:(?:das|dies|es)\s+)?(?:noch\s*einmal|nochmals?|erneut)\s+(?:prüfen|rechnen|nachdenken|überlegen|versuchen)\b",
        r"(?:habe\s+ich|ich\s+habe)\s+(?:mich\s+)?(?:wohl\s+|vielleicht\s+)?(?:verrechnet|vertan|geirrt|verzählt|verlesen|einen\s+fehler)\b",
        r"(?:wir\s+haben|haben\s+wir)\s+(?:uns\s+(?:verrechnet|vertan|geirrt)|einen\s+fehler\s+gemacht)\b",
        r"(?:das|dies|da)\s+(?:ist|war|wäre)\s+(?:wohl\s+|aber\s+|doch\s+)?(?:falsch|nicht\s+richtig|ein\s+fehler|ein\s+widerspruch)\b",
        r"(?:stimmt\s+das|ist\s+das\s+(?:wirklich\s+)?(?:richtig|korrekt))\s*\?",
    ),
    restating_openings=("also", "gut", "okay", "ok", "nun", "und", "aber", "zunächst", "zuerst"),
    restating_phrases=(
        r"(?:bisher|bis\s+jetzt|soweit)\b",
        r"(?:zusammengefasst|zusammenfassend|kurz\s+gesagt|um\s+zusammenzufassen)\b",
        r"wie\s+(?:ich|wir)\s+(?:gesagt|gesehen|festgestellt)\b|wie\s+gesagt\b",
        r"(?:die\s+(?:aufgabe|frage)|das\s+problem)\s+(?:sagt|lautet|fragt|verlangt|besagt|ist)\b",
        r"(?:gesucht\s+ist|gefragt\s+ist|wir\s+(?:sollen|müssen)\s+\w+\s+(?:bestimmen|finden|berechnen))\b",
    ),
    inferring_phrases=(
        r"muss|müssen|impliziert|weil|denn|da|nur\s+wenn|genau\s+dann|folgt|teilt|teilbar|ebenso|analog",
        r"das\s+(?:bedeutet|heißt)",
        r"kann\s+nicht|unmöglich|widerspr\w+|keine\s+(?:lösung|ganze\s+zahl)",
    ),
    concluding_words=("also", "somit", "daher", "folglich", "damit", "demnach", "deshalb", "schließlich", "insgesamt"),
    hedging_words=(
        "oder",
        "vielleicht",
        "möglicherweise",
        "wahrscheinlich",
        "könnte",
        "wäre",
        "würde",
        "falls",
        "wenn",
        "angenommen",
    ),
    retracting_phrases=(
        r"(?:ist|war|scheint)\s+(?:(?:aber|doch|wohl|eindeutig)\s+)?(?:falsch|unmöglich|ein\s+fehler|nicht\s+(?:richtig|korrekt))",
        r"(?:kann|stimmt|passt|funktioniert)\s+(?:so\s+|doch\s+)?nicht|(?:ein\s+)?widerspruch|nein,\s+(?:warte|moment|das\s+ist\s+nicht)",
        r"(?:mich|uns)\s+(?:verrechnet|vertan|geirrt|verzählt)|einen\s+fehler\s+gemacht|mein\s+fehler",
    ),
    leading_abbreviations="""
        hr fr frl dr prof dipl ing st bzw vgl sog ca z.b d.h u.a z.t bspw evtl ggf inkl exkl lt zzgl
    """,
    trailing_abbreviations="usw etc ggfs max min std sek mio mrd str bsp",
    numbering_abbreviations="nr abb kap art aufl bd tab gl abs",
    spaced_abbreviations=(
        ("z", "b"),
        ("d", "h"),
        ("u", "a"),
        ("i", "d"),
        ("d", "r"),
        ("z", "t"),
        ("v", "a"),
        ("o", "ä"),
    ),
    ordinal_leads="""
        am der dem den des das die im vom zum zur beim jeder jede jedes jeden jedem seinem ihrem ihren ihr ihre seine
    """,
    openers=(
        r"(?:okay|ok|gut|also|nun|na ja|na gut|hm+|alles klar|schön|super|perfekt|interessant|mal sehen|schauen wir mal"
        r"|sehen wir mal|im grunde),[ \t]+"
    ),
    replies=r"(?:ja|genau|richtig|stimmt|korrekt),[ \t]+",
    fillers=(
        r"(?<=[a-zäöüß\d] )"
        r"(?:natürlich|selbstverständlich|offensichtlich|offenbar|bekanntlich|im grunde genommen)(?= )",
    ),
    governing_words="nicht nie kaum so sehr mehr weniger fast ganz zu",
    clause_conjunctions="und aber denn weil dass",
    short_forms={
        r"ist gleich(?= ?(?:\d|\$|\\))": "=",
        r"aufgrund der tatsache, dass|wegen der tatsache, dass": "weil",
        r"für den fall, dass": "falls",
        r"trotz der tatsache, dass": "obwohl",
        r"eine große anzahl von|eine vielzahl von": "viele",
        r"zum gegenwärtigen zeitpunkt": "jetzt",
        r"annähernd(?= \d)|ungefähr(?= \d)": "etwa",
        r"(?<=\d )(?:multipliziert mit|mal)(?= \d)": "×",
        r"(?<=\d )(?:dividiert durch|geteilt durch)(?= \d)": "/",
        r"(?<=\d )plus(?= \d)": "+",
        r"(?<=\d )minus(?= \d)": "-",
    },
    interjections="okay|ok|gut|ja|also|nun|hm+|warte|moment|super|perfekt|richtig|genau|korrekt|interessant|schön|so",
    stock_phrases=(
        r"alles klar|mal sehen|schauen wir mal|sehen wir mal|das (?:passt|stimmt|ist richtig|ergibt sinn)|passt|stimmt"
        r"|(?:lass|lasst) (?:mich|uns) (?:mal )?(?:sehen|überlegen|nachdenken|anfangen|prüfen)"
        r"|ich denke schon|los geht'?s"
    ),
)
