#!/usr/bin/env bash
# Runs every fuzz target for a while, from the kept corpus and the fixtures.
#
#   bash fuzz/run.sh [SECONDS] [TARGET…]      default: 60 seconds for each target
#
# Needs a nightly toolchain and cargo-fuzz. What is found lies in fuzz/artifacts/TARGET; what
# grew on the way in fuzz/found/TARGET, which git ignores.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls fuzz/fuzz_targets | sed 's/\.rs$//')

# The seeds: the fixtures, each behind the choices of its target.
cargo test --quiet --locked --all-features --test fuzz_corpus seed -- --ignored --exact >/dev/null
for target in "${targets[@]}"; do
    mkdir -p "fuzz/found/$target" "fuzz/corpus/$target"
    echo "--- $target: $seconds s"
    cargo +nightly fuzz run "$target" "fuzz/found/$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
        -max_total_time="$seconds" -dict=fuzz/html.dict -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 2>&1 | grep -vE '^#[0-9]+\s+(NEW|REDUCE|RELOAD|pulse|INITED)'
done
