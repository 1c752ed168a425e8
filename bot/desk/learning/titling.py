"""What a topic is called, in plain words: from what people asked, without what is only theirs.

Greetings, names, urgency and thanks go; no word is put in their place but "somebody".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.tickets import SENTENCE, subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST_READ = 2_000

_LINK = re.compile(r"<(?:https?|mailto|tel):[^<>|\s]*(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<[@!#][^<>]*>|(?<![\w.])@[\w.-]+")
_EMOJI = re.compile(
    r":[a-z][a-z0-9_+'-]*:(?::skin-tone-\d:)?"
    "|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_OF = r"(\b(?:of|for|to|from|by|with|than|as|and|or|von|für|mit|de|para|pour) )"
"""After these words a sentence needs whoever was named."""
_NUMBER = re.compile(r"(?<![\w.])\+\d[\d ()/-]{6,18}\d\b")
_NAME = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'\u2019]{1,20}(?:[ -][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'\u2019]{0,20}){0,2}"
_HELLO = (
    r"(?:[Hh]i|[Hh]ello|[Hh]ey|[Hh]iya|[Dd]ear|[Hh]allo|[Mm]oin|[Ll]iebe[rs]?|"
    r"[Gg]uten (?:Tag|Morgen|Abend)|[Ss]ervus|[Gg]rüezi|[Gg]rüß (?:Gott|dich|euch)|"
    r"[Rr]espected|[Gg]ood (?:[Mm]orning|[Aa]fternoon|[Ee]vening)|[Bb]onjour|[Bb]onsoir|[Ss]alut|"
    r"[Hh]ola|[Bb]uen(?:os días|as(?: tardes| noches)?)|[Cc]iao|[Oo]lá|[Bb]om dia|[Bb]oa tarde)"
)
_GREETED = re.compile(
    rf"^\W*{_HELLO}(?: (?:{_NAME}|team|all|there|sirs?|everyone|folks|guys|zusammen|tous|todos))?"
    r"(?:\s*[,!.:;\u2013-]+\s*|\s*$|\s*\n\s*|(?= (?:i|my|we|the|can|how|what|why|where|is|do)\b))",
    re.MULTILINE,
)
_ME = re.compile(
    r"(?:\b(?:[Tt]his is|[Ii] ?am|[Ii]['\u2019]m|[Mm]yself|[Mm]y name is|[Ii]ch bin|"
    r"[Hh]ier ist|[Jj]e suis|[Ss]oy)"
    rf" {_NAME}(?:,? (?:from|in|of|at|aus|de|du) (?:the )?[\w&]+(?: (?:team|department|"
    rf"office|coordination))?(?: {_NAME})?)"
    rf"|\b(?:[Mm]y name is|[Tt]his is|[Mm]ein Name ist|"
    rf"[Hh]ier ist) {_NAME})(?:\s+here)?\s*[,.:;!-]*\s*"
)
_ROLE = (
    r"[Cc]olleagues?|[Cc]o-?workers?|[Bb]oss|[Mm]anager|[Uu]sers?|[Ee]mployees?|[Ss]tarter|[Hh]ire|"
    r"[Jj]oiner|[Ii]ntern|[Tt]eammate|[Cc]ustomer|[Ss]tudent|[Aa]ssistant|[Kk]olleg(?:e|in)|"
    r"[Cc]hef|"
    r"[Cc]ollègue|[Cc]ompañer[oa]"
)
_OTHER = re.compile(
    rf"(?P<role>\b(?:{_ROLE})),?(?: (?:named|called|namens))? {_NAME},?"
    rf"|(?<!\w)(?:Mr|Mrs|Ms|Mx|Dr|Herr|Frau|Mme|Sr|Sra)\.? {_NAME}"
)
_URGENT = re.compile(
    r"\b(?:very |super |really |this is |it['\u2019]?s |kind(?:a|of) ){0,3}+(?:urgent(?:ly)?|"
    r"asap|a\.s\.a\.p\.?|"
    r"as soon as possible|right now|immediately|emergency|dringend|so schnell wie möglich|"
    r"urgente?|au plus vite|cuanto antes)(?!\w)[\s,!.:;-]*"
    r"|\b(?:sos|mayday)\b[\s,!.:;-]*",
    re.IGNORECASE,
)
_THANKS = (
    r"(?:(?:many |big |kind )?(?:thanks?|thank you|thx|ty|tia|cheers)"
    r"(?: you| so much| a lot| very much| in advance| all| team)*"
    r"|(?:(?:vielen|besten|herzlichen|lieben|schönen|tausend) dank|danke)"
    r"(?: schön| sehr| vorab| im voraus| euch| ihnen| team)*"
    r"|(?:un grand )?merci(?: beaucoup| bien| d['\u2019]avance| par avance| à tous| team)*"
    r"|(?:muchas |mil )?gracias(?: de antemano| por adelantado| a todos)*"
    r"|grazie(?: mille)?|(?:muito )?obrigad[oa](?: desde já)?)"
)
_REGARDS = (
    r"(?:(?:kind |best |warm )?(?:regards|wishes)|best|have a (?:nice|good|great) (?:day|weekend)"
    r"|(?:mit )?(?:freundliche|viele|liebe|beste|schöne|herzliche)[nr]? gr(?:ü|ue)(?:ß|ss)en?"
    r"|(?<=und )gr(?:ü|ue)(?:ß|ss)e|(?<=[,.!?] )gr(?:ü|ue)(?:ß|ss)e|[lvb]g|mfg"
    r"|schönen? (?:tag|abend)(?: noch)?|schönes wochenende"
    r"|cordialement|bien à vous|bonne (?:journée|soirée)"
    r"|(?:un )?(?:cordial )?saludos?(?: cordiales)?|atenciosamente|abraços?|cumprimentos)"
)
_HELP = (
    r"(?:please help(?: me)?(?: (?:out|here))?|(?:pls|plz) help(?: me)?|"
    r"help(?: me)?(?: (?:pls|plz|please))"
    r"|(?:can|could) (?:some|any)(?:one|body) (?:please )?help(?: (?:me|us))?(?: please)?"
    r"|any(?:body|one)(?: (?:any )?(?:ideas?|help|there))?\?|any (?:ideas?|help)(?: is| would be)?"
    r"(?: much| greatly)?(?: appreciated| welcome)?)"
)
_COURTESY = re.compile(
    rf"\b(?:(?:and|und|et|y|e) )?(?:{_THANKS}|{_REGARDS}|{_HELP})"
    rf"(?:[ ,!.-]+(?-i:{_NAME}))?[\s,!.:;?-]*$",
    re.IGNORECASE,
)
_SIGNED = re.compile(rf"(?:\n|\s[-\u2013\u2014/]{{1,2}}\s?|\s{{2,}}){_NAME}\s*$")
_SHOUT = re.compile(r"([!?]){2,}|!+(?=\s|$)")
_JOINT = re.compile(r"^(?:and|so|but|und|aber|et|y)\b[ ,]*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = frozenset({
    "the", "and", "for", "with", "not", "from", "this", "that", "have", "has", "had", "are",
    "was", "can", "how", "what", "why", "where", "when", "does", "did", "you", "your", "our",
    "mine", "its", "any", "get", "got", "please", "need", "want", "after", "since", "again",
    "only", "also", "just", "very", "but", "there", "then", "than", "them", "they", "she", "her",
    "his", "him", "all", "one", "two", "now", "yet", "too", "still", "today", "yesterday",
})  # fmt: skip
_LITTLE_I = re.compile(r"(?<![\w.'\u2019/-])i(?=(?:['\u2019](?:m|ve|ll|d))?(?: |$))")
LONG_ENOUGH = 16
"""Letters; a shorter sentence is anybody's."""
LEAST_LEFT = 2
"""Words; a question of which less is left is kept as it was, but for people's names."""


