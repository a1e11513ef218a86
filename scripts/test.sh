#!/usr/bin/env bash
# `npm test`: everything, from a fresh clone. `npm test -- test/unit/foo` runs what lies there; options go on to mocha.
# Installs npm and Debian packages that are missing, and brings its own RabbitMQ, Redis, MariaDB and MongoDB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

check_node
ensure_dependencies
exec node --import tsx test/support/runner/main.ts "$@"
