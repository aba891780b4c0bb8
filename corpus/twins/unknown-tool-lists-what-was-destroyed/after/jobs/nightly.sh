#!/usr/bin/env bash
set -euo pipefail
stratoctl --region eu-1 tenants list --state destroyed
stratoctl --region eu-1 tenants destroy old --dry-run
