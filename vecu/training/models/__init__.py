"""Courses and those who follow them, what attests it, and what is accepted in its place."""

from vecu.training.models.attestations import Attestation, EngagementAttestation, Equivalence, IssuerKey
from vecu.training.models.cohorts import (
    Assessment,
    Cohort,
    CourseReview,
    KeptSeats,
    SelfAssessment,
    Trainee,
    TraineePaper,
)
from vecu.training.models.courses import Course, CourseModule, Criterion, KnownCourse
from vecu.training.models.modules import DiaryNote, ModuleFollowing, ModulePage, PageSound

__all__ = [
    "Assessment",
    "Attestation",
    "Cohort",
    "Course",
    "CourseModule",
    "CourseReview",
    "Criterion",
    "DiaryNote",
    "EngagementAttestation",
    "Equivalence",
    "IssuerKey",
    "KeptSeats",
    "KnownCourse",
    "ModuleFollowing",
    "ModulePage",
    "PageSound",
    "SelfAssessment",
    "Trainee",
    "TraineePaper",
]
