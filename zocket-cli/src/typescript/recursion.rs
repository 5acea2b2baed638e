//! Recursive types: TypeScript allows recursion through a member or an element, and reports an error
//! elsewhere.

use std::collections::BTreeMap;

use super::Error;
use super::shape::{Shape, UNKNOWN, When};

/// Prepares types for declaration, by name: what TypeScript would call circular is written differently.
///
/// # Errors
/// A type is only itself.
pub(super) fn settle(types: &mut BTreeMap<String, Shape>) -> Result<(), Error> {
    let [now, needed, later] = [When::Now, When::Needed, When::Later].map(|until| Circles::of(types, until));
    if let Some(name) = types.keys().find(|name| now.has(name)) {
        return Err(Error::new(format!("the definition of `{name}` says no more than that it is itself")));
    }
    for (name, shape) in types {
        untie(shape, &|to, until| {
            let circles = if until == When::Later { &later } else { &needed };
            circles.share(to, name)
        });
    }
    Ok(())
}

/// The cycles of types that refer to one another.
struct Circles {
    /// The cycle of each type that is in one.
    of: BTreeMap<String, usize>,
}

impl Circles {
    /// Follows the names that are resolved no later than `until`.
    fn of(types: &BTreeMap<String, Shape>, until: When) -> Self {
        let numbers: BTreeMap<&str, usize> =
            types.keys().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut edges: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
        for (from, shape) in types.values().enumerate() {
            shape.each_name(When::Now, &mut |name, when| {
                edges[from].extend(numbers.get(name).filter(|_| when <= until));
            });
        }
        let circles = circles(&edges);
        let names = types.keys().cloned().zip(circles);
        Self { of: names.filter_map(|(name, circle)| Some((name, circle?))).collect() }
    }

    fn has(&self, name: &str) -> bool {
        self.of.contains_key(name)
    }

    fn share(&self, one: &str, other: &str) -> bool {
        self.of.get(one).is_some_and(|circle| self.of.get(other) == Some(circle))
    }
}

/// The cycle that each node of a graph is in (its strongly connected component); `None` if no path leads back to it.
///
/// Kosaraju's algorithm: starting from the node that finished last, the unassigned nodes reached along reversed edges
/// form one component. Without recursion, since chains of types may have any length.
fn circles(edges: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut finished = Vec::new();
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.pop() {
            if next == 0 && std::mem::replace(&mut seen[node], true) {
                continue;
            }
            match edges[node].get(next) {
                Some(&to) => path.extend([(node, next + 1), (to, 0)]),
                None => finished.push(node),
            }
        }
    }
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, to) in edges.iter().enumerate().flat_map(|(from, to)| to.iter().map(move |to| (from, *to))) {
        back[to].push(from);
    }
    let mut circles = vec![None; edges.len()];
    let mut seen = vec![false; edges.len()];
    for &root in finished.iter().rev() {
        let mut circle = Vec::new();
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                circle.push(node);
                open.extend(&back[node]);
            }
        }
        if circle.len() > 1 || circle.first().is_some_and(|only| edges[*only].contains(only)) {
            circle.into_iter().for_each(|node| circles[node] = Some(root));
        }
    }
    circles
}

/// Rewrites the parts that are resolved too early. `comes_back` tells whether a type leads back to the declared one.
fn untie(shape: &mut Shape, comes_back: &dyn Fn(&str, When) -> bool) {
    let any = |inner: &Shape, until| {
        let mut any = false;
        inner.each_name(When::Now, &mut |name, _| any |= comes_back(name, until));
        any
    };
    match shape {
        Shape::Record(inner) => {
            untie(inner, comes_back);
            // An index signature is resolved lazily, the equivalent `Record` type at once.
            if any(inner, When::Later) {
                *shape = Shape::Index(inner.clone());
            }
        }
        // It needs the elements of its parts. No Rust type is recursive here: what is flattened has members.
        Shape::Partial(inner) if any(inner, When::Needed) => *shape = Shape::record(UNKNOWN),
        Shape::Partial(inner) | Shape::Array(inner) | Shape::Index(inner) => untie(inner, comes_back),
        Shape::Tuple(parts) | Shape::Intersection(parts) => {
            parts.iter_mut().for_each(|part| untie(part, comes_back))
        }
        Shape::Union(branches) => branches.iter_mut().for_each(|branch| untie(&mut branch.shape, comes_back)),
        // A member is resolved later.
        Shape::Object(_) | Shape::Word(_) | Shape::Literal { .. } | Shape::Named(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_of_every_kind() {
        // 0 → 1 → 2 → 0, 2 → 3 → 3, 4 ⇄ 5 → 0, 6
        let edges = [vec![1], vec![2], vec![0, 3], vec![3], vec![5], vec![4, 0], vec![]];
        let circles = circles(&edges);
        assert!(circles[0].is_some() && circles[0] == circles[1] && circles[1] == circles[2]);
        assert!(circles[3].is_some() && circles[3] != circles[0]);
        assert!(circles[4].is_some() && circles[4] == circles[5] && circles[4] != circles[0]);
        assert_eq!(circles[6], None);
    }
}
