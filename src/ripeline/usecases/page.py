"""Pages and mails in HTML: self-contained, without scripts, readable by day and by night, on a small screen too."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import Final

from ripeline.usecases.packet_words import Section

# No variables: many mail programs do not know them.
STYLE: Final = """
:root { color-scheme: light dark }
* { box-sizing: border-box }
body { margin: 0; background: #ffffff; color: #1d2321; font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem }
h2 { font-size: .8rem; letter-spacing: .04em; text-transform: uppercase; color: #5c6662; margin: 0 0 .5rem }
p { margin: 0 0 .75rem }
section { border-top: 1px solid #dfe4e1; padding: 1rem 0 .5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .15rem 0 }
th { font-weight: normal; color: #5c6662; width: 13rem; padding-right: 1rem }
.answers { margin: 1rem 0 1.25rem }
.button { display: inline-block; margin: 0 .5rem .5rem 0; padding: .55rem 1.1rem; border: 1px solid #14683f;
  border-radius: .4rem; color: #14683f; background: none; font: inherit; text-decoration: none; cursor: pointer }
.first { background: #14683f; color: #ffffff }
form { background: #f5f7f6; border: 1px solid #dfe4e1; border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
label { display: block; margin: 0 0 .75rem }
select, input, textarea { display: block; width: 100%; margin-top: .25rem; padding: .45rem; font: inherit;
  color: inherit; background: #ffffff; border: 1px solid #b9c2bd; border-radius: .3rem }
@media (max-width: 30rem) { th, td { display: block; width: auto; padding: 0 } td { padding-bottom: .4rem } }
@media (prefers-color-scheme: dark) {
  body { background: #141816; color: #e6ebe8 }
  h2, th { color: #9aa59f }
  section { border-color: #323a36 }
  .button { color: #5fc48f; border-color: #5fc48f }
  .first { background: #5fc48f; color: #0d1310 }
  form { background: #1c211f; border-color: #323a36 }
  select, input, textarea { background: #141816; border-color: #4a544f }
}
"""

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'sha256-"
        + b64encode(sha256(STYLE.encode()).digest()).decode()
        + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
"""What every page is sent with: it may do nothing, is kept by nobody, and tells nobody where it was read."""

Link = tuple[str, str]
"""What a button says, and its address."""


def page(title: str, body: Iterable[str]) -> str:
    """Return a page. title: text; body: HTML."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{escape(title)}</h1>\n{''.join(body)}</main></body></html>\n"
    )


def packet_page(
    title: str, lead_in: Sequence[str], sections: Iterable[Section], links: Sequence[Link] = (), form: str = ""
) -> str:
    """Return a packet as a page, or as what a mail shows. lead_in: sentences below the title; form: HTML below."""
    return page(title, [*map(paragraph, lead_in), _answers(links), form, *map(_section, sections)])


def paragraph(text: str) -> str:
    """Return a sentence as HTML."""
    return f"<p>{escape(text)}</p>\n"


def _answers(links: Sequence[Link]) -> str:
    shown = (
        f'<a class="button{" first" if index == 0 else ""}" href="{escape(address)}">{escape(said)}</a>'
        for index, (said, address) in enumerate(links)
    )
    return f'<p class="answers">{"".join(shown)}</p>\n' if links else ""


def _section(one: Section) -> str:
    if not any(name for name, _ in one.lines):
        return f"<section><h2>{escape(one.title)}</h2>{''.join(paragraph(text) for _, text in one.lines)}</section>\n"
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in one.lines)
    return f"<section><h2>{escape(one.title)}</h2><table>{rows}</table></section>\n"
