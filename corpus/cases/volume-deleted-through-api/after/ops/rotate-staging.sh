#!/usr/bin/env bash
set -euo pipefail
volume_id="$1"
curl -fsS https://backboard.example.com/graphql \
  -H "Authorization: Bearer $API_TOKEN" \
  --data "{\"query\": \"mutation { volumeDelete(volumeId: \\\"$volume_id\\\") }\"}"
