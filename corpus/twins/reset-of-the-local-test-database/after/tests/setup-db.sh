#!/bin/sh
set -eu
docker compose up -d db
npx prisma migrate reset --force
