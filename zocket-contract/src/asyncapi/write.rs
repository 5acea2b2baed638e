//! Writes the document.

use std::collections::BTreeMap;

use jsonschema::Draft;
use serde_json::{Map, Value, json};

use super::{AsyncApiOptions, draft07::Schemas, envelope, handshake};
use crate::{
    document::{Contract, Direction, ErrorCode, Route},
    naming::{Keys, titled},
    schema::Part,
};

/// The bindings of all channels.
const BINDINGS: &str = "socket";
/// What is said of each channel.
const CHANNEL: &str = "All channels are one WebSocket: text frames, one JSON object each. What is not declared in an object is \
                       to be ignored.";

pub(super) fn document(contract: &Contract, options: &AsyncApiOptions) -> Value {
    let mut writer = Writer::new(contract);
    for route in contract.routes() {
        match route.direction() {
            Direction::Incoming => writer.incoming(route),
            Direction::Outgoing => writer.outgoing(route),
        }
    }
    writer.protocol();
    writer.finish(options)
}

struct Writer<'c> {
    contract: &'c Contract,
    schemas: Schemas<'c>,
    /// `components/messages`, and the keys that are used there.
    messages: Map<String, Value>,
    message_keys: Keys,
    operations: Map<String, Value>,
    operation_keys: Keys,
    /// One for each operation, by the same key: its messages.
    channels: BTreeMap<String, Vec<String>>,
    /// The keys of the messages of declared errors: routes that refuse with the same code and data share one.
    errors: BTreeMap<(String, String), String>,
}

impl<'c> Writer<'c> {
    fn new(contract: &'c Contract) -> Self {
        let mut writer = Self {
            contract,
            schemas: Schemas::new(contract.definitions()),
            messages: Map::new(),
            message_keys: Keys::default(),
            operations: Map::new(),
            operation_keys: Keys::default(),
            channels: BTreeMap::new(),
            errors: BTreeMap::new(),
        };
        let mut declared: Vec<&str> =
            contract.routes().flat_map(|route| route.errors().map(|error| error.code())).collect();
        declared.sort_unstable();
        declared.dedup();
        writer.message(
            envelope::ERROR,
            json!({
                "name": envelope::ERROR,
                "title": "Error",
                "summary": "The message is refused, with a code that its route does not declare.",
                "correlationId": correlation(),
                "payload": envelope::other_error(&declared),
            }),
        );
        writer
    }

    /// Adds a message under a key as close to `wanted` as possible, and returns the key.
    fn message(&mut self, wanted: &str, mut message: Value) -> String {
        let key = self.message_keys.make(wanted);
        // Types get their names from it.
        titled(&mut message["payload"], &type_name(&key));
        self.messages.insert(key.clone(), message);
        key
    }

    /// Adds an operation with its messages, the first so many of which are not replies.
    fn operation(&mut self, action: &str, name: &str, sent: &[String], replies: &[String]) -> &mut Value {
        let key = self.operation_keys.make(name);
        let channel = json!({"$ref": format!("#/channels/{key}")});
        let messages = |keys: &[String]| -> Value {
            keys.iter()
                .map(|message| json!({"$ref": format!("#/channels/{key}/messages/{message}")}))
                .collect()
        };
        let mut operation =
            json!({"action": action, "title": name, "channel": channel, "messages": messages(sent)});
        if let Some((namespace, _)) = name.rsplit_once('.') {
            operation["tags"] = json!([{"name": namespace}]);
        }
        if !replies.is_empty() {
            operation["reply"] = json!({"channel": channel, "messages": messages(replies)});
        }
        self.channels.insert(key.clone(), [sent, replies].concat());
        self.operations.entry(key).or_insert(operation)
    }

    fn incoming(&mut self, route: Route<'_>) {
        let name = route.name();
        let takes_nothing_for = || accepts_null(self.contract, name);
        let is_required = route.payload().is_some() && !takes_nothing_for();
        let payload = route.payload().map(|schema| self.schemas.translate(schema));
        let mut message = json!({
            "name": name,
            "title": name,
            "correlationId": correlation(),
            "payload": envelope::call(name, payload, is_required),
        });
        describe(&mut message, route, Deprecation::Message);
        let call = self.message(name, message);
        let mut replies = vec![self.reply(route)];
        for error in route.errors() {
            let key = self.error(error);
            if !replies.contains(&key) {
                replies.push(key);
            }
        }
        replies.push(envelope::ERROR.into());
        describe(self.operation("receive", name, &[call], &replies), route, Deprecation::Operation);
    }

    fn reply(&mut self, route: Route<'_>) -> String {
        let Some(schema) = route.reply() else {
            // All replies without a payload are the same message.
            if !self.messages.contains_key(envelope::REPLY) {
                let message = json!({
                    "name": envelope::REPLY,
                    "title": "Reply without a payload",
                    "correlationId": correlation(),
                    "payload": envelope::reply(None),
                });
                self.message(envelope::REPLY, message);
            }
            return envelope::REPLY.into();
        };
        let payload = self.schemas.translate(schema);
        let message = json!({
            "name": envelope::REPLY,
            "title": format!("Reply to {}", route.name()),
            "correlationId": correlation(),
            "payload": envelope::reply(Some(payload)),
        });
        self.message(&format!("{}.{}", envelope::REPLY, route.name()), message)
    }

