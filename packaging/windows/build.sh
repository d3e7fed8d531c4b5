#!/usr/bin/env bash
# Builds both programs for Windows on Debian 12, with Debian's own compiler: rustup has no source of
# the standard library for this target.
#
#   bash packaging/windows/build.sh                 both programs, to try them
#   bash packaging/windows/build.sh --release       the same as they are shipped
#   bash packaging/windows/build.sh ARGUMENTS       further arguments go to cargo
#
# Wants the packages rustc-web, cargo-web, rust-web-src and gcc-mingw-w64-x86-64. The compiler is
# another one than that of the other systems, so this shows that the programs build and start; it is
# no substitute for a build on Windows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

triple=x86_64-pc-windows-gnu
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
target=$(cd "$target" && pwd)

for tool in /usr/bin/rustc /usr/bin/cargo x86_64-w64-mingw32-gcc; do
  if ! command -v "$tool" >/dev/null; then
    echo "packaging/windows/build.sh: $tool is missing; apt-get install rustc-web cargo-web" \
      "rust-web-src gcc-mingw-w64-x86-64" >&2
    exit 1
  fi
done

# Debian's compiler comes first on the path, and is let to build the standard library.
export PATH=/usr/bin:$PATH RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
# A folder of its own: another compiler would make the other build everything anew.
export CARGO_TARGET_DIR=$target/windows
# Debug information would make each program ten times as large.
export CARGO_PROFILE_DEV_DEBUG=false
# What is built once needs no notes for the next time, which are larger than the programs.
export CARGO_INCREMENTAL=0

/usr/bin/cargo build --locked -Zbuild-std=std,panic_unwind --target "$triple" --bins "$@"

folder=debug
for argument in "$@"; do
  [ "$argument" != --release ] || folder=release
done
echo "$CARGO_TARGET_DIR/$triple/$folder"