STEM, FEW, LEAST_NAMED = 5, 4, 3
"""Letters that other forms of a word share; so many words are few for a title, and least."""
GOOD_LENGTH = 14
ASKS, LATER = 0.1, 0.01
"""What asks names a topic better than what only tells; and what stands first, where all is one."""
_ASKING = re.compile(
    r"\?$|^(?:how|what|where|when|who|which|why|can|could|is|are|do|does|may|wie|wo|was|wer|warum|"
    r"kann|comment|où|pourquoi|cómo|dónde)\b|\b(?:does ?n[o']?t|do ?n[o']t|cannot|"
    r"can['\u2019]?t|won['\u2019]?t|"
    r"not work\w*|fails?|broken|stuck|error|geht nicht|kaputt)\b",
    re.IGNORECASE,
)


def plain_question(words: str) -> str:
    """Give a question on one line, without greeting, names, urgency and thanks."""
    text = _without_people(words[:LONGEST_READ])
    bare = _GREETED.sub("", text.strip(), count=1)
    before = None
    while before != bare:
        before = bare
        bare = _COURTESY.sub("", _SIGNED.sub("", _URGENT.sub(" ", bare)).strip()).strip()
        # What stood behind "URGENT!!!" stands first now.
        bare = _GREETED.sub("", bare, count=1)
    bare = _SHOUT.sub(lambda found: found[1] if found[1] == "?" else "", bare)
    bare = _on_one_line(bare)
    return bare if len(_WORD.findall(bare)) >= LEAST_LEFT else _on_one_line(text)


