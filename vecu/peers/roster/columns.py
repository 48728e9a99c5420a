"""The columns of the spreadsheet of peers, in French and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vecu.core.moments import is_french
from vecu.peers import terms
from vecu.peers.enums import Channel, PeerKind, Relation
from vecu.peers.roster import cells
from vecu.people.enums import Gender

KINDS = {
    "malade": "patient",
    "ancien patient": "patient",
    "patiente": "patient",
    "aidant": "relative",
    "aidante": "relative",
    "proche": "relative",
    "relative": "relative",
}
GENDERS = {
    "f": "woman",
    "femme": "woman",
    "mme": "woman",
    "madame": "woman",
    "h": "man",
    "m": "man",
    "homme": "man",
    "monsieur": "man",
    "mr": "man",
}
RELATIONS = {
    "conjoint": "spouse",
    "conjointe": "spouse",
    "mari": "spouse",
    "femme": "spouse",
    "epoux": "spouse",
    "epouse": "spouse",
    "pere": "parent",
    "mere": "parent",
    "fils": "child",
    "fille": "child",
    "enfant": "child",
    "frere": "sibling",
    "soeur": "sibling",
    "ami": "friend",
    "amie": "friend",
    "voisin": "friend",
    "voisine": "friend",
}
CHANNELS = {
    "telephone": "phone",
    "tel": "phone",
    "phone": "phone",
    "visio": "video",
    "video": "video",
    "ecrit": "writing",
    "message": "writing",
    "messages": "writing",
    "writing": "writing",
    "presentiel": "in_person",
    "face a face": "in_person",
    "rencontre": "in_person",
    "in person": "in_person",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its code, its titles, how it reads, an example."""

    code: str
    fr: str
    en: str
    help: Promise | str
    example: str
    read: Callable[[str], Any]
    also: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.fr if is_french() else self.en


