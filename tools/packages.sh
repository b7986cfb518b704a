# shellcheck shell=bash disable=SC2034
# The Debian packages that agate needs, each with what it is for. Sourced by quickstart and test.
build_packages=(
  "g++: the compiler"
  "cmake: the build"
  "ninja-build: the build"
  "pkg-config: finds libraries"
  "libeigen3-dev: matrices"
  "libspectra-dev: eigenvectors"
  "libboost-dev: graph algorithms"
  "nlohmann-json3-dev: JSON"
  "libdnnl-dev: matrix products"
  "libhwy-dev: SIMD"
  "libzip-dev: .npz files"
  "zlib1g-dev: .gz files"
  "libcli11-dev: the command line"
  "librdkit-dev: molecules"
)
test_packages=(
  "catch2: the tests"
  "doxygen: the documentation of the headers"
)

say() { printf '==> %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

is_installed() {
  dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# ensure_packages "name: why"...: installs those that are missing; touches nothing when none is.
ensure_packages() {
  local entry names=() missing=() reasons=() as_root=()
  for entry in "$@"; do names+=("${entry%%:*}"); done
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    local sentence="this system has no apt-get; agate needs what Debian calls ${names[*]}"
    if ! command -v cmake >/dev/null || ! command -v "${CXX:-c++}" >/dev/null; then fail "$sentence"; fi
    say "Packages: $sentence; going on with what is here"
    return
  fi
  for entry in "$@"; do
    is_installed "${entry%%:*}" && continue
    missing+=("${entry%%:*}")
    reasons+=("${entry%%:*} (${entry#*: })")
  done
  if [[ ${#missing[@]} -eq 0 ]]; then
    say "Packages: all there"
    return
  fi
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null ||
      fail "neither root nor sudo; as root run: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  local list
  printf -v list ', %s' "${reasons[@]}"
  say "Packages: installing ${list:2}"
  # One broken repository among many is no reason to stop; the installation will tell.
  run_apt update || say "Packages: apt-get update failed, trying with the lists that are there"
  run_apt install -y --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install ${missing[*]}, see above"
}

# Its chatter goes to a file that is shown only when it fails. Uses as_root of ensure_packages.
run_apt() {
  local log status=0
  log=$(mktemp)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >"$log" 2>&1 || status=$?
  [[ $status -eq 0 ]] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

# configure FOLDER OPTION...: a Release build, by ninja where there is one. Several files at a time
# (a unity build) take half the processor time of one by one, and at most 1 GB for each processor.
configure() {
  local folder=$1 generator=()
  shift
  command -v ninja >/dev/null && [[ ! -e $folder/CMakeCache.txt ]] && generator=(-G Ninja)
  cmake -S . -B "$folder" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON "$@" \
    >/dev/null
}
