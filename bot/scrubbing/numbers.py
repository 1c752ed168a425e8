"""Cards by Luhn's check digit, accounts by IBAN's remainder of 97, or by what they are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGITS = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)")
CARDS = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3(?:0[0-5]|[68])"), {14}),
    (re.compile(r"6(?:011|5|4[4-9]|22)|35(?:2[89]|[3-8])"), {16, 17, 18, 19}),
    (re.compile(r"5[0678]|6(?:304|390|7)"), {16, 18, 19}),
)
"""How the numbers of each brand begin, and how long they are."""

GROUPED = re.compile(r"(?<![\w.+-])[3-9]\d{3}([ -])\d{4}\1\d{4}\1\d{4}(?![\w-]|[ .]\d)")
"""Four times four as on a card; with a digit typed wrongly it is as near to one as before."""
BACK = re.compile(r"(?<![\w.,:/-])(\d{3,4}|\d\d ?/ ?(?:20)?\d\d)(?![\w/:-]|[.,]\d)")
FAR_BEHIND = 60
"""So far behind a card's number its month and the digits on its back may stand."""
WRITTEN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
"""An account as it is printed, whatever its remainder."""
ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip
"""How many characters an IBAN of a country has (the registry of ISO 13616)."""

CALLED = re.compile(
    r"(?<!\w)(?:acc(?:oun)?t?s?\.?|a/c|konto\w{0,8}|cuenta|conto|compte|conta|rekening\w{0,6}"
    r"|hesap\w{0,4}|účt\w{1,2}|checking|savings|sort code|routing|aba|blz|clabe|cbu|rib|bankgiro"
    r"|iban)(?!\w)[^\d\n]{0,30}?(?<![\w.+-])"
    r"(\d{2}-\d{2}-\d{2}|\d(?:[ -]?\d){5,21}(?:/\d{4})?)(?![\w/:]|[.,-]\d)"
    r"|(?:普通|当座|口座|账号|帳號|계좌)[^\d\n]{0,10}(\d{6,20})(?!\d)",
    re.IGNORECASE,
)
"""An account by its name, as banks of one country write it."""
BANKING = re.compile(
    r"(?<!\w)(?:bank\w{0,10}|payroll|salary|wages?|direct (?:deposit|debit)|sort code|routing"
    r"|checking|savings|reimburs\w{1,6}|gehalt\w{0,12}|lohn\w{0,12}|überweis\w{1,6}|auslagen"
    r"|virement|salaire|rib|banque|banco|nómina|sueldo|transferencia|depósito|viáticos|salário"
    r"|transferência|reembolso|banca|bonifico|stipendio|accredito|loon|salaris|overschrijving"
    r"|przelew\w{0,3}|wypłat\w{1,3}|výplat\w{1,3}|maaş\w{0,3}|havale|lön\w{0,6}|monzo|revolut"
    r"|paypal|n26|wise|barclays|hsbc|santander|chase)(?!\w)|振込|銀行|工资|银行|급여|은행",
    re.IGNORECASE,
)
"""What a message talks of in which an account is one of a bank."""


def numbers(text: str) -> Iterator[Secret]:
    """Find card numbers, what stands on their back, and bank accounts."""
    cards = [
        match.span()
        for match in DIGITS.finditer(text)
        if is_card(re.sub(r"[ -]", "", match.group()))
    ]
    cards += [match.span() for match in GROUPED.finditer(text)]
    for start, end in cards:
        yield Secret(start, end, SecretKind.CARD)
        for match in BACK.finditer(text, end, end + FAR_BEHIND):
            yield Secret(*match.span(1), SecretKind.CODE)
    for match in ACCOUNT.finditer(text):
        length = _account_length(match.group())
        if length:
            yield Secret(match.start(), match.start() + length, SecretKind.ACCOUNT)
    for match in WRITTEN.finditer(text):
        if match.group()[:2] in LENGTHS:
            yield Secret(*match.span(), SecretKind.ACCOUNT)
    if BANKING.search(text):
        for match in CALLED.finditer(text):
            yield Secret(*match.span(match.lastindex or 0), SecretKind.ACCOUNT)


def is_card(digits: str) -> bool:
    """Tell whether a brand has such numbers, and the check digit (Luhn) is right."""
    known = any(len(digits) in sizes and brand.match(digits) for brand, sizes in CARDS)
    doubled = (int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits)))
    return known and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0  # noqa: PLR2004 - Luhn


def _account_length(found: str) -> int:
    """Give how many characters of what was found are an account; 0 where none are."""
    size = LENGTHS.get(found[:2])
    taken, end = "", 0
    for position, character in enumerate(found):
        if character != " ":
            taken += character
            end = position + 1
        if len(taken) == size:
            break
    if size is None or len(taken) != size:
        return 0
    moved = taken[4:] + taken[:4]
    return end if int("".join(str(int(c, 36)) for c in moved)) % 97 == 1 else 0
