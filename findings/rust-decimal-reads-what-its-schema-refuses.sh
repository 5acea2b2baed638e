#!/bin/sh
# rust_decimal 1.43.0, schemars 1.2.3, jsonschema 0.61.2, serde_json 1.0.154 - seen 2026-11-30
#
# `Decimal` in a message: serde reads it, schemars describes it (feature `rust_decimal1`), jsonschema checks it.
#
# Expected: a number or a text of digits with at most a sign, a point and an exponent; and the schema accepts what is read.
# Seen: it also reads "1_000" as a thousand, "+1.5", ".5" and "5."; and the schema refuses all of these, and "1e-5" and "1e+5": in its pattern
# an exponent has no sign.
#
# Why it matters: who validates first refuses amounts that the type would take, 1e-5 among them; who only deserializes takes more than the
# schema tells the writers of clients.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'END'
[package]
name = "decimal"
version = "0.0.0"
edition = "2024"

[dependencies]
jsonschema = { version = "=0.61.2", default-features = false }
rust_decimal = { version = "=1.43.0", features = ["serde"] }
schemars = { version = "=1.2.3", features = ["rust_decimal1"] }
serde_json = "=1.0.154"
END
cat >src/main.rs <<'END'
use rust_decimal::Decimal;
use serde_json::Value;

fn main() {
    let schema = jsonschema::validator_for(schemars::schema_for!(Decimal).as_value()).unwrap();
    for text in ["1.5", "1e5", "1e-5", "1e+5", "+1.5", ".5", "5.", "1_000"] {
        let value = Value::from(text);
        let read = serde_json::from_value::<Decimal>(value.clone()).map_or("refused".into(), |read| read.to_string());
        println!("{text}: read as {read}, schema {}", if schema.is_valid(&value) { "holds" } else { "refuses" });
    }
}
END
seen=$(cargo run --quiet)
echo "$seen"
[ "$seen" = "1.5: read as 1.5, schema holds
1e5: read as 100000, schema holds
1e-5: read as 0.00001, schema refuses
1e+5: read as 100000, schema refuses
+1.5: read as 1.5, schema refuses
.5: read as 0.5, schema refuses
5.: read as 5, schema refuses
1_000: read as 1000, schema refuses" ]
