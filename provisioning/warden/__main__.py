"""`anjungan warden`: builds the parts and runs the loop. Decides nothing.

Ends with 0 when told to stop, 2 when something must be put right by the administrator first, and
74 when the storage does not keep what it took.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from broker_config.stop import Stop
from controller import self_check
from controller.process import EX_IOERR, add_database, read_options, voice, wall
from controller.store.engine import open_engine, writing
from controller.store.failures import StoreBroken
from controller.store.migrate import migrate
from provisioning.authority.__main__ import REFUSALS, add_names, groups_of
from provisioning.authority.ended import FILE, EndedList
from provisioning.authority.issued import Issuer
from provisioning.authority.pair import alone, open_or_make
from provisioning.authority.passphrase import passphrase
from provisioning.warden.auditor import Auditor
from provisioning.warden.checkpoints import Marks, key_of
from provisioning.warden.exchange import Exchange
from provisioning.warden.ledger import FILE as LEDGER
from provisioning.warden.ledger import Ledger
from provisioning.warden.lists import Lists
from provisioning.warden.loop import Parts, Warden
from provisioning.warden.signing import Signer

_say: Final = voice("warden")


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    stop = Stop()
    stop.obey((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        self_check.enforce(os.environ, options.database)
        pair = open_or_make(options.authority, passphrase(os.environ), wall())
        with alone(options.authority, "warden", wait=False):
            migrate(options.database)
            parts = build(options)
            _say(f"keeps {options.authority}; its pin is {pair.server.pin.hex()}")
            Warden(parts).run(stop)
    except StoreBroken as error:
        _say(f"THE STORAGE FAILED: {error}. Nothing was reported as done; ending to start afresh.")
        return EX_IOERR
    except (*REFUSALS, ValueError) as error:
        _say(str(error))
        return 2
    return 0


def build(options: argparse.Namespace) -> Parts:
    """Raises what the authority refuses, see REFUSALS."""
    folder, secret = options.authority, passphrase(os.environ)
    pair = open_or_make(folder, secret, wall())
    engine = open_engine(options.database)
    issuer = Issuer(folder, pair, options.name, groups_of(options.group))
    issuer.refresh(wall())
    marks = options.checkpoints or folder / "audit" / "checkpoints.jsonl"
    ledger = Ledger(folder / LEDGER)
    ledger.tidy(wall())
    ended = EndedList(folder / FILE, pair.device, frozenset({issuer.revoked_probe()}))
    return Parts(
        engine=engine,
        issuer=issuer,
        signer=Signer(engine, pair.device, ledger, wall),
        lists=Lists(ended, Exchange(options.exchange), partial(writing, engine), _say),
        auditor=Auditor(Marks(marks, key_of(folder, secret)), _say),
        ledger=ledger,
        wall=wall,
        say=_say,
    )


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("anjungan warden", description=__doc__)
    add_database(parser)
    parser.add_argument("--authority", type=Path, required=True, help="the authorities' folder")
    parser.add_argument("--exchange", type=Path, required=True, help="shared with the keeper")
    parser.add_argument("--checkpoints", type=Path, help="file for the marks of the audit log")
    add_names(parser)
    return read_options(parser, argv)


if __name__ == "__main__":
    sys.exit(main())
