#!/bin/sh
# Installs Debian packages, as root, without starting the services that they bring: the cluster runs private instances.
# Removes no package (a MySQL that is installed stays), and touches no service that runs already.
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  # Debian asks this file before it starts a service; 101 means "no". A machine that has one keeps its own.
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\n# Placed for one package installation by scripts/services/install-packages.sh.\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=120 update || echo 'apt-get update failed; trying with the lists at hand'
apt-get -o DPkg::Lock::Timeout=120 install -y --no-remove --no-upgrade --no-install-recommends "$@"
