//! The comparison as a picture.

use std::fmt::Write;

use super::{machine::Machine, plan::Plan, summary::Row, table::name};

const WIDTH: f64 = 820.0;
const LABELS: f64 = 270.0;
const VALUES: f64 = 70.0;
const BAR: f64 = 20.0;
const TITLE: f64 = 42.0;
const MARGIN: f64 = 16.0;

/// A panel of bars for each workload. Shorter is better.
#[must_use]
pub fn svg(plan: &Plan, machine: &Machine, rows: &[Row]) -> String {
    let mut body = String::new();
    let mut y = MARGIN;
    for case in &plan.cases {
        let bars: Vec<(&str, f64)> = rows
            .iter()
            .filter(|row| row.case == *case)
            .filter_map(|row| row.figure().map(|figure| (row.peer, figure)))
            .collect();
        let unit = if case.is_memory() {
            "KiB a connection".to_owned()
        } else {
            format!("µs of server CPU a {}", case.unit())
        };
        if !bars.is_empty() {
            panel(&mut body, &mut y, &format!("{}: {unit}", case.title()), &bars);
        }
    }
    let note = format!("{} · {} · {}. Shorter is better.", machine.date, machine.cpu, machine.kernel);
    text(&mut body, MARGIN, y + 18.0, "start", "note", &note);
    let height = y + 34.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <style>.title{{font-weight:600}}.note{{fill:#666;font-size:11px}}text{{fill:#222}}\
         .bar{{fill:#9fb3c8}}.floor{{fill:#d5dbe1}}.zocket{{fill:#d9541e}}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{body}</svg>\n"
    )
}

fn panel(out: &mut String, y: &mut f64, title: &str, bars: &[(&str, f64)]) {
    text(out, MARGIN, *y + 20.0, "start", "title", title);
    *y += TITLE - 10.0;
    let longest = bars.iter().map(|&(_, figure)| figure).fold(f64::MIN_POSITIVE, f64::max);
    for &(peer, figure) in bars {
        let length = (figure / longest).max(0.0) * (WIDTH - LABELS - VALUES - MARGIN);
        let class = if matches!(peer, "zocket" | "floor") { peer } else { "bar" };
        text(out, LABELS - 8.0, *y + 14.0, "end", "label", name(peer));
        let _ = writeln!(
            out,
            "<rect class=\"{class}\" x=\"{LABELS}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{:.1}\" rx=\"2\"/>",
            *y + 2.0,
            BAR - 4.0
        );
        let digits = if figure < 10.0 { 2 } else { 1 };
        text(out, LABELS + length + 6.0, *y + 14.0, "start", "value", &format!("{figure:.digits$}"));
        *y += BAR;
    }
    *y += 12.0;
}

fn text(out: &mut String, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        out,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{escaped}</text>"
    );
}
