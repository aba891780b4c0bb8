#!/bin/sh
set -e
rsync -a /mnt/uploads/ "$BACKUP_HOST:/mnt/uploads/"
