"""The pages of hours and expenses, over HTTP."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import openpyxl
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.core.tables import JournalEntry
from vecu.core.tests.photos import photo
from vecu.people.models import Person
from vecu.recognition import actions
from vecu.recognition.actions.claims import Costs
from vecu.recognition.enums import Status
from vecu.recognition.models import Activity, Claim, Scale
from vecu.recognition.tests.factories import make_activity, make_approved, make_draft, make_paid, make_scale, make_sent

DRIVE = {"km": "42", "vehicle": "any", "journey": "Valmont – Bréhal"}


def file(content: bytes | None = None, name: str = "ticket.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo().read() if content is None else content)


def seen_on(page: str) -> dict[str, str]:
    """What the forms of this page say of the claim they show."""
    [sent_at] = set(re.findall(r'name="sent_at" value="([^"]+)"', page))
    return {"sent_at": sent_at}


class TestOwnPages:
    def test_it_works(self, cast: Cast, enter: Any) -> None:
        """From the activity to the claim sent, with a photo."""
        make_scale(cast)
        activity, helene = make_activity(cast), enter("helene")
        page = helene.get(reverse("own_hours")).content.decode()
        assert reverse("claim_start", args=[activity.pk]) in page and "3\u00a0h" in page
        assert helene.get(reverse("claim_from", args=[activity.source_id])).headers["Location"] == reverse(
            "claim_start", args=[activity.pk]
        )
        start = reverse("claim_start", args=[activity.pk])
        assert "0,500" in helene.get(start).content.decode()
        sent = helene.post(start, {**DRIVE, "tolls": "4,50", "receipts": [file(), file()]})
        claim = Claim.objects.get()
        assert sent.status_code == 303 and claim.total_cents == 2550 and claim.receipts.count() == 2
        page = helene.get(reverse("own_claim", args=[claim.pk])).content.decode()
        assert "25,50\u00a0€" in page and "certifie renoncer au remboursement" in page
        assert helene.get(start).headers["Location"] == reverse("own_claim", args=[claim.pk])
        assert helene.post(reverse("claim_send", args=[claim.pk]), {"way": "back"}).status_code == 303
        claim.refresh_from_db()
        assert claim.state == "sent"

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, cast: Cast, enter: Any) -> None:
        make_scale(cast)
        start, helene = reverse("claim_start", args=[make_activity(cast).pk]), enter("helene")
        for typed, said in (
            ({"km": "-3"}, "négatif"),
            ({"km": "12,5"}, "entiers"),
            ({"km": "9000"}, "2\u202f000"),
            ({"tolls": "-4"}, "négatif"),
            ({"tolls": "douze"}, "douze"),
            ({"journey": ""}, "d’où"),
            ({"receipts": [file(b"bonjour", "recu.pdf")]}, "image"),
        ):
            answer = helene.post(start, {**DRIVE, "tickets": "7,30", **typed})
            page = answer.content.decode()
            assert answer.status_code == 422 and said in page and "7,30" in page, typed
        assert not Claim.objects.exists()

    def test_without_a_scale_no_kilometre_is_asked(self, cast: Cast, enter: Any) -> None:
        page = enter("helene").get(reverse("claim_start", args=[make_activity(cast).pk])).content.decode()
        assert 'name="km"' not in page and 'name="tickets"' in page

    def test_a_gift_is_ticked(self, cast: Cast, enter: Any) -> None:
        claim, helene = make_draft(cast), enter("helene")
        send = reverse("claim_send", args=[claim.pk])
        assert helene.post(send, {"way": "gift"}).status_code == 422
        assert helene.post(send, {"way": "gift", "has_waived": "on"}).status_code == 303
        page = helene.get(reverse("own_claim", args=[claim.pk])).content.decode()
        assert "Je soussigné(e) Hélène Dubreuil certifie renoncer" in page

    def test_what_is_of_somebody_else_gets_404(self, cast: Cast, enter: Any) -> None:
        activity = make_activity(cast)
        claim = make_draft(cast, receipts=1)
        marc = enter("marc")
        pages = [("claim_start", activity.pk), ("own_activity", activity.pk), ("claim_from", activity.source_id)]
        pages += [(name, claim.pk) for name in ("own_claim", "claim_edit", "claim_send", "receipt_add")]
        pages += [("receipt_read", claim.receipts.get().pk)]
        for name, key in pages:
            assert marc.get(reverse(name, args=[key])).status_code == 404, name
        for name, key in (("claim_withdraw", claim.pk), ("receipt_remove", claim.receipts.get().pk)):
            assert marc.post(reverse(name, args=[key])).status_code == 404, name

    def test_accepted_it_is_no_longer_taken_back(self, cast: Cast, enter: Any) -> None:
        """The transfer may have left before « It is paid » is pressed."""
        claim, helene = make_approved(cast), enter("helene")
        page = helene.get(reverse("own_claim", args=[claim.pk])).content.decode()
        withdraw = reverse("claim_withdraw", args=[claim.pk])
        assert withdraw not in page and "coordination" in page
        answer = helene.post(withdraw)
        assert answer.status_code == 409 and "acceptée" in answer.content.decode()
        claim.refresh_from_db()
        assert claim.state == "approved"

    def test_paid_it_is_no_longer_taken_back(self, cast: Cast, enter: Any) -> None:
        claim, helene = make_paid(cast), enter("helene")
        page = helene.get(reverse("own_claim", args=[claim.pk])).content.decode()
        withdraw = reverse("claim_withdraw", args=[claim.pk])
        assert withdraw not in page
        answer = helene.post(withdraw)
        assert answer.status_code == 409 and "comptes" in answer.content.decode()

    def test_a_receipt_is_a_file_to_keep(self, cast: Cast, enter: Any) -> None:
        claim, helene = make_draft(cast), enter("helene")
        assert helene.post(reverse("receipt_add", args=[claim.pk]), {"file": file()}).status_code == 303
        receipt = claim.receipts.get()
        answer = helene.post(reverse("receipt_read", args=[receipt.pk]))
        assert answer.headers["Content-Disposition"].startswith("attachment") and answer.content[:2] == b"\xff\xd8"
        assert b"Exif" not in answer.content
        bad = helene.post(reverse("receipt_add", args=[claim.pk]), {"file": file(b"%PDF-1.4 rien")})
        assert bad.status_code == 422
        helene.post(reverse("receipt_remove", args=[receipt.pk]))
        assert not claim.receipts.exists()

    def test_time_is_added(self, cast: Cast, enter: Any) -> None:
        activity, helene = make_activity(cast), enter("helene")
        url = reverse("own_activity", args=[activity.pk])
        assert helene.get(url).status_code == 200
        assert helene.post(url, {"preparation": "900", "travel": ""}).status_code == 422
        assert helene.post(url, {"preparation": "45", "travel": "20"}).status_code == 303
        activity.refresh_from_db()
        assert (activity.preparation_minutes, activity.travel_minutes) == (45, 20)

    def test_the_statement_is_a_tagged_pdf(self, cast: Cast, enter: Any) -> None:
        make_paid(cast)
        gift = make_sent(cast, is_gift=True)
        actions.approve(gift, actor=actor_of(cast.claire))
        year = gift.happened_on.year
        answer = enter("helene").get(reverse("own_statement", args=[year]))
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root
        assert f"releve-{year}.pdf" in answer.headers["Content-Disposition"]

    def test_an_absence_is_said(self, cast: Cast, enter: Any) -> None:
        claim = make_draft(cast)
        Activity.objects.update(is_held=False)
        helene = enter("helene")
        page = helene.get(reverse("own_claim", args=[claim.pk])).content.decode()
        assert reverse("claim_send", args=[claim.pk]) not in page
        assert helene.post(reverse("claim_send", args=[claim.pk]), {"way": "back"}).status_code == 422

    def test_queries_do_not_grow(self, cast: Cast, enter: Any, django_assert_max_num_queries: Any) -> None:
        make_scale(cast)
        helene = enter("helene")
        for number in range(12):
            activity = make_activity(cast)
            if number % 2:
                make_sent(cast, activity)
        helene.get(reverse("own_hours"))
        with django_assert_max_num_queries(18):
            helene.get(reverse("own_hours"))


class TestDecisions:
    def test_it_works(self, cast: Cast, enter: Any) -> None:
        claim = make_sent(cast, costs=Costs(tickets_cents=1290), receipts=1)
        claire = enter("claire")
        assert "1 note de frais à décider" in claire.get(reverse("today")).content.decode()
        assert reverse("claim_detail", args=[claim.pk]) in claire.get(reverse("claim_list")).content.decode()
        page = claire.get(reverse("claim_detail", args=[claim.pk])).content.decode()
        assert "Hélène Dubreuil" in page and "12,90\u00a0€" in page
        decide, seen = reverse("claim_decide", args=[claim.pk]), seen_on(page)
        assert claire.post(decide, {"move": "refuse", "answer": "", **seen}).status_code == 422
        assert claire.post(decide, {"move": "approve", "answer": "", **seen}).status_code == 303
        pay, today = reverse("claim_pay", args=[claim.pk]), timezone.localdate().isoformat()
        assert claire.post(pay, {"paid_on": "pas un jour", **seen}).status_code == 422
        assert claire.post(pay, {"paid_on": today}).status_code == 422
        assert claire.post(pay, {"paid_on": today, **seen}).status_code == 303
        claim.refresh_from_db()
        assert claim.state == "paid"
        assert claire.post(decide, {"move": "cancel", "answer": "Payée deux fois.", **seen}).status_code == 303

    def test_an_old_page_is_refused_with_a_sentence(self, cast: Cast, enter: Any) -> None:
        claim, claire = make_approved(cast), enter("claire")
        seen = seen_on(claire.get(reverse("claim_detail", args=[claim.pk])).content.decode())
        decide = reverse("claim_decide", args=[claim.pk])
        answer = claire.post(decide, {"move": "approve", "answer": "", **seen})
        assert answer.status_code == 422 and "déjà" in answer.content.decode()

    def test_another_amount_than_the_page_showed_is_not_accepted(self, cast: Cast, enter: Any) -> None:
        """Sent back by a colleague, changed and sent again while the page stood open."""
        claim, claire = make_sent(cast), enter("claire")
        decide = reverse("claim_decide", args=[claim.pk])
        old = seen_on(claire.get(reverse("claim_detail", args=[claim.pk])).content.decode())
        actions.refuse(claim, actor=actor_of(cast.claire), answer="Il manque le retour.")
        dearer = Costs(km=420, vehicle="any", journey="Valmont – Bréhal")
        actions.send_claim(
            actions.edit_claim(claim, actor=actor_of(cast.helene), costs=dearer), actor=actor_of(cast.helene)
        )
        for move in ("approve", "refuse"):
            for seen in (old, {}):
                answer = claire.post(decide, {"move": move, "answer": "Non.", **seen})
                page = answer.content.decode()
                assert answer.status_code == 422 and "envoyée à nouveau" in page and "210,00\u00a0€" in page
        claim.refresh_from_db()
        assert claim.state == "sent"
        assert claire.post(decide, {"move": "approve", "answer": "", **seen_on(page)}).status_code == 303

    def test_no_button_is_no_decision(self, cast: Cast, enter: Any) -> None:
        claim, claire = make_sent(cast), enter("claire")
        seen = seen_on(claire.get(reverse("claim_detail", args=[claim.pk])).content.decode())
        for typed in ({}, {"move": ""}, {"move": "accept"}):
            answer = claire.post(reverse("claim_decide", args=[claim.pk]), {"answer": "", **seen, **typed})
            assert answer.status_code == 422
        claim.refresh_from_db()
        assert claim.state == "sent"

    def test_someone_erased_is_named_in_the_accounts_only(self, cast: Cast, enter: Any) -> None:
        ticket = Costs(km=42, vehicle="any", journey="Valmont – Bréhal", tickets_cents=1290)
        claim, claire = make_paid(cast, costs=ticket, receipts=1), enter("claire")
        gift = make_sent(cast, is_gift=True)
        actions.approve(gift, actor=actor_of(cast.claire))
        Person.objects.filter(pk=cast.helene.pk).update(erased_at=timezone.now())
        pages = [reverse("claim_detail", args=[row.pk]) for row in (claim, gift)]
        for url in (*pages, reverse("claim_list") + "?show=all", reverse("activity_list")):
            page = claire.get(url).content.decode()
            assert "Quelqu’un qui est parti" in page, url
            assert not [word for word in ("Hélène", "Dubreuil", "Bréhal") if word in page], url
        opened, asked = reverse("receipt_open", args=[claim.pk]), {"receipt": str(claim.receipts.get().pk)}
        answer = claire.post(opened, {**asked, "reason": ""})
        assert answer.status_code == 422 and "contrôle" in answer.content.decode()
        assert claire.post(opened, {**asked, "reason": "Commissaire aux comptes"}).status_code == 200
        assert JournalEntry.objects.get(verb="receipt.read").reason == "Commissaire aux comptes"
        told = {"year": claim.happened_on.year, "format": "csv"}
        assert "Hélène Dubreuil" in claire.post(reverse("accounts_export"), told).content.decode("utf-8-sig")

    def test_other_organisation_gets_404(self, cast: Cast, enter: Any) -> None:
        claim, youssef = make_sent(cast, receipts=1), enter("youssef")
        for name in ("claim_detail", "claim_decide", "claim_pay"):
            assert youssef.get(reverse(name, args=[claim.pk])).status_code == 404
        assert youssef.get(reverse("activity_status", args=[claim.activity_id])).status_code == 404
        assert youssef.post(reverse("scale_remove", args=[claim.scale_id])).status_code == 404
        asked = {"receipt": str(claim.receipts.get().pk)}
        assert youssef.post(reverse("receipt_open", args=[claim.pk]), asked).status_code == 404
        other = make_sent(cast, make_activity(cast, cast.marc))
        assert enter("claire").post(reverse("receipt_open", args=[other.pk]), asked).status_code == 404

    def test_role_without_right_gets_403(self, cast: Cast, enter: Any) -> None:
        make_sent(cast)
        helene = enter("helene")
        for name in ("claim_list", "activity_list", "scale_list"):
            assert helene.get(reverse(name)).status_code == 403
        assert helene.post(reverse("accounts_export")).status_code == 403
        assert enter("solene").get(reverse("claim_list")).status_code == 403

    def test_a_draft_is_its_authors(self, cast: Cast, enter: Any) -> None:
        draft, claire = make_draft(cast), enter("claire")
        assert claire.get(reverse("claim_detail", args=[draft.pk])).status_code == 404
        assert str(draft.pk) not in claire.get(reverse("claim_list") + "?show=all").content.decode()

    def test_the_same_day_is_shown(self, cast: Cast, enter: Any) -> None:
        morning, afternoon = make_sent(cast), make_sent(cast)
        page = enter("claire").get(reverse("claim_detail", args=[morning.pk])).content.decode()
        assert reverse("claim_detail", args=[afternoon.pk]) in page

    def test_opening_a_receipt_is_journaled(self, cast: Cast, enter: Any) -> None:
        claim = make_sent(cast, receipts=1)
        asked = {"receipt": str(claim.receipts.get().pk)}
        answer = enter("claire").post(reverse("receipt_open", args=[claim.pk]), asked)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert JournalEntry.objects.filter(verb="receipt.read", is_reading=True).exists()

    def test_each_file_is_taken_from_the_page_as_it_stands(self, cast: Cast, enter: Any) -> None:
        """A file does not load the page again: the next button sends what the page already holds."""
        claim, claire = make_sent(cast, receipts=2), enter("claire")
        page = claire.get(reverse("claim_detail", args=[claim.pk])).content.decode()
        form = page[page.index(reverse("receipt_open", args=[claim.pk])) :]
        told = {"_once": re.findall(r'name="_once" value="([^"]+)"', form)[0]}
        for receipt in (*claim.receipts.all(), claim.receipts.first()):
            assert str(receipt.pk) in form
            answer = claire.post(reverse("receipt_open", args=[claim.pk]), {**told, "receipt": str(receipt.pk)})
            assert answer.status_code == 200
        assert JournalEntry.objects.filter(verb="receipt.read").count() == 3

    def test_queries_do_not_grow(self, cast: Cast, enter: Any, django_assert_max_num_queries: Any) -> None:
        claire = enter("claire")
        for _number in range(12):
            make_sent(cast)
        for name in ("claim_list", "activity_list"):
            claire.get(reverse(name))
            with django_assert_max_num_queries(16):
                claire.get(reverse(name))


class TestSettings:
    def test_a_status_is_written_for_one_session(self, cast: Cast, enter: Any) -> None:
        activity, claire = make_activity(cast), enter("claire")
        url = reverse("activity_status", args=[activity.pk])
        assert claire.get(url).status_code == 200
        assert claire.post(url, {"status": "paid_session", "payer": "", "hourly": ""}).status_code == 422
        assert claire.post(url, {"status": "paid_session", "payer": "CHU", "hourly": "35,50"}).status_code == 303
        activity.refresh_from_db()
        assert (activity.status, activity.hourly_cents) == (Status.PAID_SESSION, 3550)

    def test_scales(self, cast: Cast, enter: Any) -> None:
        claire = enter("claire")
        page = claire.get(reverse("scale_list")).content.decode()
        assert "27 mars 2023" in page
        assert claire.post(reverse("scale_take"), {"accepts_gifts": "on"}).status_code == 303
        typed = {"starts_on": "2026-02-28", "source": "Bureau du 12 janvier", "any": "0,52"}
        assert claire.post(reverse("scale_list"), {**typed, "starts_on": "2026-02-29"}).status_code == 422
        assert claire.post(reverse("scale_list"), {**typed, "any": "cinquante"}).status_code == 422
        assert claire.post(reverse("scale_list"), typed).status_code == 303
        mine = Scale.objects.get(starts_on=date(2026, 2, 28))
        assert claire.post(reverse("scale_remove", args=[mine.pk])).status_code == 303

    def test_the_accounts(self, cast: Cast, enter: Any) -> None:
        """Nothing typed becomes a formula; amounts are numbers."""
        paid = make_paid(cast, costs=Costs(km=42, vehicle="any", journey="=HYPERLINK(1)"))
        session = make_activity(cast, minutes=90)
        priced = {"status": Status.PAID_SESSION, "payer": "+CHU", "hourly_cents": 4000}
        actions.set_status(session, actor=actor_of(cast.claire), **priced)
        claire = enter("claire")
        year = paid.happened_on.year
        answer = claire.post(reverse("accounts_export"), {"year": year, "format": "csv"})
        [header, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        told = dict(zip(header, row, strict=True))
        assert told["Trajet"] == "'=HYPERLINK(1)" and told["Au total"] == "21,00" and told["Qui"] == "Hélène Dubreuil"
        answer = claire.post(reverse("accounts_export"), {"year": year, "format": "xlsx"})
        claims, hours = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
        assert claims["F2"].data_type == "s" and claims["N2"].value == 21
        rows = {(line[1], line[2]): line for line in hours.iter_rows(min_row=2, values_only=True)}
        assert rows["Rémunéré pour la séance", "Formation"][7] == 60
        assert JournalEntry.objects.filter(verb="accounts.export").count() == 2
        assert claire.post(reverse("accounts_export"), {"year": "x", "format": "hours_csv"}).status_code == 200


def test_the_year_before_is_one_tab_away(cast: Cast, enter: Any) -> None:
    last = timezone.localdate().year - 1
    make_activity(cast, happened_on=date(last, 12, 31))
    make_activity(
        cast, happened_on=date(last + 1, 1, 1) if timezone.localdate() > date(last + 1, 1, 1) else timezone.localdate()
    )
    helene = enter("helene")
    assert "31\u00a0décembre" in helene.get(reverse("own_hours") + f"?year={last}").content.decode()
    assert "31\u00a0décembre" not in helene.get(reverse("own_hours") + "?year=0").content.decode()
