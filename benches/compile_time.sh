#!/usr/bin/env bash
# What routers of 10 and 200 messages add to a clean and to an incremental `cargo build`.
#
#   benches/compile_time.sh [--release]
#
# Everything zocket depends on is built beforehand: only the user's own crate is measured. A router without messages gives
# the base, so that the rest is what the messages cost: their derives, the macro, the generated code and the linking.
# The best of three runs each, in seconds.
set -euo pipefail

zocket="$(cd "$(dirname "$0")/.." && pwd)"
work="${CARGO_TARGET_DIR:-$zocket/target}/compile_time"
profile="${1:-}"
sizes=(0 10 200)

# One bin with a router of $1 messages, half of them incoming, ten to a namespace.
router() {
    echo '#[zocket::router]'
    echo 'pub mod app {'
    local namespace number
    for ((namespace = 0; namespace * 10 < $1; namespace++)); do
        echo "    pub mod part$namespace {"
        echo "        use super::*;"
        for ((number = 0; number < 5; number++)); do
            cat <<RUST
        /// What the server says.
        #[outgoing]
        pub struct Event$number {
            pub text: String,
            pub at: u64,
            pub tags: Vec<String>,
        }
        #[payload]
        pub struct Input$number {
            #[schemars(length(min = 1, max = 280))]
            pub text: String,
            pub room: Option<String>,
            #[serde(default)]
            pub urgent: bool,
        }
        /// What the client asks.
        #[incoming]
        async fn ask$number(ctx: zocket::Ctx<()>, input: Input$number) -> Result<u64, zocket::Error> {
            let at = input.text.len() as u64 + 1;
            if let Some(room) = &input.room {
                ctx.rooms().join(room);
            }
            if input.urgent {
                let event = Event$number { text: input.text, at, tags: Vec::new() };
                let _ = send::part$namespace::event$number(event).broadcast();
            }
            Ok(at)
        }
RUST
        done
        echo '    }'
    done
    echo '    #[incoming]'
    echo '    async fn edited() -> u64 {'
    echo '        1'
    echo '    }'
    echo '}'
    echo 'fn main() {'
    echo '    drop(zocket::Server::builder(app::router()).build());'
    echo '}'
}

build() {
    cargo build --quiet --offline --target-dir "$work/target" $profile -p "messages_$1"
}

timed() {
    local TIMEFORMAT=%R
    { time build "$1" 2>&3; } 3>&2 2>&1
}

best() {
    sort -n | head -n 1
}

mkdir -p "$work"
{
    echo '[workspace]'
    echo 'resolver = "3"'
    printf 'members = ['
    printf '"messages_%s", ' "${sizes[@]}"
    echo ']'
} >"$work/Cargo.toml"
cp "$zocket/Cargo.lock" "$work/Cargo.lock"
for size in "${sizes[@]}"; do
    package="$work/messages_$size"
    mkdir -p "$package/src"
    printf '[package]\nname = "messages_%s"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\nzocket = { path = "%s" }\n' \
        "$size" "$zocket" >"$package/Cargo.toml"
    router "$size" >"$package/src/main.rs"
done

cd "$work"
build 0

printf '%-10s %10s %12s\n' messages clean incremental
for size in "${sizes[@]}"; do
    clean="$(for _ in 1 2 3; do
        cargo clean --quiet --offline --target-dir "$work/target" $profile -p "messages_$size"
        timed "$size"
    done | best)"
    # The body of one handler changes, as in an edit-and-run cycle.
    incremental="$(for run in 2 3 4; do
        sed -i.before "s/^        [0-9]\$/        $run/" "messages_$size/src/main.rs"
        timed "$size"
    done | best)"
    printf '%-10s %10s %12s\n' "$size" "$clean" "$incremental"
done
