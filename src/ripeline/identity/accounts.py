"""Which account a person belongs to: by the last group link, else by a business mail domain, else none."""

from collections.abc import Iterable

from ripeline.scoring.profile import Profile
from ripeline.vocabulary.derived import USUAL_KIND, company_host
from ripeline.vocabulary.history import GroupLink


def account_of(links: Iterable[GroupLink], profile: Profile, as_of_us: int) -> str | None:
    """Return the account of a person at an instant.

    links: those of all the person's identifiers. The last one counts: trusted before all others, then by time, then
    by id. A group id and a mail domain of the same text are one account.
    """
    known = [link for link in links if link.time_us <= as_of_us]
    if known:
        return max(known, key=lambda link: (link.trusted, link.time_us, link.id)).account
    return _by_domain(profile)


def _by_domain(profile: Profile) -> str | None:
    domain, kind = (profile.get(key) for key in ("email_domain", "email_kind"))
    if domain is None or domain.text is None or kind is None or kind.text != USUAL_KIND:
        return None
    return company_host(domain.text)
