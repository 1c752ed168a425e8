"""The subject of a request: what it is, in its requester's own words, cut to a sentence."""

from __future__ import annotations

import re

SUBJECT_ROOM = 90
"""Characters of a subject: three lines on a phone."""

TOO_LITTLE = 12
"""Characters; a sentence shorter than this says what it is only with the next one."""

GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|heya|howdy|dear|good (?:morning|afternoon|evening|day)|morning|"
    r"hallo|moin|servus|guten (?:morgen|tag|abend)|liebes?|bonjour|bonsoir|salut|coucou|"
    r"hola|buenos d[ií]as|buenas(?: tardes| noches)?|ol[áa]|oi|bom dia|boa (?:tarde|noite)|"
    r"ciao|buongiorno|buonasera|salve|hoi|goedemorgen|goedemiddag|hej|cze[śs][ćc]|dzie[ńn] dobry|"
    r"merhaba|selam|привет|здравствуйте|добрый день|こんにちは|お疲れ様です|"
    r"お世話になっております|你好|您好|"
    r"hope (?:you|everyone|all)[\w ']{0,30}(?:well|fine|good|ok)|"
    r"(?:quick|stupid|dumb|small|random) question|question|pls|please|sorry|urgent|"
    r"bitte|por favor|s'il vous plaît|per favore)"
    r"(?: (?:to you|sir|madam|there|all|team|everyone|everybody|"
    r"folks|guys|helpdesk|help ?desk|it|support|desk|"
    r"zusammen|alle|tous|à tous|todos|a todos|tutti|allemaal))*(?!\w)[\s,;:!.…。、👋🙏-]*",
    re.IGNORECASE,
)
"""What opens a message and says nothing of what it is about."""

SENTENCE = re.compile(r"(?<=[!?…])\s+|(?<=[^\s\d]\.)\s+|(?<=[。\uff01\uff1f])|\n+")
LONGEST_READ = 2_000


def subject_of(question: str) -> str:
    """Give what a request is about: its first sentence that says something, within the room.

    Greetings and courtesies in front are passed over; words are never changed.
    """
    sentences = SENTENCE.split(question[:LONGEST_READ])
    told = [said for each in sentences if (said := _without_greeting(each.strip()))]
    subject = ""
    for sentence in told:
        subject = f"{subject} {sentence}".strip()
        if len(subject) >= TOO_LITTLE:
            break
    return _cut(subject or " ".join(question[:LONGEST_READ].split()))


def _without_greeting(sentence: str) -> str:
    while (found := GREETING.match(sentence)) and found.end():
        sentence = sentence[found.end() :]
    return " ".join(sentence.split()).strip("*_~ ")


def _cut(subject: str) -> str:
    if len(subject) <= SUBJECT_ROOM:
        return subject
    room = subject[: SUBJECT_ROOM - 1]
    word = room.rfind(" ")
    return (room[:word] if word > SUBJECT_ROOM // 2 else room).rstrip(" ,;:-") + "…"
