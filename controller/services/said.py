"""What is wrong with a service pack, in a sentence a clerk can act on, in both languages.

Owns the shape alone: whoever finds something says where it stands and what to write instead. Never
says which program found it.
"""

from typing import Final, NamedTuple

MOST: Final = 40  # told at once; more is read by nobody


class Complaint(NamedTuple):
    """`where`: a path such as `fields[3].label.id`, or a place in a workbook; "" is all of it."""

    where: str
    id: str
    en: str

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.id


class Unreadable(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """A file that cannot be taken; whoever sent it must send another."""

    def __init__(self, *complaints: Complaint) -> None:
        self.complaints = complaints
        super().__init__("; ".join(one.en for one in complaints))


def unreadable(id_: str, en: str, where: str = "") -> Unreadable:
    """One reason alone."""
    return Unreadable(Complaint(where, id_, en))
