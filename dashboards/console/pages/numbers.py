"""Whole numbers in addresses."""

from controller.words import BadQuestion


def whole(text: str | None, field: str, default: int) -> int:
    """Raises BadQuestion for anything but a short run of digits."""
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise BadQuestion(field, text, ["a whole number"])
    return int(text)
