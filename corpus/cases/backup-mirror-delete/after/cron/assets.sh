#!/bin/sh
set -e
rsync -a --delete /mnt/uploads/ "$BACKUP_HOST:/mnt/uploads/"
