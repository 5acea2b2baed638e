//! The part of URIs (RFC 3986) that schemas need to name each other.

/// Resolves a relative reference against a base. Dot segments are left as they are: nobody names a schema like
/// that.
pub(super) fn join(base: Option<&str>, reference: &str) -> String {
    let Some(base) = base.filter(|_| !has_scheme(reference)) else { return reference.to_owned() };
    let start = base.find("://").map_or_else(|| base.find(':').map_or(0, |colon| colon + 1), |at| at + 3);
    if reference.is_empty() {
        return base.to_owned();
    }
    if let Some(path) = reference.strip_prefix('/') {
        let authority = base[start..].find('/').map_or(base.len(), |slash| start + slash);
        return format!("{}/{path}", &base[..authority]);
    }
    match base[start..].rfind('/') {
        Some(slash) => format!("{}{reference}", &base[..=start + slash]),
        None if start > 0 && base[..start].ends_with("://") => format!("{base}/{reference}"),
        None => format!("{}{reference}", &base[..start]),
    }
}

fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_references() {
        for (base, reference, joined) in [
            ("https://a.example/x/y", "z", "https://a.example/x/z"),
            ("https://a.example/x/y", "/z", "https://a.example/z"),
            ("https://a.example", "z", "https://a.example/z"),
            ("https://a.example/x", "urn:z", "urn:z"),
            ("https://a.example/x", "", "https://a.example/x"),
            ("tree", "node", "node"),
            ("urn:a:b", "c", "urn:c"),
        ] {
            assert_eq!(join(Some(base), reference), joined, "{base} {reference}");
        }
        assert_eq!(join(None, "x"), "x");
    }
}
