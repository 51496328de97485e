"""What every table stands on: one metadata, and the column types both databases understand.

PostgreSQL compares texts as its own language does, in which dots are nothing; codes and numbers are
compared by their bytes.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

metadata = MetaData()
Json = JSON().with_variant(JSONB(), "postgresql")
Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys by itself


def Code(length: int) -> String:  # noqa: N802 - stands where types stand
    """A text that an index finds by how it begins."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Bytes(FunctionElement[str]):
    """A column or expression to be compared by bytes."""

    inherit_cache = True
    type = String()


@compiles(Bytes)
def _plain(element: Bytes, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **kw))


@compiles(Bytes, "postgresql")
def _bytewise(element: Bytes, compiler: Any, **kw: Any) -> str:
    return f'{_plain(element, compiler, **kw)} COLLATE "C"'
