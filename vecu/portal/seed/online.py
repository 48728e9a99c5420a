"""A module of the forty hours to follow online, which Marc has begun. What is listened to are three soft tones."""

from __future__ import annotations

import io

from vecu.people.actor import Actor
from vecu.portal.seed.tones import tones
from vecu.training import actions
from vecu.training.actions import PageGiven
from vecu.training.models import Course, ModulePage, Trainee

NOTES = (262.0, 330.0, 392.0, 330.0, 262.0)
TEXT = """Quand quelqu’un nous parle de sa maladie, l’envie vient vite d’aider : un conseil, un exemple, une solution.

# Ce qui aide souvent
- Laisser un silence avant de répondre.
- Redire avec ses propres mots ce qu’on a compris.
- Demander\u00a0: «\u00a0Qu’est-ce qui vous aiderait, là, maintenant\u00a0?\u00a0»

# Ce qui aide moins
Comparer avec sa propre histoire trop tôt. Elle compte, et elle viendra : la personne vous le demandera."""
TRANSCRIPT = "\n\n".join(
    (
        "Cet enregistrement de démonstration ne contient aucune parole : cinq notes douces, jouées l’une après l’autre, "
        "qui montent puis redescendent.",
        "À cette place, une formation mettrait une voix : par exemple un pair qui raconte, avec son accord, une écoute "
        "qui l’a aidé. Tout ce qui serait dit se lirait ici.",
    )
)
CHOICES = (
    ("«\u00a0Moi aussi, j’ai eu très peur, et regardez\u00a0: je vais bien.\u00a0»", False),
    ("«\u00a0Vous avez peur. Voulez-vous m’en dire plus\u00a0?\u00a0»", True),
    ("«\u00a0Il ne faut pas avoir peur, la médecine a fait des progrès.\u00a0»", False),
)
EXPLANATION = (
    "Redire et ouvrir laisse à la personne la place de continuer, ou de se taire. Les deux autres réponses partent d’un "
    "bon sentiment : la première parle de vous avant elle, la dernière referme la peur au lieu de l’accueillir."
)
MOMENT = (
    "Rappelez-vous une fois où quelqu’un vous a vraiment écouté. Qu’est-ce que cette personne a fait, ou n’a pas fait\u00a0?"
)


def write(course: Course, *, actor: Actor) -> None:
    """Four pages, one of each kind, in the module about listening."""
    module = course.modules.get(title__startswith="Écouter sans conseiller")
    sound = io.BytesIO(tones(NOTES, 1.2))
    given = {
        "text": PageGiven("Écouter avant d’aider", TEXT),
        "sound": PageGiven("Un moment pour écouter", "Cinq notes, six secondes.", file=sound, transcript=TRANSCRIPT),
        "question": PageGiven(
            "«\u00a0J’ai peur que ça revienne\u00a0»",
            "Au téléphone, une personne vous dit\u00a0: «\u00a0J’ai peur que ça revienne.\u00a0» Que répondre\u00a0?",
            choices=CHOICES,
            explanation=EXPLANATION,
        ),
        "reflection": PageGiven("Une écoute qui m’a aidé", MOMENT),
    }
    for kind, page in given.items():
        actions.add_page(module, kind, page, actor=actor)
    actions.set_online_minutes(module, actor=actor, minutes=20)


def follow(trainee: Trainee, actor: Actor) -> None:
    """The first two pages seen, and a note of his own."""
    pages = ModulePage.objects.filter(module__course=trainee.cohort.course_id).order_by("module__place", "place")
    for page in pages[:2]:
        actions.see_page(trainee, page, actor=actor)
    actions.write_note(trainee, "Le silence après la question : j’ai envie d’essayer.", actor=actor)
