//! Types of other crates, as schemars describes them: what it leaves out, or says in words that no validator knows.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use zocket_contract::Validator;

use super::published;

macro_rules! described {
    ($($name:ident $schema:tt)*) => {$(
        struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

described! {
    // `chrono::NaiveDateTime` and `jiff::civil::DateTime`.
    LocalDateTime {"type": "string", "format": "partial-date-time"}
    // `chrono::NaiveTime` and `jiff::civil::Time`.
    LocalTime {"type": "string", "format": "partial-time"}
    // `rust_decimal::Decimal`.
    Decimal {"type": ["string", "number"], "pattern": r"^-?\d+(\.\d+)?([eE]\d+)?$"}
}

fn holds<T: JsonSchema>(taken: &[&str], refused: &[&str]) {
    let schema = published::<T>();
    assert_eq!(schema.get("format"), None, "{schema}");
    let validator = Validator::new(&schema).expect("a schema");
    for text in taken {
        assert!(validator.check(text).is_ok(), "{text}: {schema}");
    }
    for text in refused {
        assert!(validator.check(text).is_err(), "{text}: {schema}");
    }
}

#[test]
fn times_without_a_zone_are_held_to_their_form() {
    let wrong = [r#""2026-01-31""#, r#""2026-13-31T12:00:00""#, r#""2026-01-31T12:00:00Z""#, r#""""#, "5"];
    holds::<LocalDateTime>(
        &[r#""2026-01-31T12:00:00""#, r#""2026-01-31T23:59:60.123456789""#, r#""+10000-01-01T00:00:00""#],
        &wrong,
    );
    holds::<LocalTime>(
        &[r#""12:00:00""#, r#""23:59:59.5""#],
        &[r#""24:00:00""#, r#""12:00""#, r#""12:00:00Z""#],
    );
}

#[test]
fn decimals_may_have_signs_and_exponents_but_no_underscores_or_missing_digits() {
    holds::<Decimal>(
        &[r#""1.50""#, r#""-7""#, r#""1e-5""#, r#""1E+5""#, r#""2e3""#, "1.5", "1e-5"],
        &[r#""1.""#, r#""e5""#, r#""""#, r#""1,5""#, r#"".5""#, r#""1_000""#, "true"],
    );
}
