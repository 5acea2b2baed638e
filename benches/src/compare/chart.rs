//! The comparison as a picture.

use std::fmt::Write;

use super::{
    machine::Machine,
    plan::{Plan, Wire},
    summary::Row,
    table::name,
};

const WIDTH: f64 = 850.0;
const LABELS: f64 = 300.0;
const VALUES: f64 = 70.0;
const BAR: f64 = 20.0;
const TITLE: f64 = 42.0;
const MARGIN: f64 = 16.0;

/// A panel of bars for each workload. Shorter is better.
#[must_use]
pub fn svg(plan: &Plan, machine: &Machine, rows: &[Row]) -> String {
    let mut body = String::new();
    let mut y = MARGIN;
    // Rows of a few peers are read in the tables.
    for case in plan.cases.iter().filter(|case| case.peers.len() > 3 || case.wire == Wire::Compressed) {
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
         {}{body}</svg>\n",
        style()
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
    let text = escape(text);
    let _ = writeln!(
        out,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
    );
}

/// Text as XML has it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The background, and colours for light and for dark.
pub(super) fn style() -> &'static str {
    "<style>\
     .back{fill:#fff}text{fill:#222}.title{font-weight:600}.note{fill:#666;font-size:11px}\
     .bar{fill:#9fb3c8}rect.floor{fill:#d5dbe1}rect.zocket{fill:#d9541e}\
     .grid{stroke:#ddd;fill:none}.line{fill:none;stroke-width:2}\
     .line.zocket{stroke:#d9541e}.line.bun{stroke:#2b6cb0}.line.floor{stroke:#999;stroke-dasharray:5 4}\
     .dot.zocket{fill:#d9541e}.dot.bun{fill:#2b6cb0}.dot.floor{fill:#999}\
     @media(prefers-color-scheme:dark){.back{fill:#0d1117}text{fill:#e6edf3}.note{fill:#9da7b3}\
     .bar{fill:#4a6078}rect.floor{fill:#30363d}.grid{stroke:#30363d}\
     .line.bun{stroke:#79b8ff}.dot.bun{fill:#79b8ff}}\
     </style>\n<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n"
}