    fn error(&mut self, error: ErrorCode<'_>) -> String {
        let code = error.code();
        let data = error.data().map(|schema| self.schemas.translate(schema));
        let mut message = json!({
            "name": envelope::ERROR,
            "title": code,
            "correlationId": correlation(),
            "payload": envelope::error(code, data),
        });
        if error.is_deprecated() {
            message["deprecated"] = true.into();
        }
        set_text(&mut message, "description", error.description());
        let same = (code.to_owned(), message.to_string());
        if let Some(key) = self.errors.get(&same) {
            return key.clone();
        }
        let key = self.message(&format!("{}.{code}", envelope::ERROR), message);
        self.errors.insert(same, key.clone());
        key
    }

    fn outgoing(&mut self, route: Route<'_>) {
        let name = route.name();
        let Some(payload) = route.payload() else { return };
        let payload = self.schemas.translate(payload);
        let mut message = json!({"name": name, "title": name, "payload": envelope::event(name, payload)});
        describe(&mut message, route, Deprecation::Message);
        let event = self.message(name, message);
        describe(self.operation("send", name, &[event], &[]), route, Deprecation::Operation);
    }

    /// The messages that are not in a router.
    fn protocol(&mut self) {
        for (kind, title) in [(envelope::PING, "Ping"), (envelope::PONG, "Pong")] {
            self.message(kind, json!({"name": kind, "title": title, "payload": envelope::bare(kind)}));
        }
        let (ping, pong) = (envelope::PING.to_owned(), envelope::PONG.to_owned());
        self.operation("receive", envelope::PING, &[ping], &[pong])["summary"] =
            "Asks whether the server is there, for clients that see no WebSocket pings.".into();
        let mut refused = vec![envelope::ERROR.to_owned()];
        refused.extend(self.errors.values().cloned());
        refused.sort();
        self.operation("send", envelope::ERROR, &refused, &[])["summary"] =
            "Says that a message without an `rpcId` was refused.".into();
    }

    fn finish(mut self, options: &AsyncApiOptions) -> Value {
        let contract = self.contract;
        let bindings = handshake::bindings(contract, &mut self.schemas);
        let channels: Map<String, Value> = std::mem::take(&mut self.channels)
            .into_iter()
            .map(|(key, messages)| {
                let messages: Map<String, Value> = messages
                    .into_iter()
                    .map(|key| {
                        let reference = json!({"$ref": format!("#/components/messages/{key}")});
                        (key, reference)
                    })
                    .collect();
                let channel = json!({
                    "address": options.address,
                    "description": CHANNEL,
                    "messages": messages,
                    "bindings": {"$ref": format!("#/components/channelBindings/{BINDINGS}")},
                });
                (key, channel)
            })
            .collect();
        let mut info = json!({
            "title": options.title.as_deref().unwrap_or(contract.router()),
            "version": options.version.as_deref().unwrap_or(contract.hash().get(..8).unwrap_or("0")),
        });
        set_text(&mut info, "description", options.description.as_deref().unwrap_or(contract.description()));
        let mut document = json!({
            "asyncapi": "3.0.0",
            "info": info,
            "defaultContentType": "application/json",
            "channels": channels,
            "operations": self.operations,
            "components": {
                "channelBindings": {BINDINGS: {"ws": bindings}},
                "messages": self.messages,
                "correlationIds": {
                    "rpcId": {
                        "description": "A call and what answers it have the same `rpcId`.",
                        "location": "$message.payload#/rpcId",
                    },
                },
            },
            "x-zocket-hash": contract.hash(),
            "x-zocket-protocol": contract.protocol(),
        });
        let servers = options.servers();
        if !servers.is_empty() {
            document["servers"] = servers.into();
        }
        let schemas = self.schemas.finish();
        if !schemas.is_empty() {
            document["components"]["schemas"] = schemas.into();
        }
        document.sort_all_objects();
        document
    }
}

/// Whether a call may leave its payload out: it is then read as `null`.
fn accepts_null(contract: &Contract, route: &str) -> bool {
    let Some(schema) = contract.schema_of(route, Part::Payload) else { return true };
    let options = jsonschema::options().with_draft(Draft::Draft202012).offline();
    options.build(&schema).is_ok_and(|validator| validator.is_valid(&Value::Null))
}

fn correlation() -> Value {
    json!({"$ref": "#/components/correlationIds/rpcId"})
}

/// What generators are to call the type of a message: routes by their names, the protocol's own in plain words.
fn type_name(key: &str) -> String {
    let words = [
        (envelope::REPLY, "reply"),
        (envelope::ERROR, "error"),
        (envelope::PING, "ping"),
        (envelope::PONG, "pong"),
    ];
    match words.iter().find_map(|(kind, word)| Some((word, key.strip_prefix(kind)?))) {
        Some((word, rest)) => {
            format!("{}.{word}", rest.trim_start_matches('.')).trim_start_matches('.').to_owned()
        }
        None => key.to_owned(),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Deprecation {
    /// Messages have a field for this.
    Message,
    /// Operations do not.
    Operation,
}

/// The doc comment: its first paragraph is the summary.
fn describe(object: &mut Value, route: Route<'_>, deprecation: Deprecation) {
    let text = route.description();
    let (summary, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    set_text(object, "summary", &summary);
    match deprecation {
        Deprecation::Message if route.is_deprecated() => object["deprecated"] = true.into(),
        Deprecation::Operation => {
            let mark = if route.is_deprecated() { "**Deprecated.**\n\n" } else { "" };
            set_text(object, "description", format!("{mark}{}", rest.trim()).trim());
        }
        Deprecation::Message => {}
    }
}

fn set_text(object: &mut Value, key: &str, text: &str) {
    if !text.is_empty() {
        object[key] = text.into();
    }
}
