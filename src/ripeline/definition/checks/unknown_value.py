"""unknown-value: a derived trait or field is compared with something that it never is."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.closed_traits import MEANT, values_of
from ripeline.definition.conditions import Compare, Condition, Literal, Lower, Name, parts_of
from ripeline.definition.conditions_of import conditions_of
from ripeline.vocabulary.companies import company_plain
from ripeline.vocabulary.issues import Issue, did_you_mean
from ripeline.vocabulary.phones import PLAIN_PHONE
from ripeline.vocabulary.values import Value, fold


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each comparison of a derived trait or field that tells nothing."""
    return [
        warning("unknown-value", message, draft.at_value(*one.path), hint)
        for one in conditions_of(draft.raw)
        for message, hint in dict.fromkeys(_told(one.when))
    ]


def _told(when: Condition) -> Iterator[tuple[str, str]]:
    for part in parts_of(when):
        match part:
            case Compare("=" | "<>", (Name() as name) | Lower(Name() as name), Literal(value)):
                yield from _unknown(name, value, is_folded=isinstance(part.left, Lower))
            case Compare("=" | "<>", Name() as name, Name("trait", word)) if word in values_of(name):
                yield (
                    f"{name.key} is compared with a trait called {word}",
                    f"a text stands in single quotes: '{word}'",
                )
            case Compare(operator, Name() as name, _) if values_of(name) and operator not in {"=", "<>"}:
                yield (
                    f"{name.key} is a word, and {operator} works on numbers and dates",
                    f"list the values: {name.key} in (...)",
                )


def _unknown(name: Name, value: Value, *, is_folded: bool) -> Iterator[tuple[str, str]]:
    if name.root == "trait" and name.key in {"email_domain", "company_domain"}:
        yield from _no_domain(name.key, value)
    elif name == Name("trait", "company_plain"):
        yield from _no_plain_name(value)
    elif name == Name("trait", "phone_plain"):
        yield from _no_plain_phone(value)
    elif name == Name("trait", "phone_valid") and value.boolean is None:
        yield "phone_valid is true or false, and nothing else", "write phone_valid, or not phone_valid"
    elif values := values_of(name):
        known = [fold(word) for word in values] if is_folded else values
        if value.text is None:
            yield f"{name.key} is a word, never a number or true or false", _hint("", known)
        elif value.text not in known:
            yield f"{name.key} is never '{value.text}'", _hint(value.text, known)


def _no_plain_name(value: Value) -> Iterator[tuple[str, str]]:
    plain = None if value.text is None else company_plain(value.text)
    if value.text is not None and plain != fold(value.text):
        hint = f"write '{plain}'" if plain else "such as 'acme'"
        yield f"company_plain is never '{value.text}': it has no legal form, no accents and no punctuation", hint


def _no_plain_phone(value: Value) -> Iterator[tuple[str, str]]:
    if value.text is None or not PLAIN_PHONE.fullmatch(value.text):
        told = value.plain if value.text is None else f"'{value.text}'"
        yield f"phone_plain is never {told}: it is + and digits, with the country's first", "such as '+4930901820'"


def _no_domain(key: str, value: Value) -> Iterator[tuple[str, str]]:
    text = value.text or ""
    if "@" in text or "." not in text or text != text.lower():
        told = text.rpartition("@")[2].lower()
        hint = f"write '{told}'" if "." in told else "such as 'example.com'"
        meaning = "the part after the @" if key == "email_domain" else "the domain a company registered"
        yield f"{key} is never '{text}': it is {meaning}, in lower case", hint


def _hint(text: str, known: "tuple[str, ...] | list[str]") -> str:
    meant = MEANT.get(text.lower(), text)
    same = next((word for word in known if word.lower() == meant.lower()), None)
    return f'did you mean "{same}"?' if same else did_you_mean(text, known)
