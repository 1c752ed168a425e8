"""Secrets as people write them on a bad day: at doors and tills, spelled, in words, forwarded."""

from __future__ import annotations

import pytest

from bot.scrubbing.forms import forms
from bot.scrubbing.judge import parts
from bot.scrubbing.judge.candidates import candidates, words_of
from bot.scrubbing.judge.farther import OF_ONE
from bot.scrubbing.judge.figures import NAMES
from bot.scrubbing.judge.judge import cases
from bot.scrubbing.judge.known import COMMONEST, known
from bot.scrubbing.numbers import numbers
from bot.scrubbing.scrubber import RuleScrubber

SCRUBBER = RuleScrubber()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        # Digits where somebody stands before something.
        ("the side gate, I key in 6413 and it flashes red at me", "6413"),
        ("alarm at the depot won't stop, I did 9028 then enter", "9028"),
        ("der Tresor nimmt 4471 nicht mehr an, was nun", "4471"),
        ("la porte du local, je tape 8830 et rien", "8830"),
        ("o alarme não desliga, digitei 5527 duas vezes", "5527"),
        # What was sent for one use.
        ("a text came, 661 802, I never asked for that", "661 802"),
        ("SMS mit 730114 bekommen, war das von euch", "730114"),
        # Names, then what is secret.
        ("she logs on as ward7 then Pebble+Moss41 and it says locked", "Pebble+Moss41"),
        ("ich gehe mit lager2 rein, dann Ofenrohr77, abgelehnt", "Ofenrohr77"),
        ("entro con caja4 y luego Almendro_63 y me echa", "Almendro_63"),
        # Files and commands that name nothing.
        ("line 4 is Uid=stock;Pwd=Fjord&Ember8;Timeout=20", "Fjord&Ember8"),
        ("redis://:quiet-otter-stool@cache2:6379/1 refused", "quiet-otter-stool"),
    ],
)
def test_what_people_write_on_a_bad_day_is_masked(text: str, secret: str) -> None:
    """No rule names the place or the verb."""
    assert secret not in SCRUBBER.scrub(text).text


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("snmp-server community w1llow-8812 RO 20", ["w1llow-8812"]),
        ("ip ospf message-digest-key 1 md5 Donau! on gi0/1", ["Donau!"]),
        ("username ops privilege 15 secret 0 Tunnel.Nine", ["Tunnel.Nine"]),
        ("radius-server key 7 0822455D0A16", ["0822455D0A16"]),
        ("smbclient //nas2/home -U m.ito%kumo3neko fails", ["kumo3neko"]),
        ("tool -u nightly -p Osprey!Vault8 host4 fails", ["Osprey!Vault8"]),
        ("redis-cli -h 10.8.3.1 -a teacup4two ping", ["teacup4two"]),
        (
            "backup:$6$rQ8dLx2v$N0bT5yWc1zKmUe7HsPaVg4:19822:0",
            ["$6$rQ8dLx2v$N0bT5yWc1zKmUe7HsPaVg4"],
        ),
        ("the page gave me\n8f2k-q0ds\nm3v7-11xa\nand refuses both", ["8f2k-q0ds", "m3v7-11xa"]),
        ("codes:\n1. QQ7D-41VA\n2. B8TN-66RE", ["QQ7D-41VA", "B8TN-66RE"]),
    ],
)
def test_devices_and_lists_have_forms_of_their_own(text: str, secrets: list[str]) -> None:
    """What switches, Samba and password files write, and codes below each other."""
    shown = "".join(text[each.start : each.end] + "|" for each in forms(text))
    assert all(secret in shown for secret in secrets)


