"""Numbers that a state gave to a person: by python-stdnum's check digits, or by their names."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EDGE, _END = r"(?<![\w./+-])", r"(?![\w/-]|\.\d)"
OWN_FORM = (
    (r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", "it.codicefiscale"),
    (r"\d{3}\.\d{3}\.\d{3}-\d\d", "br.cpf"),
    (r"\d{6}/\d{4}", "cz.rc"),
    (r"\d{6}(?:\d\d)?[-+]\d{4}", "se.personnummer"),
    (r"\d{6}[-+A]\d{3}[0-9A-Y]", "fi.hetu"),
    (r"\d\d\.\d\d\.\d\d[- ]\d{3}[.-]\d\d", "be.nn"),
    (r"756\.\d{4}\.\d{4}\.\d\d", "ch.ssn"),
    (r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d", "fr.nir"),
    (r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d\d{3}[\dX]", "cn.ric"),
    (r"\d{6}-[1-8]\d{6}", "kr.rrn"),
    (r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d", "mx.curp"),
    (r"\d{1,2}\.\d{3}\.\d{3}-[\dK]", "cl.rut"),
    (r"[2-9]\d{3} \d{4} \d{4}", "in_.aadhaar"),
    (r"[XYZ]-?\d{7}-?[A-Z]", "es.nie"),
)
"""Forms that hardly anything else has; the check digit must be right."""

NAMED = (
    (r"pesel", r"\d{11}"),
    (r"t\.?c\.?(?: ?kimlik)?(?: ?no| ?numara\w{0,4})?|kimlik ?no", r"\d{11}"),
    (r"rodn[ée]\w{0,3} čísl\w{1,3}|rč", r"\d{6}/?\d{3,4}"),
    (r"codice fiscale|cod\. ?fisc\.?|cf", r"[A-Z]{6}\w{10}"),
    (
        r"(?:n\.?i\.?|national insurance)(?: ?(?:number|num|no\.?))?",
        r"[A-Z]{2} ?(?:\d\d ?){3}[A-D]",
    ),
    (r"dni|nif|nie", r"(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ]-?\d{7})-?[A-Z]"),
    (r"cpf", r"\d{3}\.?\d{3}\.?\d{3}-?\d\d"),
    (r"rut|run", r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dK]"),
    (r"bsn|burgerservicenummer|sofinummer", r"\d{9}|\d{4}\.\d{2}\.\d{3}"),
    (r"social insurance(?: number)?|sin(?: number)?", r"\d{3}[- ]?\d{3}[- ]?\d{3}"),
    (r"ssn|social security(?: ?(?:number|no\.?))?|social", r"\d{3}[- ]\d{2}[- ]\d{4}"),
    (r"aadhaa?r(?: ?(?:number|no\.?|card))?", r"\d{4} ?\d{4} ?\d{4}"),
    (r"pan(?: ?(?:number|no\.?|card))?", r"[A-Z]{5}\d{4}[A-Z]"),
    (
        (
            r"(?:sozial|renten)versicherungs(?:nummer|nr\.?)|sv-?n(?:ummer|r)\.?"
            r"|versicherten(?:nummer|nr\.?)"
        ),
        r"\d\d ?\d{6} ?[A-Z] ?\d{3}|[A-Z]\d{9}|\d{4} ?\d{6}",
    ),
    (r"steuer-?(?:id|identifikationsnummer)\w{0,3}|idnr\.?", r"\d\d ?\d{3} ?\d{3} ?\d{3}"),
    (
        r"(?:numéro|num|n°) (?:de )?(?:sécu(?:rité sociale)?|insee)|n° ?ss|sécu",
        r"[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3}(?: ?\d\d)?",
    ),
    (r"personnummer|personnr\.?|fødselsnummer|cpr(?:-?nr\.?|-nummer)?|henkilötunnus|hetu",
     r"\d{6}(?:\d\d)?[-+A]?\w{4,5}"),
    (r"マイナンバー|個人番号|my ?number", r"\d{4}[ -]?\d{4}[ -]?\d{4}"),
    (r"passport(?: ?(?:number|no\.?))?|(?:reise)?pass(?:nummer|nr\.?)|passeport|pasaporte",
     r"[A-Z]{0,2}\d{6,9}|[CFGHJKLMNPRTVWXYZ][0-9A-Z]{8}"),
)  # fmt: skip
"""What people call them, and how they are written, whatever their check digit."""

FEWEST = 5
"""Digits in the shortest of them."""
FAR = 40
"""So many characters may stand between the name and the number: "my NI number for the form is"."""


@cache
def _own() -> tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...]:
    return tuple(
        (re.compile(f"{_EDGE}(?:{form}){_END}"), import_module(f"stdnum.{name}").is_valid)
        for form, name in OWN_FORM
    )


NAMED_RULES = tuple(
    re.compile(
        rf"(?<!\w)(?:(?i:{name}))(?![^\W_])[^\d\n]{{0,{FAR}}}?(?<![A-Za-z0-9])({form})(?!\w|-\d)"
    )
    for name, form in NAMED
)


def identities(text: str) -> Iterator[Secret]:
    """Find numbers of persons; the check digit tells those that nothing names."""
    if sum(map(str.isdigit, text)) < FEWEST:
        return
    for rule in NAMED_RULES:
        for match in rule.finditer(text):
            yield Secret(*match.span(1), SecretKind.IDENTITY)
    for form, is_valid in _own():
        for match in form.finditer(text):
            if is_valid(match.group()):
                yield Secret(*match.span(), SecretKind.IDENTITY)
