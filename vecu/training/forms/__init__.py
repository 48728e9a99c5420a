"""What is typed about courses, cohorts, attestations and diplomas."""

from vecu.training.forms.attestations import CheckForm, DecisionForm, EquivalenceForm, RenewForm, RevokeForm
from vecu.training.forms.cohorts import CohortForm, NewcomerForm, PapersForm, SeatsForm, TraineeForm
from vecu.training.forms.courses import CourseForm, KnownCourseForm

__all__ = [
    "CheckForm",
    "CohortForm",
    "CourseForm",
    "DecisionForm",
    "EquivalenceForm",
    "KnownCourseForm",
    "NewcomerForm",
    "PapersForm",
    "RenewForm",
    "RevokeForm",
    "SeatsForm",
    "TraineeForm",
]
