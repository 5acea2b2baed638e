//! Names of every kind, and schemas that no router makes: the file is TypeScript all the same.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value, json};
use zocket::Contract;

use crate::everything::random::Dice;
use crate::tools::{Project, node, succeed};

const RUNTIME: &str = include_str!("../../src/typescript/runtime.ts");

/// Words of the language, members that all objects or functions have, and what the client has itself.
const WORDS: &str = "abstract any apply arguments as asserts async await bigint bind boolean break call caller case catch \
    class close connect const constructor continue contract createZocketClient debugger declare default delete do else enum \
    export extends false finally for from function get global hasOwnProperty if implements import in infer instanceof \
    interface is isPrototypeOf keyof lastError length let module name namespace never new null number object of on onClose \
    onError onOpen out override package private protected prototype public readonly readyState reconnect require return \
    satisfies set static string super switch symbol then this throw toJSON toLocaleString toString true try type typeof \
    undefined unique unknown using valueOf var void while with yield $calls $events $state $onState $mine";

fn words_of(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$')
        .filter(|word| word.starts_with(|first: char| first.is_alphabetic() || first == '$'))
        .collect()
}

fn contract(definitions: Map<String, Value>, routes: Vec<Value>) -> Contract {
    Contract::seal(json!({"zocket": "0.1", "router": "names", "$defs": definitions, "routes": routes}))
}

/// A user's type with the name of a TypeScript type or one of the file's own causes no conflict.
#[test]
fn every_word_can_be_the_name_of_a_type_and_of_a_member() {
    let words: BTreeSet<&str> = words_of(RUNTIME).into_iter().chain(words_of(WORDS)).collect();
    let text = json!({"type": "string"});
    let object = json!({"type": "object", "properties": {"own": text}, "required": ["own"]});
    let mut definitions: Map<String, Value> =
        words.iter().map(|word| ((*word).to_owned(), object.clone())).collect();
    let all: Map<String, Value> = words.iter().map(|word| ((*word).to_owned(), text.clone())).collect();
    let required: Vec<&str> = words.iter().copied().collect();
    definitions.insert("All".into(), json!({"type": "object", "properties": all, "required": required}));
    let routes = vec![json!({"route": "a", "direction": "incoming", "payload": {"$ref": "#/$defs/Promise"}})];
    let project = Project::of(&contract(definitions, routes), "type-names");
    project.check(&["zocket.ts"]);
}

