"""What wards, faculties and researchers ask peers for, and what each peer answers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.missions.enums import AnswerState, MissionState, Pay, Purpose
from vecu.missions.querysets import AnswerQuerySet, DoorQuerySet, MissionQuerySet
from vecu.peers.enums import PeerKind


class MissionDoor(Row):
    """The link by which one ward, faculty or laboratory asks for peers, without an account. `token` says nothing."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    label = models.CharField(_("whose link it is"), max_length=120)
    token = models.CharField(max_length=24, unique=True)
    is_open = models.BooleanField(_("open"), default=True)

    objects = DoorQuerySet.as_manager()

    class Meta:
        verbose_name = _("link for missions")
        ordering = ["label"]

    def __str__(self) -> str:
        return f"door {self.pk}"


class Mission(Row):
    """« Two patients, breast cancer, 14 May »: how many, who, when, where, what for, paid or not.

    Once somebody is chosen its day stands in the agenda (`gathering`), under a title that says nothing of it.
    Who asks and in which words are sealed under the mission's own key, destroyed when its time is over.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    door = models.ForeignKey(MissionDoor, models.SET_NULL, null=True, blank=True, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    purpose = models.CharField(_("what for"), max_length=12, choices=Purpose.choices)
    wanted = models.PositiveSmallIntegerField(_("how many people"))
    code = models.CharField(_("experience"), max_length=40, blank=True)
    kind = models.CharField(_("lived as"), max_length=10, choices=PeerKind.choices, default=PeerKind.PATIENT)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    place = models.CharField(_("where"), max_length=120)
    pay = models.CharField(_("paid or not"), max_length=12, choices=Pay.choices, default=Pay.UNSAID)
    asker = EncryptedTextField(_("who asks"), key="vault_id")
    email = EncryptedTextField(_("e-mail"), key="vault_id", blank=True)
    phone = EncryptedTextField(_("phone"), key="vault_id", blank=True)
    words = EncryptedTextField(_("what will be asked of them"), key="vault_id", blank=True)
    state = models.CharField(max_length=10, choices=MissionState.choices, default=MissionState.RECEIVED)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    gathering = models.OneToOneField("agenda.Gathering", models.SET_NULL, null=True, blank=True, related_name="+")
    expires_on = models.DateField(_("deleted on"))

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission")
        indexes = [models.Index(fields=["organisation", "state", "starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="mission_numbers"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="mission_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=1, wanted__lte=30),
                name="mission_for_someone",
                violation_error_message=_("Ask for 1 to 30 people."),
            ),
        ]

    def __str__(self) -> str:
        return f"mission {self.number}"


class MissionAnswer(Row):
    """One peer asked, and what they said: `can_come` keeps it once they have a reply. `limits_version` is the version
    of their limits used that day; above what they accept, `load_reason` says why they are asked all the same."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="answers")
    peer = models.ForeignKey("peers.Peer", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=AnswerState.choices, default=AnswerState.ASKED)
    can_come = models.BooleanField(_("said that they can"), null=True, blank=True)
    limits_version = models.PositiveSmallIntegerField(null=True, blank=True)
    load_reason = EncryptedTextField(
        _("asked above what they accept, because"), key="peer.vault_id", max_length=200, blank=True
    )
    asked_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a mission")
        ordering = ["asked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["mission", "peer"], name="asked_once_a_mission")]

    def __str__(self) -> str:
        return f"answer {self.state}"
