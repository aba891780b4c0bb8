#!/bin/bash
set -e
docker run --rm -v pgdata:/from -v pgdata_new:/to alpine cp -a /from/. /to/
docker volume rm pgdata
docker compose up -d db
