"""Training of the demo: forty hours in progress, a cohort over with its attestations, one out of date, one withdrawn,
diplomas sent, and the catalogue of what is given elsewhere."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from vecu.agenda import actions as agenda
from vecu.agenda.actions.gatherings import HalfDayGiven
from vecu.agenda.enums import Presence
from vecu.peers.actions import engagement
from vecu.people import actions as people
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.models import Person, Site
from vecu.portal.seed import online, papers
from vecu.portal.seed.people import World, acting, address_of
from vecu.training import actions, context
from vecu.training.enums import Moment, Qualification, Question, Standing
from vecu.training.models import Cohort, Course, Trainee

WEEK = timedelta(days=7)
MORNING, AFTERNOON = (time(9), time(12, 20)), (time(13, 40), time(17))
FORTY_HOURS = [
    ("La maladie, vécue et soignée : deux savoirs", 400),
    ("La démarche éducative, du bilan partagé à l’évaluation", 600),
    ("Écouter sans conseiller, parler de soi sans prendre la place", 400),
    ("Animer une séance à deux voix", 600),
    ("Cadre, secret et travail en équipe", 400),
]
LEARNT = [
    "Écouter sans conseiller",
    "Parler de mon vécu sans prendre la place",
    "Animer une séance à deux voix",
    "Dire mes limites et passer le relais",
    "Garder le secret en équipe",
]
# Where each of a cohort says they stand, line by line: before, then after.
SAID_BEFORE = ("not_yet", "with_help", "not_yet", "with_help", "alone", "not_yet", "with_help")
SAID_AFTER = ("with_help", "alone", "alone", "can_show", "alone", "with_help", "alone")
VIEWS = (
    ("yes", "yes", "rather", "yes", "Les mises en situation à deux m’ont donné confiance."),
    ("yes", "rather", "little", "yes", "Une pause de plus l’après-midi."),
    ("rather", "yes", "rather", "rather", ""),
    ("yes", "yes", "yes", "yes", "Entendre les soignants dire ce qu’ils ne savent pas."),
    ("rather", "rather", "little", "rather", "Les journées sont longues quand on est fatigué."),
    ("yes", "yes", "rather", "little", ""),
)
REFRESHER = [("Écouter : reprendre la pratique", 200), ("Nos limites, nos relais", 200)]
KNOWN = [
    {
        "title": "DU Éducation thérapeutique, démarches éducatives",
        "organiser": "Université de Valmont",
        "kind": "university",
        "qualification": Qualification.EDUCATION_LEAD,
        "minutes": 120 * 60,
        "place": "Valmont, un jeudi par mois",
        "price": "950 €, 300 € pour les patients",
        "dates": "D’octobre à juin",
        "contact": "du-etp@universite.example",
    },
    {
        "title": "Quarante heures en ligne et deux jours sur place",
        "organiser": "Association Parcours partagés",
        "kind": "association",
        "qualification": Qualification.EDUCATION,
        "minutes": 2400,
        "place": "À distance, puis Saint-Aubin",
        "price": "Gratuit pour les patients",
        "dates": "Chaque trimestre",
        "contact": "01 99 00 70 10",
    },
    {
        "title": "Écouter par téléphone",
        "organiser": "Ligne d’écoute Valmont",
        "kind": "association",
        "qualification": Qualification.LISTENING,
        "minutes": 14 * 60,
        "place": "Valmont",
        "price": "80 €",
        "dates": "Deux samedis, en mars et en septembre",
        "contact": "01 99 00 70 20",
    },
    {
        "title": "Patients et soignants : former ensemble",
        "organiser": "CHU de Valmont",
        "kind": "hospital",
        "qualification": Qualification.EDUCATION,
        "minutes": 2400,
        "place": "CHU de Valmont, bâtiment C",
        "price": "Prise en charge par l’hôpital",
        "dates": "Une session au printemps",
        "contact": "utep@chu-valmont.example",
    },
]
CARERS = (("Nolwenn", "Prigent"), ("Rachid", "Belkacem"), ("Élise", "Fontanel"))


def make(world: World) -> None:
    sabine = _trainer(world)
    forty, refresher = _courses(world, sabine)
    for known in KNOWN:
        actions.save_known_course(world.committee.organisation, actor=_actor(world, sabine), **known)
    online.write(forty, actor=_actor(world, sabine))
    marc = _in_progress(world, forty, sabine)
    online.follow(marc, acting(marc.person, world.committee.organisation, Role.PEER))
    _over(world, forty, sabine)
    _out_of_date(world, refresher, sabine)
    _diplomas(world)
    _left(world)


def _trainer(world: World) -> Person:
    return people.create_person(
        actor=system(world.committee.organisation.pk),
        organisation=world.committee.organisation,
        role=Role.TRAINER,
        given_name="Sabine",
        family_name="Leroux",
        email=address_of("Sabine", "Leroux"),
        has_account=True,
        phone="01 99 00 40 41",
        languages=["fr"],
    )


def _actor(world: World, sabine: Person) -> Actor:
    return acting(sabine, world.committee.organisation, Role.TRAINER)


def _courses(world: World, sabine: Person) -> tuple[Course, Course]:
    here = {"actor": _actor(world, sabine), "organiser": "Comité de Loire-Valmont, avec l’UTEP du CHU de Valmont"}
    forty = actions.create_course(
        world.committee.organisation,
        title="Éducation thérapeutique : 40 heures, patients et soignants",
        qualification=Qualification.EDUCATION,
        minutes=2400,
        modules=FORTY_HOURS,
        criteria=LEARNT,
        **here,
    )
    refresher = actions.create_course(
        world.committee.organisation,
        title="Être patient ressource : une journée pour reprendre",
        qualification=Qualification.PEER,
        minutes=400,
        validity_months=24,
        modules=REFRESHER,
        criteria=LEARNT[:1],
        **here,
    )
    return forty, refresher


def _half_days(first: date, days: int, sites: list[Site]) -> list[HalfDayGiven]:
    """One day a week, morning and afternoon, in turn at each site."""
    made = []
    for number in range(days):
        day, site = first + number * WEEK, sites[number % len(sites)]
        for start, end in (MORNING, AFTERNOON):
            at = [timezone.make_aware(datetime.combine(day, hour)) for hour in (start, end)]
            made.append((at[0], at[1], site, ""))
    return made


def _tuesday(world: World, weeks: int) -> date:
    """The Tuesday of so many weeks ago (or to come), never today."""
    today = timezone.localdate(world.now)
    return today - timedelta(days=(today.weekday() - 1) % 7 or 7) - (weeks - 1) * WEEK


def _cohort(
    world: World, course: Course, sabine: Person, first: date, days: int, learners: list[Person], carers: int = 0
) -> Cohort:
    actor, sites = _actor(world, sabine), [world.committee.sites[0], world.committee.sites[2]]
    cohort = actions.open_cohort(course, actor=actor, host=sabine, places=10, half_days=_half_days(first, days, sites))
    for person in learners:
        actions.add_trainee(cohort, person, actor=actor, load_reason="Vu ensemble, d’accord.")
    for given, family in CARERS[:carers]:
        actions.add_newcomer(
            cohort,
            actor=actor,
            standing=Standing.PROFESSIONAL,
            given_name=given,
            family_name=family,
            email=f"{first:%y%m}.{address_of(given, family)}" if given == "Nolwenn" else "",
        )
    return cohort


def _attend(world: World, cohort: Cohort, sabine: Person, missed: dict[int, tuple[int, ...]]) -> None:
    """Everyone, except these half-days by place in the list (0 is the first person, and the first half-day)."""
    actor = _actor(world, sabine)
    parts = [row for row in cohort.gathering.half_days.order_by("starts_at") if row.ends_at < world.now]
    people_there = [row.person for row in cohort.gathering.enrolments.order_by("enrolled_at", "pk")]
    for place, person in enumerate(people_there):
        for number, half_day in enumerate(parts):
            presence = Presence.ABSENT if number in missed.get(place, ()) else Presence.PRESENT
            agenda.record_presence(half_day, person, presence, actor=actor, now=half_day.ends_at)


def _in_progress(world: World, forty: Course, sabine: Person) -> Trainee:
    """Six days in two places, four behind: Marc missed an afternoon, two papers are missing. Marc is given back."""
    peers = world.committee.peers
    marc = next(peer for peer in peers if str(peer.person.given_name) == "Marc")
    others = [peer.person for peer in peers[13:16]]
    cohort = _cohort(world, forty, sabine, _tuesday(world, 4), 6, [marc.person, *others], carers=3)
    _attend(world, cohort, sabine, {0: (3,), 5: (0, 1)})
    actor = _actor(world, sabine)
    trainees = list(cohort.trainees.order_by("created_at", "pk"))
    for number, trainee in enumerate(trainees):
        kinds = ["registration", "rules"] if number % 3 else ["registration"]
        actions.receive_papers(trainee, kinds, actor=actor, on=timezone.localdate(world.now))
    _stand(trainees[:6], Moment.BEFORE, SAID_BEFORE, cohort.gathering.starts_at)
    # Sabine has looked at where Marc stands; whoever is the second has not.
    actions.assess(
        trainees[0], _levels(trainees[0], ("with_help", "alone", "with_help", "alone", "alone")), actor=actor
    )
    return trainees[0]


def _stand(trainees: list[Trainee], moment: Moment, said: tuple[str, ...], at: datetime) -> None:
    """Each says where they stand, not quite as the one before."""
    for number, trainee in enumerate(trainees):
        person = acting(trainee.person, trainee.cohort.course.organisation, Role.TRAINEE)
        levels = _levels(trainee, said[number % 3 :])
        actions.assess_self(trainee, moment, levels, actor=person, now=at)


def _levels(trainee: Trainee, said: tuple[str, ...]) -> dict[str, str]:
    keys = (str(pk) for pk in trainee.cohort.course.criteria.order_by("place").values_list("pk", flat=True))
    return dict(zip(keys, said, strict=False))


def _over(world: World, forty: Course, sabine: Person) -> None:
    """Everyone but one has their attestation; one was withdrawn, its name was wrong."""
    learners = [peer.person for peer in (world.committee.peers[12], *world.committee.peers[20:24])]
    cohort = _cohort(world, forty, sabine, _tuesday(world, 20), 6, learners, carers=2)
    _attend(world, cohort, sabine, {2: (7,)})
    ended = cohort.gathering.ends_at + timedelta(days=2)
    _looked_back(world, cohort, sabine)
    done = actions.issue_for_cohort(cohort, actor=_actor(world, sabine), now=ended)
    actions.revoke(done.attestations[-1], actor=world.committee.actor, reason="identity", now=ended + timedelta(days=9))


def _looked_back(world: World, cohort: Cohort, sabine: Person) -> None:
    """All said where they stood, before and after; two looked at the first apart; what they thought was closed."""
    trainees, gathering = list(cohort.trainees.order_by("created_at", "pk")), cohort.gathering
    _stand(trainees[:6], Moment.BEFORE, SAID_BEFORE, gathering.starts_at)
    _stand(trainees[:6], Moment.AFTER, SAID_AFTER, gathering.ends_at)
    first = trainees[0]
    actions.assess(first, _levels(first, SAID_AFTER), actor=_actor(world, sabine))
    other = ("with_help", "alone", "with_help", "not_yet", "alone")
    actions.assess(first, _levels(first, other), actor=world.committee.actor)
    for trainee, (*answers, words) in zip(trainees, VIEWS, strict=False):
        person = acting(trainee.person, world.committee.organisation, Role.TRAINEE)
        given = dict(zip(Question.values, answers, strict=True))
        actions.review_course(trainee, given, words=words, actor=person, now=gathering.ends_at)
    actions.close_review(cohort, actor=_actor(world, sabine), now=gathering.ends_at + timedelta(days=31))


def _out_of_date(world: World, refresher: Course, sabine: Person) -> None:
    """Valid two years: one ended two months ago, another ends in three weeks."""
    for weeks, place in ((113, 24), (101, 25)):
        learners = [world.committee.peers[place].person]
        cohort = _cohort(world, refresher, sabine, _tuesday(world, weeks), 1, learners)
        _attend(world, cohort, sabine, {})
        actions.issue_for_cohort(cohort, actor=_actor(world, sabine), now=cohort.gathering.ends_at)


def _left(world: World) -> None:
    """Two left: one was thanked and would like to come back, the other waits for a word."""
    committee = world.committee
    thanked, waiting = committee.peers[40], committee.peers[41]
    for peer, days in ((thanked, 45), (waiting, 2)):
        moment = world.now - timedelta(days=days)
        engagement.end_engagement(peer, actor=committee.actor, now=moment)
    letter = context.usual_thanks(thanked)
    attestation = actions.thank(thanked, actor=committee.actor, letter=letter, now=world.now - timedelta(days=40))
    herself = acting(thanked.person, committee.organisation, Role.PEER)
    actions.ask_to_return(attestation, actor=herself, now=world.now - timedelta(days=1))


def _diplomas(world: World) -> None:
    """Hélène's waits for an answer; another one was accepted."""
    committee = world.committee
    for peer, days, is_answered in ((committee.peers[0], 3, False), (committee.peers[38], 60, True)):
        sent = actions.ask_equivalence(
            peer.person,
            actor=acting(peer.person, committee.organisation, Role.PEER),
            organisation=committee.organisation,
            qualification=Qualification.EDUCATION,
            diploma="DU Éducation du patient",
            obtained_on=timezone.localdate(world.now) - timedelta(days=1500),
            file=papers.scan("Université de Valmont – Diplôme"),
            now=world.now - timedelta(days=days),
        )
        if is_answered:
            actions.decide(sent, "accept", actor=committee.actor, answer="Bienvenue, et merci.", now=world.now)
