"""Names that machines give to pictures, films, recordings and scans are no secrets."""

from __future__ import annotations

import pytest

from bot.scrubbing.scrubber import RuleScrubber

MADE = (
    "IMG_2231.jpg",
    "IMG_2231.HEIC",
    "IMG_E4087 (1).PNG",
    "IMG-20260102-WA0007.jpg",
    "VID-20260102-WA0007.mp4",
    "PXL_20260102_171503812.jpg",
    "PXL_20260102_171503812.MP~2.jpg",
    "MVIMG_20200428_094744.jpg",
    "DSC_0912.JPG",
    "DSC04117.ARW",
    "DSCF1551.jpg",
    "P1010033.JPG",
    "GX010042.MP4",
    "DJI_0007.JPG",
    "20260102_171503(0).jpg",
    "Screenshot_20260102-171503_Chrome.jpg",
    "Screenshot 2026-01-02 at 17.15.03.png",
    "Screen Shot 2020-01-02 at 5.15.03 PM.png",
    "Bildschirmfoto 2026-01-02 um 17.15.03.png",
    "Capture d\u2019écran 2026-01-02 à 17.15.03.png",
    "Captura de pantalla 2026-01-02 a las 17.15.03.png",
    "スクリーンショット 2026-01-02 17.15.03.png",
    "WhatsApp Image 2026-01-02 at 17.15.03.jpeg",
    "FB_IMG_1767373503123.jpg",
    "Snapchat-135710906.jpg",
    "RPReplay_Final1767373503.MP4",
    "ScreenRecording_01-02-2026 17-15-03_1.MP4",
    "C28717B0-2EBD-0C99-30DF-0AAA190A528D.jpg",
    "1767373503123.jpg",
    "CamScanner 01-02-2026 17.15.pdf",
    "image0.jpeg",
)

SECRET = (
    "password hunter2.png",
    "passwort ABC12345.png",
    "wifi password 48151623.png",
    "Xk9#mQ2v.png",
    "my password is IMG_2231k!9.jpg",
    "hunter22.jpg",
    "AKIAIOSFODNN7EXAMPLE.png",
)


@pytest.mark.parametrize("name", MADE)
def test_what_a_machine_named_is_no_secret(name: str) -> None:
    """Alone, below words, and within them."""
    for text in (name, f"it looks like this\n{name}", f"see {name} please"):
        assert not RuleScrubber().scrub(text), text


@pytest.mark.parametrize("name", SECRET)
def test_a_secret_in_a_name_is_one_still(name: str) -> None:
    """People write them there, too."""
    assert RuleScrubber().scrub(name)
