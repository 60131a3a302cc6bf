#!/usr/bin/env bash
# Every check of this crate, in order of cost; stops at the first that fails and names it.
#
#   bash tests/run.sh
#
# Needs Rust's stable toolchain with rustfmt and clippy, nothing else. Steps that need more
# (the oldest toolchain, the fuzz targets, valgrind) say so when they are left out.
# PROPTEST_CASES: cases per property where a test does not set its own number; default 256.
# PROPTEST_RNG_SEED: what the properties are tried with. Fixed here, so that the same commit
# gives the same answer; `cargo test` by itself tries others each time.
set -euo pipefail
cd "$(dirname "$0")/.."

export PROPTEST_CASES="${PROPTEST_CASES:-256}"
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261122}"
echo "PROPTEST_CASES=$PROPTEST_CASES PROPTEST_RNG_SEED=$PROPTEST_RNG_SEED"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
out=$(mktemp -d)
step=
trap 'code=$?; rm -rf "$out"; [ $code = 0 ] || echo "run.sh: FAILED: ${step:-set-up}" >&2' EXIT

step() {
    step=$1
    shift
    local began=$SECONDS
    echo "--- $step"
    "$@"
    echo "    $step: $((SECONDS - began)) s"
}

# What must not come with the default build: input and output, a clock, an async runtime,
# threads, randomness. html5ever's string cache brings parking_lot and libc: a lock around
# a table of names, no thread.
impure='tokio|async-std|smol|async-io|async-executor|futures-executor|mio|polling|socket2|rustix|nix|io-uring|reqwest|hyper|hyper-util|h2|ureq|curl|isahc|native-tls|rustls|openssl|rayon|rayon-core|threadpool|crossbeam|crossbeam-.*|num_cpus|iana-time-zone|time|getrandom|rand|rand_core|fastrand|uuid|tempfile|walkdir|memmap2|notify|dirs|rusqlite|libsqlite3-sys|sqlx|lettre|env_logger|tracing-subscriber'

