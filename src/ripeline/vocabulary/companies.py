"""Names of companies in a form in which two ways to write one of them are the same text."""

import re
from typing import Final

from ripeline.vocabulary.plain_text import plain

LONGEST_NAME: Final = 300
"""Letters of a name that are read."""

_FORMS: Final = """
    ag aktiengesellschaft kg kgaa ohg gbr ek ev eg gmbh ggmbh gesmbh mbh mbb ug haftungsbeschrankt se sce partg
    inc incorporated corp corporation llc llp lp ltd limited plc pllc co company cie compagnie
    sa sas sasu sarl eurl sci scop snc scs sca
    spa srl srls sapa sl slu slne sau sll
    bv nv vof cvba bvba sprl ab aktiebolag hb kb oy oyj abp tmi as asa aps
    sro doo ood eood kft zrt nyrt ou uab sia
    ltda lda eireli unipessoal pty pte pvt kk gk jsc pjsc ojsc cjsc tbk bhd sdn berhad fze fzco dmcc
"""
_CYRILLIC: Final = ("ооо", "оао", "зао", "пао", "ао", "тов", "ип")  # noqa: RUF001 - in their own letters
FORMS: Final = frozenset((*_FORMS.split(), *_CYRILLIC))
"""Legal forms behind a name, as single words without dots and accents."""

PHRASES: Final = (
    "sp z oo", "sp zoo", "spolka z oo", "limited liability company", "sa de cv", "s de rl de cv", "private limited",
    "gesellschaft mit beschrankter haftung", "spol sro", "public limited",
)  # fmt: skip
"""The same of several words."""

LEADING: Final = frozenset(("the", "sarl", "eurl", "sas", "sasu", "pt", "cv", "oy", "ab", *_CYRILLIC))
"""Words before a name that are none of it."""

_UNSPACED: Final = re.compile(
    "株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限責任公司|有限公司|주식회사|㈜|㈱"
)
_INITIALS = re.compile(r"(?<=\b[^\W\d_])[./]\s?(?=[^\W\d_]\b)")
_CONNECTING: Final = frozenset({"and", "und", "et"})


def company_plain(name: str) -> str | None:
    """Return a company's name without its legal form, case, accents and punctuation; None where no letter is left.

    A name that is nothing but a legal form stays.

    >>> company_plain("Müller & Söhne GmbH & Co. KG"), company_plain("The Acme Company, Inc."), company_plain("Oy Ab")
    ('muller and sohne', 'acme', 'oy ab')
    """
    text = _UNSPACED.sub(" ", name[:LONGEST_NAME]) if not name.isascii() else name[:LONGEST_NAME]
    whole = plain(_INITIALS.sub("", text).replace("&", " and ").replace("'", ""))
    return _without_form(whole) or whole or None


def _without_form(name: str) -> str:
    words = name.split(" ")
    while words and words[0] in LEADING:
        words = words[1:]
    while words and (behind := _form_behind(words)):
        words = words[:-behind]
        while words and words[-1] in _CONNECTING:
            words = words[:-1]
    return " ".join(words)


def _form_behind(words: list[str]) -> int:
    """Return of how many words the legal form behind a name is, 0 where there is none."""
    for phrase in PHRASES:
        form = phrase.split(" ")
        if words[-len(form) :] == form:
            return len(form)
    return 1 if words[-1] in FORMS else 0
