"""Nouns of recruiting."""

from vecu.recruitment.models.applications import Application, ApplicationDraft, ApplicationLetter, Decision
from vecu.recruitment.models.campaigns import Campaign, CampaignNeed
from vecu.recruitment.models.interviews import Interview, InterviewGuide, InterviewNote, InterviewSlot
from vecu.recruitment.models.recruitments import EntryCondition, Recruitment

__all__ = [
    "Application",
    "ApplicationDraft",
    "ApplicationLetter",
    "Campaign",
    "CampaignNeed",
    "Decision",
    "EntryCondition",
    "Interview",
    "InterviewGuide",
    "InterviewNote",
    "InterviewSlot",
    "Recruitment",
]