formatted() {
    cargo fmt --all --check
    # The fuzz targets are a workspace of their own.
    rustfmt --check --edition 2024 fuzz/fuzz_targets/*.rs
}

purity() {
    local tree='cargo tree --locked --no-default-features -e normal,no-proc-macro --prefix none'
    $tree -f '{p}' | awk '{print $1}' | sort -u >"$out/run-time"
    cargo tree --locked --no-default-features -e normal --prefix none -f '{p}' |
        awk '{print $1, $2}' | sort -u >"$out/all"
    if grep -nxE "$impure" "$out/run-time"; then
        echo "these dependencies of the default build are not pure"
        return 1
    fi
    if $tree -f '{p} {f}' | grep -E '^(chrono .*\b(clock|now)\b|jiff .*\btz-system\b)'; then
        echo "this feature of a dependency reads the clock or the zone of the machine"
        return 1
    fi
    # The crate itself is a line of both lists.
    echo "    default build: $(($(wc -l <"$out/run-time") - 1)) dependencies in the binary," \
        "$(($(wc -l <"$out/all") - 1)) with procedural macros"
}

# The same for our own code, all features: tests and comments aside.
own_code_is_pure() {
    local impure='std::(fs|net|thread|env|process|io|os)\b|std::\{[^}]*\b(fs|net|thread|env|process)\b|SystemTime|\bInstant\b|::now\(|tz::system|TimeZone::system|\be?println!|\be?print!|\bdbg!|thread_local!|static mut\b|\bunsafe\b'
    find src -name '*.rs' ! -name tests.rs ! -name properties.rs -print0 | sort -z |
        xargs -0 awk '
            FNR == 1 { test = 0 }
            # Test modules stand at the end of a file.
            /^#\[cfg\(test\)\]/ { test = 1 }
            !test && !/^[ \t]*\/\// { print FILENAME ":" FNR ": " $0 }' >"$out/own"
    if grep -E "$impure" "$out/own" | grep -vF 'forbid(unsafe_code)'; then
        echo "src/ does something that the caller should do"
        return 1
    fi
}

examples() {
    run() { cargo run --quiet --locked --release --example "$@"; }
    echo '{"change": "license-assigned"}' | run decide >"$out/decision"
    grep -q '"decision": "run"' "$out/decision"

    # The whole of `rewrite`'s promise on one fixture: everything outside the block stays.
    local case=tests/data/teams2025-service/body.html
    run rewrite -- --new examples/data/coordinates/teams.json "$case" >"$out/new.html"
    run rewrite -- --new examples/data/coordinates/teams.json "$out/new.html" >"$out/again.html"
    if cmp -s "$case" "$out/new.html"; then
        echo "rewrite changed nothing"
        return 1
    fi
    cmp "$out/new.html" "$out/again.html"
    # What was added where there was no block, and taken out again, leaves the very bytes.
    printf '<p>Agenda</p>\r\n' >"$out/plain.html"
    run rewrite -- --new examples/data/coordinates/teams.json --append "$out/plain.html" >"$out/added.html"
    grep -q 'teams\.microsoft\.com' "$out/added.html"
    run rewrite -- --remove "$out/added.html" | cmp - "$out/plain.html"

    migrate
}

# The sample tenant's default changes end well; those with trouble end with exit status 1
# and name who failed.
migrate() {
    run migrate -- --out "$out/migrated"
    [ -s "$out/migrated/report.html" ]

    local code=0
    run migrate -- --changes examples/data/tenant/changes-with-trouble.jsonl \
        --out "$out/trouble" >"$out/trouble-said" 2>&1 || code=$?
    [ "$code" = 1 ]
    grep -q '^rory\.blake@contoso\.example ' "$out/trouble-said"
    grep -q 'ghost@contoso\.example: no such user' "$out/trouble-said"
    [ -s "$out/trouble/report.html" ]
}

msrv() {
    local oldest
    oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    if rustc --version | grep -q "^rustc $oldest\."; then
        echo "    the toolchain in use is the oldest supported, $oldest"
    elif toolchain=$(rustup toolchain list 2>/dev/null | grep -o "^$oldest[.0-9]*" | head -1) &&
        [ -n "$toolchain" ]; then
        cargo "+$toolchain" check --quiet --locked --all-features
    else
        echo "    left out: toolchain $oldest is not installed"
    fi
}

fuzz() {
    if rustup toolchain list 2>/dev/null | grep -q '^nightly' && cargo fuzz --version >"$out/v" 2>&1; then
        cargo +nightly check --quiet --manifest-path fuzz/Cargo.toml
    else
        echo "    left out: needs the nightly toolchain and cargo-fuzz"
    fi
}

# Exit status 1 when a body costs more instructions than the table allows, or a hostile one
# more than in proportion to its size.
instructions() {
    if valgrind --version >"$out/v" 2>&1; then
        cargo bench --quiet --locked --all-features --bench instructions
    else
        echo "    left out: valgrind is not installed"
    fi
}

cargo --version
step 'format' formatted
step 'own code is pure' own_code_is_pure
step 'default build is pure' purity
# The library alone: development dependencies would turn features on.
step 'clippy, default features' cargo clippy --quiet --locked --no-default-features --lib -- -D warnings
step 'clippy, all features' cargo clippy --quiet --locked --all-targets --all-features -- -D warnings
step 'oldest toolchain' msrv
step 'documentation' env RUSTDOCFLAGS='-D warnings' cargo doc --quiet --locked --no-deps --all-features
step 'documentation tests' cargo test --quiet --locked --doc --all-features
step 'examples' examples
step 'benches compile' cargo bench --quiet --locked --no-run --all-features
step 'instructions' instructions
step 'memory' cargo bench --quiet --locked --all-features --bench memory
step 'fuzz targets compile' fuzz
step 'tests' cargo test --locked --no-fail-fast --all-features --lib --tests --examples
step=
echo "run.sh: all checks passed in $SECONDS s"
