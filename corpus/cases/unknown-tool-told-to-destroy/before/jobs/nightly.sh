#!/usr/bin/env bash
set -euo pipefail
stratoctl --region eu-1 tenants list --older-than 30d
