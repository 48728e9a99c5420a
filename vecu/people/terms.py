"""Words for pseudonyms: a tree and a colour, « Tilleul ambre ».

Trees are all masculine in French and colours invariable or masculine, so that every pair reads well. Nothing in
a pseudonym comes from the person.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Sequence

PLAIN, NUMBERED = 20, 20

TREES: dict[str, str] = {
    "Abricotier": "Apricot tree",
    "Acacia": "Acacia",
    "Alisier": "Whitebeam",
    "Amandier": "Almond tree",
    "Arbousier": "Strawberry tree",
    "Bouleau": "Birch",
    "Buis": "Box tree",
    "Catalpa": "Catalpa",
    "Cèdre": "Cedar",
    "Cerisier": "Cherry tree",
    "Charme": "Hornbeam",
    "Châtaignier": "Chestnut",
    "Chêne": "Oak",
    "Citronnier": "Lemon tree",
    "Cormier": "Service tree",
    "Cornouiller": "Dogwood",
    "Cyprès": "Cypress",
    "Érable": "Maple",
    "Figuier": "Fig tree",
    "Frêne": "Ash",
    "Genévrier": "Juniper",
    "Ginkgo": "Ginkgo",
    "Grenadier": "Pomegranate",
    "Hêtre": "Beech",
    "Houx": "Holly",
    "Laurier": "Laurel",
    "Lilas": "Lilac",
    "Magnolia": "Magnolia",
    "Mélèze": "Larch",
    "Merisier": "Wild cherry",
    "Micocoulier": "Hackberry",
    "Mûrier": "Mulberry",
    "Noisetier": "Hazel",
    "Noyer": "Walnut",
    "Olivier": "Olive tree",
    "Orme": "Elm",
    "Peuplier": "Poplar",
    "Pommier": "Apple tree",
    "Saule": "Willow",
    "Tilleul": "Lime tree",
}

COLOURS: dict[str, str] = {
    "abricot": "apricot",
    "acajou": "mahogany",
    "ambre": "amber",
    "ardoise": "slate",
    "argent": "silver",
    "azur": "azure",
    "blanc": "white",
    "bleu": "blue",
    "bronze": "bronze",
    "brun": "brown",
    "cannelle": "cinnamon",
    "caramel": "caramel",
    "carmin": "carmine",
    "chocolat": "chocolate",
    "cobalt": "cobalt",
    "corail": "coral",
    "crème": "cream",
    "cuivre": "copper",
    "doré": "golden",
    "émeraude": "emerald",
    "framboise": "raspberry",
    "grenat": "garnet",
    "gris": "grey",
    "indigo": "indigo",
    "ivoire": "ivory",
    "jade": "jade",
    "jaune": "yellow",
    "lavande": "lavender",
    "mauve": "mauve",
    "miel": "honey",
    "noisette": "nut-brown",
    "ocre": "ochre",
    "orange": "orange",
    "paille": "straw",
    "pourpre": "purple",
    "rose": "pink",
    "saphir": "sapphire",
    "turquoise": "turquoise",
    "vert": "green",
    "violet": "violet",
}


def draw_handle(taken: Container[str] = ()) -> str:
    """A pseudonym not among those taken."""
    return first_free(drawn(), taken)


def drawn() -> list[str]:
    """Pseudonyms to be tried in this order: plain ones, then numbered ones, for when the list is nearly used up."""
    trees, colours = list(TREES), list(COLOURS)
    ends = [""] * PLAIN + [f" {secrets.randbelow(98) + 2}" for _n in range(NUMBERED)]
    ends.append(f" {secrets.randbelow(900000) + 100000}")
    return [f"{secrets.choice(trees)} {secrets.choice(colours)}{end}" for end in ends]


def first_free(handles: Sequence[str], taken: Container[str]) -> str:
    """The first that nobody has; the last one, with its long number, needs no look."""
    return next((handle for handle in handles[:-1] if handle not in taken), handles[-1])


def handle_in(handle: str, language: str) -> str:
    """The pseudonym as this language's readers see it: « Tilleul ambre », “Amber lime tree”."""
    if language != "en":
        return handle
    tree, _, rest = handle.partition(" ")
    colour, _, number = rest.partition(" ")
    if tree not in TREES or colour not in COLOURS:
        return handle
    return " ".join(part for part in (COLOURS[colour].capitalize(), TREES[tree].lower(), number) if part)
