#!/bin/sh
# schemars 1.2.3, serde 1.0.229, rustc 1.95 - seen 2026-11-30
#
# A message is phased out: its struct is marked #[deprecated]. The lint `deprecated` is denied, as CI does with all warnings.
#
# Expected: the derives are silent, and uses of the struct elsewhere are errors. `serde::Serialize` and `serde::Deserialize` behave so.
# Seen: `#[derive(JsonSchema)]` makes the struct's own definition a use of it, and the crate no longer compiles. A deprecated field or
# variant does no harm.
#
# Why it matters: where warnings are errors, a message cannot be marked; an #[allow(deprecated)] on the struct does not help, as
# the last line shows.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'END'
[package]
name = "phased-out"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
schemars = "=1.2.3"
END

# compiles DERIVE [ATTRIBUTE]: whether a deprecated struct with this derive does.
compiles() {
    cat >src/lib.rs <<END
#![deny(deprecated)]
#[derive($1)]
#[deprecated]
${2:-}
pub struct Old {
    pub a: u8,
}
#[derive($1)]
pub struct New {
    #[deprecated]
    pub a: u8,
}
END
    if cargo check --quiet 2>messages; then echo yes; else sed -n 1p messages; fi
}

seen="$(compiles serde::Serialize)
$(compiles serde::Deserialize)
$(compiles schemars::JsonSchema)
$(compiles schemars::JsonSchema '#[allow(deprecated)]')"
echo "$seen"
[ "$seen" = "yes
yes
error: use of deprecated struct \`Old\`
error: use of deprecated struct \`Old\`" ]
