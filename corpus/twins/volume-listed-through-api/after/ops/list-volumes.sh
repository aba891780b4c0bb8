#!/usr/bin/env bash
set -euo pipefail
curl -fsS https://backboard.example.com/graphql \
  -H "Authorization: Bearer $API_TOKEN" \
  --data "{\"query\": \"query { volumes { id deletedAt } }\"}"
