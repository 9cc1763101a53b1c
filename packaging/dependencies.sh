# shellcheck shell=sh disable=SC2034
# Which packages building, trying out and testing need, in one place, and how they are installed.
# Sourced by packaging/quickstart and tests/run (POSIX sh). packaging/debian/control repeats the
# list for building; tests/lint/check-packaging compares the two.

# What the programs are built from. Catch2 is for the tests only, but a plain configure wants it.
debian_build='g++ cmake ninja-build pkg-config libuv1-dev libfmt-dev nlohmann-json3-dev
  libcli11-dev libssl-dev libwslay-dev libpaho-mqttpp-dev libpaho-mqtt-dev zlib1g-dev libtomlplusplus-dev
  libsqlite3-dev libncurses-dev catch2'
brew_build='cmake ninja pkgconf libuv fmt nlohmann-json cli11 openssl@3 wslay zlib tomlplusplus sqlite ncurses catch2'

# A broker of one's own, for the quick start.
debian_broker='mosquitto'
brew_broker='mosquitto'

# What the tests talk to or check with. Tests whose tool is missing are reported as skipped.
debian_test='mosquitto mosquitto-clients nginx-light microsocks tinyproxy haproxy openssl jq zsh fish groff python3-jsonschema
  ruby git systemd procps iproute2 softhsm2 libengine-pkcs11-openssl tshark nats-server clang-format-14 shellcheck rubocop ccache'
brew_test='mosquitto nginx tinyproxy haproxy openssl@3 jq zsh fish groff shellcheck ccache'

# The brokers and clients of the tier `interop`. Node and npm often come from elsewhere than the archive.
debian_interop='mosquitto mosquitto-clients nats-server rabbitmq-server ejabberd activemq libmqtt-client-java'
brew_interop='mosquitto nats-server rabbitmq activemq'
if ! command -v npm >/dev/null 2>&1; then
  debian_interop="$debian_interop nodejs npm"
  brew_interop="$brew_interop node"
fi

# For tests/fuzz/run and tests/lint/tidy.
debian_clang='clang clang-tidy'
brew_clang=llvm

# For packaging/build-deb, and the tier `packages` besides.
debian_package='debhelper dpkg-dev fakeroot lintian'
debian_packages="$debian_package ccache debootstrap apt-utils gnupg"
brew_packages=

# missing_packages NAME...: those that are not installed, one a line.
missing_packages() {
  if command -v dpkg-query >/dev/null 2>&1; then
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      sed -n 's/^installed //p') || true
  elif command -v brew >/dev/null 2>&1; then
    installed=$(brew list --formula -1 2>/dev/null) || true
  else
    return 0
  fi
  for package in "$@"; do
    printf '%s\n' "$installed" | grep -qxF -e "$package" || printf '%s\n' "$package"
  done
}

# available_packages NAME...: without those of the tests' lists that this system's archive lacks.
available_packages() {
  # shellcheck disable=SC2086  # lists of words
  required=" $(printf '%s ' $debian_build $debian_broker)"
  for package in "$@"; do
    if [ "${required#* "$package" }" != "$required" ] ||
      [ -n "$(apt-cache show "$package" 2>/dev/null)" ]; then
      printf '%s\n' "$package"
    else
      echo "note: $package is not to be had on this system" >&2
    fi
  done
}

# as_root COMMAND...: runs it as it is for root, through sudo for others.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# without_services COMMAND...: runs it while packages that are installed start no service. Somebody
# else's policy about that stays as it is.
without_services() {
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  result=0
  "$@" || result=$?
  as_root rm -f "$policy"
  return $result
}

# install_dependencies LIST...: each LIST is build, broker, test, interop or package. Asks the archive
# only when something is missing. Of the tests' lists, what the archive does not have is left out.
install_dependencies() {
  if command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
    system=debian
  elif command -v brew >/dev/null 2>&1; then
    system=brew
  else
    echo "error: neither apt-get nor brew is here; install what packaging/dependencies.sh" \
      "lists by hand, then use --no-install" >&2
    return 1
  fi
  wanted=
  for list in "$@"; do
    eval "wanted=\"\$wanted \$${system}_${list}\""
  done
  # shellcheck disable=SC2086  # lists of words
  missing=$(missing_packages $wanted | sort -u)
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086
  set -- $missing
  echo "installing: $*" >&2
  if [ "$system" = brew ]; then
    brew install --quiet "$@"
    return
  fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
    echo "error: packages are missing, and neither root nor sudo is here; run as root:" >&2
    echo "  apt-get install $*" >&2
    return 1
  fi
  as_root apt-get update -qq || echo "note: apt-get update failed; trying with what is known" >&2
  missing=$(available_packages "$@")
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086
  without_services as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 $missing >&2
}

# install_node_packages FOLDER TARGET: what FOLDER's lock file names, into TARGET; nothing when it is there.
install_node_packages() {
  mkdir -p "$2"
  cp "$1"/package*.json "$2"
  ! cmp -s "$2/package-lock.json" "$2/node_modules/.installed" || return 0
  (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) </dev/null >&2 || return 1
  cp "$2/package-lock.json" "$2/node_modules/.installed"
}

# processor_count: how many jobs to build with.
processor_count() {
  nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2
}

# use_compiler_cache SOURCE_DIRECTORY: compiles through ccache, where it is installed. What one checkout
# has compiled serves another: the folder that they lie in is left out of account.
use_compiler_cache() {
  if command -v ccache >/dev/null 2>&1; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$1" CCACHE_NOHASHDIR=1
  fi
}
