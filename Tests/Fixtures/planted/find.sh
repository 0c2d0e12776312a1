#!/usr/bin/env bash
# Plants each bug beside this file into a copy of the sources, looks for the first seed that finds it, and writes what it
# found to seeds.txt. A bug that stops a seed for good has been found when its time is over.
set -euo pipefail
cd "$(dirname "$0")/../../.."
planted=Tests/Fixtures/planted
tree=.build-planted/tree
mkdir -p $tree
rm -rf $tree/Sources $tree/stdlib
cp -r Package.swift Sources stdlib $tree
ln -sfn ../../Tests $tree/Tests
failed=0
: > .build-planted/seeds
for bug in $planted/*.patch; do
  name=$(basename "$bug" .patch)
  patch -s -d $tree -p1 < "$bug"
  swift build -c release --package-path $tree --scratch-path .build-planted/build --product DxshSimulation \
    > .build-planted/log 2>&1 || { cat .build-planted/log; exit 1; }
  found=0
  timeout "${LIMIT:-300}" .build-planted/build/release/DxshSimulation "${SEEDS:-1000}" > ".build-planted/$name" 2>&1 || found=$?
  seed=$(grep -aoE '^seed [0-9]+|crashed.*' ".build-planted/$name" | head -1 || true)
  broken=$(grep -aA1 '^seed ' ".build-planted/$name" | grep -a '^  ' | head -1 | cut -c3-110 || true)
  case $found in
    0) echo "$name: NOT FOUND"; failed=1 ;;
    124) echo "$name: stands still for good" ;;
    *) echo "$name: $seed: $broken" ;;
  esac | tee -a .build-planted/seeds
  [ $found != 0 ] || failed=1
  patch -s -R -d $tree -p1 < "$bug"
done
[ $failed != 0 ] || cp .build-planted/seeds $planted/seeds.txt
exit $failed
