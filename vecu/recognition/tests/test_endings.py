"""What is kept for the accounts, what goes with the person, and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.core import retention
from vecu.core.tables import DataKey
from vecu.people import erasures, exports
from vecu.recognition import accounts, actions
from vecu.recognition.actions.claims import Costs
from vecu.recognition.models import Activity, Claim, Receipt
from vecu.recognition.tests.factories import make_activity, make_approved, make_draft, make_paid, make_sent

YEAR = timedelta(days=366)
TICKET = Costs(tickets_cents=1290)


def test_erasing_someone_keeps_what_the_law_asks_sealed_apart(cast: Cast) -> None:
    paid, draft = make_paid(cast, costs=TICKET, receipts=1), make_draft(cast, costs=TICKET, receipts=1)
    said = [(fate.what, fate.is_erased) for fate in erasures.preview(cast.helene)]
    assert any("pas encore payées" in what and is_erased for what, is_erased in said)
    assert any("payées ou laissées en don" in what and not is_erased for what, is_erased in said)
    actions.erase_recognition(cast.helene.pk)
    assert not Claim.objects.filter(pk=draft.pk).exists() and not DataKey.objects.get(pk=draft.vault_id).wrapped
    paid.refresh_from_db()
    assert str(paid.claimant) == "Hélène Dubreuil" and bytes(paid.receipts.get().file)
    assert Activity.objects.filter(person=cast.helene).count() == 2  # counted, by nobody


def test_days_in_the_accounts_are_those_of_the_wall(cast: Cast) -> None:
    """Half past midnight in Paris is still the day before in UTC."""
    claim, claire = make_sent(cast), actor_of(cast.claire)
    year = timezone.localdate().year
    moment = datetime(year, 1, 1, 0, 30, tzinfo=ZoneInfo("Europe/Paris"))
    actions.approve(claim, actor=claire, now=moment)
    actions.cancel(claim, actor=claire, answer="Demandé deux fois.", now=moment)
    claims, _hours = accounts.sheets(cast.committee.pk, claim.happened_on.year, is_whole=True)
    [row] = claims.rows
    assert (row[-3], row[-1]) == (date(year, 1, 1), date(year, 1, 1))


def test_money_still_owed_is_said_before_it_is_lost(cast: Cast) -> None:
    make_approved(cast)
    assert any("faites-la payer" in fate.what for fate in erasures.preview(cast.helene))


def test_nothing_is_said_to_whoever_has_none(cast: Cast) -> None:
    assert not [fate for fate in erasures.preview(cast.marc) if "frais" in fate.what or "heures" in fate.what]


def test_each_clock_ends(cast: Cast) -> None:
    """Drafts after a year; hours after six; what was sent after five; the accounts after ten full years."""
    now = timezone.now()
    make_paid(cast, costs=TICKET, receipts=1)
    make_draft(cast, costs=TICKET, receipts=1)
    make_sent(cast, costs=TICKET, receipts=1)
    assert Claim.objects.count() == Receipt.objects.count() == 3
    left = {}
    for years in (0.9, 1.1, 5.1, 6.1, 10.5, 11.1):
        retention.apply(now + YEAR * years)
        left[years] = (Claim.objects.count(), Activity.objects.count())
    assert left == {0.9: (3, 3), 1.1: (2, 3), 5.1: (1, 3), 6.1: (1, 0), 10.5: (1, 0), 11.1: (0, 0)}
    assert not Receipt.objects.exists()


def test_somebodys_copy_holds_theirs_and_nobody_elses(cast: Cast) -> None:
    make_sent(cast, costs=TICKET, receipts=1)
    make_sent(cast, make_activity(cast, cast.marc), costs=TICKET, receipts=1)
    actions.declare_time(
        Activity.objects.get(person=cast.helene), actor=actor_of(cast.helene), preparation=20, travel=0
    )
    parts = {section.name: section.rows for part in exports.PARTS for section in part(cast.helene)}
    assert len(parts["claims"]) == len(parts["hours"]) == 1
    assert "20\u00a0min" in parts["hours"][0].values()
    files = [name for part in exports.FILES for name, _data in part(cast.helene) if name.startswith("justificatifs/")]
    assert len(files) == 1
