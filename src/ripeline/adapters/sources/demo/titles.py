"""Job titles as people write them, with the function and seniority that they stand for."""

import random
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class JobTitle:
    """A title as typed into a form, and what it means."""

    text: str
    function: str
    seniority: str


STUDENT_TITLES: Final = (
    JobTitle("Student", "", "intern"),
    JobTitle("Werkstudent", "", "intern"),
    JobTitle("Werkstudentin Marketing", "marketing", "intern"),
    JobTitle("Intern", "", "intern"),
    JobTitle("Praktikant", "", "intern"),
    JobTitle("Stagiaire", "", "intern"),
)

_SHARES: Final = {
    JobTitle("Head of IT", "it", "head"): 7,
    JobTitle("IT-Leiter", "it", "head"): 5,
    JobTitle("Leiterin IT", "it", "head"): 2,
    JobTitle("Directeur informatique", "it", "director"): 2,
    JobTitle("IT Director", "it", "director"): 3,
    JobTitle("CIO", "it", "chief"): 2,
    JobTitle("CTO", "it", "chief"): 3,
    JobTitle("VP IT", "it", "vp"): 1,
    JobTitle("IT Manager", "it", "manager"): 6,
    JobTitle("Responsable informatique", "it", "manager"): 2,
    JobTitle("System Administrator", "it", "staff"): 6,
    JobTitle("Systemadministrator", "it", "staff"): 3,
    JobTitle("Purchasing Manager", "purchasing", "manager"): 4,
    JobTitle("Head of Procurement", "purchasing", "head"): 3,
    JobTitle("Einkaufsleiter", "purchasing", "head"): 3,
    JobTitle("Responsable achats", "purchasing", "manager"): 1,
    JobTitle("Software Engineer", "engineering", "staff"): 9,
    JobTitle("Softwareentwickler", "engineering", "staff"): 4,
    JobTitle("VP Engineering", "engineering", "vp"): 2,
    JobTitle("Marketing Manager", "marketing", "manager"): 7,
    JobTitle("Head of Marketing", "marketing", "head"): 4,
    JobTitle("Leiter Marketing", "marketing", "head"): 2,
    JobTitle("Sales Manager", "sales", "manager"): 4,
    JobTitle("Vertriebsleiter", "sales", "head"): 2,
    JobTitle("CFO", "finance", "chief"): 2,
    JobTitle("Accountant", "finance", "staff"): 3,
    JobTitle("Managing Director", "management", "chief"): 3,
    JobTitle("Geschäftsführer", "management", "chief"): 4,
    JobTitle("Directeur général", "management", "chief"): 1,
}


def draw_title(rng: random.Random) -> JobTitle:
    """Draw the title of somebody at work."""
    return rng.choices(list(_SHARES), list(_SHARES.values()))[0]
