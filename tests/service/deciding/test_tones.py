"""How words sound in languages that are read less well: by what they mention."""

from __future__ import annotations

import pytest

from bot.desk.asking import Tone
from bot.service.deciding.tones import tone_of


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("halo, jest tam ktoś?", Tone.ASKS),
        ("kann mir bitte jemand helfen", Tone.ASKS),
        ("すみません、誰かいますか", Tone.ASKS),
        ("누구 있어요?", Tone.ASKS),
        ("que faire ?", Tone.ASKS),
        ("プリンターが紙詰まりしてます。3階のやつです", Tone.ASKS),
        ("お疲れ様です。プリンターが紙詰まりです。3階です", Tone.ASKS),
        ("ciao, la stampante non funziona", Tone.ASKS),
        ("hallo, mein Drucker geht nicht", Tone.ASKS),
        ("haha, der Drucker spinnt wieder, kaputt", Tone.ASKS),
        ("la porta è nera", Tone.PLAIN),
        ("servus, Beamer schwarz", Tone.ASKS),
        ("le badgeur du self marche plus", Tone.ASKS),
        ("der Drucker und ich, eine Liebesgeschichte", Tone.PLAIN),
        ("haha, ich brauch einen Kaffee", Tone.PLEASANT),
        ("joyeux anniversaire !", Tone.PLEASANT),
        ("der Bus kam heute nicht, wer von euch läuft von da drüben mit herüber", Tone.PLAIN),
    ],
)
def test_what_asks_is_told_from_what_is_pleasant(text: str, tone: Tone) -> None:
    """Whoever needs a coffee needs nothing of the desk."""
    assert tone_of(text) is tone
