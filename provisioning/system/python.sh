#!/bin/sh
# Prints a Python that can carry this project: 3.11 or newer, able to make an environment. Asks each
# candidate instead of trusting its name: a version manager's shim may stand first on the path and
# refuse to run. Installs Debian's when there is none. $PYTHON decides when it is set.
set -eu
here=$(dirname "$0")

able() {
    "$1" -c 'import sys, ensurepip, sqlite3, ssl, venv; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1
}

choose() {
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3 /usr/bin/python3}; do
        able "$candidate" && { command -v "$candidate"; return 0; }
    done
    return 1
}

choose && exit 0
[ -z "${PYTHON:-}" ] && sh "$here/parts.sh" python >&2 && choose && exit 0
echo "python.sh: this project needs Python 3.11 or newer with venv; set PYTHON=/path/to/it" >&2
exit 1
