"""The settings of word problems, and the names in them."""

from __future__ import annotations

from dataclasses import dataclass

NAMES = (
    "Amara", "Bruno", "Chen", "Dalia", "Elif", "Farid", "Greta", "Hana", "Ivan", "Jonas", "Kavya", "Leila",
    "Marta", "Nadia", "Omar", "Priya", "Quentin", "Rosa", "Sven", "Tomas", "Uma", "Vera", "Wanda", "Yusuf", "Zoe",
)  # fmt: skip
NUMERALS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}
GROWTH = {2: "doubles", 3: "triples"}


@dataclass(frozen=True, slots=True)
class Theme:
    """One setting. Sentences take {name}, {k} (an amount), {groups} and {each} (of holders and things)."""

    start: str
    things: str
    holder: str
    holders: str
    gain: str
    gain_noun: str
    loss: str
    loss_noun: str
    delivery: str
    gift: str
    growth: str
    pack: str
    packs: str
    expense: str
    sharers: str


THEMES = (
    Theme(
        start="{name} opens a farm shop with {groups} crates of honey, and each crate holds {each} jars.",
        things="jars", holder="crate", holders="crates",
        gain="A neighbour drops off {k} more jars.", gain_noun="the neighbour's visit",
        loss="{k} jars crack in the heat and have to be thrown out.", loss_noun="the breakage",
        delivery="Then a van brings {groups} crates with {each} jars in each.",
        gift="{name} donates {part} of all the jars to the school kitchen.",
        growth="A late harvest {grows} the number of jars.",
        pack="gift box", packs="gift boxes", expense="the market stall", sharers="helpers",
    ),
    Theme(
        start="A bakery takes {groups} trays out of the oven in the morning, with {each} rolls on every tray.",
        things="rolls", holder="tray", holders="trays",
        gain="{name} bakes {k} extra rolls by hand.", gain_noun="the extra baking",
        loss="{k} rolls are burnt on the bottom and cannot be sold.", loss_noun="sorting out the burnt ones",
        delivery="At noon {groups} more trays are baked, this time with {each} rolls on each.",
        gift="{name} sets {part} of the rolls aside for the soup kitchen.",
        growth="An afternoon shift {grows} the number of rolls.",
        pack="bag", packs="bags", expense="flour and gas", sharers="bakers",
    ),
    Theme(
        start="A school library owns {groups} shelves of novels, with {each} books on every shelf.",
        things="books", holder="shelf", holders="shelves",
        gain="A retired teacher gives the library {k} more books.", gain_noun="the donation",
        loss="{k} books turn out to be too damaged to keep.", loss_noun="the clear-out",
        delivery="A second library closes and hands over {groups} boxes with {each} books in each.",
        gift="{name} sends {part} of the books to a village school.",
        growth="A large grant {grows} the number of books.",
        pack="bundle", packs="bundles", expense="new lamps", sharers="classes",
    ),
    Theme(
        start="A nursery plants out {groups} rows of seedlings, {each} in every row.",
        things="seedlings", holder="row", holders="rows",
        gain="{name} adds {k} seedlings from the greenhouse.", gain_noun="the greenhouse ones are added",
        loss="Slugs eat {k} of the seedlings overnight.", loss_noun="the slugs have been",
        delivery="In May the nursery adds {groups} rows of {each} seedlings.",
        gift="{name} gives {part} of the seedlings to the town's park.",
        growth="A warm spring {grows} the number of seedlings.",
        pack="pallet", packs="pallets", expense="new soil", sharers="gardeners",
    ),
    Theme(
        start="A factory starts the day with {groups} boxes of light bulbs, {each} bulbs to a box.",
        things="bulbs", holder="box", holders="boxes",
        gain="The night shift had left {k} further bulbs on the bench.", gain_noun="counting the night shift's",
        loss="In the test, {k} bulbs do not light up and are recycled.", loss_noun="the test",
        delivery="Before lunch the line fills {groups} boxes of {each} bulbs.",
        gift="{name} reserves {part} of the bulbs for a hospital.",
        growth="A second machine {grows} the number of bulbs.",
        pack="carton", packs="cartons", expense="repairs", sharers="workers",
    ),
    Theme(
        start="{name} sorts a stamp collection into {groups} albums with {each} stamps in each.",
        things="stamps", holder="album", holders="albums",
        gain="A friend sends {k} more stamps by post.", gain_noun="the friend's letter",
        loss="{k} stamps are forgeries and go in the bin.", loss_noun="removing the forgeries",
        delivery="An aunt adds {groups} envelopes holding {each} stamps each.",
        gift="{name} trades away {part} of the stamps for an old postcard.",
        growth="Buying up a whole estate {grows} the number of stamps.",
        pack="packet", packs="packets", expense="the auction fee", sharers="cousins",
    ),
    Theme(
        start="An orchard fills {groups} baskets on the first day, with {each} apples in every basket.",
        things="apples", holder="basket", holders="baskets",
        gain="{name} picks {k} apples that were missed.", gain_noun="the second picking",
        loss="{k} apples are bruised and are pressed for juice.", loss_noun="sorting out the bruised ones",
        delivery="On the second day {groups} baskets of {each} apples come in.",
        gift="{name} leaves {part} of the apples at the fire station.",
        growth="Good weather {grows} the number of apples.",
        pack="tray", packs="trays", expense="diesel", sharers="pickers",
    ),
    Theme(
        start="A toy museum displays {groups} cabinets of tin cars, {each} cars to a cabinet.",
        things="cars", holder="cabinet", holders="cabinets",
        gain="{name} lends the museum {k} cars.", gain_noun="the loan",
        loss="{k} cars have rusted and are taken away.", loss_noun="the rusted ones are gone",
        delivery="A collector leaves it {groups} drawers with {each} cars in each.",
        gift="The museum sends {part} of the cars to an exhibition abroad.",
        growth="A merger with another museum {grows} the number of cars.",
        pack="showcase", packs="showcases", expense="insurance", sharers="guides",
    ),
    Theme(
        start="For a street festival, {name} ties {groups} bunches of balloons with {each} balloons in each bunch.",
        things="balloons", holder="bunch", holders="bunches",
        gain="A shop sponsors another {k} balloons.", gain_noun="the shop's help",
        loss="{k} balloons burst in the sun.", loss_noun="some have burst",
        delivery="The neighbours bring {groups} bunches of {each} balloons.",
        gift="{name} hands {part} of the balloons to the children's ward.",
        growth="A late donation {grows} the number of balloons.",
        pack="string", packs="strings", expense="helium", sharers="clubs",
    ),
    Theme(
        start="A pottery has {groups} racks of mugs drying, and there are {each} mugs on each rack.",
        things="mugs", holder="rack", holders="racks",
        gain="{name} throws {k} more mugs in the evening.", gain_noun="the evening's work",
        loss="{k} mugs crack in the kiln.", loss_noun="the firing",
        delivery="The apprentices add {groups} racks of {each} mugs.",
        gift="{name} keeps {part} of the mugs for a friend's café.",
        growth="Working through the weekend {grows} the number of mugs.",
        pack="set", packs="sets", expense="glaze", sharers="potters",
    ),
)  # fmt: skip
