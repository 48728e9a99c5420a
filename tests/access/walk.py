"""Every address × every role: what the site answers. `make docs` writes it into docs/reference/walk.md.

The table is committed and reviewed: whoever changes a right sees it change here. An address with a key has a line
in `KEYS`, which says which row of the world to put there; without it the walk fails, so that nobody forgets.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.shortcuts import resolve_url
from django.urls import Resolver404, get_resolver, resolve, reverse

from conftest import CheckedClient
from tests.access.world import Side, World
from tests.cast import actor_of, sign_in
from vecu.accompaniment.actions.requests import RECEIPT_PURPOSE
from vecu.accompaniment.views.follow import FOLLOWED_KEY
from vecu.accompaniment.views.wizard import DRAFT_KEY, SENT_KEY
from vecu.core import vault
from vecu.core.access import Scope
from vecu.core.readonly import read_only
from vecu.people.actions import seals
from vecu.people.actor import PUBLIC, Actor
from vecu.people.models import Person
from vecu.portal.reference import HEAD, addresses

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "walk.md"

# Who walks, and how the table calls them.
ROLES = {
    "visitor": "visitor",
    "nadia": "beneficiary",
    "helene": "peer",
    "claire": "coordinator",
    "solene": "psychologist",
    "delphine": "data officer",
    "bertrand": "head office",
    "etienne": "no role",
    "youssef": "coordinator elsewhere",
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
VISITOR, STRANGER = "visitor", "youssef"

# URL name → argument → row of the world; a value that begins with "=" is put there as it is.
KEYS: dict[str, dict[str, str]] = {
    # sign-in
    "account_reset_password_from_key": {"uidb36": "reset.0", "key": "reset.1"},
    "mfa_edit_webauthn": {"pk": "passkey"},
    "mfa_remove_webauthn": {"pk": "passkey"},
    "outside_sign_in": {"provider": "=none"},
    "outside_return": {"provider": "=none"},
    "outside_account_link": {"provider": "=none"},
    "outside_account_unlink": {"pk": "outside"},
    "invitation_open": {"token": "invitation_token"},
    # people
    "consent_detail": {"pk": "consent"},
    "consent_withdraw": {"pk": "consent"},
    "consent_give": {"purpose": "=evaluation"},
    "consent_text_edit": {"purpose": "=contact"},
    "member_detail": {"pk": "member"},
    "member_edit": {"pk": "member"},
    "identity_read": {"pk": "member"},
    "person_stop": {"pk": "member"},
    "person_resume": {"pk": "member"},
    "account_offer": {"pk": "asker"},
    "recovery_ask": {"pk": "member"},
    "recovery_cancel": {"pk": "member"},
    "refusal_lift": {"pk": "member"},
    "role_give": {"pk": "member"},
    "role_end": {"pk": "membership"},
    "invitation_withdraw": {"pk": "invitation"},
    "organisation_detail": {"pk": "organisation"},
    "organisation_edit": {"pk": "organisation"},
    "site_create": {"pk": "organisation"},
    "site_edit": {"pk": "site"},
    # peers
    "peer_detail": {"pk": "peer"},
    "peer_words": {"pk": "peer"},
    "peer_edit": {"pk": "peer"},
    "peer_end": {"pk": "peer"},
    "peer_raise_limit": {"pk": "peer"},
    "peer_reopen": {"pk": "peer"},
    "peer_pause": {"pk": "peer"},
    "peer_come_back": {"pk": "peer"},
    "availability_edit": {"pk": "peer"},
    "absence_add": {"pk": "peer"},
    "absence_remove": {"pk": "absence"},
    "experience_add": {"pk": "peer"},
    "experience_edit": {"pk": "experience"},
    "experience_remove": {"pk": "experience"},
    "undertaking_sign": {"kind": "=charter"},
    "requirement_edit": {"profile": "=companion"},
    "limits_edit": {"pk": "peer", "activity": "=accompaniment"},
    "clearance_record": {"pk": "peer"},
    "clearance_remove": {"pk": "clearance"},
    "agreement_remove": {"pk": "agreement"},
    "convention_detail": {"pk": "convention"},
    "convention_renew": {"pk": "convention"},
    "convention_file": {"pk": "convention"},
    "convention_remove": {"pk": "convention"},
    "peer_import_preview": {"pk": "import"},
    "peer_import_confirm": {"pk": "import"},
    "peer_import_give_up": {"pk": "import"},
    "peer_import_refused": {"pk": "import"},
    "peer_import_template": {"end": "=xlsx"},
    # messaging
    "message_send": {"pk": "thread"},
    "message_list": {"pk": "thread"},
    "thread_read": {"pk": "thread"},
    "thread_settings": {"pk": "thread"},
    "thread_leave": {"pk": "thread"},
    "thread_block": {"pk": "thread"},
    "message_image": {"pk": "image"},
    "message_report": {"pk": "message_of_person"},
    # safeguarding
    "help_now_sent": {"pk": "help"},
    "alert_detail": {"pk": "alert"},
    "alert_take": {"pk": "alert"},
    "alert_close": {"pk": "alert"},
    "alert_danger": {"pk": "alert"},
    "opening_ask": {"pk": "alert"},
    "opening_answer": {"pk": "opening"},
    "opening_read": {"pk": "opening"},
    "review_record": {"pk": "review"},
    "duty_shift_confirm": {"pk": "shift"},
    "duty_shift_remove": {"pk": "shift"},
    "report_detail": {"pk": "report"},
    "report_open": {"pk": "report"},
    "report_image": {"pk": "report"},
    "report_answer": {"pk": "report"},
    "report_take": {"pk": "report"},
    "report_followed": {"pk": "report"},
    "talk_detail": {"pk": "talk"},
    "talk_finish": {"pk": "talk"},
    "talk_withdraw": {"pk": "talk"},
    # gatherings
    "gathering_detail": {"pk": "gathering"},
    "gathering_edit": {"pk": "gathering"},
    "gathering_cancel": {"pk": "gathering"},
    "half_day_add": {"pk": "gathering"},
    "half_day_move": {"pk": "half_day_coming"},
    "half_day_remove": {"pk": "half_day_coming"},
    "enrolment_add": {"pk": "gathering"},
    "enrolment_remove": {"pk": "enrolment"},
    "attendance_record": {"pk": "half_day"},
    "attendance_sign": {"pk": "half_day", "person": "comer"},
    "attendance_sheet": {"pk": "half_day"},
    "attendance_paper": {"pk": "half_day"},
    "own_gathering": {"pk": "gathering"},
    "own_join": {"pk": "gathering"},
    "own_withdraw": {"pk": "gathering"},
    "own_sign": {"pk": "half_day"},
    "calendar_feed": {"token": "feed_token"},
    # hours and expenses
    "own_statement": {"year": "=2026"},
    "own_activity": {"pk": "activity"},
    "claim_start": {"pk": "activity"},
    "claim_from": {"source": "attendance"},
    "own_claim": {"pk": "claim_draft"},
    "claim_edit": {"pk": "claim_draft"},
    "claim_send": {"pk": "claim_draft"},
    "claim_withdraw": {"pk": "claim_draft"},
    "receipt_add": {"pk": "claim_draft"},
    "receipt_read": {"pk": "receipt_sent"},
    "receipt_remove": {"pk": "receipt_draft"},
    "claim_detail": {"pk": "claim"},
    "claim_decide": {"pk": "claim"},
    "claim_pay": {"pk": "claim_approved"},
    "receipt_open": {"pk": "claim"},
    "activity_status": {"pk": "activity"},
    "scale_remove": {"pk": "scale"},
    # applications
    "campaign_answer": {"slug": "campaign_slug"},
    "campaign_detail": {"pk": "campaign"},
    "campaign_edit": {"pk": "campaign"},
    "campaign_close": {"pk": "campaign"},
    "seats_keep": {"pk": "kept_seats"},
    "apply_review": {"recruitment": "recruitment", "profile": "=witness"},
    "apply_step": {"recruitment": "recruitment", "profile": "=witness", "step": "=you"},
    "application_enter": {"token": "application_token"},
    "interview_book": {"pk": "slot_free"},
    "letter_confirm": {"pk": "letter"},
    "condition_remove": {"pk": "condition"},
    "slot_remove": {"pk": "slot_free"},
    "interview_record": {"pk": "slot_past"},
    "interview_absent": {"pk": "slot_past"},
    "interview_guide": {"pk": "interview"},
    "interview_notes": {"pk": "interview"},
    "application_detail": {"pk": "application"},
    "application_invite": {"pk": "application"},
    "application_decide": {"pk": "application"},
    "interview_give": {"pk": "application"},
    "application_confirm": {"pk": "application_decided"},
    "application_take_back": {"pk": "application_decided"},
    "application_letter": {"pk": "application_decided"},
    # missions
    "mission_ask": {"token": "mission_door.token"},
    "mission_asked": {"token": "mission_door.token"},
    "mission_detail": {"pk": "mission"},
    "mission_ask_peers": {"pk": "mission"},
    "mission_settle": {"pk": "mission"},
    "mission_close": {"pk": "mission"},
    "mission_door_set": {"pk": "mission_door"},
    "own_mission": {"pk": "mission_answer"},
    "own_mission_answer": {"pk": "mission_answer"},
    # training
    "course_edit": {"pk": "course"},
    "cohort_open": {"pk": "course"},
    "known_course_edit": {"pk": "known_course"},
    "cohort_detail": {"pk": "cohort"},
    "trainee_add": {"pk": "cohort"},
    "newcomer_add": {"pk": "cohort"},
    "cohort_issue": {"pk": "cohort"},
    "trainee_papers": {"pk": "trainee"},
    "engagement_thank": {"pk": "peer"},
    "own_engagement": {"pk": "engagement"},
    "engagement_pdf": {"pk": "engagement"},
    "engagement_return": {"pk": "engagement"},
    "cohort_standing": {"pk": "cohort"},
    "review_close": {"pk": "cohort"},
    "assessment_write": {"pk": "trainee"},
    "own_standing": {"pk": "trainee"},
    "course_review": {"pk": "trainee"},
    "attestation_detail": {"pk": "attestation"},
    "attestation_renew": {"pk": "attestation"},
    "attestation_revoke": {"pk": "attestation"},
    "attestation_pdf": {"pk": "attestation"},
    "equivalence_detail": {"pk": "equivalence"},
    "equivalence_decide": {"pk": "equivalence"},
    "equivalence_proof": {"pk": "equivalence"},
    "equivalence_enter": {"pk": "peer_person"},
    "own_attestation": {"pk": "attestation"},
    "attestation_badge": {"pk": "attestation"},
    "badge_issuer": {"pk": "organisation"},
    "badge_status": {"pk": "organisation"},
    "attestation_check": {"code": "attestation_code"},
    # asking
    "ask_who": {"programme": "programme"},
    "ask_minor": {"programme": "programme"},
    "ask_story": {"programme": "programme"},
    "ask_wishes": {"programme": "programme"},
    "ask_contact": {"programme": "programme"},
    "ask_review": {"programme": "programme"},
    "ward_request": {"token": "door.token"},
    "ward_done": {"token": "door.token"},
    # requests
    "request_detail": {"pk": "request_received"},
    "request_edit": {"pk": "request_received"},
    "request_call": {"pk": "request_received"},
    "request_open": {"pk": "request_received"},
    "request_wait": {"pk": "request_open"},
    "request_resume": {"pk": "request_waiting"},
    "request_unmet": {"pk": "request_waiting"},
    "request_close": {"pk": "request_open"},
    "request_reopen": {"pk": "request_closed"},
    # programmes
    "programme_detail": {"pk": "programme"},
    "programme_edit": {"pk": "programme"},
    "programme_open": {"pk": "programme"},
    "ward_add": {"pk": "programme"},
    "ward_edit": {"pk": "door"},
    "ward_poster": {"pk": "door"},
    "ward_open": {"pk": "door"},
    "ward_renew": {"pk": "door"},
    # matching
    "board_request": {"pk": "request_open"},
    "board_others": {"pk": "request_open"},
    "proposal_make": {"pk": "request_open", "peer": "peer"},
    "proposal_withdraw": {"pk": "proposal"},
    "plan_line": {"pk": "plan_line"},
    # pairs
    "proposal_detail": {"pk": "proposal"},
    "proposal_answer": {"pk": "proposal"},
    "exchange": {"pk": "pair"},
    "contact_add": {"pk": "pair"},
    "contact_done": {"pk": "pair"},
    "call_ask": {"pk": "pair"},
    "change_ask": {"pk": "pair"},
    "worry": {"pk": "pair"},
    "pair_detail": {"pk": "pair"},
    "pair_close": {"pk": "pair"},
    "pair_change": {"pk": "pair"},
    "call_plan": {"pk": "pair"},
    "follow_up_record": {"pk": "follow_up"},
    "evaluation_answer": {"pk": "evaluation"},
    "evaluation_by_phone": {"pk": "evaluation"},
}

# Fragments that say what they want in the query.
QUERIES = {"message_list": "?after=0"}


@dataclass(frozen=True)
class Address:
    """A line of the URLconf."""

    route: str
    name: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def gate(self) -> Any:
        """The right that opens it, "public", or None for pages of others."""
        return getattr(self.view, "gate", None)

    @property
    def has_row(self) -> bool:
        """A key of a row of an organisation stands in it."""
        return any(not value.startswith("=") for value in KEYS.get(self.name, {}).values()) and bool(self.arguments)

    def path(self, side: Side) -> str:
        wanted = KEYS.get(self.name, {}) if self.arguments else {}
        assert set(wanted) == set(self.arguments), f"say in tests/access/walk.py which row goes into /{self.route}"
        path = reverse(self.name, kwargs={name: _key(side, row) for name, row in wanted.items()})
        return path + QUERIES.get(self.name, "")


def all_addresses() -> list[Address]:
    found = []
    for route, pattern in addresses(get_resolver()):
        arguments = tuple(ARGUMENT.findall(route))
        found.append(Address(route.lstrip("^"), pattern.name, pattern.callback, arguments))
    return sorted(found, key=lambda address: address.route)


def _key(side: Side, row: str) -> str:
    if row.startswith("="):
        return row[1:]
    name, _dot, part = row.partition(".")
    value = side[name]
    if part:
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    return str(value.pk) if isinstance(value, Model) else str(value)


@dataclass
class Walker:
    """One role, with a browser; each request is taken back, so that none changes the next one."""

    role: str
    client: Any
    actor: Actor

    def ask(self, method: str, path: str, data: Any = None, *, writes: bool = False) -> Answer:
        """One request. A GET that writes, or any exception, is an answer of its own."""
        cookies = SimpleCookie({name: morsel.value for name, morsel in self.client.cookies.items()})
        guard = nullcontext() if writes else read_only()
        try:
            with taken_back(), guard:
                response = getattr(self.client, method)(path, data or {})
                response = Answer(_word(response), response)
        except Exception as error:
            response = Answer(f"{type(error).__name__}: {error}"[:300])
        self.client.cookies = cookies
        vault.forget()
        return response


@dataclass(frozen=True)
class Answer:
    """What a page answered: a word of the table, and the response if there was one."""

    word: str
    response: Any = None

    @property
    def is_fault(self) -> bool:
        return self.response is None or (self.response.status_code >= 500 and self.response.status_code != 503)

    @property
    def is_closed(self) -> bool:
        return self.word in {"403", "404", "sign in"}


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def walker(world: World, role: str) -> Walker:
    """The browser of someone; a visitor has answered the four questions and follows a request sent before."""
    client = CheckedClient()
    if role != VISITOR:
        person: Person = getattr(world.cast, role)
        session = sign_in(client, person).session
        # Just now, so that pages which ask for a proof again are seen too.
        session["account_authentication_methods"][0]["at"] = time.time()
        session.save()
        return Walker(role, client, actor_of(person))
    session = client.session
    session[DRAFT_KEY] = str(world.here["draft"].pk)
    session[FOLLOWED_KEY] = {"request": str(world.here["request_received"].pk), "at": int(time.time())}
    code = seals.seal_text(world.here["receipt"], RECEIPT_PURPOSE)
    session[SENT_KEY] = {**session[FOLLOWED_KEY], "code": code}
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return Walker(role, client, PUBLIC)


def column(world: World, role: str) -> dict[str, str]:
    """What each address answers to this role, with the keys of the committee."""
    found = {}
    with taken_back():  # signing in leaves its mark on the account
        who = walker(world, role)
        for address in all_addresses():
            answer = who.ask("get", address.path(world.here))
            if answer.word == "405":
                answer = who.ask("post", address.path(world.here), writes=True)
            found[address.route] = answer.word
    return found


def has_right(address: Address, actor: Actor) -> bool:
    return address.gate in (None, "public") or actor.scope(address.gate) > Scope.NONE


def _word(response: Any) -> str:
    if not 300 <= response.status_code < 400:
        return str(response.status_code)
    path = urlsplit(response["Location"]).path
    if path == resolve_url(settings.LOGIN_URL):
        return "sign in"
    try:
        return f"→ {resolve(path).url_name}"
    except Resolver404:
        return "→ /"


def table(columns: dict[str, dict[str, str]]) -> str:
    lines = [
        HEAD.replace("from the code", "from the running site") + "# What each address answers to each role",
        "",
        "Keys in addresses are those of the organisation of the first eight; the last one coordinates another one.",
        "`sign in`: asked to sign in first. `→ name`: led to that page. An address that only takes a form was sent an",
        "empty one.",
        "",
        "| address | " + " | ".join(ROLES[role] for role in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for address in all_addresses():
        lines.append(f"| `/{address.route}` | " + " | ".join(words[address.route] for words in columns.values()) + " |")
    return "\n".join(lines) + "\n"


def committed() -> dict[str, dict[str, str]]:
    """role → route → answer, as written in the committed page."""
    rows = [
        line.strip("| \n").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    return {
        role: {row[0].strip("`").removeprefix("/"): row[number + 1] for row in rows}
        for number, role in enumerate(ROLES)
    }
