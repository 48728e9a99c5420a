"""What is held about someone, area by area. Areas above register their part in `apps.ready`:

    from vecu.people import exports
    exports.register(my_part)      # def my_part(person) -> list[Section]

    exports.register_files(my_files)    # def my_files(person) -> Iterator[tuple[name, bytes]]

A part holds only what concerns the person: of others, at most the pseudonym and what they wrote to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.people import context
from vecu.people.models import Consent, Membership, Person


@dataclass(frozen=True)
class Section:
    """A titled list of rows; each row is a mapping of words to plain values (text, number, date, list)."""

    name: str  # in the JSON file: plain English, stable
    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)


Part = Callable[[Person], list[Section]]
FilePart = Callable[[Person], Iterator[tuple[str, bytes]]]
PARTS: list[Part] = []
FILES: list[FilePart] = []


def register(part: Part) -> Part:
    if part not in PARTS:
        PARTS.append(part)
    return part


def register_files(part: FilePart) -> FilePart:
    """Images and the like, one after another: never all in memory."""
    if part not in FILES:
        FILES.append(part)
    return part


@register
def people_part(person: Person) -> list[Section]:
    memberships = Membership.objects.filter(person=person).select_related("organisation").order_by("started_on")
    consents = Consent.objects.filter(person=person).select_related("text", "organisation").order_by("given_at")
    readings = context.explain(journal.for_subject(person.pk))
    return [
        Section("identity", _("Who you are"), [identity_row(person)]),
        Section("account", _("How you sign in"), account_rows(person)),
        Section(
            "roles",
            _("Your roles"),
            [
                {
                    _("role"): row.get_role_display(),
                    _("organisation"): row.organisation.name,
                    _("since"): row.started_on,
                    _("until"): row.ended_on,
                }
                for row in memberships
            ],
        ),
        Section("consents", _("Your agreements"), [consent_row(consent) for consent in consents]),
        Section(
            "readings",
            _("Who opened your information"),
            [{_("when"): row.at, _("who"): row.who, _("what"): row.what, _("why"): row.reason} for row in readings],
        ),
    ]


def identity_row(person: Person) -> dict[str, Any]:
    return {
        _("first name"): str(person.given_name),
        _("last name"): str(person.family_name),
        _("pseudonym"): person.pseudonym,
        _("phone"): str(person.phone),
        _("e-mail"): str(person.contact_email),
        _("town"): str(person.town),
        _("département"): person.departement,
        _("year of birth"): person.birth_year,
        _("gender"): person.get_gender_display(),
        _("languages"): person.languages,
    }


def account_rows(person: Person) -> list[dict[str, Any]]:
    if person.user is None:
        return []
    return [
        {
            _("e-mail"): person.user.email,
            _("opened"): person.user.date_joined,
            _("last sign-in"): person.user.last_login,
            _("someone else reads this mailbox"): person.user.has_shared_mailbox,
            _("address refused by its mail server"): person.user.mail_refused_at,
            _("language"): person.user.language,
            _("professional accounts linked"): [
                context.issuer_label(account.issuer) for account in person.user.outside_accounts.order_by("created_at")
            ],
        }
    ]


def consent_row(consent: Consent) -> dict[str, Any]:
    title, body = consent.text.in_language(consent.language)
    return {
        _("title"): title,
        _("exact words"): body,
        _("version"): consent.text.version,
        _("how"): consent.get_channel_display(),
        _("given"): consent.given_at,
        _("withdrawn"): consent.withdrawn_at,
    }