def quotes_of(words: str) -> tuple[str, ...]:
    """Give the forms in which a draft may quote words: as a sample question, and as its title."""
    question = plain_question(words)
    sentences = [each for each in SENTENCE.split(question) if len(each) >= LONG_ENOUGH]
    titles = [
        title for each in (question, *sentences) if len(title := title_of([each])) >= LONG_ENOUGH
    ]
    return tuple(dict.fromkeys([question, *titles]))


def title_of(asked: Sequence[str], answer: str = "", mended: Callable[[str], str] = str) -> str:
    """Name a topic by the sentence that has most in common with all that was asked and settled.

    `mended` takes slips of the pen out; the words stay those that somebody asked in. Empty where
    nothing was asked.
    """
    questions = [each for each in map(plain_question, asked) if each]
    others = [*map(_telling, questions), _telling(answer)]
    best, most = "", -1.0
    for number, question in enumerate(questions):
        beside = [bag for at, bag in enumerate(others) if at != number]
        sentences = SENTENCE.split(question)
        for place, sentence in enumerate(sentences):
            rest = _telling(" ".join(sentences[:place] + sentences[place + 1 :]))
            likeness = _likeness(sentence, [*beside, rest]) - LATER * min(place, 4)
            if likeness > most + 1e-9:
                best, most = sentence, likeness
    subject = subject_of(mended(best)).rstrip(" .,;:!…-") if best else ""
    subject = _LITTLE_I.sub("I", subject)
    return subject[:1].upper() + subject[1:] if _starts_plain(subject) else subject


def name_of(question: str) -> str:
    """Name what is listed by one question: as a title, or by its words where none says more."""
    return title_of([question]) or " ".join(question.split())


def _likeness(sentence: str, others: Sequence[frozenset[str]]) -> float:
    """Tell how well a sentence names what others say: by what they share, and whether it asks."""
    words = _telling(sentence)
    if len(words) < LEAST_LEFT:
        return 0.0
    shared = sum(len(words & each) / (len(words) + FEW) for each in others) / max(1, len(others))
    length = len(sentence.split())
    return (
        shared
        + ASKS * (len(words) >= LEAST_NAMED and bool(_ASKING.search(sentence)))
        - 0.01 * max(0, length - GOOD_LENGTH)
    )


def _telling(text: str) -> frozenset[str]:
    """Give the words that say something, each by its beginning: other forms are the same word."""
    words = (found.lower() for found in _WORD.findall(text))
    return frozenset(word[:STEM] for word in words if word not in _EMPTY)


def _without_people(text: str) -> str:
    text = _LINK.sub(lambda found: found[1] or "", text)
    for each in (_ADDRESS, _MENTION):
        text = each.sub(" ", re.sub(rf"{_OF}(?:{each.pattern})", r"\1somebody", text))
    text = _NUMBER.sub(" ", _EMOJI.sub(" ", text))
    text = _ME.sub("", text)
    return _OTHER.sub(lambda found: found["role"] or "somebody", text)


def _on_one_line(text: str) -> str:
    line = " ".join(text.split())
    line = re.sub(r" ([,.;:!?])", r"\1", line).strip(" ,;:-*_~")
    return _JOINT.sub("", line)


def _starts_plain(subject: str) -> bool:
    """Tell whether a subject begins with a plain word: `macOS` and `e-mail` keep their letters."""
    return bool(re.match(r"[a-zß-öø-ÿ]+(?:['\u2019][a-z]+)?(?![\w.@/-])", subject))
