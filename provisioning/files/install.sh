#!/bin/sh
# Installs the wheels beside it into /opt/anjungan, without a line: install.sh [PREFIX]
# One environment for each set of wheels, and a link to the one in use, switched by one rename: cut at
# any moment, the old one runs on. The same set a second time changes nothing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-/opt/anjungan}
python=${PYTHON:-python3}

mark=$(sha256sum "$here/wheels.txt" | cut -c1-12)
folder="$prefix/venv-$mark"
if [ -e "$folder/.whole" ] && [ "$(readlink "$prefix/venv" || true)" = "venv-$mark" ]; then
    echo "install.sh: $folder is in use already"
    exit 0
fi
if [ ! -e "$folder/.whole" ]; then
    rm -rf "$folder"
    mkdir -p "$prefix"
    "$python" -m venv "$folder"
    "$folder/bin/python" -m pip --isolated install --quiet --disable-pip-version-check --no-index \
        --find-links "$here" --require-hashes --no-compile --requirement "$here/wheels.txt"
    # Nothing more is ever installed into it: what could fetch and unpack has done its work.
    "$folder/bin/python" -m pip --isolated uninstall --quiet --disable-pip-version-check --yes \
        setuptools pip
    # The services may not write here, and run without docstrings: their compiled form, made once.
    "$folder/bin/python" -m compileall -q -o 0 -o 2 "$folder/lib"
    sync -f "$folder"
    touch "$folder/.whole"
fi
ln -sfn "venv-$mark" "$prefix/.venv.part"
mv -T "$prefix/.venv.part" "$prefix/venv"
sync -f "$prefix"
# The one in use and the one before it: enough to go back.
ls -dt "$prefix"/venv-* | grep -vx "$folder" | tail -n +2 | while read -r old; do rm -rf "$old"; done
echo "install.sh: $prefix/venv -> venv-$mark"
