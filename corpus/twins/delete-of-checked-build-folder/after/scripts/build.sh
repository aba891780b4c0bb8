#!/usr/bin/env bash
set -euo pipefail
rm -rf build/output
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
rm -rf "${CACHE_DIR:?}/objects"
make all
