#!/bin/bash
STEAMROOT="$(cd "${0%/*}" && echo $PWD)"

reset_client() {
  [ -n "$STEAMROOT" ] || exit 1
  echo "resetting"
}

reset_client
