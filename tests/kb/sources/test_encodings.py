"""A file is read in the encoding that it is surely in, or refused; never as other letters."""

# ruff: noqa: RUF001 (letters of many languages)

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import ArticleError
from kb.sources.text import decode

TEXTS = {
    "cp1250": "Zmiana hasła: wciśnij żółty przycisk i wpisz nowe hasło, a potem wyślij źródło.",
    "iso8859-2": "Změna hesla: stiskněte žluté tlačítko, počkejte a pak přihlaste účet znovu.",
    "cp1252": "Passwort ändern: Schlüssel drücken, Größe prüfen, zurück zur Übersicht.",
    "cp1251": "Смена пароля: нажмите кнопку и введите новый пароль.",
    "koi8-r": "Смена пароля: нажмите кнопку и введите новый пароль.",
    "cp1253": "Αλλαγή κωδικού: πατήστε το κουμπί και περιμένετε λίγο.",
    "cp1254": "Şifre değiştirme: düğmeye basın, bağlantı açılır, sonra yazıcı için ışık yanar.",
    "cp1255": "החלפת סיסמה: לחצו על הכפתור והמתינו עד שהמסך נפתח שוב",
    "shift_jis": "パスワードを変更するには、ボタンを押してください。",
    "euc_jp": "パスワードを変更するには、ボタンを押してください。",
    "gb18030": "更改密码请按下按钮，然后输入新的密码。",
    "big5": "更改密碼請按下按鈕，然後輸入新的密碼。",
    "euc_kr": "비밀번호를 변경하려면 버튼을 누르고 새 비밀번호를 입력하세요.",
    "utf-8": "Größe, źródło, пароль, パスワード",
    "utf-8-sig": "Größe, źródło, пароль",
    "utf-16": "Größe, źródło, пароль",
    "utf-16-le": "Size and form of the badge",
    "utf-32": "Größe, źródło",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_text_is_read_as_it_was_written(encoding: str) -> None:
    """In whatever encoding an office of this language uses."""
    text = f"title;body\n{TEXTS[encoding]}\n"
    assert decode(Path("a.csv"), text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["# T\ncafé", "5 °C", "Größe", "Müller – “x”", "50 €"])
def test_a_few_letters_are_read_where_the_usual_encodings_agree(text: str) -> None:
    """They tell no language, and need not."""
    assert decode(Path("a.md"), text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "data",
    [
        "naïve".encode("cp1252"),
        "Řeka".encode("cp1250"),
        "año".encode("cp1252"),
        "ţi".encode("cp1250"),
        "It’s “quoted” – done".encode("mac_roman"),
        b"\xff\xfe\xfd\xfc\xfb",
    ],
)
def test_what_could_be_several_texts_is_refused(data: bytes) -> None:
    """One clear line that says what to do."""
    with pytest.raises(ArticleError, match="save it as UTF-8"):
        decode(Path("a.md"), data)


@pytest.mark.parametrize("encoding", ["windows-1250", "iso-8859-2", "utf-8"])
def test_a_page_is_read_as_it_says_itself(encoding: str) -> None:
    """Even if it has one letter that tells."""
    page = f'<html><head><meta charset="{encoding}"></head><p>Řeka</p></html>'
    assert "Řeka" in decode(Path("a.html"), page.encode(encoding))


FEW_WORDS = {
    "fr": (
        "Salariée à l'étranger, déjà là",
        "ça sent le brûlé près du rez-de-chaussée",
        "le café où l'été",
        "On m'a volé mon badge",
        "Réponse à côté de l'évier",
        "C'est là que je range",
    ),
    "de": (
        "Wie ändere ich mein Profil?",
        "Die Schülerin weiß es nicht",
        "beim Öffnen hängt er",
        "für die Prüfung",
        "der Drucker lädt nicht",
        "Größe und Maß",
    ),
    "es": (
        "perdí mi contraseña",
        "el señor del mostrador",
        "todo va lentísimo",
        "Querría ver el día",
        "buenos días a todos",
        "la réplica está caída",
    ),
    "pt": (
        "já está de férias",
        "a gaveta está presa",
        "é a primeira vez",
        "não há ninguém",
        "grávida de 9 semanas",
        "quais dígitos são",
    ),
    "sv": (
        "Batterirummet i Malmö",
        "vår heta standby är",
        "luktar ruttna ägg",
        "Släppte in en kille",
        "PDU B7 är död",
        "på höger sida",
    ),
    "it": (
        "sì solo il mio",
        "al punto 2 mi dà errore",
        "perché non è più così",
        "non c'è più",
        "la città è lì",
        "metà è già lì",
    ),
    "pl": (
        "chcę zgłosić oszustwo",
        "Kopia się otwiera",
        "były chłopak stoi",
        "Dzień dobry, proszę",
        "nie mogę wejść",
        "gdzie jest żółty kabel",
    ),
    "tr": (
        "şifremi değiştirdim",
        "yazıcı çalışmıyor",
        "bağlantı açılmıyor",
        "ışık yanıyor",
        "gönüllü çağrı",
        "düğmeye basın",
    ),
}
WRITTEN_IN = {
    "fr": ("cp1252", "iso8859-15", "mac_roman", "cp850"),
    "de": ("cp1252", "iso8859-15", "mac_roman", "cp850"),
    "es": ("cp1252", "mac_roman", "cp850"),
    "pt": ("cp1252", "mac_roman", "cp850"),
    "sv": ("cp1252", "mac_roman", "cp850"),
    "it": ("cp1252", "mac_roman", "cp850"),
    "pl": ("cp1250", "iso8859-2", "cp852"),
    "tr": ("cp1254", "iso8859-9"),
}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        pytest.param(encoding, text, id=f"{language}, {encoding}: {text[:20]}")
        for language, encodings in WRITTEN_IN.items()
        for encoding in encodings
        for text in FEW_WORDS[language]
    ],
)
def test_a_few_words_are_read_rightly_or_refused(encoding: str, text: str) -> None:
    """In one line that says what to do; never as other letters."""
    try:
        read = decode(Path("a.csv"), text.encode(encoding))
    except ArticleError as refused:
        assert "save it as UTF-8" in str(refused)  # noqa: PT017 (both ends are right)
    else:
        assert read == text


@pytest.mark.parametrize(
    "text",
    [
        "Open the “Settings” of your phone – it’s easy",
        "You can’t sign in with the old badge…",
        "This is for the staff—not for guests—and you have it",
        "Press “OK”",
        "The fee is 50 € for you and the team",
    ],
)
def test_signs_of_windows_in_english_are_read(text: str) -> None:
    """Word puts them into every page."""
    assert decode(Path("a.html"), text.encode("cp1252")) == text