/// Calls and events can be called anything, anywhere; those that clash with the client itself are reached by their route. What
/// the types say is there is what is there when it runs.
#[test]
fn every_word_can_be_the_name_of_a_call_an_event_and_a_namespace() {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for word in words_of(WORDS).into_iter().chain(["two-words", "2nd", "größe", "\"", "\\", "*/", "`${x}`"])
    {
        for route in
            [word.to_owned(), format!("{word}.below"), format!("space.{word}"), format!("space.{word}.deep")]
        {
            names.insert(route);
        }
    }
    let routes = names.iter().flat_map(|route| {
        ["incoming", "outgoing"]
            .map(|direction| json!({"route": route, "direction": direction, "payload": true}))
    });
    let project = Project::of(&contract(Map::new(), routes.collect()), "route-names");

    let mut script = String::from(
        "import { createZocketClient } from \"./zocket.ts\";
const client = createZocketClient(\"ws://127.0.0.1:9\", { connect: false });
let same = 0;
const check = (route: string, one: unknown, other: unknown) => {
  if (one !== other || typeof one !== \"function\") throw new Error(`${route}: ${typeof one}`);
  same++;
};
",
    );
    let text = project.read("zocket.ts");
    let mut nested = 0;
    for name in &names {
        let route = Value::from(name.as_str()).to_string();
        let path: String = name.split('.').map(|name| format!("[{}]", Value::from(name))).collect();
        for (kind, root, flat) in [("Calls", "client", "$calls"), ("Events", "client.on", "$events")] {
            let by_route = format!("client.{flat}[{route}]");
            let is_nested = text.contains(&format!(": {kind}{path};\n"));
            nested += usize::from(is_nested);
            let other = if is_nested { format!("{root}{path}") } else { by_route.clone() };
            writeln!(script, "check({route}, {other}, {by_route});").expect("a String");
        }
    }
    script.push_str("console.log(same);\n");
    project.write("routes.ts", &script);
    // All but a few are where one looks for them.
    assert!(nested * 20 > names.len() * 2 * 17, "{nested} of {}", names.len() * 2);
    project.check(&["zocket.ts", "routes.ts"]);
    let printed = succeed(node().arg(project.path("routes.ts")));
    assert_eq!(printed.trim(), (names.len() * 2).to_string());
}

/// A random schema. What TypeScript looks into at once, it takes from the definitions before the `at`th.
fn schema(dice: &mut Dice, at: usize, at_once: bool, depth: usize) -> Value {
    let texts = ["a", "*/", "\"", "\u{2028}", "@deprecated", "${x}", "A sentence. */ Another."];
    let inner = |dice: &mut Dice, at_once| {
        if depth > 3 { json!({"type": "null"}) } else { schema(dice, at, at_once, depth + 1) }
    };
    let mut made = match dice.below(17) {
        0 if at_once && at == 0 => json!(true),
        0 | 1 => {
            json!({"$ref": format!("#/$defs/D{}", dice.below(if at_once { at.max(1) - usize::from(at > 1) } else { 60 }))})
        }
        2 => dice.pick(&[json!(true), json!(false), json!({}), json!({"type": "null"}), json!({"not": {}})]),
        3 => {
            json!({"type": dice.pick(&["string", "integer", "number", "boolean"]), "minLength": 1, "format": "x*/"})
        }
        4 => {
            json!({"type": ["string", "null", "array"], "pattern": "*/", "default": "*/", "items": inner(dice, false)})
        }
        5 => json!({"enum": [null, "a", 1, 1.5, -3, u64::MAX, true, [1, "*/"], {"a": {}}]}),
        6 => {
            json!({"const": dice.pick(&[json!("\u{2028}"), json!(i64::MIN), json!({"b c": []}), json!(1e300)])})
        }
        7 => json!({"type": "array", "items": inner(dice, false), "maxItems": 2}),
        8 => {
            json!({"type": "array", "prefixItems": [inner(dice, false), inner(dice, false)], "minItems": dice.below(3), "maxItems": 2})
        }
        9 => json!({"type": "object", "additionalProperties": inner(dice, false)}),
        10 => {
            json!({"type": "object", "patternProperties": {"^x*/": inner(dice, false)}, "additionalProperties": dice.bits() & 1 == 0})
        }
        11 => json!({"allOf": [inner(dice, at_once), inner(dice, at_once)]}),
        12 => json!({"oneOf": [inner(dice, at_once), inner(dice, at_once), inner(dice, at_once)]}),
        13 => json!({"anyOf": [inner(dice, at_once), {"type": "null"}]}),
        14 => {
            json!({"properties": {"own": inner(dice, false)}, "required": ["own", "other"], "anyOf": [inner(dice, at_once), {}]})
        }
        _ => json!({
            "type": "object",
            "properties": {"a": inner(dice, false), "*/": inner(dice, false), "c d": inner(dice, false)},
            "required": ["*/"],
            "additionalProperties": dice.pick(&[json!(false), json!(true), json!({"type": "string"})]),
        }),
    };
    if let Some(keywords) = made.as_object_mut().filter(|_| dice.below(3) == 0) {
        keywords.insert("description".into(), dice.pick(&texts).into());
        keywords.insert("deprecated".into(), true.into());
        keywords.insert("examples".into(), json!([texts]));
    }
    made
}

#[test]
fn random_schemas_make_files_that_compile() {
    let mut dice = Dice::new(3);
    for round in 0..6 {
        let definitions: Map<String, Value> =
            (0..60).map(|at| (format!("D{at}"), schema(&mut dice, at, true, 0))).collect();
        let routes = (0..20).map(|at| {
            let (payload, reply) = (schema(&mut dice, 60, true, 0), schema(&mut dice, 60, true, 0));
            let errors = json!([{"code": "*/\"", "description": "*/", "data": schema(&mut dice, 60, true, 0)}]);
            json!({"route": format!("r{at}"), "direction": "incoming", "payload": payload, "reply": reply, "errors": errors})
        });
        let project = Project::of(&contract(definitions, routes.collect()), &format!("random-{round}"));
        project.check(&["zocket.ts"]);
    }
}
