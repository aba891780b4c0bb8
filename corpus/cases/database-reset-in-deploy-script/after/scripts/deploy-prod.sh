#!/usr/bin/env bash
set -euo pipefail
npm ci
npx prisma db push --force-reset --accept-data-loss
npm run start
