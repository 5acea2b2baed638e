//! Values to judge a family by.

use serde_json::{Map, Value, json};

use super::super::random::{Random, UNNAMED, Values};

/// How many values are drawn for each schema.
const DRAWN: usize = 120;

/// Values near to what the schemas of a family are about: all small ones of some parts, and some drawn for each schema.
pub(super) fn universe(schemas: &[Value]) -> Vec<Value> {
    let mut values = scalars();
    values.extend(arrays());
    values.extend(objects());
    let mut random = Random(schemas.len() as u64);
    for root in schemas {
        for round in 0..DRAWN {
            values.push(Values { root, fault_in: if round % 2 == 0 { 1000 } else { 8 } }.draw(&mut random));
        }
    }
    values
}

fn scalars() -> Vec<Value> {
    let mut values = vec![json!(null), json!(true), json!(false)];
    values.extend((-12..=32).map(Value::from));
    values.extend([-0.5, 0.25, 0.5, 1.5, 2.5, 7.5, 10.25, 10.5, 11.5, 0.1].map(Value::from));
    let texts = [
        "",
        "a",
        "b",
        "c",
        "ab",
        "abb",
        "aab",
        "ba",
        "bc",
        "abc",
        "abab",
        "abcd",
        "A",
        "1",
        "\n",
        "a\nb",
        "ä",
        "zzzzzzzzzz",
        "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "2026-01-31",
        "2026-13-31",
        "127.0.0.1",
        "1.2",
        "::1",
        "a.b",
        "card",
        "cash",
    ];
    values.extend(texts.map(Value::from));
    values
}

fn arrays() -> Vec<Value> {
    let items = [json!(1), json!(2), json!(0.5), json!("a"), json!(null)];
    let mut arrays = vec![json!([])];
    for first in &items {
        arrays.push(json!([first]));
        for second in &items {
            arrays.push(json!([first, second]));
            for third in &items {
                arrays.push(json!([first, second, third]));
            }
        }
    }
    arrays
}

fn objects() -> Vec<Value> {
    let parts: [(&str, &[Value]); 6] = [
        ("a", &[json!(1), json!(0.5), json!("a")]),
        ("b", &[json!(1), json!("a")]),
        ("kind", &[json!("card"), json!("cash"), json!("other"), json!(1)]),
        ("n", &[json!(1), json!(0.5), json!("a")]),
        ("xy", &[json!(1), json!("a")]),
        (UNNAMED, &[json!(1), json!("a")]),
    ];
    let mut objects = vec![Map::new()];
    for (name, values) in parts {
        for index in 0..objects.len() {
            for value in values {
                let mut object = objects[index].clone();
                object.insert(name.to_owned(), value.clone());
                objects.push(object);
            }
        }
    }
    let listed = ["x", "xx", "z", "other"].map(|name| json!({name: 1}));
    let deep = [
        json!({"v": 1, "next": {"v": 0.5}}),
        json!({"v": 1, "next": null}),
        json!({"v": 1, "next": {"v": 1, "next": {}}}),
    ];
    objects.into_iter().map(Value::Object).chain(listed).chain(deep).collect()
}
