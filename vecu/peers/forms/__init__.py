"""What is typed about patient partners."""

from vecu.peers.forms.conventions import ConventionForm, PaperForm
from vecu.peers.forms.files import AbsenceForm, ClearanceForm, PauseForm, RaiseLimitForm
from vecu.peers.forms.lists import ImportForm, PeerSearchForm
from vecu.peers.forms.offers import AvailabilityForm, ExperienceForm, LimitsForm
from vecu.peers.forms.people import NewPeerForm, PeerForm
from vecu.peers.forms.requirements import RequirementsForm

__all__ = [
    "AbsenceForm",
    "AvailabilityForm",
    "ClearanceForm",
    "ConventionForm",
    "ExperienceForm",
    "ImportForm",
    "LimitsForm",
    "NewPeerForm",
    "PaperForm",
    "PauseForm",
    "PeerForm",
    "PeerSearchForm",
    "RaiseLimitForm",
    "RequirementsForm",
]
