"""The definitions that ship as a start, each with comments that teach."""

from importlib.resources import files

from ripeline.vocabulary.issues import InputError, did_you_mean

_SUFFIX = ".yaml"


def template_names() -> tuple[str, ...]:
    """Return the names of all templates, in alphabetical order."""
    shipped = (file.name for file in files(__name__).iterdir() if file.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in shipped))


def load_template(name: str) -> str:
    """Return the text of a template; InputError with the nearest name where there is none.

    Its first line tells editors that the schema lies beside it, in .ripeline/qualification.schema.json.
    """
    names = template_names()
    if name not in names:
        raise InputError(f'there is no template "{name}"; {did_you_mean(name, names)}')
    return files(__name__).joinpath(f"{name}{_SUFFIX}").read_text(encoding="utf-8")
