"""What is typed about courses, cohorts, attestations and diplomas."""

from vecu.training.forms.attestations import CheckForm, DecisionForm, EquivalenceForm, RenewForm, RevokeForm
from vecu.training.forms.cohorts import CohortForm, NewcomerForm, PapersForm, SeatsForm, TraineeForm
from vecu.training.forms.courses import CourseForm, KnownCourseForm
from vecu.training.forms.engagements import PortfolioForm, ThanksForm
from vecu.training.forms.looks import LevelsForm, ReviewForm

__all__ = [
    "CheckForm",
    "CohortForm",
    "CourseForm",
    "DecisionForm",
    "EquivalenceForm",
    "KnownCourseForm",
    "LevelsForm",
    "NewcomerForm",
    "PapersForm",
    "PortfolioForm",
    "RenewForm",
    "ReviewForm",
    "RevokeForm",
    "SeatsForm",
    "ThanksForm",
    "TraineeForm",
]
