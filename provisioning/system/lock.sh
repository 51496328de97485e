#!/bin/sh
# Writes requirements/*.txt anew: every package with its hashes, for every platform, no address of
# a registry. Usage: lock.sh PYTHON. The resolver lives in a throw-away environment, so that the
# versions that people install never depend on what happens to be installed here.
set -eu
python=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$python" -m venv "$scratch"
"$scratch/bin/pip" install --quiet uv

# uv does not read pip's configuration: hand over the index that pip was told to use.
index=$("$scratch/bin/pip" config get global.index-url 2>/dev/null || true)
if [ -n "$index" ]; then
    export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
fi

lock() { # lock NAME EXTRA...
    name=$1
    shift
    extras=$(printf -- '--extra %s ' "$@")
    # shellcheck disable=SC2086 # one word for each extra is wanted
    "$scratch/bin/uv" pip compile pyproject.toml $extras --quiet --generate-hashes --universal \
        --python-version 3.11 --no-emit-index-url --no-header --no-annotate \
        --output-file "requirements/$name.txt" ${UPGRADE:+--upgrade}
}

lock kiosk kiosk
lock office office
lock up build kiosk office players fallback
lock dev dev
