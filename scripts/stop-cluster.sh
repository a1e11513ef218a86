#!/usr/bin/env bash
# Stops the cluster that scripts/start-cluster.sh started here, natively or with Docker. Its data stays.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

case "${1:-}" in
  '') ;;
  *) die 'scripts/stop-cluster.sh takes no arguments; WARREN_DIR names the cluster where there are several.' ;;
esac

if [ -e .env ] && command -v docker >/dev/null && docker info >/dev/null 2>&1 && [ -n "$(docker compose ps --quiet 2>/dev/null)" ]; then
  bash scripts/docker-cluster.sh stop
fi
[ -d "$WARREN_DIR" ] || {
  say 'No cluster runs here.'
  exit 0
}
check_node
if [ -e dist/scripts/stop.js ]; then exec node dist/scripts/stop.js; fi
ensure_dependencies
exec node --import tsx scripts/stop.ts
