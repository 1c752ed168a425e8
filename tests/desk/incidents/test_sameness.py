"""Reports of one disturbance are told from those that only sound alike."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from bot.desk.incidents import IncidentPolicy, means_the_same, tells_of_trouble
from bot.desk.incidents.sameness import (
    as_written,
    common_things,
    contradict,
    named_in,
    share_a_thing,
)
from kb.encoding.likeness import likeness
from tests.desk.incidents.samples import (
    DIFFERENT,
    LAST_DIFFERENT,
    LAST_OUTAGES,
    LATER_DIFFERENT,
    LATER_OUTAGES,
    OUTAGES,
)
from tests.scenarios.models import encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KNOWN = {
    ("Salesforce report shows an error", "Salesforce login fails"),
    ("the Jira export to Excel fails", "Jira is not sending notifications, it fails"),
    ("monitoring alerts for web shop fail", "the web shop is down"),
    ("no internet at home", "no internet in the office"),
    ("Power BI report Sales is broken", "Power BI report HR is broken"),
    ("the scanner app hangs", "the scanner in the archive is broken"),
}
"""Joined, and perhaps wrongly: the same thing, and words that say no more."""


LAST = {f"last {number}": reports for number, reports in enumerate(LAST_OUTAGES)}


@cache
def vector(text: str) -> NDArray[np.float32]:
    """Embed a text with the real model."""
    return encoder().encode([text])[0]


def joined(one: str, other: str) -> bool:
    """Tell whether two reports would be gathered."""
    if not (tells_of_trouble(one) and tells_of_trouble(other)):
        return False
    return means_the_same(
        one, other, lambda: likeness(vector(one), vector(other), encoder()), IncidentPolicy()
    )


@pytest.mark.rare
@pytest.mark.parametrize(("one", "other"), [*DIFFERENT, *LATER_DIFFERENT, *LAST_DIFFERENT])
def test_different_problems_are_not_joined(one: str, other: str) -> None:
    """Another thing, number, place or person; or nothing that is out of order."""
    assert joined(one, other) == ((one, other) in KNOWN)
    assert joined(other, one) == ((one, other) in KNOWN)


@pytest.mark.rare
@pytest.mark.parametrize("name", [*OUTAGES, *LATER_OUTAGES, *LAST])
def test_one_disturbance_told_in_many_words_is_found(name: str) -> None:
    """Each report joins one of those before it, misspelt and in another language too."""
    reports = {**OUTAGES, **LATER_OUTAGES, **LAST}[name]
    missed = [
        report
        for number, report in enumerate(reports)
        if number and not any(joined(report, before) for before in reports[:number])
    ]
    assert len(missed) <= len(reports) // 4, missed


@pytest.mark.rare
def test_no_report_of_one_disturbance_joins_another() -> None:
    """All of the first against all of the second."""
    wrong = [
        (a, b)
        for one, other in combinations([*OUTAGES.values(), *LATER_OUTAGES.values()], 2)
        for a in one
        for b in other
        if joined(a, b)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("printer on floor 3 is offline", "printer on floor 5 is offline"),
        ("imprimante du 2e étage en panne", "imprimante du 4e étage en panne"),
        ("wifi is down in Utrecht", "wifi is down in Hamburg"),
        ("elevator B is down", "elevator C is down"),
        ("api.larkfield.example is down", "auth.larkfield.example is down"),
        ("build pipeline fails", "deployment pipeline fails"),
        ("cluster prod-eu is down", "cluster prod-us is down"),
        ("Jira board of team Red hangs", "Jira board of team Blue hangs"),
    ],
)
def test_numbers_places_and_kinds_tell_things_apart(one: str, other: str) -> None:
    """However alike they sound."""
    assert contradict(named_in(one), named_in(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Confluence is down", "confluance wont load"),
        ("file server unreachable", "the fileserver is down"),
        ("order 4711 cannot be saved in the order system", "order system: order 4712 fails"),
        ("github.com not loading", "git push fails, github unreachable"),
        ("VPN down since 9:15", "vpn down since 10"),
        ("Confluence 503", "Confluence shows error 502"),
        ("SAP is down, 5 of us cannot work", "SAP down for 12 people"),
    ],
)
def test_misspelling_times_and_counts_tell_nothing_apart(one: str, other: str) -> None:
    """They name the same thing, and nothing else."""
    assert share_a_thing(named_in(one), named_in(other))
    assert not contradict(named_in(one), named_in(other))


@pytest.mark.parametrize(
    "text",
    [
        "How do I connect to the VPN?",
        "I need access to Confluence",
        "please add me to the Confluence space",
        "can I get a licence for Jira?",
        "I deleted a page in Confluence by accident, it can't be restored",
        "Wie richte ich Outlook auf dem Handy ein?",
        "where do I find the VPN client?",
        "I can't find the form for new starters",
        "my VPN certificate has expired",
    ],
)
def test_who_asks_for_something_reports_no_trouble(text: str) -> None:
    """Three who ask the same within minutes are no outage."""
    assert not tells_of_trouble(text)


@pytest.mark.parametrize(
    "text",
    [
        "is confluence down for anyone else?",
        "Outlook isn\N{RIGHT SINGLE QUOTATION MARK}t loading",
        "VPN lässt sich nicht verbinden",
        "le wifi ne marche pas au bureau",
        "el portal de nóminas no funciona",
        "o sistema de pedidos está fora do ar",
        "Confluenceに接続できません",
        "Can you check? nobody can log in to SAP, it is down",
    ],
)
def test_who_tells_of_a_fault_reports_trouble(text: str) -> None:
    """In several languages, and within a question."""
    assert tells_of_trouble(text)


def test_a_title_is_made_of_what_most_reports_name() -> None:
    """Of one person's own words nothing is in it."""
    texts = ("Grafana is down, I am Ana from payroll", "grafana 503", "Grafana board hangs")
    assert common_things([named_in(text) for text in texts]) == ("grafana",)


def test_a_title_writes_things_as_people_do() -> None:
    """As most of them write it, or with a capital."""
    assert as_written(("sap", "order"), ("SAP is down", "sap hangs, Orders too", "SAP gone")) == (
        "SAP",
        "Orders",
    )
