"""Who was there: one line a half-day, hours truly spent, a signature sealed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.agenda import actions, signatures
from vecu.agenda.enums import GatheringKind, Presence
from vecu.agenda.models import Attendance, Gathering
from vecu.agenda.tests.factories import HOUR, first_half_day, make_gathering
from vecu.core.errors import Denied, Refused
from vecu.people import erasures, exports

PARIS = ZoneInfo("Europe/Paris")
DRAWN = json.dumps([[10, 10, 80, 90, 200, 40], [300, 20, 310, 150]])


@pytest.fixture
def begun(cast: Cast) -> Gathering:
    """It began an hour ago; Hélène and Marc have a place."""
    gathering = make_gathering(cast, timezone.now() - HOUR)
    for person in (cast.helene, cast.marc):
        actions.enrol(gathering, person, actor=actor_of(cast.claire))
    return gathering


def test_record_presence_corrects_the_one_line_there_is(cast: Cast, begun: Gathering) -> None:
    half_day, solene = first_half_day(begun), actor_of(cast.solene)
    for presence in (Presence.PRESENT, Presence.ABSENT, Presence.PRESENT, Presence.PRESENT):
        actions.record_presence(half_day, cast.helene, presence, actor=solene)
    assert Attendance.objects.get().presence == Presence.PRESENT
    assert Attendance.objects.minutes_by_person() == {cast.helene.pk: 180}
    assert Attendance.objects.half_days_by_person() == {cast.helene.pk: 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            organisation=cast.committee,
            half_day=half_day,
            person=cast.helene,
            presence=Presence.PRESENT,
            recorded_at=timezone.now(),
        )


def test_the_same_hours_are_never_counted_in_two_places(cast: Cast, begun: Gathering) -> None:
    solene, claire = actor_of(cast.solene), actor_of(cast.claire)
    other = make_gathering(cast, timezone.now() - HOUR, kind=GatheringKind.PRACTICE)
    actions.enrol(other, cast.helene, actor=claire)
    actions.record_presence(first_half_day(begun), cast.helene, Presence.PRESENT, actor=solene)
    with pytest.raises(Refused, match="elsewhere"):
        actions.record_presence(first_half_day(other), cast.helene, Presence.PRESENT, actor=solene)
    actions.record_presence(first_half_day(other), cast.helene, Presence.ABSENT, actor=solene)
    assert Attendance.objects.minutes_by_person() == {cast.helene.pk: 180}


def test_presence_is_noted_by_whoever_runs_it_from_one_hour_before(cast: Cast) -> None:
    gathering = make_gathering(cast)
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    half_day = first_half_day(gathering)
    with pytest.raises(Refused, match="too_early"):
        actions.record_presence(half_day, cast.helene, Presence.PRESENT, actor=actor_of(cast.solene))
    actions.record_presence(half_day, cast.helene, Presence.EXCUSED, actor=actor_of(cast.solene))
    for actor in (actor_of(cast.helene), actor_of(cast.youssef), actor_of(cast.delphine)):
        with pytest.raises(Denied):
            actions.record_presence(half_day, cast.helene, Presence.PRESENT, actor=actor)


def test_only_those_enrolled_are_counted(cast: Cast, begun: Gathering) -> None:
    with pytest.raises(Refused, match="not_enrolled"):
        actions.record_presence(first_half_day(begun), cast.nadia, Presence.PRESENT, actor=actor_of(cast.solene))


def test_nothing_is_counted_once_cancelled(cast: Cast, begun: Gathering) -> None:
    half_day = first_half_day(begun)
    actions.cancel_gathering(begun, actor=actor_of(cast.claire))
    with pytest.raises(Refused, match="cancelled"):
        actions.record_presence(half_day, cast.helene, Presence.PRESENT, actor=actor_of(cast.solene))


@pytest.mark.parametrize("given", [DRAWN, "  Hélène   Dubreuil "])
def test_sign_presence_on_the_hosts_tablet(cast: Cast, begun: Gathering, given: str) -> None:
    signed = actions.sign_presence(first_half_day(begun), cast.helene, actor=actor_of(cast.solene), signature=given)
    kept = Attendance.objects.get(pk=signed.pk)
    assert (kept.presence, kept.signed_at is not None) == (Presence.PRESENT, True)
    assert str(kept.signature) == (
        json.dumps(json.loads(DRAWN), separators=(",", ":")) if given == DRAWN else "Hélène Dubreuil"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT signature FROM agenda_attendance")
        assert b"Dubreuil" not in bytes(cursor.fetchone()[0])


def test_one_signs_alone_until_the_next_day_and_for_oneself_only(cast: Cast, begun: Gathering) -> None:
    half_day, helene = first_half_day(begun), actor_of(cast.helene)
    with pytest.raises(Denied):
        actions.sign_presence(half_day, cast.marc, actor=helene, signature="Marc Ollivier")
    late = half_day.ends_at + timedelta(hours=25)
    with pytest.raises(Refused, match="too_late"):
        actions.sign_presence(half_day, cast.helene, actor=helene, signature="Hélène", now=late)
    actions.record_presence(half_day, cast.helene, Presence.ABSENT, actor=actor_of(cast.solene))
    with pytest.raises(Refused, match="not_present"):
        actions.sign_presence(half_day, cast.helene, actor=helene, signature="Hélène")
    actions.record_presence(half_day, cast.helene, Presence.PRESENT, actor=actor_of(cast.solene))
    actions.sign_presence(half_day, cast.helene, actor=helene, signature="Hélène")
    assert Attendance.objects.get().signed_at is not None


def test_corrected_to_absent_nobody_is_signed_for(cast: Cast, begun: Gathering) -> None:
    half_day, solene = first_half_day(begun), actor_of(cast.solene)
    actions.sign_presence(half_day, cast.helene, actor=solene, signature=DRAWN)
    actions.record_presence(half_day, cast.helene, Presence.ABSENT, actor=solene)
    kept = Attendance.objects.get()
    assert (kept.signed_at, str(kept.signature)) == (None, "")


@pytest.mark.parametrize(
    "given",
    ["", "  ", "1", "[]", "[[1,1,1,1]]", '["a"]', "[[1,2", "[[1,2,3]]", "[" * 5000, json.dumps([[1, None, 2, 3]]), "x" * 200],
)  # fmt: skip
def test_what_is_no_signature_is_refused(cast: Cast, begun: Gathering, given: str) -> None:
    with pytest.raises(Refused):
        actions.sign_presence(first_half_day(begun), cast.helene, actor=actor_of(cast.solene), signature=given)
    assert not Attendance.objects.exists()


def test_strokes_stay_in_their_frame_and_become_a_path() -> None:
    kept = signatures.read(json.dumps([[-5, 900, 700.4, 20.6, 100, 100]]))
    assert json.loads(kept) == [[0, 200, 600, 21, 100, 100]]
    assert signatures.path_of(kept) == "M0 200L600 21L100 100"
    assert signatures.path_of("Hélène") == ""


def moment(*args: int, fold: int = 0) -> datetime:
    return datetime(*args, tzinfo=PARIS, fold=fold).astimezone(UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (moment(2027, 3, 28, 0, 30), moment(2027, 3, 28, 4, 0), 150),  # an hour that does not exist
        (moment(2027, 10, 31, 0, 30), moment(2027, 10, 31, 4, 0), 270),  # an hour lived twice
        (moment(2027, 10, 31, 2, 30), moment(2027, 10, 31, 2, 30, fold=1), 60),
    ],
    ids=["spring", "autumn", "twice"],
)
def test_minutes_are_those_truly_spent_when_clocks_change(
    cast: Cast, start: datetime, end: datetime, minutes: int
) -> None:
    gathering = make_gathering(cast, half_days=[(start, end, None, "")])
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    actions.record_presence(
        first_half_day(gathering), cast.helene, Presence.PRESENT, actor=actor_of(cast.solene), now=end
    )
    assert Attendance.objects.minutes_by_person() == {cast.helene.pk: minutes}


def test_minutes_by_person_is_one_query(
    cast: Cast, begun: Gathering, django_assert_num_queries: Callable[..., object]
) -> None:
    for person in (cast.helene, cast.marc):
        actions.record_presence(first_half_day(begun), person, Presence.PRESENT, actor=actor_of(cast.solene))
    with django_assert_num_queries(1):
        found = Attendance.objects.of_kind(GatheringKind.SUPERVISION).minutes_by_person([cast.helene.pk])
    assert found == {cast.helene.pk: 180}
    assert Attendance.objects.of_kind(GatheringKind.TRAINING).minutes_by_person() == {}


def test_two_files_of_one_person_count_a_half_day_once(cast: Cast, begun: Gathering) -> None:
    solene = actor_of(cast.solene)
    actions.sign_presence(first_half_day(begun), cast.helene, actor=solene, signature="Hélène Dubreuil")
    actions.move_enrolments(cast.helene.pk, cast.marc.pk)
    kept = Attendance.objects.get()
    assert (kept.person, str(kept.signature)) == (cast.marc, "Hélène Dubreuil")
    actions.record_presence(first_half_day(begun), cast.marc, Presence.PRESENT, actor=solene)
    assert Attendance.objects.minutes_by_person() == {cast.marc.pk: 180}


def test_copy_and_erasure(cast: Cast, begun: Gathering) -> None:
    actions.sign_presence(first_half_day(begun), cast.helene, actor=actor_of(cast.solene), signature="Hélène Dubreuil")
    sections = {section.name: section.rows for part in exports.PARTS for section in part(cast.helene)}
    assert len(sections["enrolments"]) == len(sections["attendances"]) == 1
    assert "Hélène Dubreuil" in sections["attendances"][0].values()
    assert len([fate for fate in erasures.preview(cast.helene) if "signature" in fate.what.lower()]) == 1
    for part in erasures.PARTS:
        if part.erase.__module__ == "vecu.agenda.erasures":
            part.erase(cast.helene)
    kept = Attendance.objects.get()
    assert (str(kept.signature), kept.presence) == ("", Presence.PRESENT)
    begun.refresh_from_db()
    assert begun.taken == 1
