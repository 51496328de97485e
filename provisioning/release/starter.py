"""The content an office begins with: `provisioning/starter/`, the office's keys laid beside it.

Lays out the tree of the first release and lets the books of the office know what it offers. Signs
and publishes nothing, and changes no word of a tenant or service that the books have already.
"""

import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from controller.services import adopt
from controller.store.citizen_tables import tenant
from wire.service.tenant import KEYS, encode
from wire.submission import Keys

STARTER: Final = Path(__file__).parents[1] / "starter"
WHO: Final = "up"


def lay_out(tree: Path, keys: Keys, folder: Path) -> Path:
    """A copy of `tree` in `folder`, which must not be there, with `keys`. Raises OSError."""
    shutil.copytree(tree, folder, copy_function=shutil.copyfile)
    (folder / KEYS).write_bytes(encode(keys))
    return folder


def tell(conn: Connection, tree: Path, now: int) -> int:
    """How many services of `tree` the books learned of, unless they know a tenant already.

    Inside a `writing` transaction. Raises OSError.
    """
    if conn.scalar(select(tenant.c.code).limit(1)) is not None:
        return 0
    files = {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*.json")}
    adopt.adopt_tenants(conn, files, now, WHO)
    return adopt.adopt(conn, adopt.services(files), now, WHO)
