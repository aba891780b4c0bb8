#!/bin/sh
set -e
rsync -a --delete --dry-run /mnt/uploads/ backup:/mnt/uploads/
