"""The rules of `check` about questions and the conditions upon them. Pure; one function a rule."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from wire.service.document import Field, Service
from wire.service.expression import ExpressionError, parse
from wire.service.meaning import mistakes
from wire.service.problem import Problem
from wire.submission import MOST_PHOTOS

SECRETS: Final = ("nik", "kk", "npwp")
_MOST: Final = {"text": 200, "long_text": 4_000}  # characters, whatever the pack says


def names(service: Service) -> Iterator[Problem]:
    """Two fields of one name overwrite each other's answers."""
    for at in _repeated(field.name for field in service.fields):
        name = service.fields[at].name
        yield Problem(f"fields[{at}].name", "twice", f"Nama isian {name} dipakai dua kali.",
                      f"The field name {name} is used twice.")  # fmt: skip
    for at in _repeated(each.code for each in service.standard.requirements):
        code = service.standard.requirements[at].code
        yield Problem(f"standard.requirements[{at}].code", "twice",
                      f"Kode syarat {code} dipakai dua kali.",
                      f"The requirement {code} is there twice.")  # fmt: skip


def pages(service: Service) -> Iterator[Problem]:
    """A page that is called as a field with a page of its own would swallow it."""
    alone = {field.name for field in service.fields if not field.page}
    for at, field in enumerate(service.fields):
        if field.page and (field.page in alone or "/" in field.page):
            yield Problem(f"fields[{at}].page", "page",
                          f"Halaman {field.page} bernama sama dengan sebuah isian. Beri nama lain.",
                          f"The page {field.page} is called as a field. Give it another name.",
                          )  # fmt: skip


def options(service: Service) -> Iterator[Problem]:
    for at, field in enumerate(service.fields):
        path = f"fields[{at}].options"
        has = field.kind in ("choice", "choices")
        if has and len(field.options) < 2:
            yield Problem(path, "options", f"{field.name} perlu paling sedikit dua pilihan.",
                          f"{field.name} needs at least two options.")  # fmt: skip
        if field.options and not has:
            yield Problem(path, "options", f"{field.name} bukan pertanyaan pilihan.",
                          f"{field.name} is no question with options.")  # fmt: skip
        for twice in _repeated(option.value for option in field.options):
            value = field.options[twice].value
            yield Problem(f"{path}[{twice}].value", "twice",
                          f"Pilihan {value} ada dua kali di {field.name}.",
                          f"The option {value} is there twice in {field.name}.")  # fmt: skip


def limits(service: Service) -> Iterator[Problem]:
    for at, field in enumerate(service.fields):
        most = _MOST.get(field.kind)
        if most and (field.most or 0) > most:
            yield Problem(f"fields[{at}].most", "limit",
                          f"{field.name}: paling banyak {most} huruf.",
                          f"{field.name}: at most {most} characters.")  # fmt: skip
        if field.most and field.kind not in ("text", "long_text", "integer", "rupiah"):
            yield Problem(f"fields[{at}].most", "limit",
                          f"{field.name}: batas hanya untuk teks dan angka.",
                          f"{field.name}: only texts and numbers have a limit.")  # fmt: skip


def secrets(service: Service) -> Iterator[Problem]:
    """What the law protects is masked once typed."""
    for at, field in enumerate(service.fields):
        if field.kind in SECRETS and not field.secret:
            yield Problem(f"fields[{at}].secret", "secret",
                          f"{field.name} adalah data pribadi: tandai sebagai rahasia.",
                          f"{field.name} is protected data: mark it as secret.")  # fmt: skip


def photos(service: Service) -> Iterator[Problem]:
    fields = sum(field.kind == "photo" for field in service.fields)
    papers = sum(each.how == "photo" for each in service.standard.requirements)
    if fields + papers > MOST_PHOTOS:
        yield Problem("fields", "photos",
                      f"Satu permohonan membawa paling banyak {MOST_PHOTOS} foto.",
                      f"One submission carries at most {MOST_PHOTOS} photos.")  # fmt: skip


def sayings(service: Service) -> Iterator[Problem]:
    """A citizen who is refused must read why, in words of this service."""
    for at, field in enumerate(service.fields):
        if bool(field.check.strip()) != bool(field.check_says):
            yield Problem(f"fields[{at}].check_says", "check_says",
                          f"{field.name}: pemeriksaan dan pesannya harus ada berdua.",
                          f"{field.name}: a check and what it says go together.")  # fmt: skip


def conditions(service: Service) -> Iterator[Problem]:
    """Of fields: about what was asked before. Of papers and fees: about every field."""
    known: dict[str, Field] = {}
    for at, field in enumerate(service.fields):
        yield from _condition(f"fields[{at}].when", field.when, known)
        if field.kind != "note":
            known[field.name] = field
        yield from _condition(f"fields[{at}].check", field.check, known)
    for at, paper in enumerate(service.standard.requirements):
        yield from _condition(f"standard.requirements[{at}].when", paper.when, known)
    for at, fee in enumerate(service.standard.fees):
        yield from _condition(f"standard.fees[{at}].when", fee.when, known)


def _condition(path: str, text: str, fields: Mapping[str, Field]) -> Iterator[Problem]:
    if not text.strip():
        return
    try:
        expression = parse(text)
    except ExpressionError as error:
        yield Problem(path, "condition",
                      f"Syarat ini belum benar, huruf ke-{error.at + 1}: {error.says.id}",
                      f"This is no condition, at character {error.at + 1}: {error.says.en}",
                      )  # fmt: skip
        return
    for mistake in mistakes(expression, fields):
        yield Problem(path, "meaning", mistake.id, mistake.en)


def _repeated(values: Iterable[str]) -> Iterator[int]:
    """Where something stands that stood before."""
    seen: Counter[str] = Counter()
    for at, value in enumerate(values):
        if seen[value]:
            yield at
        seen[value] += 1
