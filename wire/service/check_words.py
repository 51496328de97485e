"""The rules of `check` about texts: what citizens read and what is printed. Pure."""

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from wire.service import days, printed, template
from wire.service.document import Service, Words
from wire.service.problem import Problem
from wire.service.template import TemplateError

_TODAY: Final = days.Date(2026, 1, 1)  # any will do: a pattern is tried, not used
_VILLAGE: Final = "32.73.05.1001"  # likewise: as long as any place


def words(service: Service) -> Iterator[Problem]:
    """No text that says nothing, and none that steers a printer or turns the direction."""
    yield from _words("", service)


def receipts(service: Service) -> Iterator[Problem]:
    """Of its own making, they carry the number, without which a citizen has nothing."""
    for name, text in (("thermal", service.receipt.thermal), ("page", service.receipt.page)):
        if text.strip():
            yield from _receipt(f"receipt.{name}", text, printed.names(service))


def _receipt(path: str, text: str, known: frozenset[str]) -> Iterator[Problem]:
    try:
        named = template.paths(text)
    except TemplateError as error:
        yield Problem(path, "template",
                      f"Naskah cetak, huruf ke-{error.at + 1}: {error.says.id}",
                      f"The template, at character {error.at + 1}: {error.says.en}",
                      )  # fmt: skip
        return
    for each in sorted(named - known):
        yield Problem(path, "template", f"Naskah cetak menyebut {each}, yang tidak ada.",
                      f"The template names {each}, which is not there.")  # fmt: skip
    if "nomor" not in named:
        yield Problem(path, "template", "Naskah cetak harus memuat {{ nomor }}.",
                      "The template must print {{ nomor }}.")  # fmt: skip


def number(service: Service) -> Iterator[Problem]:
    if not service.number:
        return
    if "{urut" not in service.number:
        yield Problem("number", "number", "Pola nomor perlu {urut}, misalnya {urut:4}.",
                      "The pattern of numbers needs {urut}, as in {urut:4}.")  # fmt: skip
    try:
        longest = template.file_number(
            service.number, code=service.code, place=_VILLAGE, day=_TODAY, serial=10**6
        )
    except TemplateError as error:
        yield Problem("number", "number", error.says.id, error.says.en)
        return
    if len(longest) > template.MOST_NUMBER:
        most = template.MOST_NUMBER
        yield Problem("number", "number",
                      f"Nomor berkas menjadi lebih panjang dari {most} huruf.",
                      f"A file number becomes longer than {most} characters.")  # fmt: skip


def _words(path: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, Words):
        for language in ("id", "su", "en"):
            yield from _text(f"{path}.{language}", getattr(value, language), value.id)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _words(f"{path}.{name}" if path else name, getattr(value, name))
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            yield from _words(f"{path}[{at}]", each)


def _text(path: str, text: str, fallback: str) -> Iterator[Problem]:
    if (text or fallback) and not (text or fallback).strip():
        yield Problem(path, "blank", "Teks ini kosong.", "This text is blank.")
    if any(_steers(letter) for letter in text):
        yield Problem(path, "letters", "Teks ini berisi huruf yang tidak tampak.",
                      "This text has characters that cannot be seen.")  # fmt: skip


def _steers(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co") and letter not in "\n\u200d"
