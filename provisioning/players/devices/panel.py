"""What a played kiosk has instead of a mixer, a light and a compositor: `panel ROOT WHAT [VALUE]`.

`brightness` and `volume` with a percentage set it, without tell it, in the words of the programs
whose place they take; `screen on` and `screen off` switch it. Touches nothing but files under ROOT:
commands to a played kiosk must not turn down the machine it is played on.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from provisioning.players.devices.sysroot import SysRoot

USAGE: Final = "usage: panel ROOT brightness|volume [PERCENT] | ROOT screen on|off\n"


def main(words: Sequence[str]) -> int:
    match words:
        case [root, "brightness"]:
            sys.stdout.write(f"current value = {SysRoot.at(Path(root)).brightness}\n")
        case [root, "volume"]:
            sys.stdout.write(f"{SysRoot.at(Path(root)).volume}%\n")
        case [root, ("brightness" | "volume") as what, percent] if percent.isdecimal():
            setattr(SysRoot.at(Path(root)), what, min(int(percent), 100))
        case [root, "screen", ("on" | "off") as word]:
            machine = SysRoot.at(Path(root))
            machine.connector(lit=word == "on")
            machine.backlight(on=word == "on")
        case _:
            sys.stderr.write(USAGE)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
