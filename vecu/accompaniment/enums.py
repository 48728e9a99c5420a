"""Words of the accompaniment area."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestSource(TextChoices):
    ONLINE = "online", _("Asked on this site")
    WARD = "ward", _("Asked by a ward")
    PHONE = "phone", _("Asked by phone, entered by a coordinator")


class RequestRole(TextChoices):
    PATIENT = "patient", _("Someone who is ill, or was")
    RELATIVE = "relative", _("A relative")

    @property
    def own_words(self) -> str:
        """As the person says it of themselves."""
        return str(OWN_WORDS[self])


OWN_WORDS = {
    RequestRole.PATIENT: _("I am ill, or I was"),
    RequestRole.RELATIVE: _("Someone close to me is ill"),
}


class RequestState(TextChoices):
    RECEIVED = "received", _("To call back")
    OPEN = "open", _("To match")
    WAITING = "waiting", _("Waiting, no peer available")
    PROPOSED = "proposed", _("Proposed to a peer")
    PAIRED = "paired", _("In touch with a peer")
    CLOSED = "closed", pgettext_lazy("request", "Closed")

    @classmethod
    def to_match(cls) -> tuple["RequestState", ...]:
        """Those the matching engine looks at."""
        return (cls.OPEN, cls.WAITING)

    @classmethod
    def standing(cls) -> tuple["RequestState", ...]:
        """Those somebody still has to do something about before a pair exists."""
        return (cls.RECEIVED, cls.OPEN, cls.WAITING, cls.PROPOSED)


class RequestClosing(TextChoices):
    """Why a request ended without, or after, a pair."""

    PAIR_ENDED = "pair_ended", _("The exchange with a peer has ended")
    WITHDRAWN = "withdrawn", _("The person changed their mind")
    PSYCHOLOGIST = "psychologist", _("A psychologist was what was needed")
    SOCIAL_WORKER = "social_worker", _("A social worker was what was needed")
    EDUCATION = "education", _("An education programme was what was needed")
    INFORMATION = "information", _("Information was enough")
    NOT_REACHED = "not_reached", _("Not reached after several calls")
    NO_PEER = "no_peer", _("No peer could be found")
    DUPLICATE = "duplicate", _("Asked twice")
    STOPPED = "stopped", _("Everything was stopped about this person")
    OTHER = "other", _("Something else")


class CallOutcome(TextChoices):
    REACHED = "reached", _("We talked")
    NO_ANSWER = "no_answer", _("No answer")
    CALL_LATER = "call_later", _("Asked to be called later")


class Stage(TextChoices):
    DIAGNOSIS = "diagnosis", _("It was just announced")
    TREATMENT = "treatment", _("In treatment")
    BEFORE_OPERATION = "before_operation", _("Before an operation")
    AFTER = "after", _("After treatment")
    RELAPSE = "relapse", _("It has come back")
    LIVING_WITH = "living_with", _("Living with it, day after day")


# What a relative lives is told by who they are (codes of the maintained list, by Relation).
RELATION_SITUATIONS = {
    "spouse": "aidant_conjoint",
    "parent": "aidant_enfant",
    "child": "aidant_parent",
    "sibling": "aidant_fratrie",
    "friend": "aidant_ami",
}


class AgeGroup(TextChoices):
    """Asked of everyone: under 15, someone who holds parental authority agrees first."""

    ADULT = "adult", _("18 or more")
    YOUNG = "young", _("15 to 17")
    CHILD = "child", _("Under 15")


class Alternative(TextChoices):
    """What is offered to someone for whom no peer is free."""

    HELP_LINE = "help_line", _("A help line")
    GROUP = "group", _("A group or a meeting")
    PODCAST = "podcast", _("Stories to listen to")
    EDUCATION = "education", _("An education programme")
    NONE = "none", _("Nothing for now: the person prefers to wait")


class DayPart(TextChoices):
    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    EVENING = "evening", _("In the early evening")


class ProposalState(TextChoices):
    ASKED = "asked", _("The peer has been asked")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not this time")
    EXPIRED = "expired", _("No answer in time")
    WITHDRAWN = "withdrawn", _("Taken back by the coordinator")


class ChoiceReason(TextChoices):
    """Why the peer chosen was not the first one suggested."""

    KNOWS_THEM = "knows_them", _("I know both people")
    ASKED_FOR = "asked_for", _("The person asked for this peer")
    SHARE_LOAD = "share_load", _("To let others rest")
    WAITED_LONG = "waited_long", _("This peer has been waiting to be called")
    PLACE = "place", _("Nearer or easier to meet")
    STORY = "story", _("Something in their story fits better")
    OVERALL = "overall", _("Best for all who wait, looked at together")
    OTHER = "other", _("Another reason")

    @classmethod
    def by_hand(cls) -> list[tuple[str, str]]:
        """Those a person picks; OVERALL is only ever written by the overall plan."""
        return [(value, label) for value, label in cls.choices if value != cls.OVERALL]


class PairState(TextChoices):
    STARTING = "starting", _("First contact to come")
    ONGOING = "ongoing", _("In touch")
    CLOSED = "closed", _("Ended")


class PairClosing(TextChoices):
    NEED_MET = "need_met", _("The need is met")
    PERSON_WISH = "person_wish", _("The person wishes to stop")
    CHANGE_OF_PEER = "change_of_peer", _("The person would like someone else")
    NO_CONTACT = "no_contact", _("No contact after several tries")
    REFERRED = "referred", _("Referred to someone else")
    HEALTH = "health", _("Health")
    MOVED = "moved", _("Moved away")
    DEATH = "death", _("The person has died")
    PEER_PAUSE = "peer_pause", _("The peer is taking a pause")
    MISMATCH = "mismatch", _("It was not the right match")
    LEFT = "left", _("One of the two left the exchange")
    STOPPED = "stopped", _("Everything was stopped about this person")
    OTHER = "other", _("Something else")


# Closing reasons after which three questions may be asked: never after a death, a stop, or silence.
EVALUATED_CLOSINGS = frozenset(
    {
        PairClosing.NEED_MET,
        PairClosing.PERSON_WISH,
        PairClosing.REFERRED,
        PairClosing.MOVED,
        PairClosing.PEER_PAUSE,
        PairClosing.MISMATCH,
    }
)


class Told(TextChoices):
    """Who was told, by a human, that an exchange has ended."""

    PERSON = "person", _("The person followed")
    PEER = "peer", _("The peer")
    RELATIVES = "relatives", _("Those close to the person")
    WARD = "ward", _("The ward that asked")
    PSYCHOLOGIST = "psychologist", _("The psychologist")


class Feeling(TextChoices):
    """How the peer felt after a contact: three faces."""

    GOOD = "good", _("Good")
    MIXED = "mixed", _("Mixed")
    HARD = "hard", _("Hard")


class Duration(TextChoices):
    SHORT = "short", _("A few minutes")
    HALF_HOUR = "half_hour", _("About half an hour")
    HOUR = "hour", _("About an hour")
    LONG = "long", _("More than an hour")


class Theme(TextChoices):
    ANNOUNCEMENT = "announcement", _("The announcement")
    TREATMENT_LIFE = "treatment_life", _("Living with the treatment")
    BODY = "body", _("The body, the image of oneself")
    FAMILY = "family", _("Family and those close")
    WORK = "work", _("Work")
    INTIMACY = "intimacy", _("Couple and intimacy")
    TIREDNESS = "tiredness", _("Tiredness")
    FEAR = "fear", _("Fear, the future")
    DAILY_LIFE = "daily_life", _("Daily life")
    RIGHTS = "rights", _("Rights and papers")
    OTHER = "other", _("Something else")


class FollowUpKind(TextChoices):
    AFTER_FIRST = "after_first", _("After the first contact")
    ONE_MONTH = "one_month", _("At one month")
    LATER = "later", _("Later on")
    SILENCE = "silence", _("No news for a while")
    BEREAVEMENT = "bereavement", _("With the peer, after a death")
    TELL_PERSON = "tell_person", _("With the person: the exchange has stopped")

    @classmethod
    def after_the_end(cls) -> tuple["FollowUpKind", ...]:
        """Those made with whoever is left once the pair has ended: they come before any other point."""
        return (cls.BEREAVEMENT, cls.TELL_PERSON)


class FollowUpOutcome(TextChoices):
    GOES_WELL = "goes_well", _("It goes well")
    TO_WATCH = "to_watch", _("To watch")
    NOT_REACHED = "not_reached", _("Not reached")
    CHANGE = "change", _("A change is needed")
    STOP = "stop", _("It is time to end")


class EvaluationSide(TextChoices):
    BENEFICIARY = "beneficiary", _("The person followed")
    PEER = "peer", _("The peer")


# An answer is one of five faces, each with its word.
FIVE = [
    (1, _("No")),
    (2, _("Rather not")),
    (3, _("In between")),
    (4, _("Rather yes")),
    (5, _("Yes")),
]
QUESTIONS = {
    EvaluationSide.BENEFICIARY: (
        _("Did the first contact come soon enough?"),
        _("Was it the right person for you?"),
        _("Did you feel listened to?"),
    ),
    EvaluationSide.PEER: (
        _("Did you feel prepared?"),
        _("Did you feel supported?"),
        _("Would you follow someone again?"),
    ),
}


class PlanLineState(TextChoices):
    SUGGESTED = "suggested", _("Suggested")
    LOCKED = "locked", _("Kept by you")
    REFUSED = "refused", _("Set aside by you")
    ACCEPTED = "accepted", _("Proposed to the peer")
