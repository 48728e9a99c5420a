"""Invented names and what each invented person lived, said and wished."""

from __future__ import annotations

from dataclasses import dataclass, field

WOMEN = [
    "Martine",
    "Sylvie",
    "Catherine",
    "Isabelle",
    "Nathalie",
    "Brigitte",
    "Françoise",
    "Anne",
    "Véronique",
    "Monique",
    "Chantal",
    "Dominique",
    "Sandrine",
    "Corinne",
    "Patricia",
    "Valérie",
    "Laurence",
    "Florence",
    "Béatrice",
    "Agnès",
    "Élise",
    "Maryse",
    "Colette",
    "Odile",
    "Ghislaine",
    "Fatou",
    "Leïla",
    "Inès",
    "Awa",
    "Mireille",
]
MEN = [
    "Michel",
    "Philippe",
    "Alain",
    "Bernard",
    "Daniel",
    "Gérard",
    "Christian",
    "Patrick",
    "Didier",
    "Thierry",
    "Olivier",
    "Laurent",
    "Pascal",
    "Éric",
    "Bruno",
    "Gilles",
    "Samir",
    "Mamadou",
    "Yannick",
    "Loïc",
    "Régis",
]
FAMILIES = [
    "Abgrall",
    "Bellanger",
    "Cadoret",
    "Delaunay",
    "Évrard",
    "Fouchard",
    "Gauvain",
    "Hervouet",
    "Jannic",
    "Kermadec",
    "Lebreton",
    "Maillard",
    "Nedelec",
    "Ollier",
    "Pasquier",
    "Quentric",
    "Raffin",
    "Saulnier",
    "Tessier",
    "Urvoy",
    "Vigneron",
    "Wattiez",
    "Yvon",
    "Zeller",
    "Aubert",
    "Bichot",
    "Crespin",
    "Doucet",
    "Esnault",
    "Ferrand",
    "Guillou",
    "Houdayer",
    "Irigaray",
    "Josselin",
    "Lacombe",
    "Marchais",
    "Nouet",
    "Oger",
    "Perrigault",
    "Rabaud",
    "Sorin",
    "Thibaud",
]


@dataclass(frozen=True)
class Life:
    """What a peer lived: codes with first and last years ago, and who they are."""

    lived: tuple[tuple[str, int, int | None], ...]
    gender: str
    age: int
    refused: tuple[str, ...] = ()
    relation: str = ""


PEER_LIVES = (
    Life(
        (("cancer_sein", 7, 6), ("chimiotherapie", 7, 6), ("ablation_sein", 7, None), ("reprise_travail", 5, None)),
        "woman",
        52,
    ),
    Life(
        (("cancer_sein", 3, 2), ("radiotherapie", 3, 2), ("fatigue", 3, None), ("parent_jeunes_enfants", 3, None)),
        "woman",
        39,
    ),
    Life(
        (("cancer_prostate", 5, 4), ("ablation_prostate", 5, None), ("incontinence", 5, 3), ("en_couple", 5, None)),
        "man",
        66,
    ),
    Life((("cancer_colorectal", 9, 8), ("stomie", 9, None), ("chimiotherapie", 9, 8)), "man", 61),
    Life((("lymphome", 4, 3), ("chimiotherapie", 4, 3), ("travail", 2, None)), "man", 44),
    Life((("sep", 11, None), ("fatigue", 9, None), ("travail", 8, None), ("fauteuil", 2, None)), "woman", 55),
    Life(
        (("cancer_poumon", 3, 2), ("immunotherapie", 2, None), ("annonce", 3, None)), "man", 63, ("soins_palliatifs",)
    ),
    Life((("diabete_1", 20, None), ("pompe_insuline", 8, None), ("etudiant", 6, 2)), "woman", 28),
    Life((("polyarthrite", 9, None), ("biotherapie", 6, None), ("travail", 9, None)), "woman", 47),
    Life((("cancer_ovaire", 6, 5), ("chimiotherapie", 6, 5), ("recidive", 2, None)), "woman", 58),
    Life((("leucemie_aigue", 8, 7), ("greffe_moelle", 7, None), ("jeune_adulte", 8, 3)), "man", 33),
    Life((("cancer_sein", 14, 13), ("chimiotherapie", 14, 13), ("hormonotherapie", 13, 8)), "woman", 67),
    Life((("insuffisance_renale", 10, None), ("dialyse", 7, 3), ("greffe_rein", 3, None)), "man", 57),
    Life(
        (("aidant_conjoint", 5, None), ("cancer_poumon", 5, 3), ("deuil", 3, None)), "woman", 64, ("deuil",), "spouse"
    ),
    Life((("crohn", 12, None), ("stomie", 6, 4), ("jeune_adulte", 12, 6)), "woman", 36),
    Life((("melanome", 5, 4), ("immunotherapie", 5, 4)), "man", 49),
    Life((("aidant_parent", 6, None), ("alzheimer", 6, None)), "woman", 59, (), "child"),
    Life((("avc", 4, None), ("reeducation", 4, 3), ("voix_parole", 4, None)), "man", 60),
)


