"""Services in the told fleet: both tenants with what is shipped, one draft, one in review.

Everything goes the product's own way, from the tree that is shipped.
"""

from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine

from controller.people.audit import By
from controller.people.powers import EVERYWHERE
from controller.services import drafts, read
from controller.services.adopt import adopt, adopt_tenants, services
from controller.services.shapes import Pack
from controller.store.engine import writing
from tests.support.showcase import NOW

STARTER: Final = Path(__file__).parents[2] / "provisioning" / "starter"
WRITER: Final = By("penyusun", "192.0.2.20")
SECOND: Final = By("kepala", "192.0.2.21")
HOUR: Final = 3_600_000


class Told(NamedTuple):
    """Packs by what they show."""

    published: Pack
    draft: Pack
    review: Pack
    approved: Pack


def tree() -> dict[str, bytes]:
    """The tenants' part of what is shipped: path -> bytes."""
    found = [*STARTER.glob("tenants/**/*.json"), STARTER / "holidays.json"]
    return {path.relative_to(STARTER).as_posix(): path.read_bytes() for path in found}


def tell_services(engine: Engine, now: int = NOW) -> Told:
    files = tree()
    with writing(engine) as conn:
        adopt_tenants(conn, files, now - 90 * HOUR)
        adopt(conn, services(files), now - 90 * HOUR)
        known = {(one.tenant, one.code): one.shown for one in read.lines(conn, EVERYWHERE)}
    shown = known["32.73", "KEC-SKTM"]
    assert shown is not None
    draft = _begun(engine, shown, now - 5 * HOUR, decree="")
    other = known["32.73", "DUK-KTPEL"]
    third = known["32.04", "KEC-SKTM"]
    assert other is not None
    assert third is not None
    review = _begun(engine, other, now - 3 * HOUR, decree="SK.470/118-Disdukcapil/2026")
    approved = _begun(engine, third, now - 2 * HOUR, decree="SK.400/21-Kec/2026")
    with writing(engine) as conn:
        review = drafts.submit(conn, review.id, WRITER, now - HOUR)
    with writing(engine) as conn:
        drafts.submit(conn, approved.id, WRITER, now - HOUR)
    with writing(engine) as conn:
        approved = drafts.approve(conn, approved.id, SECOND, now - HOUR)
    return Told(shown, draft, review, approved)


def _begun(engine: Engine, shown: Pack, now: int, decree: str) -> Pack:
    """The next revision, with another summary, one more question, one paper less."""
    standard = dict(shown.document["standard"])
    standard["requirements"] = standard["requirements"][:-1]
    field = {"name": "keterangan", "kind": "long_text", "label": {"id": "Keterangan lain"}}
    document = {
        **shown.document,
        "decree": decree,
        "summary": {**shown.document["summary"], "id": "Untuk sekolah, berobat, dan bantuan."},
        "standard": standard,
        "fields": [*shown.document["fields"], {**field, "required": False, "page": "lain"}],
    }
    with writing(engine) as conn:
        return drafts.begin(conn, document, WRITER, now)
