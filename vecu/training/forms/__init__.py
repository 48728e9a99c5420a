"""What is typed about courses, cohorts, attestations and diplomas."""

from vecu.training.forms.attestations import CheckForm, DecisionForm, EquivalenceForm, RenewForm, RevokeForm
from vecu.training.forms.cohorts import CohortForm, NewcomerForm, PapersForm, SeatsForm, TraineeForm
from vecu.training.forms.courses import CourseForm, KnownCourseForm
from vecu.training.forms.engagements import PortfolioForm, ThanksForm
from vecu.training.forms.looks import LevelsForm, ReviewForm
from vecu.training.forms.modules import ChoiceForm, NoteForm, OnlineMinutesForm, PageForm

__all__ = [
    "CheckForm",
    "ChoiceForm",
    "CohortForm",
    "CourseForm",
    "DecisionForm",
    "EquivalenceForm",
    "KnownCourseForm",
    "LevelsForm",
    "NewcomerForm",
    "NoteForm",
    "OnlineMinutesForm",
    "PageForm",
    "PapersForm",
    "PortfolioForm",
    "RenewForm",
    "ReviewForm",
    "RevokeForm",
    "SeatsForm",
    "ThanksForm",
    "TraineeForm",
]
