#!/bin/sh
# Fuzzes with each target for some seconds: run.sh BINARIES WORK SECONDS. BINARIES is where they were built; WORK keeps
# corpus, logs and what crashed, so that the next run goes on from there. Fails when anything crashed.
set -eu

binaries=$1
work=$2
seconds=$3
sources=$(dirname "$0")

# Files of single inputs go to memory where there is some.
scratch=$(mktemp -d "$(if [ -w /dev/shm ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi)/prlconv-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
python3 "$sources/make-corpus.py" "$work/seeds"

failed=
for target in image gzip format descriptor; do
  # 16 KiB hold all that a rule is about; values alone need no clusters, and short inputs are fast.
  case $target in
    image) binary=FuzzImage dictionary=image length=16384 ;;
    gzip) binary=FuzzGzip dictionary=gzip length=16384 ;;
    format) binary=FuzzFormat dictionary=image length=512 ;;
    descriptor) binary=FuzzDescriptor dictionary=descriptor length=4096 ;;
  esac
  mkdir -p "$work/corpus/$target" "$work/crashes"
  echo "$binary: $seconds s; log: $work/$target.log"
  # One allocation of 64 MiB would be a number of the file that nobody checked. Memory that Swift's threads keep is not a
  # leak. Swift's own backtrace would only stand in the way of the trap's.
  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=malloc_context_size=4 TMPDIR=$scratch \
    "$binaries/$binary" -max_total_time="$seconds" -max_len=$length -timeout=30 -rss_limit_mb=1024 -malloc_limit_mb=64 \
    -detect_leaks=0 -dict="$sources/$dictionary.dict" -artifact_prefix="$work/crashes/$target-" -print_final_stats=1 \
    "$work/corpus/$target" "$work/seeds/$target" >"$work/$target.log" 2>&1 || failed="$failed $target"
  grep -E "^(stat::|#.*DONE|SUMMARY|Fatal error|.*: Fatal error)" "$work/$target.log" || true
done
[ -z "$failed" ] || { echo "crashed:$failed; the inputs are in $work/crashes" >&2; exit 1; }
