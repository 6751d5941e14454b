"""English words by what they do in a sentence, as far as deleting phrases needs to know. The lists are our own."""

from __future__ import annotations

from typing import Final

_FINITE_VERB_LIST = """
    accept accepted accepts affect affected affects allow allows appear appeared appears are arrived ask asked asks
    ate attended attract attracts average averages became become becomes began believed believes belong belongs
    bought break breaks build builds built buy buys came can carried carries cause caused causes celebrate
    celebrated celebrates change changed changes close closed closes collect collected collects come comes compete
    competed competes connect connects considered consist consists contain contains control controls convert
    converts cost costs cover covered covers create created creates define defines denote denotes depend depends
    depict depicts describe describes designed develop developed develops did died differ differs directed
    discovered do does doubled drank drink drinks drive drives drove earn earned earns eat eats employ employs ended
    enjoy enjoys enter entered enters equals established exceed exceeds exist existed exists expect expects
    experienced fall falls feature featured features feed feeds feel feels fell felt fit fits flew flies focuses
    follow follows form formed forms fought founded function functions gained gave get gets give gives goes got
    graduated grew grow grows had happened has have held help helps hired hosted hosts include included includes
    increase increased increases invented involve involved involves is joined keep keeps killed knew know knows lack
    lacked lacks last lasted lasts leads learn learned learns led left let lies like likes listed lived lives lost
    love loves lower lowers made make makes manage manages mark marks married mean means measure measures meet meets
    met move moved moves must need needs occur occurred occurs offer offers open opens operate operates opposed
    order ordered orders own owned owns paid passed passes pay pays perform performed performs permit permits play
    played plays practice practices prefer prefers prevent prevents produce produced produces prohibit prohibits
    promote promotes protect protects provide provides published put ran range ranges ranked ranks reached read
    reads receive received receives reduce reduced reduces refer refers refuse refuses reject rejects relate relates
    released relies remain remained remains remove removed removes represent represents require requires reside
    resides retired return returned returns revolve revolves rise rises rose ruled rules run runs said sang saw say
    says see sees sell sells send sends sent serve served serves set sets share shared shares show shows sing sings
    sits sleep sleeps sold span spans speak speaks spend spends spent spoke stand stands starred stars started state
    stated states studied studies suffer suffered suffers support supported supports swim swims take takes taught
    teaches tell tells think thinks thought told took treat treated treats tried tries turn turned turns understand
    understands use uses visited walk walks want wanted wants was watche watches wear wears weigh weighed weighs
    went were will won wore work worked works write writes wrote yield yields
"""
_TAKING_COMPLEMENT_LIST = """
    a ability able access according add addition adds all also alternative am an and answer apart appear appears
    approach are as attempt attempts average away based be been began begin begins being belong belongs both came
    change changes close come comes compared congruent consist consists contrast convert converts depend depends did
    different distinct divisible do does due each end ends enough equal equivalent form forms found free from full
    gave give gives go goes going group groups had half has have he help helps her him how i into is it key kind
    kinds lack lead leads less lie lies likely listen listens live lives look looks lot lots made majority member
    members more most native need needed needs next not number of one only or order out pair pairs parallel part
    percent perpendicular piece pieces point points prior proportional rate reach reaches reaction refer refers
    related relation relative relies rely respect respond responds response result results seem seems separate set
    sets she similar solution some sort sorts spectrum start starts sum sums talk talks tend tends than that the
    them they this time tries try type types up use used want wanted wants was way ways we went were what when where
    which who work works you
"""
_UNFINISHED_LIST = """
    the a an of to that and or in on at by for from with as into than about which its their
"""
# Verbs that make a clause of the words around them; a word that is a noun as well counts.
FINITE_VERBS: Final = tuple(_FINITE_VERB_LIST.split())
# Words that a preposition after them completes: "depends on", "able to", "in response to".
TAKING_COMPLEMENT: Final = tuple(_TAKING_COMPLEMENT_LIST.split())
# Words that no sentence ends with.
UNFINISHED: Final = frozenset(_UNFINISHED_LIST.split())
