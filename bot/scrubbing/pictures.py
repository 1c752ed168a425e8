"""Names that cameras, phones and programs give to what they make: no secret, however it looks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDING = (
    r"\.(?i:jpe?g|jpe|jfif|hei[cf]s?|avif|png|gif|webp|bmp|tiff?|dng|arw|cr[23]|nef|raf|orf|rw2"
    r"|mp4|mov|m4v|avi|mkv|webm|3gpp?|m4a|mp3|wav|aac|opus|ogg|amr|caf|pdf)(?!\w)"
)
_AGAIN = (
    r"(?:[ _-]?\(\d{1,4}\)|[ ~_-]\d{1,4}|[ _-]{1,3}(?i:copy|kopie|copie|copia|cópia|コピー)){0,2}"
)
_DATE = (
    r"(?:(?:19|20)\d\d([-_.]?)[01]\d\1[0-3]\d|[0-3]?\d([-_.])[0-3]?\d\2(?:(?:19|20)?\d\d)"
    r"|(?:19|20)\d\d年[01]?\d月[0-3]?\d日)"
)
_TIME = (
    r"[0-2]?\d[-_.:h時]?[0-5]\d(?:[-_.:m分]?[0-5]\d)?[s秒]?(?:[._-]?\d{1,6})?"
    r"(?:[ \u202f_]?[AaPp]\.?[Mm]\.?)?"
)
_WORD = r"[^\W\d_]{1,24}"
_TAIL = (
    rf"(?:[ ._~-]{{1,2}}(?:{_WORD}|WA\d{{1,5}}|\d{{1,9}}|BURST\d{{1,20}})"
    rf"|[ _-]?\(\d{{1,4}}\)){{0,4}}"
)
_MADE = (
    r"(?i:screen ?shots?|screencast|screen ?recording|bildschirm(?:foto|aufnahme)"
    r"|capture(?: d.écran)?"
    r"|captura(?: de (?:pantalla|tela|ecr[ãa]))?|schermafbeelding|schermata|istantanea"
    r"|zrzut(?: ekranu)?"
    r"|skärm(?:avbild|klipp)|ekran (?:görüntüsü|alıntısı|resmi)|снимок экрана|скриншот"
    r"|знімок екрана"
    r"|スクリーンショット|スクショ|画面収録|屏幕截图|截屏|스크린샷|لقطة شاشة"
    r"|(?:fb_)?img|image|photo|picture|pic|foto|bild|imagen|imagem|immagine|obraz|画像|写真|图片|사진"
    r"|whatsapp (?:image|video)|signal|received|snapchat|rpreplay_final|scan(?:ned)?(?: document)?"
    r"|camscanner|video|movie|clip|recording|aufnahme|voice|audio|unnamed|download|unbenannt|file)"
)
NAMES = re.compile(
    # Cameras: four signs and four digits, as their file system has it, and what came of that rule.
    r"(?<!\w)(?:(?!(?:PINS?|PUKS?|PWD?S?|PASS|TANS?|OTP|KEYS?|CODE|MDP|CV[CV]|WIFI|WLAN|USER|SSID)[_\d])"
    rf"(?:[A-Z_][A-Z0-9_]{{2,3}}E?\d{{4,5}}|\d{{3}}_\d{{4}})(?:{_TAIL}){_ENDING}"
    # What bears its date, and perhaps the time.
    rf"|(?:{_WORD}[ _'\u2019.-]{{1,3}}){{0,5}}{_DATE}"
    rf"(?:(?:[ _,T-]{{1,3}}|[ _]{_WORD}[ _]|[ _]a las |[ _]à[ _]){_TIME})?{_TAIL}{_ENDING}"
    # What a program counts, what bears seconds since 1970, and what has a random name.
    rf"|{_MADE}[ _-]?\(?\d{{1,17}}\)?{_AGAIN}{_ENDING}"
    rf"|\d{{10}}(?:\d{{3}})?{_AGAIN}{_ENDING}"
    rf"|(?:{_WORD}[ ._-]){{0,2}}[0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}"
    rf"-[0-9A-Fa-f]{{12}}{_AGAIN}{_ENDING})",
)
_SECRET = (
    r"(?<![^\W_])(?i:pass(?:w\w{1,6}|code|phrase|e)?|pwd?|pins?|puk|tan|otp|codes?|kennwort|passwort"
    r"|kode|wachtwoord|contrase\w{1,4}|clave|senha|mdp|hasło|haslo|şifre|parola|lösenord|пароль|密码"
    r"|密碼|パスワード|暗証番号|비밀번호|كلمة السر)(?![^\W\d_])"
)
TOLD_IN_NAMES = re.compile(_SECRET)
SAID = re.compile(_SECRET + r"[\W_]{0,3}(?:\w{1,4}[\W_]{1,3}){0,2}\Z")
"""Right behind this it may be a secret all the same."""
BEFORE = 40


def named_by_machines(text: str) -> Iterator[tuple[int, int]]:
    """Give where names stand that no person has chosen."""
    for match in NAMES.finditer(text):
        start = match.start()
        if not TOLD_IN_NAMES.search(match.group()) and not SAID.search(
            text, max(0, start - BEFORE), start
        ):
            yield match.span()
