# shellcheck shell=bash
# What the measuring scripts of this folder share: a folder and processes that go at the end, a wait
# for a line in a file, a mosquitto. Sourced after `set -eu`, from the top of the tree.

dir=$(mktemp -d)
pids=()
# The youngest first: clients before their broker.
cleanup() {
  local i
  for ((i = ${#pids[@]} - 1; i >= 0; --i)); do
    kill "${pids[i]}" 2>/dev/null || continue
    wait "${pids[i]}" 2>/dev/null || :
  done
  rm -rf "$dir" ${installed:+"$installed"}
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# need_files FILE..., need_programs NAME...: ends the script when one is missing.
need_files() {
  local need
  for need in "$@"; do
    [ -x "$need" ] || { echo "${0##*/}: not built: $need (cmake --preset release && ninja -C build/release)" >&2; exit 66; }
  done
}
need_programs() {
  local need
  for need in "$@"; do
    command -v "$need" >/dev/null || { echo "${0##*/}: not installed: $need" >&2; exit 66; }
  done
}

# install_programs BUILD NAME: the programs and modules as a package manager brings them, stripped and each file written
# in one go, in the folder $NAME. What a linker or strip has written piece by piece lies in small pages of the cache, and
# costs a short run 3 to 5 % more CPU than what it is compared with. Not in a folder that is memory, as /tmp may be.
installed=
install_programs() {
  installed=$(mktemp -d -p "$PWD/$1" installed.XXXXXX)
  cmake --install "$1" --strip --prefix "$installed/staged" >/dev/null
  cp -R "$installed/staged" "$installed/copied"
  printf -v "$2" %s "$installed/copied/bin"
}

wait_for() { # FILE PATTERN
  for _ in $(seq 200); do
    grep -qs -- "$2" "$1" && return
    sleep 0.05
  done
  echo "${0##*/}: $1 never said '$2'" >&2
  exit 69
}

# start_mosquitto [LINE...]: on $port, with these lines behind its listener; it queues without a bound.
port=$((20000 + $$ % 10000))
start_mosquitto() {
  {
    printf '%s\n' 'allow_anonymous true' 'set_tcp_nodelay true' 'max_queued_messages 0' 'log_dest stderr' \
      "listener $port 127.0.0.1" "$@"
    [ "$(id -u)" -ne 0 ] || echo "user root"
  } >"$dir/conf"
  mosquitto -c "$dir/conf" 2>"$dir/log" &
  pids+=($!)
  wait_for "$dir/log" running
}
