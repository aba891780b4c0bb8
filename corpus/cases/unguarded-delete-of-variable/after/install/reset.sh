#!/bin/bash
STEAMROOT="$(cd "${0%/*}" && echo $PWD)"

reset_client() {
  echo "resetting"
  rm -rf "$STEAMROOT/"*
}

reset_client
