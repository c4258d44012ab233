#!/usr/bin/env bash
# Installs a build of tenure, moves it, and uses it as its users do. Needs no network.
#
#   tests/install/run.sh BUILD_DIR [PART...]
#
# BUILD_DIR is a configured build folder of tenure; it is brought up to date. The parts, all of them where none is named:
#
#   built     what is installed, by find_package, with components and without, and by pkg-config
#   around    another project that takes tenure's sources in is configured, and not changed by them
#   shared    as `built`, with the whole library built once more as a shared one
#   part      the project around it is built, and tenure with it
set -euo pipefail

known="built around shared part"
build_folder=${1:?usage: run.sh BUILD_DIR [PART...]}
shift
parts=${*:-$known}
for part in $parts; do
  [[ " $known " = *" $part "* ]] || { echo "install test: there is no part $part; there are: $known" >&2; exit 2; }
done

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build_dir=$(cd "$build_folder" && pwd)
consumer=$source_dir/tests/install/consumer
work=$build_dir/install-test # the same in each run, so that a compiler cache knows it again
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT

fail() {
  echo "install test: $*" >&2
  exit 1
}

quietly() {
  if ! "$@" >"$work/log" 2>&1; then
    cat "$work/log" >&2
    fail "failed: $*"
  fi
}

from_cache() {
  sed -n "s/^$1:[A-Z]*=//p" "$build_dir/CMakeCache.txt"
}

CXX=$(from_cache CMAKE_CXX_COMPILER)
libdir=$(from_cache CMAKE_INSTALL_LIBDIR)
version=$(sed -n 's/^#define TENURE_VERSION_[A-Z]* //p' "$source_dir/include/tenure/version.hpp" | paste -sd.)
CMAKE_CXX_COMPILER_LAUNCHER=$(command -v ccache || true)
export CXX CMAKE_GENERATOR=Ninja CMAKE_CXX_COMPILER_LAUNCHER
# what is around must not help
unset CMAKE_PREFIX_PATH PKG_CONFIG_PATH LD_LIBRARY_PATH

# what both consumers print
expected="tenure $version: 1.5"

runs() {
  local printed
  printed=$("$1") || fail "$1 ended with $?"
  [ "$printed" = "$expected" ] || fail "$1 printed '$printed' instead of '$expected'"
}

# find_components NAME PREFIX: core alone wants nothing compiled, and what is not there is named
find_components() {
  local name=$1 prefix=$2 bare=$work/$1/bare
  mkdir -p "$bare/$libdir/cmake"
  cp -r "$prefix/$libdir/cmake/tenure" "$bare/$libdir/cmake/tenure"
  cp -r "$prefix/include" "$bare/include"
  rm "$bare/$libdir/cmake/tenure"/tenureTargets*.cmake
  quietly cmake -S "$consumer" -B "$work/$name/with-core" -D CMAKE_PREFIX_PATH="$bare" -D TENURE_COMPONENTS=core
  grep -q core.cpp "$work/$name/with-core/build.ninja" || fail "$name: core alone does not bring tenure::core"
  ! grep -q main.cpp "$work/$name/with-core/build.ninja" || fail "$name: core alone brings tenure::tenure"
  if cmake -S "$consumer" -B "$work/$name/with-python" -D CMAKE_PREFIX_PATH="$prefix" -D "TENURE_COMPONENTS=core;python" \
    >"$work/log" 2>&1; then
    fail "$name: a component that is not there is found"
  fi
  grep -q 'there is no component python; the components are core and tenure' "$work/log" ||
    fail "$name: it is not said which component is not there, but: $(cat "$work/log")"
  echo "$name: components work"
}

# use_installed NAME BUILD_DIR: installs the build, moves what was installed, and builds and runs the consumers with it
use_installed() {
  local name=$1 build=$2 prefix=$work/$1/moved/here
  quietly cmake --install "$build" --prefix "$work/$name/first"
  mkdir -p "$work/$name/moved"
  mv "$work/$name/first" "$prefix"
  [ -f "$prefix/include/tenure/tenure.hpp" ] || fail "$name: the headers are not installed"
  local named
  named=$(grep -rlF -e "$work/$name/first" -e "$source_dir" "$prefix/include" "$prefix/$libdir/cmake" \
    "$prefix/$libdir/pkgconfig" || true)
  [ -z "$named" ] || fail "$name: installed files name the folder they were built or installed in: $named"

  if [ -e "$prefix/bin/tenure" ]; then
    [ -n "$("$prefix/bin/tenure" --version)" ] || fail "$name: the installed program does not run"
  fi

  quietly cmake -S "$consumer" -B "$work/$name/package" -D CMAKE_PREFIX_PATH="$prefix"
  quietly cmake --build "$work/$name/package"
  runs "$work/$name/package/consumer"
  runs "$work/$name/package/core-consumer"
  echo "$name: find_package works"

  find_components "$name" "$prefix"
  local package program
  for package in tenure/main tenure-core/core; do
    program=$work/$name/${package#*/}
    # shellcheck disable=SC2046
    quietly "$CXX" -std=c++20 "$consumer/${package#*/}.cpp" -o "$program" \
      $(PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig pkg-config --cflags --libs "${package%/*}")
    LD_LIBRARY_PATH=$prefix/$libdir runs "$program"
  done
  echo "$name: pkg-config works"
}

use_built() {
  quietly cmake --build "$build_dir"
  use_installed built "$build_dir"
}

use_shared() {
  quietly cmake -S "$source_dir" -B "$work/shared-build" -D CMAKE_BUILD_TYPE=Release -D BUILD_SHARED_LIBS=ON \
    -D CMAKE_UNITY_BUILD=ON -D CMAKE_UNITY_BUILD_BATCH_SIZE=12 -D TENURE_BUILD_TESTS=OFF -D TENURE_BUILD_EXAMPLES=OFF
  quietly cmake --build "$work/shared-build"
  use_installed shared "$work/shared-build"
}

# the checks of what tenure does to a project around it are in the consumer's own CMakeLists.txt
use_around() {
  quietly cmake -S "$consumer" -B "$work/part" -D TENURE_SOURCE="$source_dir" -D CMAKE_BUILD_TYPE=Debug \
    -D CMAKE_UNITY_BUILD=ON -D CMAKE_UNITY_BUILD_BATCH_SIZE=12
  quietly cmake --install "$work/part" --prefix "$work/part-installed"
  [ -z "$(find "$work/part-installed" -type f 2>/dev/null)" ] || fail "tenure installs itself with the project around it"
  echo "as a part of another project: is configured"
}

use_part() {
  use_around
  quietly cmake --build "$work/part"
  runs "$work/part/consumer"
  runs "$work/part/core-consumer"
  echo "as a part of another project: works"
}

for part in $parts; do
  "use_$part"
done
