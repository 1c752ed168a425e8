"""Secrets by their kind: of persons, banks, doors, phones, and of scripts without spaces."""

from __future__ import annotations

import pytest

from bot.scrubbing.eastern import opened
from bot.scrubbing.scrubber import RuleScrubber

SCRUBBER = RuleScrubber()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        # Persons: by name, or by form and check digit.
        ("hi, PESEL 44051401458 for the form", "44051401458"),
        ("TC 10000000146 ile kayıt olmuyor", "10000000146"),
        ("codice fiscale RSSMRA85T10A562S, il portale non lo prende", "RSSMRA85T10A562S"),
        ("the portal rejects RSSMRA85T10A562S", "RSSMRA85T10A562S"),
        ("my NI number is QQ 12 34 56 C, payroll needs it", "QQ 12 34 56 C"),
        ("no cadastro com 529.982.247-25 dá erro", "529.982.247-25"),
        ("number 2 55 08 14 168 025 38 on the card is refused", "168 025 38"),
        ("Sozialversicherungsnummer 15 070649 C 103 wird nicht angenommen", "070649"),
        ("マイナンバーは１２３４ ５６７８ ９０１２です", "５６７８"),
        # Banks of one country.
        ("my wages went to the wrong account, acc no 70318872", "70318872"),
        ("sort code 20-45-77 and account number 41283390 for payroll", "41283390"),
        ("la nómina no llega, cuenta corriente 000123456789", "000123456789"),
        ("振込先は普通 4817205 です、銀行名が出ません", "4817205"),
        # Said aloud, turned, typed at a door.
        ("my password is capital T trampoline four four exclamation mark", "trampoline"),
        ("er hat buchstabiert: großes K, Ida, Lima, sieben, Ausrufezeichen", "Lima"),
        ("the safe: 32 right, 7 left twice around, 19 right and it sticks", "19 right"),
        ("金庫のダイヤルが右へ4回35、左へ3回72で開きません", "35"),
        ("gate says invalid, *1836 worked last week", "*1836"),
        ("code for the side door\n9\n3\n0\n6\nno luck", "9\n3\n0\n6"),
        # What services and programs give.
        ("I got G-507328 by text, who asked for it?", "507328"),
        ("backup codes, keep them please\n603118842\n771940053\n218466907", "771940053"),
        ("app password from Google: xqhv tnwk rbdz moje, does not work", "tnwk"),
        ("HubSpot says no: pat-na1-7c2e41f9-08bd-4a6e-93d1-f5ab60c7e284", "7c2e41f9"),
        ("snmpget -v3 -u mon -A zlatakapr -X 'blue sky' 10.20.1.1", "zlatakapr"),
        ("key for the installer: 31095-\n47720-\n08816-\n52943-\n17604", "47720"),
        # Asked to know somebody again.
        ("it asks for my mum's maiden name and i put Ollerton, no match", "Ollerton"),
        ("「母の旧姓は？」と聞かれたので小野田と答えたら違うと言われた", "小野田"),
        # Scripts without spaces, wide letters.
        ("番号は4111 1111 1111 1111、裏は123です", "4111"),
        ("暗証番号は引き継ぎ書に「nozei8ok」とありました", "nozei8ok"),
        ("パスワードはＳｏｍｍｅｒ２０２４！です", "Ｓｏｍｍｅｒ"),
    ],
)
def test_it_is_masked(text: str, secret: str) -> None:
    """Nothing of it is left."""
    assert secret not in SCRUBBER.scrub(text).text


@pytest.mark.parametrize(
    "text",
    [
        "the account 4711223 of our customer is locked in the shop",
        "order 12345678901 and order 98765432101 are missing",
        "turn left at room 12, then right at 14: the printer is there",
        "is a capital letter needed in the password, or a hyphen?",
        "add me\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGqR7wT2mVbXk5YpL0dHs8uNfQz6Jc4EaKoB9xWi a@b",
        "ED25519 key fingerprint is SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8.",
        "token expired at 2025-11-28T21:04:11Z, now is 2025-11-28T21:09:40Z",
        "md5 of the dump should be 9e107d9d372bb6826bd81d3542a419d6",
        "need read on arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
        "panic(cpu 4 caller 0xffffff8012ab34cd): watchdog timeout",
        "会議は１４時から、部屋は３０２です",
        "the numbers are\n4512\n4513\n4514\nall three printers",
    ],
)
def test_what_is_none_is_left(text: str) -> None:
    """It stays as it was written."""
    assert SCRUBBER.scrub(text).text == text


def test_a_text_that_was_opened_is_as_long_as_before() -> None:
    """Else a mask would stand in another place."""
    for text in ("パスワードはabc123です。", "Ｗｉ－Ｆｉ、「guest」", "plain text", ""):
        assert len(opened(text)) == len(text)
    assert opened("暗証番号は「ab12」です") == "暗証番号は ab12 です"
    assert opened("plain, as ever") == "plain, as ever"