@dataclass(frozen=True)
class Wish:
    """Someone who asks: who, what they live, what they say, how they would like to talk."""

    name: str
    gender: str
    age: int
    conditions: tuple[str, ...]
    matters: tuple[str, ...]
    words: str
    role: str = "patient"
    relation: str = ""
    stage: str = ""
    channels: tuple[str, ...] = ("phone", "writing")
    slots: tuple[str, ...] = ()
    wishes: dict[str, object] = field(default_factory=dict)


WISHES = (
    Wish(
        "Josiane",
        "woman",
        61,
        ("cancer_sein",),
        ("chimiotherapie", "fatigue"),
        "Je voudrais savoir comment on tient pendant la chimio.",
        stage="treatment",
    ),
    Wish(
        "Karine",
        "woman",
        41,
        ("cancer_sein",),
        ("parent_jeunes_enfants", "ablation_sein"),
        "Comment le dire aux enfants ?",
        stage="diagnosis",
        wishes={"gender": "woman"},
    ),
    Wish(
        "Robert",
        "man",
        70,
        ("cancer_prostate",),
        ("incontinence",),
        "J’ai des questions que je n’ose pas poser.",
        stage="before_operation",
        wishes={"gender": "man"},
    ),
    Wish(
        "Simone",
        "woman",
        74,
        ("cancer_colorectal",),
        ("stomie",),
        "On me parle d’une poche. J’ai peur de ne plus sortir.",
        stage="before_operation",
        channels=("phone",),
    ),
    Wish(
        "Damien",
        "man",
        37,
        ("lymphome",),
        ("travail",),
        "Est-ce qu’on reprend vraiment le travail après ?",
        stage="after",
    ),
    Wish(
        "Estelle",
        "woman",
        48,
        ("sep",),
        ("travail", "fatigue"),
        "Je suis épuisée le soir et personne ne le voit.",
        stage="living_with",
    ),
    Wish(
        "Jean-Marc",
        "man",
        66,
        ("cancer_poumon",),
        ("annonce",),
        "On me l’a annoncé la semaine dernière.",
        stage="diagnosis",
    ),
    Wish(
        "Manon",
        "woman",
        22,
        ("diabete_1",),
        ("etudiant",),
        "Je voudrais parler avec quelqu’un de mon âge.",
        stage="living_with",
        wishes={"near_my_age": True},
    ),
    Wish(
        "Solange",
        "woman",
        68,
        ("polyarthrite",),
        ("biotherapie",),
        "On me propose un nouveau traitement, j’hésite.",
        stage="treatment",
    ),
    Wish(
        "Hortense",
        "woman",
        55,
        ("cancer_ovaire",),
        ("recidive",),
        "C’est revenu. Je ne sais plus à qui le dire.",
        stage="relapse",
    ),
    Wish(
        "Théo",
        "man",
        26,
        ("leucemie_aigue",),
        ("greffe_moelle",),
        "La greffe est prévue. Je veux savoir à quoi m’attendre.",
        stage="treatment",
    ),
    Wish(
        "Paulette",
        "woman",
        66,
        ("cancer_poumon",),
        ("aidant_conjoint",),
        "Mon mari est malade, je tiens pour deux.",
        role="relative",
        relation="spouse",
    ),
    Wish(
        "Raymond",
        "man",
        63,
        ("insuffisance_renale",),
        ("dialyse",),
        "Trois fois par semaine, comment fait-on pour vivre ?",
        stage="living_with",
        channels=("phone", "in_person"),
    ),
    Wish(
        "Cindy",
        "woman",
        31,
        ("crohn",),
        ("stomie", "jeune_adulte"),
        "Je n’ose plus sortir avec mes amis.",
        stage="treatment",
        wishes={"near_my_age": True},
    ),
    Wish(
        "Bernadette",
        "woman",
        59,
        ("alzheimer",),
        ("aidant_parent",),
        "Ma mère ne me reconnaît plus.",
        role="relative",
        relation="child",
    ),
    Wish(
        "Fabrice",
        "man",
        52,
        ("melanome",),
        ("immunotherapie",),
        "J’aimerais entendre quelqu’un qui est passé par là.",
        stage="treatment",
    ),
)
