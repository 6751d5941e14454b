"""English: phrases and abbreviations. The lists are the project's own.

A step is reflective when its author turns back on the work: doubts it, checks it, corrects it or drops it for another
way. Narration ("Now", "Let me compute"), a check that is part of the plan ("we check each divisor") and a guess
("maybe", "perhaps") are not, by themselves. What the rules delete says nothing: a hedge ("perhaps", "I think") says
how sure a claim is, and "wait" or "actually" that it takes something back: they stay.
"""

from __future__ import annotations

from cotpress.text.language_words.language import LanguageWords

_WHOLE_NUMBER = r"\d(?![\d.,]{0,12}(?: (?:times|of|more|less)\b|[a-z(\\^*+/-]))"  # "6", not "6 times their sum"
_ACTUALLY = r"(?:(?:but|oh|no),?\s+)*actually\s*,"  # as an adverb, without the comma, it says little
_LET_ME = r"(?:let\s+me|let's|let\s+us|i\s+(?:should|need\s+to|want\s+to|'d\s+better|must|will)|i'll)\s+"
_HEDGES = r"(?:just\s+|also\s+|quickly\s+|now\s+|first\s+|try\s+to\s+|at\s+least\s+)*"
_AGAIN = r"(?:check|verif\w+|think|consider|examine|evaluate|calculate|compute|visit|assess|confirm|do)"
_PLANNED = (
    r"(?:each|every|all|both|whether|when|which|small|the\s+(?:\w+\s+)?(?:cases?|values?|conditions?|possibilities))"
)

# Talk to oneself: whole sentences, none of which says anything of the matter. Their words are few and fixed, so that
# "Let me multiply both sides" or "Let me check x" is not among them.
_I_WILL = (
    r"(?:let me|let'?s|let us|i'll|i will|i(?: just)? (?:should|need to|want to|have to|can|could))"
    r"(?: (?:just|first|now|also|then|quickly|carefully|try to|go ahead and|start by|begin by)){0,3}"
)
_EMPTY_OBJECT = (
    r"(?: (?:this|that|it|these|those|them|the|each|all|every|my|a|an|some|out|down|up|over|through|again|once|more"
    r"|together|here|now|then|first|next|about|of|by|with|to|in|for|and|step|steps|carefully|slowly|properly|clearly"
    r"|differently|separately|systematically|equations?|expressions?|subtractions?|additions?|multiplications?"
    r"|divisions?|calculations?|computations?|problems?|questions?|puzzle|clues?|information|details?|parts?"
    r"|numbers|possibilit(?:y|ies)|possible|cases|scenarios?|things|everything|work|logic|constraints|conditions|basics"
    r"|wording|logic|given|initial|basic|other|another|way|ways|approach|method|example|examples|idea|thing|how|solve|answer|box)){0,10}"
)
_ANNOUNCEMENT = (
    rf"{_I_WILL} (?:see|think|try|start|begin|go|do|compute|calculate|add|subtract|multiply|work|figure|write|note|jot"
    r"|break|list|lay|map|recall|remember|simplify|solve|count|combine|structure|organi[sz]e|look|approach|tackle|parse"
    r"|analy[sz]e|examine|rewrite|restate|re-?read|go back|step back|consider|explore|visuali[sz]e|summari[sz]e|recap"
    rf"|proceed|continue|recount|recalculate|recompute|reconsider|rethink|check|verify|confirm|recheck){_EMPTY_OBJECT}"
)
_ANNOUNCED_CHECK = (
    rf"(?:{_I_WILL} (?:(?:double|cross|re|sanity)[- ]?)?(?:check|verify|confirm|count|list|go|look|make sure|see|recap)"
    r"(?: [a-z'’]+){0,6},? )?(?:just )?(?:to (?:be (?:sure|certain|safe|thorough)|make sure|ensure|confirm|verify"
    r"|double[- ]?check)|in case)(?: (?:that )?(?:i|we|everything|this|that|it)\b(?:'[a-z]+)?(?: [a-z'’]+){0,10})?"
    rf"|{_I_WILL} (?:double|cross|re|sanity)[- ]?check(?: [a-z'’]+){{0,6}}"
    rf"|{_I_WILL} (?:check|verify|confirm)(?: [a-z'’]+){{0,4}} (?:again|once more|errors|mistakes|steps|work|answer)"
    rf"|{_I_WILL} (?:check|see|verify)(?: again)? (?:if|whether) (?:that|this|it)(?:'s| is)? (?:correct|right|works?"
    r"|the case|true|so)"
    rf"|(?:just )?to (?:be|make) sure,? {_I_WILL} (?:re-?)?(?:check|examine|verify)(?: [a-z'’]+){{0,3}}"
    rf"|{_I_WILL} make sure(?: (?:that )?(?:i|we|everything|this|that|it)\b(?:'[a-z]+)?(?: [a-z'’]+){{0,10}})?"
    rf"|{_I_WILL} (?:check|see|verify)(?: again)? (?:if|whether) (?:there(?:'s| is| are) (?:any )?(?:other|another)"
    r"|i (?:did|made|missed|got|have))(?: [a-z'’]+){0,6}"
)
_ASSESSMENT = (
    r"(?:(?:that|this|it|everything|all|(?:the |my )?(?:calculations?|steps|logic|math))(?:'s| is| was| are)? )?"
    r"(?:(?:(?:seems?|looks?|sounds?|feels?|should|must|would) (?:to |like )?)?"
    r"(?:(?:be|all|also|a bit|a little|pretty|quite|much|very|more|really|indeed) ){0,3})?"
    r"(?:right|correct|fine|good|it|okay|weird|interesting|(?:it makes |makes? )?sense|checks? out|works?(?: too| out)?"
    r"|consistent|straightforward|simple|easy|easier|simpler|tricky|complicated|confusing|better|reasonable|promising"
    r"|helpful|useful|manageable|match(?:es|ed)?(?: too| up)?|confirmed|do it)"
    r"|(?:the )?same (?:result|answer|thing)(?: as before)?|is (?:that|this) (?:it|all|right|correct|everything)"
)
_CONFIDENCE = (
    r"(?:i think |i believe |i'm (?:pretty |quite |fairly )?(?:confident|sure|certain)(?: (?:that|in|about|of))? ?)"
    r"(?:(?:that's|this is|that is|it's) (?:it|right|correct|all|(?:the|my) (?:right |correct |final )?answer)"
    r"|(?:that )?confirms it(?: again)?|this|that|it"
    r"|my answer|(?:in )?(?:the|my|this) answer)?"
    r"|i (?:don't|do not) (?:think|see) (?:i(?:'ve)? (?:made|missed|make|miss)|any (?:errors?|mistakes?))"
    r"(?: [a-z'’]+){0,8}"
)
_DOUBT = (
    r"(?:alternatively,? )?maybe (?:i'm|i am) (?:missing something|mis\w+"
    r"|(?:over)?(?:complicating|thinking)(?: (?:it|this|things))?)"
    r"|maybe i (?:made a mistake|miscalculated|misread|missed something)(?: [a-z'’]+){0,3}"
    r"|maybe (?:there's|there is) (?:another|a|an|some)(?: [a-z'’]+){0,1} (?:way|approach|trick|method|interpretation)"
    r"(?: [a-z'’]+){0,5}|(?:alternatively,? )?maybe (?:it's|this is) a trick(?: question)?"
)
_PASSAGE = (
    r"(?:moving|going)(?: on)? to the (?:next|first|second|third|fourth|last|final) [a-z]+"
    r"|starting with the [a-z'’]+(?: [a-z'’]+){0,2}"
)

