"""The subject of a request: what it is, in its requester's own words, cut to a sentence."""

from __future__ import annotations

import re

from bot.desk.tickets.own_words import own_words

SUBJECT_ROOM = 90
"""Characters of a subject: three lines on a phone."""

TOO_LITTLE = 12
"""Characters; a sentence shorter than this says what it is only with the next one."""

GREETS = (
    r"hi|hello|hey|hiya|heya|howdy|good (?:morning|afternoon|evening|day)|morning|"
    r"hallo|moin|servus|guten (?:morgen|tag|abend)|bonjour|bonsoir|salut|coucou|"
    r"hola|buenos d[ií]as|buenas(?: tardes| noches)?|ol[áa]|oi|bom dia|boa (?:tarde|noite)|"
    r"ciao|buongiorno|buonasera|salve|hoi|goedemorgen|goedemiddag|hej|cze[śs][ćc]|dzie[ńn] dobry|"
    r"merhaba|selam|привет|здравствуйте|добрый (?:день|вечер)|доброе утро|"
    r"καλημέρα|καλησπέρα|السلام عليكم|مرحبا|صباح الخير|שלום|नमस्ते|สวัสดี(?:ครับ|ค่ะ|คะ)?|"
    r"안녕하세요|こんにちは|お疲れ様です|お世話になっております|你好|您好"
)
"""How people greet."""

TO_ALL = (
    r"to you|sir|madam|there|all|team|everyone|everybody|folks|guys|helpdesk|help ?desk|it|support"
    r"|desk|zusammen|alle|tous|à tous|todos|a todos|tutti|allemaal|коллеги"
)
"""Whom they greet."""

GREETING = re.compile(
    rf"(?:{GREETS}|dear|liebes?|"
    r"(?:i )?hope (?:you|everyone|all|this (?:e-?mail|message|mail) finds)[\w ']{0,30}"
    r"(?:well|fine|good|ok)|"
    r"(?:so |very )?sorry (?:to|for) (?:bug|bother|disturb)(?:ing)? you(?: all)?(?: again)?|"
    r"(?:quick|stupid|dumb|small|random) (?:question|one)|question|pls|please|sorry|urgent|"
    r"bitte|por favor|s'il vous plaît|per favore)"
    rf"(?: (?:{TO_ALL}))*"
    r"(?!\w)[\s,،;:!.…。、👋🙏-]*",
    re.IGNORECASE,
)
"""What opens a message and says nothing of what it is about."""

SENTENCE = re.compile(r"(?<=[!?…])\s+|(?<=[^\s\d]\.)(?<!\.\w\.)\s+|(?<=[。\uff01\uff1f])|\n+")
LEAD = re.compile(
    r"(?:(?::[a-z0-9_+-]{2,40}:|[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\u200d\ufe0f"
    r"\U0001f000-\U0001faff])\s*+)++|(?:subject|betreff|objet|asunto|assunto|oggetto): *+",
    re.IGNORECASE,
)
"""Emoji say how loud it is meant, and less than the words behind them; so does a mail's label."""

ADDRESS = re.compile(r"https?://\S++")
ROW = re.compile(r"\|.*\|", re.DOTALL)
"""Of a table that was pasted."""

LONGEST_READ = 2_000
LONGEST_PASTED = 40_000
"""Characters, in front of the words of whoever pastes so much."""


def subject_of(question: str) -> str:
    """Give what a request is about: its first sentence that says something, within the room.

    Greetings and courtesies in front are passed over, and so is what was pasted, be it an address
    alone or a table, while there are words enough beside it; words are never changed.
    """
    own = _sentences(own_words(question[:LONGEST_PASTED])[:LONGEST_READ])
    said = set(own)
    told = [*own, *(each for each in _sentences(question[:LONGEST_READ]) if each not in said)]
    subject = ""
    for sentence in sorted(told, key=_says_little):
        subject = f"{subject} {sentence}".strip()
        if len(subject) >= TOO_LITTLE:
            break
    return _cut(subject or " ".join(question[:LONGEST_READ].split()))


def _sentences(text: str) -> list[str]:
    every = (_without_lead(each.strip()) for each in SENTENCE.split(text))
    plain = (" ".join(each.split()).strip("*_~ ") for each in every)
    return [said for said in plain if any(map(str.isalnum, said))]


def _says_little(sentence: str) -> bool:
    if ROW.fullmatch(sentence):
        return True
    return not any(map(str.isalnum, ADDRESS.sub("", sentence)))


def _without_lead(sentence: str) -> str:
    while (found := LEAD.match(sentence) or GREETING.match(sentence)) and found.end():
        sentence = sentence[found.end() :]
    return sentence


def _cut(subject: str) -> str:
    if len(subject) <= SUBJECT_ROOM:
        return subject
    room = subject[: SUBJECT_ROOM - 1]
    word = room.rfind(" ")
    return (room[:word] if word > SUBJECT_ROOM // 2 else room).rstrip(" ,;:-") + "…"
