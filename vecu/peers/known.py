"""What changes what is known of peers: each time one of these rows is written, whoever keeps facts of the peers it is
about reads them again (`vecu.core.marks`)."""

from __future__ import annotations

from vecu.core import marks
from vecu.peers.models import (
    Absence,
    Clearance,
    LimitsPassport,
    LivedExperience,
    Peer,
    Requirement,
    SiteAgreement,
)
from vecu.people.models import Consent, ConsentText, Person

OF_A_PEER = "SELECT {row}.organisation_id, {row}.peer_id"
PEERS = f"SELECT organisation_id, id FROM {Peer._meta.db_table}"  # noqa: S608
OF_A_PERSON = f"{PEERS} WHERE person_id = {{row}}.id"
OF_A_PERSON_HERE = f"{PEERS} WHERE person_id = {{row}}.person_id AND organisation_id = {{row}}.organisation_id"
EVERYWHERE = f"SELECT organisation_id, organisation_id FROM {Peer._meta.db_table}"  # noqa: S608

marks.watch(Peer._meta.db_table, marks.ITSELF)
for model in (Absence, Clearance, LimitsPassport, LivedExperience):
    marks.watch(model._meta.db_table, OF_A_PEER)
for model in (Requirement, SiteAgreement):
    marks.watch(model._meta.db_table, marks.EVERYONE)
marks.watch(Person._meta.db_table, OF_A_PERSON)
marks.watch(Consent._meta.db_table, OF_A_PERSON_HERE)
marks.watch(ConsentText._meta.db_table, EVERYWHERE)