_REMARK = (
    rf"(?:(?:an )?alternative (?:way|approach|method)[:,]? )?{_I_WILL} track each step"
    rf"|{_I_WILL} (?:break(?:ing)? (?:this |it |that )?down|recall|note down) what (?:i|we) know"
    r"|(?:that|this|which) (?:simplifies|clarifies|helps)(?: (?:things|it|a bit|a lot|somewhat|nicely)){0,3}"
    r"|(?:that|this)(?:'s| is) what (?:was|is) (?:given|asked|needed|wanted)"
    r"|(?:just )?a (?:quick )?(?:cross|double|sanity)[- ]?(?:check|verification)"
    r"|(?:but )?(?:regardless|anyway)|(?:that|this) (?:seems|should|must) (?:to )?(?:satisfy|meet) (?:all|everything)"
    r"(?: [a-z'’]+){0,4}|so (?:maybe|perhaps) not|(?:perhaps|maybe) (?:that|this|it) (?:can|could|might|will)"
    r" help(?: (?:me|us|here|in some way|somehow|a bit))?|(?:maybe|perhaps) not|let(?:'s| me| us) see if that works"
)

WORDS = LanguageWords(
    code="en",
    leading_interjections="but so and or oh ah okay ok alright well yes yeah no now actually however then",
    reflective_heads=(
        r"wait\b(?!\s+(?:for|until|till|time|times|lists?|at|in\s+line|on|to\s+(?:be|get|board|see)|\d))",
        r"(?:h+m+|uh|um|oops|whoops)\b",
        r"(?:hold|hang)\s+(?:on|up)\b(?!\s+to\b)",
        r"alternatively\b|on\s+second\s+thought\b",
        r"another\s+(?:way|approach|method|idea|thought|possibility|angle)\b",
        r"(?:double|cross|re|sanity)[\s-]?check",
        r"(?:that|this|it)\s+(?:can't|cannot|couldn't)\s+be\s+(?:right|correct)\b",
        r"(?:that|this|it)\s+(?:doesn't|does\s+not)\s+(?:seem|look|sound|make)\s+(?:right|correct|sense)\b",
        r"(?:just\s+)?to\s+(?:double[\s-]?check|be\s+(?:sure|thorough|certain|safe)|confirm|verify|make\s+sure)\b",
        r"is\s+(?:that|this|it)\s+(?:right|correct|true|possible|ok|okay)\b",
    ),
    reflective_starts=(_ACTUALLY,),
    reflective_phrases=(
        r"wait,(?!\s+and\s+(?:then|see))|wait(?=[.!?—–-])|(?:but|no|oh)\s+wait\b",
        r"hmm+\b(?!,?\s+(?:okay|ok|interesting|so|let's\s+see"
        r"|let\s+me\s+(?:see|think|compute|calculate|add|subtract|multiply|divide|do\s+(?:that|this))))",
        rf"{_LET_ME}{_HEDGES}(?:double|cross|re|sanity)[\s-]?{_AGAIN}",
        rf"{_LET_ME}{_HEDGES}(?:verify|confirm|go\s+back|step\s+back|backtrack|start\s+(?:over|again))\b",
        rf"{_LET_ME}{_HEDGES}check\b(?!\s+(?:for\s+)?{_PLANNED}\b)",
        rf"{_LET_ME}{_HEDGES}think\s+(?:again|differently|(?:about\s+)?(?:this|that|it)\s+again)\b",
        rf"{_LET_ME}{_HEDGES}try\s+(?:again|another|a\s+different)\b",
        r"(?:double|cross|sanity)[\s-]?check(?:ing|ed|s)?\b"
        r"|(?:everything|that|this|it)\s+(?:all\s+|also\s+)?checks\s+out\b",
        r"did\s+i\s+(?:make|miss|do|mis\w+|forget|get|overlook|count)\b",
        r"(?:i|we)\s+(?:(?:(?:may|might|must|could)\s+have|have|probably)\s+)?made?\s+"
        r"(?:an?|some|any)\s+(?:\w+\s+)?(?:mistake|error)",
        r"(?:i|we)\s+(?:(?:(?:may|might|must|could)\s+have|have|probably)\s+)?"
        r"(?:mis(?:read|counted|calculated|took|understood|applied|interpreted)|messed\s+up|overlooked)\b",
        r"i'm\s+(?:(?:a\s+(?:bit|little)|getting|now|still)\s+)*(?:confus\w+|mistaken|mixing)\b",
        r"(?:that|this|it|which|there|something)(?:\s+(?:is|must\s+be|seems|looks)|'s)\s+"
        r"(?:(?:not|also|clearly|definitely|probably|an?|my|some)\s+)*(?:wrong|incorrect|mistake|error|contradictory)\b",
        r"(?:doesn't|does\s+not|can't|cannot)\s+(?:seem|look|sound|be)\s+(?:right|correct)\b",
        r"is\s+(?:that|this|it|my\s+\w+)\s+(?:really\s+|actually\s+|all\s+)?(?:right|correct|true|valid)\s*\?",
        r"going\s+back\s+to\s+the\s+(?:problem|question)\b",
    ),
    restating_openings=(
        r"so(?!\s+far)",
        *["now", "okay", "ok", "alright", "well", "and", "but", "hmm"],
        r"let\s+me\s+see",
        "first",
    ),
    restating_phrases=(
        r"so\s+far\b",
        r"to\s+(?:sum\s+up|summari[sz]e|recap|restate|repeat|keep\s+track)\b",
        r"again\s*:|in\s+other\s+words\b",
        r"in\s+(?:summary|short)\b",
        r"once\s+(?:more|again)\b",
        r"as\s+(?:i|we)\s+(?:said|saw|noted|found)\b",
        r"(?:the|this|my)\s+(?:problem|question|task|user|prompt|clues?|instructions?)\s+(?:\w+\s+)?"
        r"(?:says?|states?|asks?|asked|is|wants?|gives?|mentions?)\b",
        r"(?:these|here)\s+are\s+the\b",
        r"let(?:'s|\s+me|\s+us)\s+(?:restate|recap|summari[sz]e|re-?read|read|list\s+out|break)\b",
        r"(?:i|we)(?:\s+have|\s+need|\s+want|'m\s+asked|\s+am\s+asked|'re\s+asked|\s+are\s+asked|'m\s+trying|\s+should)"
        r"\s+(?:to\s+)?(?:this\s+problem|find|figure|determine|solve|know|understand|answer)\b",
        r"(?:i|we)\s+(?:have|got)\s+(?:this|a|the)\s+(?:problem|question)\b",
    ),
    inferring_phrases=(
        r"must|implies|implying|since|because|only\s+if|if\s+and\s+only\s+if|follows|divides|divisible|similarly",
        r"(?:that|this|which)\s+(?:means|tells|implies|forces)",
        r"cannot|can't|impossible|contradict\w+|no\s+(?:real\s+|integer\s+)?solutions?|not\s+an?\s+(?:\w+\s+)?(?:integer|square)|discard",
    ),
    concluding_words=(
        "so",
        "therefore",
        "thus",
        "hence",
        "consequently",
        "accordingly",
        "ergo",
        "finally",
        "in total",
        "altogether",
        "then",
        "this gives",
        "that gives",
        "which gives",
        "this means",
        "that means",
    ),
    hedging_words=(
        "or",
        "so far",
        "maybe",
        "perhaps",
        "possibly",
        "probably",
        "might",
        "could",
        "would",
        "guess",
        "if",
        "unless",
        "suppose",
        "say",
    ),
    retracting_phrases=(
        r"(?:is|was|that's|it's|seems|looks|must\s+be)\s+(?:(?:not|clearly|definitely|just|also)\s+)?"
        r"(?:wrong|incorrect|a\s+mistake|not\s+right|not\s+correct|impossible)",
        r"(?:isn't|can't\s+be|cannot\s+be|doesn't\s+(?:look|seem|sound))\s+(?:right|correct)",
        r"i\s+(?:drop|discard|withdraw)|scratch\s+that",
        r"i\s+(?:made|was\s+making)\s+an?\s+(?:\w+\s+)?(?:mistake|error)",
        r"(?:doesn't|does\s+not|didn't|won't)\s+(?:work|hold)|contradict(?:s|ion)|my\s+(?:mistake|bad|error)",
        r"no,\s+(?:wait|that's\s+not)|i\s+(?:miscalculated|misread|miscounted)",
    ),
    leading_abbreviations="""
    mr mrs ms messrs dr prof rev hon capt sgt lt col gen gov sen rep pres st mt vs cf viz e.g i.e eg ie fig figs eq
    eqs eqn eqns
""",
    trailing_abbreviations="""
    etc al approx resp est inc ltd corp co jr sr dept univ ave blvd rd ft jan feb mar apr jun jul aug sept oct nov
    dec def thm prop lem cor ex bros sq min max sec
""",
    numbering_abbreviations="no nos vol ch sec art p pp pt",
    openers=(
        r"(?:okay|ok|alright|hm+|uh|um|oh|ah|basically|anyways?|(?:but|and)\s+(?=hmm)"
        r"|so(?!\s+(?:many|much|far|that|long|few|called|too|do|does|did|is|are|was)\b)"
        r"|now(?!\s+(?:that|on|and|is|was)\b)|then(?=,)|well,"
        r"|look,|great,|good,|cool,|perfect,|interesting,|again,|you know,"
        r"|first of all,|to start(?: with)?,|let'?s see,|let me see[,:]|let me think[,:]"
        r"|(?:let me|let'?s) (?:just |first )?(?:do|compute|calculate|work|figure|count|check|verify|break)"
        r"(?: (?:that|this|it|them|those|out|down|again)){1,3}[,:])"
        r"[,.!…]*(?:\s*[—–-]+(?=\s))?[ \t]+"
    ),
    replies=r"(?:right|yes|yeah|yep|sure|exactly|correct),[ \t]+",
    clause_fillers=(
        r"(?:as|like) (?:we can see|i said|i mentioned|mentioned (?:before|above|earlier)),",
        r"(?:we|i|you) can (?:easily |clearly )?see that(?! (?:is|was)\b)",
        r"it(?: is|'s) (?:clear|obvious|easy to see|evident) that",
        r"(?:(?:i|we|you|let(?: me|'s| us)) (?:(?:can|should|also|must|need to) )?)?"
        r"(?:note|notice|recall|remember|observe)(?: here)? that(?! (?:is|was|time|day|one)\b)",
        r"keep in mind that(?! (?:is|was)\b)",
        r"i mean,",
    ),
    fillers=(
        r"(?:of course|obviously|clearly|undoubtedly|needless to say|in fact|to be honest)",
        r"(?:basically|actually(?!,)|really|literally)",
    ),
    governing_words="""
        not never n't almost quite pretty so very more most how too less hardly nearly can't don't doesn't didn't isn't
        aren't wasn't weren't won't wouldn't couldn't shouldn't haven't hasn't
    """,
    clause_conjunctions="and but so because since that then",
    clause_short_forms={
        r"which (?:means|implies) that|(?:then )?(?:this|that) (?:means|implies) that": "so",
        r"therefore,?|thus,?|hence,?|consequently,?|as a result,|accordingly,|it follows that"
        r"|(?:from this )?we can conclude that": "so",
        r"however,": "but",
        r"which gives us": "giving",
        r"(?:we|i) (?:get|have|obtain)(?: that)?"
        r"(?= (?:\$[^$\n]{0,200}[=<>≤≥][^$\n]{0,200}\$(?! [a-z])"
        r"|\\\([^\n]{0,200}?[=<>≤≥](?:[^\\\n]|\\[^)]){0,200}\\\)(?! [a-z])"
        r"|\\\[|[a-z]\s?=))": "",
        r"(?:additionally|furthermore|moreover|in addition),": "also,",
    },
    imperative_short_forms={
        r"(?:i|we) (?:need|have|want) to (?=(?:find|determine|figure out|calculate|compute|work out)\b)": "",
        r"(?:let me (?:go ahead and )?|let'?s )(?:calculate|compute|work out|figure out)"
        r"|(?:i|we) (?:can|will|should|could) (?:now |just )?(?:calculate|compute|work out|figure out)": "compute",
        r"(?:let me (?:go ahead and )?|let'?s |let us )(?:try to |just |now |quickly )?"
        r"(?=(?:find|check|see if|see whether|consider|write|expand|simplify|substitute|plug|solve|express|list|denote"
        r"|define"
        r"|verify|recall|test|break|use|start|calculate|analy[sz]e|examine|try)\b)": "",
    },
    short_forms={
        rf"(?:is|are) equal to(?= ?{_WHOLE_NUMBER})|equals(?= {_WHOLE_NUMBER})": "=",
        r"in order to|so as to": "to",
        r"(?:due to|because of|in view of|owing to) the fact that|since it is the case that": "because",
        r"despite the fact that|in spite of the fact that|even though|although": "though",
        r"(?<!for )a total of(?= \d)": "",
        r"as well as": "and",
        r"at this point in time": "now",
        r"in the event that": "if",
        r"a (?:large|great) number of(?! the\b| form\b)": "many",
        r"has the ability to|(?:is|are) able to|have the ability to": "can",
        r"for the purpose of": "for",
        r"in addition to": "besides",
        r"approximately|roughly(?= \d)|around(?= \d)": "about",
        r"prior to": "before",
        r"subsequent to": "after",
        r"individuals": "people",
        r"numerous": "many",
        r"(?:is|are) located in": "lies in",
        r"in the year(?= \d)": "in",
        r"at the present time|nowadays": "now",
        r"(?<=\d )(?:multiplied by|times)(?= \d)": "×",
        r"(?<=\d )divided by(?= \d)": "/",
        r"(?<=\d )plus(?= \d)": "+",
        r"(?<=\d )minus(?= \d)": "-",
        r"is not(?! only\b)": "isn't",
        r"are not(?! only\b)": "aren't",
        r"was not(?! only\b)": "wasn't",
        r"were not(?! only\b)": "weren't",
        r"do not": "don't",
        r"does not": "doesn't",
        r"did not": "didn't",
        r"would not": "wouldn't",
        r"could not": "couldn't",
        r"will not": "won't",
        r"has not": "hasn't",
        r"have not": "haven't",
    },
    interjections=(
        r"okay|ok|alright|right|yes|yep|yeah|hm+|wait|so|well|now|great|good|perfect|interesting|cool|sure|correct|exactly"
        r"|but|and|then|oh|ah|actually|anyways?|again|hey|huh|wow|nice|yup"
        r"|therefore|thus|hence"
    ),
    stock_phrases="|".join(
        (
            r"got it|hold on|so far so good|what (?:else|now|next)",
            r"how (?:to|do i|should i|can i) (?:do|approach|start|proceed)",
            r"i (?:think|hope|guess|see|wonder)(?: so)?",
            _REMARK,
            _ANNOUNCEMENT,
            _ANNOUNCED_CHECK,
            _ASSESSMENT,
            _CONFIDENCE,
            _DOUBT,
            _PASSAGE,
        )
    ),
    stock_endings="again|about it|this|that|it|here|now|then",
)
