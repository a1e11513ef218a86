#!/usr/bin/env bash
# The Docker half of start-cluster.sh and stop-cluster.sh: docker-compose.yml with secrets of this checkout's own in .env.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

random_secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# .env.example names every secret as NAME=change-me; each gets a value of its own, once.
ensure_env() {
  [ -e .env ] && return
  (
    umask 077
    while IFS= read -r line; do
      case "$line" in
        *=change-me) printf '%s=%s\n' "${line%%=*}" "$(random_secret)" ;;
        *) printf '%s\n' "$line" ;;
      esac
    done <.env.example >.env.new
    mv .env.new .env
  )
  say '  wrote .env with fresh secrets'
}

confirm_reset() {
  if [ "$yes" = false ]; then
    [ -t 0 ] || die '--reset deletes data and nobody is here to ask: add --yes if that is what you want.'
    read -r -p 'This deletes every account and message in the volumes of this compose project. Type yes to go on: ' answer
    [ "$answer" = yes ] || die 'Nothing was deleted.'
  fi
  docker compose down --volumes
}

start() {
  local port=8080 reset=false
  yes=false
  while [ $# -gt 0 ]; do
    case "$1" in
      --port)
        port=${2:?--port takes a number}
        shift
        ;;
      --public-url)
        export PUBLIC_URL=${2:?--public-url takes an address}
        shift
        ;;
      --nodes)
        [ "${2:-}" = 3 ] || die 'docker-compose.yml describes three chat servers; add one there, or use --native for another number.'
        shift
        ;;
      --reset) reset=true ;;
      --yes) yes=true ;;
      --detach) ;;
      *) die "Not an option with --docker: $1" ;;
    esac
    shift
  done
  ensure_env
  export GATEWAY_PORT=$port
  export PUBLIC_URL=${PUBLIC_URL:-http://localhost:$port}
  export PUBLIC_WS_ORIGIN=ws${PUBLIC_URL#http}
  if [ "$reset" = true ]; then confirm_reset; fi
  if ! docker compose up --build --detach --wait; then
    docker compose ps --all
    docker compose logs --tail 15
    die 'Not everything became healthy: see the logs above. scripts/stop-cluster.sh stops what runs.'
  fi
  print_table
}

print_table() {
  # shellcheck disable=SC1091
  . ./.env
  cat <<TABLE

Warren is up.

  Web client            $PUBLIC_URL
  API                   $PUBLIC_URL/v1   documentation: $PUBLIC_URL/v1/docs
  Chat servers          server1, server2, server3
  RabbitMQ management   http://127.0.0.1:15672/   user warren, password $RABBITMQ_PASSWORD
  Metrics               docker compose exec server1 node -e 'fetch("http://127.0.0.1:9101/metrics").then(async (r) => console.log(await r.text()))'

  People, channels      MySQL, volume mysql
  Messages              MongoDB, volume mongodb
  Routes, recent        Redis, volume redis
  Queues                RabbitMQ, volume rabbitmq
  Logs                  docker compose logs --follow

  First                 open $PUBLIC_URL in two browser windows, sign up twice, and talk
  Stop                  scripts/stop-cluster.sh; the data stays

TABLE
}

case "${1:-}" in
  start)
    shift
    start "$@"
    ;;
  stop) docker compose down ;;
  *) die 'usage: docker-cluster.sh start|stop' ;;
esac