COLUMNS = (
    Column("given_name", "Prénom", "First name", _("Required."), "Hélène", cells.read_text("given_name")),
    Column(
        "family_name",
        "Nom",
        "Last name",
        _("Helps to see who is already here."),
        "Dubreuil",
        cells.read_text("family_name"),
    ),
    Column(
        "birth_year",
        "Année de naissance",
        "Year of birth",
        _("Four figures."),
        "1966",
        cells.read_birth_year,
        ("Date de naissance", "Naissance"),
    ),
    Column(
        "gender",
        "Genre",
        "Gender",
        _("Woman, man, other, or empty."),
        "Femme",
        cells.read_one_of(Gender, GENDERS, "gender"),
        ("Sexe", "Civilité"),
    ),
    Column(
        "phone",
        "Téléphone",
        "Phone",
        _("Seen by coordinators only."),
        "01 99 00 10 20",
        cells.read_phone,
        ("Portable", "Tél"),
    ),
    Column(
        "email",
        "E-mail",
        "E-mail",
        _("Seen by coordinators only. No message is sent by the import."),
        "helene@courrier.example",
        cells.read_email,
        ("Email", "Courriel", "Adresse électronique", "Mail"),
    ),
    Column(
        "town",
        "Ville",
        "Town",
        _("Used only for “not someone from my town”."),
        "Saint-Herblain",
        cells.read_text("town"),
        ("Commune",),
    ),
    Column(
        "departement",
        "Département",
        "Département",
        _("Its number, or a postcode."),
        "44",
        cells.read_departement,
        ("Code postal", "Postcode"),
    ),
    Column(
        "care_site",
        "Lieu de soins",
        "Place of care",
        _("One of your sites, by its name. Used only for “not someone from my hospital”."),
        "",
        cells.read_text("care_site"),
        ("Hôpital", "Établissement de soins", "Soigné à"),
    ),
    Column(
        "languages",
        "Langues",
        "Languages",
        _("Several with semicolons. French when empty."),
        "Français ; Portugais",
        cells.read_languages,
    ),
    Column(
        "kind",
        "Vécu comme",
        "Lived as",
        _("Patient, or relative."),
        "Patient",
        cells.read_one_of(PeerKind, KINDS, default="patient"),
        ("Statut", "Type"),
    ),
    Column(
        "relation",
        "Lien avec la personne malade",
        "Relation to the person who is ill",
        _("For relatives: spouse, parent, child, sibling, friend."),
        "",
        cells.read_one_of(Relation, RELATIONS),
        ("Lien",),
    ),
    Column(
        "experiences",
        "Vécu",
        "Lived experience",
        _("Required. From the list, with years if known, several with semicolons."),
        "Cancer du sein (2011-2014) ; Chimiothérapie (2011) ; Reprendre le travail",
        cells.read_experiences,
        ("Expérience", "Maladie", "Maladies"),
    ),
    Column(
        "presentation",
        "Présentation",
        "Introduction",
        _("A few words of their own."),
        "J’ai repris le travail après un an.",
        cells.read_text("presentation"),
    ),
    Column(
        "channels",
        "Moyens d’échange",
        "Ways to talk",
        _("Phone, video, writing, face to face; several with semicolons."),
        "Téléphone ; Visio",
        cells.read_several(cells.read_one_of(Channel, CHANNELS)),
        ("Canaux",),
    ),
    Column(
        "territories",
        "Se déplace dans",
        "Travels to",
        _("Numbers of départements, several with semicolons."),
        "44 ; 49",
        cells.read_several(cells.read_departement),
        ("Mobilité",),
    ),
    Column(
        "started_on",
        "Depuis le",
        "Since",
        _("The day they became a patient partner. Today when empty."),
        "01/09/2023",
        cells.read_started,
        ("Depuis", "Date d’entrée"),
    ),
    Column(
        "max_pairs",
        "Personnes à la fois",
        "People at a time",
        _("At most, 3 when empty."),
        "3",
        cells.read_number,
        ("Maximum",),
    ),
    Column(
        "charter_on",
        "Charte signée le",
        "Charter signed on",
        _("A date, or empty."),
        "01/09/2023",
        cells.read_date,
        ("Charte",),
    ),
    Column(
        "confidentiality_on",
        "Confidentialité signée le",
        "Confidentiality signed on",
        _("A date, or empty."),
        "01/09/2023",
        cells.read_date,
        ("Confidentialité",),
    ),
    Column(
        "training_on",
        "Formation terminée le",
        "Training completed on",
        _("A date, or empty."),
        "15/06/2023",
        cells.read_date,
        ("Formation",),
    ),
    Column(
        "training_until",
        "Formation valable jusqu’au",
        "Training valid until",
        _("A date, or empty."),
        "15/06/2029",
        cells.read_date,
        ("Fin de formation",),
    ),
    Column(
        "insurance_on",
        "Assurance depuis le",
        "Insured since",
        _("A date, or empty."),
        "01/01/2026",
        cells.read_date,
        ("Assurance",),
    ),
    Column(
        "insurance_until",
        "Assurance jusqu’au",
        "Insured until",
        _("A date, or empty."),
        "31/12/2026",
        cells.read_date,
        ("Fin d’assurance",),
    ),
)
SITE_COLUMNS = (
    Column(
        "site",
        "Intervient à",
        "Acts at",
        _("A site, by its name. One that is not here yet is made, with its town and département."),
        "CHU de Valmont",
        cells.read_text("site"),
        ("Site", "Établissement"),
    ),
    Column(
        "site_town",
        "Ville du site",
        "Town of the site",
        _("On one line at least, for a site that is not here yet."),
        "Valmont",
        cells.read_text("site_town"),
    ),
    Column(
        "site_departement",
        "Département du site",
        "Département of the site",
        _("On one line at least, for a site that is not here yet."),
        "44",
        cells.read_departement,
    ),
    Column(
        "agreement_on",
        "Convention depuis le",
        "Convention since",
        _("The convention with this site: a date, or empty."),
        "01/01/2026",
        cells.read_date,
        ("Convention",),
    ),
    Column(
        "agreement_until",
        "Convention jusqu’au",
        "Convention until",
        _("A date, or empty."),
        "31/12/2028",
        cells.read_date,
        ("Fin de convention",),
    ),
)
COLUMNS = (*COLUMNS, *SITE_COLUMNS)
REQUIRED = ("given_name", "experiences")
BY_CODE = {column.code: column for column in COLUMNS}
TITLES = {
    terms.plain(title): column.code for column in COLUMNS for title in (column.code, column.fr, column.en, *column.also)
}
