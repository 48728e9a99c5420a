"""The book of indicators: each figure has one name, one definition, one source. Nothing is printed without it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Definition:
    code: str
    label: Promise
    rule: Promise
    unit: str = "count"  # count, percent, days, minutes, people


BOOK: dict[str, Definition] = {
    definition.code: definition
    for definition in (
        Definition("requests", _("Requests"), _("Requests received in the period, whoever asked and by whatever way.")),
        Definition(
            "matched",
            _("Requests that led to a pair"),
            _("Of the requests received in the period, those for which a peer has accepted, up to today. n: requests."),
            "percent",
        ),
        Definition(
            "called_in_time",
            _("Called back in the time promised"),
            _(
                "Of the requests received in the period whose promise has run out, those with a first call before it. n: requests."
            ),
            "percent",
        ),
        Definition(
            "days_median",
            _("Days to the first contact, median"),
            _(
                "Whole days from the request to the first contact with the peer, for requests received in the period. n: first contacts."
            ),
            "days",
        ),
        Definition(
            "days_p90",
            _("Days to the first contact, for 9 people in 10"),
            _("90th percentile (nearest rank) of the same days. n: first contacts."),
            "days",
        ),
        Definition(
            "waiting",
            _("Waiting for a peer today"),
            _("Requests with consent for which no peer has been asked or found, today. n: requests."),
        ),
        Definition(
            "unmet",
            _("Needs without an answer"),
            _("Needs noted in the period because nobody could be proposed, and still without an answer. n: needs."),
        ),
        Definition(
            "pairs_opened",
            _("Pairs opened"),
            _("Exchanges between a person and a peer opened in the period. n: pairs."),
        ),
        Definition(
            "contacts",
            _("Contacts logged by peers"),
            _("Calls, meetings and written exchanges logged by peers for a day of the period. n: contacts."),
        ),
        Definition(
            "peers",
            _("Patient partners engaged"),
            _("People engaged as patient partners today, each counted once. n: people."),
            "people",
        ),
        Definition(
            "load_median",
            _("People followed by a peer, median"),
            _(
                "Pairs in progress today per engaged patient partner who follows at least one person, in each place of engagement. n: patient partners."
            ),
            "people",
        ),
        Definition(
            "load_full",
            _("Peers at their limit"),
            _("Engaged patient partners who follow as many people as they accept, today. n: patient partners."),
            "people",
        ),
        Definition(
            "never_called",
            _("Peers not called for 90 days"),
            _(
                "Patient partners engaged for 90 days or more, free today, without a new pair for 90 days. n: patient partners."
            ),
            "people",
        ),
        Definition(
            "evaluation_rate",
            _("Answers to the three questions"),
            _("Of the people asked in the period, those who answered at least one question. n: people asked."),
            "percent",
        ),
        Definition(
            "evaluation_soon",
            _("“The contact came soon enough”"),
            _("Answers 4 or 5 out of 5 to this question. n: answers to it."),
            "percent",
        ),
        Definition(
            "evaluation_right",
            _("“The person was right for me”"),
            _("Answers 4 or 5 out of 5 to this question. n: answers to it."),
            "percent",
        ),
        Definition(
            "evaluation_heard",
            _("“I felt listened to”"),
            _("Answers 4 or 5 out of 5 to this question. n: answers to it."),
            "percent",
        ),
        Definition("alerts", _("Alerts opened"), _("Alerts opened by a person in the period. n: alerts.")),
        Definition(
            "alert_minutes",
            _("Minutes before a person takes an alert, median"),
            _("From the opening to the moment a named person takes it, for alerts of the period. n: alerts taken."),
            "minutes",
        ),
        Definition(
            "reports_late",
            _("Reports answered late"),
            _(
                "Reported messages of the period answered after the day promised, or not answered yet and late. n: reports."
            ),
        ),
    )
}
