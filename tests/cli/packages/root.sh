# shellcheck shell=bash disable=SC2154,SC2034
# A minimal Debian in a folder. Sourced; the caller has set root (the folder), cache (what keeps it for the
# next time) and logs (a scratch folder), and runs under `unshare --mount --pid --fork`, so that what is
# mounted and started here ends with it.
program=${0##*/}
fail() {
  echo "$program: error: $*" >&2
  failed=1
}
skip() {
  echo "SKIP: $*"
  exit 77
}
# quietly NAME COMMAND...: what it says is shown when it fails.
quietly() {
  local name=$1
  shift
  "$@" </dev/null >"$logs/$name" 2>&1 || {
    tail -n 30 "$logs/$name"
    return 1
  }
}
inside() {
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/tmp \
    DEBIAN_FRONTEND=noninteractive ${http_proxy:+"http_proxy=$http_proxy"} \
    ${https_proxy:+"https_proxy=$https_proxy"} "no_proxy=127.0.0.1" "$@"
}
install_inside() {
  inside apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

# this_suite: the code name of the machine's own release.
this_suite() {
  # shellcheck disable=SC1091
  (. /etc/os-release && echo "${VERSION_CODENAME:-}")
}

# make_root SUITE PACKAGE...: that release of Debian with those packages, mounted and up to date.
make_root() {
  local suite=$1 archive stamp
  shift
  mount --make-rprivate / 2>/dev/null || skip "nothing can be mounted here"
  mount -t proc proc /proc || skip "no /proc can be mounted here"
  # Another release of the same distribution lies in the same archive.
  archive=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(CODENAME)' 'Created-By: Packages' |
    awk -v suite="$(this_suite)" '$2 == suite || $3 == suite { print $1; exit }')
  [ -n "$archive" ] || skip "apt knows no archive of this system"
  stamp=$program-$suite-$(printf '%s\n' "$suite" "$*" | sha256sum | cut -c 1-16)
  mkdir -p "$cache" "$root"
  if [ ! -s "$cache/$stamp.tar" ]; then
    rm -f "$cache/$program-$suite"-*.tar*
    quietly debootstrap debootstrap --variant=minbase "$suite" "$root" "$archive" ||
      skip "debootstrap cannot make a minimal $suite"
    # Installing a package starts no service in there.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
    [ $# -eq 0 ] || quietly wanted install_inside "$@" || skip "the packages that the tests need cannot be had"
    umount "$root/proc"
    tar -C "$root" -cf "$cache/$stamp.tar.new" --one-file-system .
    mv "$cache/$stamp.tar.new" "$cache/$stamp.tar"
    echo "   made by debootstrap: $suite, $(inside dpkg-query -W | wc -l) packages"
  else
    tar -C "$root" -xf "$cache/$stamp.tar"
    echo "   $suite as kept in $cache, $(inside dpkg-query -W | wc -l) packages"
  fi
  mount -t proc proc "$root/proc"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" ||
    skip "no terminals can be had in the folder"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
  # What the archive has changed since.
  quietly update inside apt-get update -qq || echo "   note: apt-get update failed; trying with what is known"
}
