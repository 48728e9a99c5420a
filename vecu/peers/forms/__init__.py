"""What is typed about patient partners."""

from vecu.peers.forms.files import AbsenceForm, AgreementForm, ClearanceForm, PauseForm, RaiseLimitForm
from vecu.peers.forms.lists import ImportForm, PeerSearchForm
from vecu.peers.forms.offers import AvailabilityForm, ExperienceForm, LimitsForm
from vecu.peers.forms.people import NewPeerForm, PeerForm
from vecu.peers.forms.requirements import RequirementsForm

__all__ = [
    "AbsenceForm",
    "AgreementForm",
    "AvailabilityForm",
    "ClearanceForm",
    "ExperienceForm",
    "ImportForm",
    "LimitsForm",
    "NewPeerForm",
    "PauseForm",
    "PeerForm",
    "PeerSearchForm",
    "RaiseLimitForm",
    "RequirementsForm",
]
