//! Routes: named as the protocol allows, each declared once in its direction.

use quote::ToTokens as _;

use crate::errors::{self, Errors};
use crate::model::attributes::Cfgs;
use crate::model::names::{SegmentError, check_segment};
use crate::model::{Namespace, Route, Router};

/// `namespace = "…"` may be several segments.
pub(super) fn namespace_is_a_route(router: &Router, errors: &Errors) {
    let Some(literal) = &router.namespace else { return };
    for segment in literal.value().split('.') {
        if let Err(fault) = check_segment(segment) {
            errors.push(match fault {
                SegmentError::Empty => errors::namespace_empty(literal),
                SegmentError::Reserved => errors::namespace_reserved(literal, segment),
                SegmentError::Dot | SegmentError::Unprintable => {
                    errors::segment_unprintable(literal, segment)
                }
            });
        }
    }
}

pub(super) fn segments_are_allowed(router: &Router, errors: &Errors) {
    for namespace in router.root.walk() {
        if !namespace.is_root() {
            segment_is_allowed(&namespace.route, errors);
        }
        for (route, _, _) in declared(namespace) {
            segment_is_allowed(route, errors);
        }
    }
}

fn segment_is_allowed(route: &Route, errors: &Errors) {
    let Err(fault) = check_segment(&route.segment) else { return };
    let at = &route.origin;
    errors.push(match fault {
        SegmentError::Empty => errors::rename_empty(at),
        SegmentError::Dot => errors::rename_with_dot(at),
        SegmentError::Reserved => errors::reserved_route(at, &route.segment),
        SegmentError::Unprintable => errors::segment_unprintable(at, &route.segment),
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Incoming,
    Outgoing,
}

fn declared(namespace: &Namespace) -> impl Iterator<Item = (&Route, Direction, Cfgs)> {
    let around = &namespace.all_cfgs;
    let incoming = namespace.incoming.iter();
    let incoming = incoming.map(|own| (&own.route, Direction::Incoming, around.and(&own.cfgs)));
    let outgoing = namespace.outgoing.iter();
    let outgoing = outgoing.map(|own| (&own.route, Direction::Outgoing, around.and(&own.cfgs)));
    incoming.chain(outgoing)
}

pub(super) fn are_declared_once(router: &Router, errors: &Errors) {
    let mut seen: std::collections::HashMap<(&str, bool), (&Route, Cfgs)> = std::collections::HashMap::new();
    for namespace in router.root.walk() {
        for (route, direction, cfgs) in declared(namespace) {
            let key = (route.name.as_str(), direction == Direction::Incoming);
            match seen.get(&key) {
                Some((first, around)) if around.may_meet(&cfgs) => {
                    let first = first.origin.to_token_stream();
                    errors.push(errors::route_declared_twice(&route.origin, &first, &route.name));
                }
                Some(_) => {}
                None => {
                    seen.insert(key, (route, cfgs));
                }
            }
        }
    }
}
