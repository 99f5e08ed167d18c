"""What invented people and cars are made of. No name, street, make or model here belongs to anybody.

Telephone numbers are from the range that Ofcom keeps for drama, e-mail addresses from a domain that nobody can have,
and postcodes end in letters that the Royal Mail does not use.
"""

from dataclasses import dataclass

GIVEN = (
    "Aled", "Amara", "Anwen", "Beatrix", "Callum", "Carys", "Cerys", "Dafydd", "Dilys", "Edmund", "Efa", "Eleri",
    "Fergus",
    "Fiona", "Gareth", "Gwen", "Harriet", "Idris", "Imogen", "Iona", "Isla", "Jasper", "Kofi", "Leila", "Lowri",
    "Magda",
    "Mali", "Maya", "Megan", "Milo", "Nadia", "Nia", "Oskar", "Petra", "Rhian", "Rhys", "Rosa", "Ruth", "Sanjay",
    "Sian",
    "Soren", "Tamsin", "Tariq", "Theo", "Ursula", "Vikram", "Winifred", "Yusuf", "Zadie", "Zofia",
)  # fmt: skip
FAMILY = (
    "Abernant", "Ashgrove", "Barrowby", "Beddgood", "Birkwell", "Blackmoor", "Bramwith", "Brightling", "Carrowby",
    "Castell",
    "Chalford", "Cleverdon", "Coldharbour", "Crossthwaite", "Dalebrook", "Denholme", "Dovecott", "Eastlake", "Elmswell",
    "Fairclough", "Fenwicke", "Garthwaite", "Glanmor", "Goodspeed", "Hallowes", "Harkness", "Hazelrigg", "Holmewood",
    "Inglewood", "Kelderman", "Kirkbride", "Langthorne", "Larkhill", "Lightbown", "Longstaff", "Marchbank", "Merrybent",
    "Millthorpe", "Netherby", "Northcote", "Oakenshaw", "Osgodby", "Pendragon", "Penhallow", "Pinchbeck", "Quarmby",
    "Ravensdale", "Redfearn", "Rosevear", "Saltmarsh", "Satterley", "Silverdale", "Stonebridge", "Summerscale",
    "Tallentire",
    "Thistlewood", "Trevelyan", "Underhill", "Wainfleet", "Waverley", "Westerdale", "Whitelaw", "Winterbourne",
    "Yarrow",
)  # fmt: skip
STREETS = (
    "Alder Row", "Bellflower Way", "Brynteg Row", "Cider Lane", "Dovecote Close", "Eastfield Rise", "Fuller's Yard",
    "Granary Street", "Hawthorn Bank", "Ironstone Road", "Juniper Walk", "Kiln Terrace", "Lantern Court", "Mill Leat",
    "Nightingale Road", "Orchard Steps", "Pottery Lane", "Quarry View", "Ropewalk", "Saddler's Green", "Tannery Row",
    "Upper Weir", "Vinegar Hill", "Windmill Parade",
)  # fmt: skip
TOWNS = (
    ("Aberdeen", "AB98"), ("Birmingham", "B98"), ("Brighton", "BN98"), ("Bristol", "BS98"), ("Cardiff", "CF98"),
    ("Carlisle", "CA98"), ("Derby", "DE98"), ("Exeter", "EX98"), ("Glasgow", "G98"), ("Hull", "HU98"), ("Leeds",
    "LS98"),
    ("Lincoln", "LN98"), ("Newport", "NP98"), ("Norwich", "NR98"), ("Plymouth", "PL98"), ("Reading", "RG98"),
    ("Sheffield", "S98"), ("Swansea", "SA98"), ("Torquay", "TQ98"), ("York", "YO98"),
)  # fmt: skip
MOBILES = "07700 900"
"""Followed by three digits."""


@dataclass(frozen=True, slots=True)
class Car:
    """An invented model; the price new in pounds."""

    make: str
    model: str
    body: str
    price: int


CARS = (
    Car("Averley", "Finch 1.2 S", "Five-door hatchback", 24_995), Car("Averley", "Heron 1.6 SE", "Estate", 31_450),
    Car("Averley", "Wren Electric", "City car", 22_300), Car("Brantholm", "Merlin 2.0", "Saloon", 34_800),
    Car("Brantholm", "Kestrel", "Estate", 38_250), Car("Corvane", "Lumen 50", "Five-door hatchback", 27_600),
    Car("Corvane", "Lumen 77", "Crossover", 41_900), Car("Dunmere", "Tarn", "Crossover", 29_750),
    Car("Dunmere", "Fell 4x4", "Off-roader", 46_300), Car("Elsworth", "Ten", "City car", 15_495),
    Car("Elsworth", "Twenty", "Five-door hatchback", 19_995), Car("Fairlight", "Dune", "Convertible", 36_400),
    Car("Garrowby", "Courier", "Van", 26_880), Car("Garrowby", "Courier Max", "Van", 33_120),
    Car("Halden", "Fjord", "Estate", 43_700), Car("Halden", "Skerry", "Crossover", 37_950),
    Car("Ilmarin", "Vela", "Saloon", 52_800), Car("Jorvik", "Rune 1.0", "Five-door hatchback", 18_250),
    Car("Jorvik", "Saga", "People carrier", 32_990), Car("Kestral", "Arrow GT", "Coupé", 47_500),
    Car("Lowmoor", "Otter", "City car", 14_250), Car("Lowmoor", "Beaver", "People carrier", 28_700),
)  # fmt: skip
PLATE_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXYZ"
