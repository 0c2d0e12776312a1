#!/usr/bin/env bash
# Plants each bug beside this file into a copy of the sources, and looks for the first seed that finds it.
set -euo pipefail
cd "$(dirname "$0")/../../.."
tree=.build-planted/tree
mkdir -p $tree
rm -rf $tree/Sources $tree/stdlib
cp -r Package.swift Sources stdlib $tree
ln -sfn ../../Tests $tree/Tests
failed=0
for bug in Tests/Fixtures/planted/*.patch; do
  name=$(basename "$bug" .patch)
  patch -s -d $tree -p1 < "$bug"
  swift build -c release --package-path $tree --scratch-path .build-planted/build --product DxshSimulation \
    > .build-planted/log 2>&1 || { cat .build-planted/log; exit 1; }
  if .build-planted/build/release/DxshSimulation "${SEEDS:-1000}" > ".build-planted/$name" 2>&1; then
    echo "$name: NOT FOUND"
    failed=1
  else
    echo "$name: $(grep -aE '^seed|crashed' ".build-planted/$name" | head -1): $(grep -a '^  ' ".build-planted/$name" | head -1 | cut -c3-120)"
  fi
  patch -s -R -d $tree -p1 < "$bug"
done
exit $failed
