"""Secrets in what machines read: settings, commands, headers, cookies, addresses, key files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind
from bot.scrubbing.shapes import STOP

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = (
    r"(?:pass(?:w(?:or)?d|wort|phrase|code|key)?|pwd|passwd|psk|secret|token|credentials?"
    r"|api[-_]?key|apikey|(?:private|preshared|access|encryption|signing|shared)[-_]?key)"
)
_VALUE = r"[\"']?([^\s\"'&;,<>\\]{4,200})"
_TOOL_WITH_P = (
    r"(?:mysql\w*|mariadb\w*|sshpass|(?:docker|podman) login|7z\w?|zip|unzip|sqlcmd|bcp|rar)"
)
_SAID_ONCE = (
    r"(?:sms|смс|otp|2fa|mfa|one[- ]time|verif\w{1,12}|confirm\w{0,7}|authenticator|okta|duo"
    r"|einmal\w{0,12}|bestätigungs\w{0,8}|m?tan|doğrulama|weryfik\w{0,8}|подтвержд\w{0,8}"
    r"|підтвердж\w{0,8})"
)
_DIGITS = r"((?:[A-Z]-)?(?:\d{3}[ -]\d{3}|\d{4,8}))(?![\w/:.-]{0,4}\d)"

SETTINGS = (
    rf"(?<![\w.-])[\w.-]{{0,60}}?{_NAME}[\w-]{{0,20}}\s?=\s?{_VALUE}",
    rf"(?<![\w.-])[\w.-]{{1,60}}?[._-]{_NAME}\s?:\s?{_VALUE}",
    rf"[\"'][\w.-]{{0,60}}?{_NAME}[\w-]{{0,20}}[\"']\s?[:,]\s?[\"']([^\"'\n]{{4,200}})[\"']",
    rf"<[\w.:-]{{0,40}}?{_NAME}[\w-]{{0,20}}>([^<\s]{{4,200}})</",
    rf"(?:key|name)=\"[\w.:-]{{0,40}}?{_NAME}[\w-]{{0,20}}\"\s+value=\"([^\"\n]{{4,200}})",
    # A line for each place: .pgpass, Remote Desktop; Oracle's thin driver.
    r"(?<!\S)[\w.*-]{1,80}:(?:\d{2,5}|\*):[^\s:]{1,60}:[^\s:]{1,60}:(\S{4,200})",
    r"(?<!\w)password 51:b:([0-9A-F]{16,4000})",
    r"(?<!\w)thin:[^\s/@]{1,60}/([^\s@]{3,200})@",
    # In the name of a picture or file.
    (
        r"(?<![a-z])(?:password|passwort|kennwort|pass|pwd?|mdp|pin)[_-]{1,3}"
        r"(?=[^\s/\\]{0,60}?(?:[a-z]\d|\d[a-z]))([^\s/\\]{4,60}?)\."
        r"(?:png|jpe?g|heic|gif|webp|pdf|txt|docx?|xlsx?)(?!\w)"
    ),
)
"""What stands beside its name in a file: configurations, connection strings, and their kind."""

COMMANDS = (
    (
        rf"(?<!\S)--?[\w-]{{0,30}}?(?:{_NAME}|passin|passout)[ =](?:pass:)?[\"']?"
        r"([^\s\"'-][^\s\"']{3,199})"
    ),
    rf"(?<!\w){_TOOL_WITH_P}\b[^\n]{{0,80}}?\s-p\s?{_VALUE}",
    (
        r"(?<!\w)echo\s(?:-n\s)?[\"']?([^\s\"'|]{4,200})[\"']?\s?\|\s?"
        r"(?:sudo|passwd|chpasswd|docker|su\b)"
    ),
)
"""Long options; those of one letter where the tool is known; what is piped."""

DEVICES = (
    # Switches and routers; `name%password` of Samba; hashes as systems keep them.
    (
        r"(?<!\w)(?:snmp-server community|key-string|(?:message-digest-key \d{1,3} )?md5"
        r"|enable (?:secret|password)|username \S{1,60} (?:privilege \d{1,2} )?(?:secret|password)"
        r"|(?:tacacs|radius)-server key|pre-shared-key|wpa-psk ascii)"
        r"(?: [0-9](?= ))? (?![0-9a-f]{32}(?!\S))([^\s\"']{4,200})"
    ),
    rf"(?<!\S)-[uU][ =]?[^\s%]{{1,80}}\s-[pP]\s?{_VALUE}",
    r"(?<!\S)-U\s?[^\s%]{1,80}%([^\s\"']{4,200})",
    r"(?<!\w)redis-cli\b[^\n]{0,80}?\s-a\s?[\"']?([^\s\"']{4,200})",
    r"(?<!\w)snmp\w{1,12}\b[^\n]{0,200}?\s-A\s?[\"']?([^\s\"']{4,200})",
    r"(?<!\w)snmp\w{1,12}\b[^\n]{0,200}?\s-X\s?([^\n-]{4,80}?)(?=\s+-|\s+\d+\.|[\"']|\n|\Z)",
    r"(\$(?:1|2[aby]|5|6|y|apr1)\$[./a-z0-9$=,]{8,200})",
)
"""What network devices and systems keep in their own form."""

TOKENS = (
    (
        r"(?<!\w)authorization[\"']?\s?[:=]\s?[\"']?(?:basic|bearer|token|apikey)\s"
        r"([^\s\"']{6,4000})"
    ),
    (
        r"(?<![\w-])[\w.-]{0,30}?(?:sess(?:ion)?|sid|auth|csrf|xsrf)[\w.-]{0,20}"
        r"=(?=[^\s;&\"']{0,300}\d)([^\s;&\"']{12,4000})"
    ),
    (
        r"[?&#](?:[\w-]{0,20}token|code|key|sig|auth|ticket|otp|secret|pwd|pass(?:word)?)="
        r"(?=[^\s&#]{0,300}\d)(?=[^\s&#]{0,300}[a-z])([^\s&#\"']{8,4000})"
    ),
    r"https://[\w.-]{0,60}hooks?\.[\w./-]{1,120}/([a-z0-9_-]{16,200})(?![\w/-])",
)
"""What a browser or a program shows for a signature."""

CODES = (
    # For a minute, before or behind what they are called.
    rf"(?<!\w){_SAID_ONCE}(?!\w)[^\d\n]{{0,40}}?(?<![\w.]){_DIGITS}",
    rf"(?<![\w.]){_DIGITS}[^\d\n]{{0,30}}?(?<!\w)(?:by|per|via|par|por) (?:sms|text)(?!\w)",
    rf"(?:確認コード|認証コード|验证码|驗證碼|校验码|인증 ?번호)[^\d\n]{{0,8}}{_DIGITS}",
    # Digits one below the other.
    r"(?:\A|\n)((?:[0-9#*]\n){2,11}[0-9#*])(?=\n|\Z)",
    # What is typed at a door.
    (
        r"(?<!\w)(?:gate|door|entry|entrance|intercom|barrier|keypad|alarm|domofon\w{0,3}|brama|drzwi"
        r"|tor|tür|schranke|puerta|portón|portail|porte|porta|cancello|portão|deur|poort|kapı|dveře"
        r"|brána|dörr|dør|ovi)(?!\w)[^\n]{0,80}?(?<![\w*#])([*#]\d{3,8}|\d{1,4}[#*]\d{2,6}[#*]?)(?![\w*#])"
    ),
    # As Google sends them.
    r"(?<![\w-])(?-i:G-)(\d{6})(?![\w-])",
    # Of doors and panels.
    (
        r"(?<!\w)(?:combination|combo|(?:panel|alarm|door|gate|safe|lock)[- ]?code|türcode"
        r"|zahlenkombination|code (?:de|du|der) \w{2,20})(?!\w)[^\n]{0,20}?(?<![\w.])"
        r"((?:\d{1,4}[-#*]){1,4}\d{0,4}|\d{4,8}#?)(?![\w.:/])"
    ),
    r"(?<!\w)(?:cvv2?|cvc2?|cid|prüfziffer)\W{0,3}(?:is )?(\d{3,4})(?!\d)",
    (
        r"(?<!\w)(?:backup|recovery|emergency|scratch)[- ]codes?\W{1,4}"
        r"((?:[a-z0-9]{4,6}+-[a-z0-9]{4,6}+[\s,]{0,3}+){1,20}+)"
    ),
)

KEYS = (
    r"Private-Lines:\s?\d+\s+((?:[a-z0-9+/=]{8,200}+\s?+){1,60}+)",
    r"(?<!\w)otpauth://[^\s?]{1,200}\?[^\s?]{0,200}?secret=([a-z2-7=]{8,128})",
    (
        r"(?<!\w)(?:setup|secret|authenticator|manual|totp)[- ]key[^a-z\n]{1,10}"
        r"((?-i:[A-Z2-7]{4}+ ?+){4,16}+)"
    ),
    (
        r"(?<!\w)(?:unlock|seed|recovery|wallet|mnemonic)[- ]phrase\W{1,3}(?:is )?"
        r"((?:[a-z]{3,20}+ ?+){2,24}+)"
    ),
)

RULES = tuple(
    (kind, re.compile(rule, re.IGNORECASE))
    for kind, rules in (
        (SecretKind.PASSWORD, (*SETTINGS, *COMMANDS, *DEVICES)),
        (SecretKind.TOKEN, TOKENS),
        (SecretKind.CODE, CODES),
        (SecretKind.KEY, KEYS),
    )
    for rule in rules
)

NO_SECRETS = (
    frozenset("redacted true false null none required optional string hidden yes no on off".split())
    | STOP
)
NOTHING = re.compile(r"[*xX.•…_#?\W-]+")
"""What stands where a secret would: `$PASSWORD`, `***`, `<your token>`."""
VARIABLE = re.compile(r"\$\{?[A-Z][A-Z0-9_]*\}?|%[A-Z_]+%")

LISTED = re.compile(
    r"[ \t]{0,4}(?:\d{1,2}[.)] ?|[-*•] )?([A-Za-z0-9]{4,6}-[A-Za-z0-9]{4,6})[ \t]{0,4}"
)
"""One of several codes for one use each, alone on its line."""
OF_DIGITS = re.compile(r"[ \t]{0,4}(?:\d{1,2}[.)] ?|[-*•] )?(\d{4,5}[ -]?\d{2,5})[ \t]{0,4}")
SPARE = re.compile(
    r"backup|recovery|ersatz|wiederherstell|secours|récupér|respaldo|recuper|copia|reserv|záložn"
    r"|zapasow|yedek|резерв|2fa|mfa|duo|authenticator|バックアップ",
    re.IGNORECASE,
)
"""What a message speaks of in which lines of digits are codes."""

COOKIES = re.compile(
    r"(?<!\w)(?:set-)?cookies?\"?\s?[:=]\s?[\"']?([^\n\"']{1,4000})", re.IGNORECASE
)
ONE_COOKIE = re.compile(r"(?:^|;)\s?[^\s=;]{1,60}=([^\s;]{12,4000})")


def forms(text: str) -> Iterator[Secret]:
    """Find secrets by the form that they stand in."""
    for kind, rule in RULES:
        for match in rule.finditer(text):
            value = match.group(1)
            if not _is_placeholder(value):
                yield Secret(*match.span(1), kind)
    for match in COOKIES.finditer(text):
        for cookie in ONE_COOKIE.finditer(text, *match.span(1)):
            yield Secret(*cookie.span(1), SecretKind.TOKEN)
    yield from _listed(text, digits=SPARE.search(text) is not None)


def _listed(text: str, *, digits: bool) -> Iterator[Secret]:
    """Find codes that stand below each other, two at least, each of letters and digits.

    Of `digits` alone as well, where codes to come back with are spoken of.
    """
    at, run = 0, []
    for line in [*text.split("\n"), ""]:
        match = LISTED.fullmatch(line)
        if digits and not match:
            match = OF_DIGITS.fullmatch(line)
        if (
            match
            and any(map(str.isdigit, match[1]))
            and (digits or any(map(str.isalpha, match[1])))
        ):
            run.append(Secret(at + match.start(1), at + match.end(1), SecretKind.CODE))
        else:
            yield from run if len(run) > 1 else ()
            run = []
        at += len(line) + 1


def _is_placeholder(value: str) -> bool:
    plain = value.strip(".,!?:").lower()
    return (
        plain in NO_SECRETS
        or plain.startswith(("your", "{", "<", "[", "("))
        or "example" in plain
        or NOTHING.fullmatch(value) is not None
        or VARIABLE.fullmatch(value) is not None
    )
