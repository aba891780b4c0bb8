#!/bin/sh
set -eu
echo "usage: help.sh"