@pytest.mark.parametrize(
    "text",
    [
        "md5 d41d8cd98f00b204e9800998ecf8427e of both files",
        "asset\nABCD-1234\nis broken",
        "ls -U shows 100% of it",
        "username bob password reset please",
    ],
)
def test_what_only_begins_like_a_device_is_left(text: str) -> None:
    """A checksum, one asset, a percentage, talk."""
    assert list(forms(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "ticket 48820 is open since Monday, till 4 freezes",
        "asset PC-20417, serial 5CG7123LKW, hinge broken",
        "room 4.118, ext 2281, I am in until 16:30",
        "Rechnung 2025-11-0933 über 480,20 EUR doppelt",
        "driver waits at dock 7, plate KT71 ZOB, order 4500981177",
        "I forgot mine and cannot get in, please send the link to reset it",
        "commit 4be19fa breaks the build, pipeline 90117",
    ],
)
def test_an_engineer_can_still_work_with_it(text: str) -> None:
    """Numbers of things stay readable."""
    assert SCRUBBER.scrub(text).text == text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("refused: 4716 2208 9954 1173, 09/28, back 318", 3),
        ("Karte 5218-0047-3391-6604 abgelehnt", 1),
        ("iban so it's GB12 QWXL 6016 1331 9268 71 and it spins", 1),
        ("DE44 5001 0517 5407 3249 32 wird abgelehnt", 1),
        ("order 4716-2208 for room 318", 0),
        ("SSCC 387123450001184427 does not scan", 0),
    ],
)
def test_numbers_of_cards_and_accounts_may_be_typed_wrongly(text: str, kinds: int) -> None:
    """As they are printed; what stands on the back of a card goes with it."""
    assert len(set(numbers(text))) == kinds


def test_phrases_end_with_what_is_said() -> None:
    """Two words, three, and so on; a comma ends it, and the line does."""
    text = "I put red clay pots, and\nnothing"
    words = words_of(text)
    opens = [text[word.start : word.end] == "put" for word in words]
    found = [
        each
        for each in candidates(text, words, opens, [False] * len(words), talks=False)
        if each.phrase
    ]
    assert [text[each.start : each.end] for each in found] == ["red clay", "red clay pots"]


def test_what_was_spelled_is_one() -> None:
    """Letters, digits and their names in a row."""
    text = "it is double two seven nine right"
    words = words_of(text)
    names = {"double", "two", "seven", "nine"}
    spelled = [text[word.start : word.end] in names for word in words]
    found = [
        text[each.start : each.end]
        for each in candidates(text, words, spelled, spelled, talks=False)
    ]
    assert "double two seven nine" in found


@pytest.mark.parametrize("word", ["the", "und", "les", "het", "jest", "это"])
def test_the_commonest_words_of_many_languages_are_known(word: str) -> None:
    """And with marks around them."""
    assert known().level(word) == known().level(f"({word.capitalize()},") == COMMONEST


@pytest.mark.parametrize("word", ["xqzvkj", "Brindlewhisk", "K7", "", "…", "4471"])
def test_what_nobody_says_is_not_known(word: str) -> None:
    """Letters alone count."""
    assert known().level(word) == 0


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("he told me the one for today, red clay pots, and it won't open", "red clay pots"),
        ("our lock (three grey owls) is refused", "three grey owls"),
        ("la llave es otra... nubes sobre el lago — no abre", "nubes sobre el lago"),
        ("on the note:\nsieben lange Wege\nnothing opens", "sieben lange Wege"),
        ("safe \u2013 milk before tea: refused", "milk before tea"),
    ],
)
def test_what_stands_between_two_marks_may_be_a_phrase(text: str, phrase: str) -> None:
    """In a message that talks of such; in others nobody looks."""
    words, none = words_of(text), [False] * len(words_of(text))
    found = [
        {text[each.start : each.end] for each in candidates(text, words, none, none, talks=talks)}
        for talks in (True, False)
    ]
    assert phrase in found[0]
    assert phrase not in found[1]


@pytest.mark.parametrize(
    ("looked", "told"),
    [
        ("Sommer1987", {"yearly"}),
        ("24121987", {"date"}),
        ("0000", {"same"}),
        ("2580", {"row"}),
        ("qwertyuiop", {"row", "small"}),
        ("1984", {"year"}),
    ],
)
def test_what_people_make_passwords_of_is_told(looked: str, told: set[str]) -> None:
    """A word and a year, a date, a row of keys."""
    figures = dict(zip(parts.NAMES, parts.told(looked), strict=True))
    for names, found in OF_ONE:
        figures |= dict(zip(names.split(), found(looked), strict=True))
    assert {name for name in ("yearly", "year", "date", "row", "same") if figures[name]} >= (
        told - {"small"}
    )
    assert bool(figures["small"]) == ("small" in told)


def test_every_figure_has_a_name() -> None:
    """So that what was fitted on is what is weighed."""
    for _, figures in cases("keypad took 4417\nthen: red clay pots (no), Xk3-99pq"):
        assert len(figures.all()) == len(NAMES)
