"""Whether somebody asks no more than whether anybody is there, or for help with nothing named."""

# ruff: noqa: RUF001 - the letters of other languages

from __future__ import annotations

import re

FIRST = (
    r"(?:(?:hi|hello|hey|heya|hallo|huhu|moin|servus|hola|oye|oigan?|buenas|oi|ol[áa]|al[ôo]|salut"
    r"|bonjour|bonsoir|all[ôo]|coucou|ciao|buongiorno|pronto|hoi|halo|hej|cześć|merhaba|selam|alo"
    r"|привет|алло|ау|добрый день|привіт|もしもし|すみません|あの[うー]?|여보세요|저기요?|喂|你好"
    r"|您好|مرحبا|السلام عليكم|ok|okay|um|uh|äh|excuse me|sorry|entschuldigung|perdón|disculpen?"
    r"|perdona|pardon|désolé|desculpe|scusate|scusi|test(?:ing)?|one two|bot|yo)"
    r" ?){0,4}"
)
OF_US = r"(?: (?:from|in|at) (?:it|support|the (?:help ?desk|support desk|desk|team)))?"
WHO = rf"(?:any|some)(?:one|body){OF_US}"
HERE = r"(?:(?:out |in |around )?(?:there|here)|home|around|awake|alive|online|in|on|listening)"
THERE = (
    rf"(?:is |are )?(?:there )?{WHO}(?: {HERE}){{0,2}}"
    rf"|(?:does|can|is|will|did) {WHO} (?:(?:even|actually) )?(?:read|reading|see|hear|answer"
    r"|answering|monitor|monitoring|check|checking)"
    r"(?: (?:this|that|these|me|here|it|the channel|this channel|messages)){0,2}"
    rf"|(?:are|r) (?:you|u|ya) (?:(?:guys|all|still|even) )?{HERE}|(?:you|u|ya) (?:still )?there"
    r"|(?:can|do|does|did) (?:you|u|ya) (?:(?:hear|read|see) me|read this)"
    r"|is (?:this|that)(?: (?:thing|bot|channel|chat) (?:on|working|alive|live|active|awake)| on)"
    r"|(?:is )?this (?:thing )?working"
    r"|(?:does|is) (?:this|that|the) (?:thing|bot|channel|chat) (?:even )?"
    r"(?:work|working|on|alive)"
    # German, Dutch, Swedish
    r"|(?:ist |is |noch |ist noch |ist hier |ist denn |is denn )?(?:da |hier )?"
    r"(?:jemand|wer|irgendwer|irgendjemand|einer)(?: (?:von der it|vom support|von euch))?"
    r"(?: (?:hier|da|online|wach|zu hause|noch)){0,2}"
    r"|(?:hört|liest|sieht) (?:mich |hier |das )?(?:jemand|wer|einer)"
    r"(?: (?:mit|das|hier|mich|zu)){0,2}"
    r"|(?:seid ihr|bist du|sind sie) (?:noch )?(?:da|hier|wach|online)"
    r"|(?:ist )?keiner da|niemand da"
    r"|(?:is |zit )?(?:er |daar |hier )?iemand(?: (?:er|daar|hier|aanwezig|thuis|online)){0,2}"
    r"|(?:zijn jullie|ben je|bent u) (?:er|daar)|(?:hoort|leest) iemand (?:mij|me|dit)(?: mee)?"
    r"|(?:är det |finns det )?(?:nån|någon)(?: (?:där|här|hemma|vaken)){0,2}|är (?:ni|du) där"
    # French, Spanish, Portuguese, Italian
    r"|(?:il )?(?:y a|ya|y['\u2019]a)(?:-t-il)? quelqu['\u2019]un(?: (?:ici|là|en ligne))?"
    r"|quelqu['\u2019]un (?:me lit|m['\u2019]entend|lit ceci|est là|ici)"
    r"|(?:vous êtes|tu es) (?:là|ici)|(?:êtes-vous|es-tu) là|vous me (?:recevez|lisez|entendez)"
    r"|(?:hay |está |anda )?alguien(?: (?:ahí|ahi|aquí|aqui|por ah[íi]|por aqu[íi]|en casa)){0,2}"
    r"|alguien (?:lee esto|me lee|me oye|me atiende|me escucha|contesta|responde)"
    r"|me (?:atend[eé]is|le[eé]is|o[ií]s|escuch[aá]is|recib[ií]s)"
    r"|(?:est[aá]is|est[aá]n|est[aá]s) (?:ahí|ahi|aquí|aqui)"
    r"|(?:tem |h[áa] |t[áa] )?(?:algu[ée]m|gente)(?: (?:a[íi]|aqui|online|por a[íi]|on)){0,2}"
    r"|algu[ée]m (?:me (?:l[êe]|ouve|atende)|l[êe] isso|responde|atende)"
    r"|(?:(?:voc[êe]s?|vcs?) )?(?:est[ãa]o|est[áa]|t[ãa]o|t[áa]) a[íi]"
    r"|(?:c['\u2019][èe] )?qualcuno(?: (?:qui|lì|in linea|in ascolto))?"
    r"|(?:ci siete|ci sei|mi (?:sentite|leggete))|qualcuno mi (?:legge|sente)"
    # Polish, Turkish, Russian, Ukrainian, Romanian
    r"|(?:jest |czy jest )?(?:tu |tam )?ktoś(?: (?:tu|tam|jest)){0,2}|jesteście tam"
    r"|(?:orada |burada )?kimse (?:var|yok) m[ıiuü]|orada m[ıi]s[ıi]n[ıi]z|beni duyan var m[ıi]"
    r"|(?:есть|тут есть|здесь есть) (?:кто|кто-нибудь|кто-то)(?: (?:тут|здесь|живой|дома)){0,2}"
    r"|кто-нибудь (?:есть|тут|здесь)|вы (?:тут|здесь)|є (?:тут )?хтось(?: тут)?|ви тут"
    r"|(?:e |este )?cineva(?: (?:aici|acolo|pe aici))?"
    # Japanese, Korean, Chinese, Arabic
    r"|(?:どなたか?|だれか?|誰か?)(?:いらっしゃいます(?:でしょう)?か?|いますか?|いる|いませんか"
    r"|おられますか|見て(?:い)?ますか)|(?:どなた|誰)もいません?か"
    r"|(?:거기 )?(?:누구|누가|아무도) ?(?:계세요|계신가요|있어요|있나요|없어요|없나요|안 계세요)"
    r"|(?:有没有|有)人(?:在)?(?:吗|嗎|嘛|么|呢)?(?:在吗)?|在(?:吗|嗎|嘛|不在)|还有人在吗"
    r"|(?:في|فيه|هل يوجد|يوجد|هل من) (?:حد|أحد|احد)(?: (?:هنا|هناك|موجود))?"
    r"|(?:حد|أحد) (?:هنا|موجود)"
)
HELP = (
    r"(?:ich brauche |wir brauchen |brauche )?hilfe"
    r"|(?:kann|könnte) (?:mir|uns) (?:bitte )?(?:jemand|wer|einer) (?:bitte )?helfen"
    r"|(?:necesito |necesitamos )?ayuda|alguien me (?:ayuda|puede ayudar)"
    r"|(?:j['\u2019]ai besoin d['\u2019]|à l['\u2019])aide|aidez[- ]moi"
    r"|quelqu['\u2019]un peut m['\u2019]aider"
    r"|(?:preciso de )?ajuda|algu[ée]m (?:me |pode me )?ajudar?"
    r"|(?:mi serve |ho bisogno di )?aiuto|qualcuno (?:mi )?può aiutar(?:mi|e)"
    r"|(?:ik heb )?hulp(?: nodig)?|kan iemand (?:mij |me )?helpen|(?:potrzebuję )?pomocy"
    r"|(?:bana )?yardım(?: edin| lazım)?|hjälp|помогите|допоможіть"
    r"|(?:誰か)?助けて(?:ください|下さい)?|困って(?:い)?ます|도와주세요|帮帮我"
)
LAST = (
    r"(?: ?(?:please|pls|bitte|por favor|svp|s['\u2019]il vous plaît|at all|today|right now"
    r"|now|überhaupt|heute|denn|mal|eigentlich|lol|bot|team|support|helpdesk|help ?desk|from it"
    r"|in it|vom support|de soporte|do suporte|del soporte|du support))"
)
NAMES_NOTHING = re.compile(rf"{FIRST}(?:{THERE}|{HELP}){LAST}{{0,2}}", re.IGNORECASE)
BARE = re.compile(
    rf"{FIRST}(?:{WHO}|jemand|wer|irgendwer|irgendjemand|einer|(?:ist )?keiner da|niemand da"
    r"|iemand|nån|någon|alguien|algu[ée]m|gente|qualcuno|ktoś|cineva|(?:どなた|誰)もいません"
    rf"|(?:아무도) ?(?:없어요|없나요)){LAST}{{0,2}}",
    re.IGNORECASE,
)
"""A noun, or that nobody is there: it asks only with the mark of a question."""
PLAINLY = re.compile(
    rf"(?:is|are|does|do|did|can|will) (?:there )?(?:any|some)(?:one|body)\b|{HELP}"
    r"|\bis (?:this|that) |\b(?:are|can|do|did) (?:you|u|ya) "
    r"|\b(?:ist|hört|liest|sieht) (?:noch |hier |denn |da |mich |das )*(?:jemand|wer|einer)\b"
    r"|\b(?:seid ihr|bist du|sind sie|zijn jullie|ben je|bent u|är (?:ni|du)|êtes-vous|es-tu)\b"
    r"|\b(?:is|zit) (?:er |daar |hier )?iemand|\b(?:är det|finns det) n"
    r"|y a(?:-t-il)? quelqu|\bhay alguien|\b(?:tem|h[áa]) algu[ée]m|c['\u2019][èe] qualcuno"
    r"|\b(?:czy|есть (?:кто|тут)|кто-нибудь)\b|\bm[ıiuü]\b|か$|吗|嗎|不在|누구|누가|هل",
    re.IGNORECASE,
)
"""What asks it plainly, without the mark of a question as well."""
QUESTION_MARKS = frozenset("?？؟")
BETWEEN = re.compile(r"[^\w'\u2019-]+")
LONGEST = 90


def asks_who_is_there(text: str) -> bool:
    """Tell whether words ask whether anybody is there, and say nothing of what they want."""
    said = _said(text)
    if len(text) > LONGEST or NAMES_NOTHING.fullmatch(said) is None:
        return False
    return not QUESTION_MARKS.isdisjoint(text) or BARE.fullmatch(said) is None


def asks_plainly(text: str) -> bool:
    """Tell whether words that ask who is there are a question to all who read them.

    "Someone in" may as well be half a sentence among colleagues.
    """
    marked = not QUESTION_MARKS.isdisjoint(text[: LONGEST + 1])
    return marked or PLAINLY.search(_said(text)) is not None


def _said(text: str) -> str:
    return BETWEEN.sub(" ", text[: LONGEST + 1]).strip()
