#!/usr/bin/env bash
set -euo pipefail
npm ci
npx prisma migrate deploy
npm run start
