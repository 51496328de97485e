"""What a check says: where, a stable code, and a sentence to the clerk in both languages."""

from typing import NamedTuple


class Problem(NamedTuple):
    """`path` as in "fields[2].when"; `id` and `en`: one sentence each."""

    path: str
    code: str
    id: str
    en: str
