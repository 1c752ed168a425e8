"""Secrets are found by their form or by the words around them; ordinary words are left alone."""

from __future__ import annotations

import time

import pytest

from bot.desk.privacy import Clean, SecretKind
from bot.scrubbing.numbers import is_card
from bot.scrubbing.scrubber import RuleScrubber
from tests.bench.pasted_secrets import SITTINGS, alarms, outside, recall
from tests.bench.secrets_made import made

LONG = 100_000
SCRUBBER = RuleScrubber()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my password is hunter2, help", "my password is [password masked], help"),
        ("Passwort: Sommer2024! geht nicht", "Passwort: [password masked] geht nicht"),
        ("mon mot de passe est soleil75", "mon mot de passe est [password masked]"),
        ("パスワードはWelkom01ですが", "パスワードは[password masked]ですが"),
        ("my pin is 4711", "my pin is [code masked]"),
        ("card 4111 1111 1111 1111 declined", "card [card number masked] declined"),
        ("IBAN DE89 3704 0044 0532 0130 00 refused", "IBAN [bank account masked] refused"),
        ("https://ci:s3cret@git.example.com/x", "https://ci:[password masked]@git.example.com/x"),
    ],
)
def test_what_is_a_secret_is_masked_and_all_else_stays(text: str, shown: str) -> None:
    """One reads on what it is about."""
    assert SCRUBBER.scrub(text).text == shown


def test_what_is_known_to_be_clean_is_not_looked_through() -> None:
    """Whatever is made of it is a text as any other again."""
    said = "my password is hunter2"
    assert SCRUBBER.scrub(Clean(said)).text == said
    assert not SCRUBBER.scrub(Clean(said))
    for made_of_it in (
        f"{Clean(said)}",
        Clean(said).strip(),
        Clean(said)[:],
        Clean("my ") + said[3:],
    ):
        assert SCRUBBER.scrub(made_of_it)


@pytest.mark.parametrize(
    "text",
    [
        "my password expired and the new one is wrong",
        "password is not accepted since 8:05 on my iPhone12",
        "order 4111111111111112 is late",
        "INC0012345: error code 0x80070005 in KB5034441",
        "GB29 is a room, see https://intranet.example/kb/vpn?id=12345678",
        "my key card does not open the gate",
        "the token expired yesterday",
        "call me at +44 20 7946 0018",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    """A mask where nothing was would hide what engineers need."""
    assert SCRUBBER.scrub(text).text == text


def test_a_private_key_goes_whole() -> None:
    """Its lines as well as its heading; also where its end was cut off."""
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"
    assert SCRUBBER.scrub(f"look\n{key}\nthanks").text == "look\n[key masked]\nthanks"
    assert SCRUBBER.scrub("-----BEGIN PRIVATE KEY-----\nMIIabc").text == "[key masked]"


def test_it_says_what_was_found() -> None:
    """In the order in which it stands."""
    found = SCRUBBER.scrub("pin 4711 and password hunter2")
    assert found.kinds == (SecretKind.CODE, SecretKind.PASSWORD)


def test_a_card_has_a_brand_a_length_and_a_check_digit() -> None:
    """Order numbers that pass Luhn by chance are mostly no brand's."""
    assert is_card("378282246310005")
    assert not is_card("4111111111111112")
    assert not is_card("9111111111111111")


@pytest.mark.rare
def test_scrubbing_twice_is_scrubbing_once() -> None:
    """Texts pass more than one door."""
    for sitting in SITTINGS:
        for each in made(sitting, 120):
            once = SCRUBBER.scrub(each.text).text
            assert SCRUBBER.scrub(once).text == once


@pytest.mark.rare
@pytest.mark.parametrize(
    "piece",
    ["a", "1", " ", "password ", "password:", "://a:", "user x ", "-----BEGIN ", "4 ", "sk-", "A1",
     "eyJ", "pin 1", "curl -u ", "login / ", "\n", "密码", "mysql -p", "net use ", "a-token ", "?",
     "cookie: a=", "a.", "sms ", "&token=", "a:1:b:",
     "token=a", "--", "with a/", "door code ", "https://hook.", "'a': '", "pass_", "1-"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """100,000 characters of whatever a rule begins with, by the processor's time."""
    began = time.process_time()
    RuleScrubber().scrub((piece * LONG)[:LONG])
    assert time.process_time() - began < 5


@pytest.mark.parametrize("sitting", SITTINGS)
def test_recall_is_what_was_promised(sitting: str) -> None:
    """0.95 of the made examples leave nothing behind."""
    count, missed = recall(sitting)
    assert 1 - len(missed) / count >= 0.95


def test_what_people_paste_is_found_in_the_form_it_has() -> None:
    """Settings, commands, headers, cookies, addresses, key files, codes, names of pictures."""
    count, missed = outside("outside")
    assert len(missed) / count < 0.02, missed


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD=$DB_PASSWORD is what the manual says",
        "set password=<your password> in the file",
        "curl -H 'Authorization: Bearer $TOKEN' fails",
        "--password required? the help says --token <token>",
        '{"password": "********"} is what the log shows',
        "https://kb.example/?page=printers&code=404",
        "https://shop.example/?sid=7",
        "the sms arrives late since 10:30",
        "token=expired in the answer",
        "see password_policy.pdf and pin-layout.png",
        "Cookie: consent=yes; theme=dark",
        "order 123456 was sent by courier, ticket T-1042",
        "we logged in with Kim and Robin yesterday",
        "docker run -p 8080:80 web hangs",
    ],
)
def test_what_stands_where_a_secret_would_is_left_alone(text: str) -> None:
    """Placeholders, names of things, and what engineers need to read."""
    assert SCRUBBER.scrub(text).text == text


@pytest.mark.rare
def test_false_alarms_are_below_one_in_a_hundred() -> None:
    """Over all ordinary messages of the training data."""
    count, alarmed = alarms()
    assert len(alarmed) / count <= 0.01
