#!/bin/sh
# A gate for CI: counts the instructions of small, fixed conversions, which do not depend on how busy the machine is.
# Fails if a count is more than 5 % above the one in instructions.txt. With "update", writes the new counts there.
#
#   Benchmarks/instructions.sh PRLCONV [update]
set -eu

prlconv=$(realpath "$1")
mode=${2:-check}
here=$(dirname "$(realpath "$0")")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# 64 MiB, a quarter of which is data that compresses a little; the bytes are always the same.
python3 - <<'PYTHON'
import random
random.seed(1)
with open("disk.img", "wb") as disk:
    disk.truncate(64 << 20)
    for megabyte in range(0, 64, 4):
        disk.seek(megabyte << 20)
        disk.write(random.randbytes(1 << 18) + bytes(range(256)) * 2048 + bytes(1 << 18))
PYTHON
"$prlconv" raw2prl disk.img disk.hds
"$prlconv" prl2raw disk.hds disk.raw.gz

count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$prlconv" "$@" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
measure() {
  echo "raw2prl $(count raw2prl -T 1 disk.img a.hds)"
  echo "prl2raw $(count prl2raw -T 1 disk.hds a.img)"
  echo "gzip-1 $(count prl2raw -T 1 -1 disk.hds a.gz)"
  echo "gunzip $(count raw2prl -T 1 disk.raw.gz b.hds)"
}

measure > found.txt
if [ "$mode" = update ]; then
  cp found.txt "$here/instructions.txt"
  cat found.txt
  exit 0
fi
join found.txt "$here/instructions.txt" | awk '
  { ratio = $2 / $3; printf "%-8s %12d instructions, %.3f of what is allowed for\n", $1, $2, ratio; if (ratio > 1.05) bad = 1 }
  END { exit bad }'
