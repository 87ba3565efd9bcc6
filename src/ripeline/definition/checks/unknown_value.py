"""unknown-value: a derived trait is compared with something that it never is."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.closed_traits import MEANT, VALUES
from ripeline.definition.conditions import Compare, Condition, Literal, Lower, Name, parts_of
from ripeline.definition.conditions_of import conditions_of
from ripeline.vocabulary.issues import Issue, did_you_mean
from ripeline.vocabulary.values import Value, fold


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each comparison of a derived trait that tells nothing."""
    return [
        warning("unknown-value", message, draft.at_value(*one.path), hint)
        for one in conditions_of(draft.raw)
        for message, hint in dict.fromkeys(_told(one.when))
    ]


def _told(when: Condition) -> Iterator[tuple[str, str]]:
    for part in parts_of(when):
        match part:
            case Compare("=" | "<>", Name("trait", key) | Lower(Name("trait", key)), Literal(value)):
                yield from _unknown(key, value, is_folded=isinstance(part.left, Lower))
            case Compare("=" | "<>", Name("trait", key), Name("trait", word)) if word in VALUES.get(key, ()):
                yield (
                    f"{key} is compared with a trait called {word}",
                    f"a text stands in single quotes: '{word}'",
                )
            case Compare(operator, Name("trait", key), _) if key in VALUES and operator not in {"=", "<>"}:
                yield (
                    f"{key} is a word, and {operator} works on numbers and dates",
                    f"list the values: {key} in (...)",
                )


def _unknown(key: str, value: Value, *, is_folded: bool) -> Iterator[tuple[str, str]]:
    if key == "email_domain":
        yield from _no_domain(value)
    elif key in VALUES:
        known = [fold(word) for word in VALUES[key]] if is_folded else VALUES[key]
        if value.text is None:
            yield f"{key} is a word, never a number or true or false", _hint("", known)
        elif value.text not in known:
            yield f"{key} is never '{value.text}'", _hint(value.text, known)


def _no_domain(value: Value) -> Iterator[tuple[str, str]]:
    text = value.text or ""
    if "@" in text or "." not in text or text != text.lower():
        told = text.rpartition("@")[2].lower()
        hint = f"write '{told}'" if "." in told else "such as 'example.com'"
        yield f"email_domain is never '{text}': it is the part after the @, in lower case", hint


def _hint(text: str, known: "tuple[str, ...] | list[str]") -> str:
    meant = MEANT.get(text.lower(), text)
    same = next((word for word in known if word.lower() == meant.lower()), None)
    return f'did you mean "{same}"?' if same else did_you_mean(text, known)
