#!/usr/bin/env bash
# Starts a whole cluster: chat servers, API, worker, gateway, and the services they need. --help lists the options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

mode=''
rest=()
for argument in "$@"; do
  case "$argument" in
    --docker) mode=docker ;;
    --native) mode=native ;;
    *) rest+=("$argument") ;;
  esac
done

has_docker() { command -v docker >/dev/null && docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

if [ -z "$mode" ]; then
  if has_docker; then mode=docker; else mode=native; fi
fi
if [ "$mode" = docker ]; then
  has_docker || die 'No Docker engine with "docker compose" answers here. Start it, or use --native.'
  exec bash scripts/docker-cluster.sh start ${rest[@]+"${rest[@]}"}
fi

check_node
ensure_dependencies
ensure_build
exec node --enable-source-maps dist/scripts/cluster.js ${rest[@]+"${rest[@]}"}
