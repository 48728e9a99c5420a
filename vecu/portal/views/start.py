"""A new site starts: one page that leads through the steps and says which are done."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vecu.accompaniment.models import Programme
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import show
from vecu.peers.models import Clearance, Peer, SiteAgreement
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Membership, Organisation, Site
from vecu.people.policy import Can
from vecu.safeguarding.gate import pairing_gate


@dataclass(frozen=True)
class Step:
    """One step: what it is, where it is done, whether it is, and how much there is."""

    title: str | Promise
    words: str | Promise
    url: str
    button: str | Promise
    is_done: bool
    count: int | None = None


@gate(Can.MANAGE_ORGANISATION)
def site_start(request: HttpRequest) -> HttpResponse:
    """Where everything stands. Nothing is asked twice: what a file brought is ticked here."""
    steps = _steps(request.actor)
    following = next((step for step in steps if not step.is_done), None)
    done = sum(step.is_done for step in steps)
    return show(request, "portal/site_start.html", steps=steps, following=following, done=done)


def _steps(actor: Actor) -> list[Step]:
    here = get_visible(Organisation, actor, pk=actor.organisation_id)
    sites = visible(Site, actor).filter(organisation=here, is_open=True).count()
    peers = visible(Peer, actor).engaged().count()
    proofs = visible(Clearance, actor).in_force().values("peer").distinct().count()
    agreements = visible(SiteAgreement, actor).in_force().count()
    team = visible(Membership, actor).current().filter(organisation=here, role=Role.COORDINATOR).count()
    programmes = visible(Programme, actor, Can.MANAGE_PROGRAMME).filter(is_open=True).count()
    own, file = reverse("organisation_detail", args=[here.pk]), reverse("peer_import")
    return [
        Step(_("Your organisation"), _("Its name, and the phone shown to everyone."), own, _("Open its page"), bool(here.phone)),
        Step(_("People, sites and conventions"), _("One spreadsheet brings them all: people, what they lived, trainings with their dates, where they act and until when. All of it or nothing; each refused line says what to mend."), file, _("Send your spreadsheet"), peers > 0, peers),
        Step(_("Sites"), _("Those of the file are made with it; others are added by hand."), own, _("See the sites"), sites > 0, sites),
        Step(_("Trainings and other proofs"), _("People with at least one proof in force."), reverse("peer_list") + "?show=uncleared", _("See who lacks one"), 0 < peers <= proofs, proofs),
        Step(_("Conventions"), _("Those in force today."), reverse("agreement_list"), _("See the conventions"), agreements > 0, agreements),
        Step(_("The team"), _("Somebody coordinates with you, so that holidays exist."), reverse("member_list"), _("Invite somebody"), team > 1, team),
        Step(_("Duty and crisis path"), _("Who answers when it goes badly. No programme opens without them."), reverse("duty_page"), _("Organise the duty"), pairing_gate(here.pk).is_open),
        Step(_("The programme"), _("Its phone and the delays you keep; then people can ask."), reverse("programme_list"), _("Open a programme"), programmes > 0, programmes),
    ]  # fmt: skip
