//! The plots of how cost grows: small multiples, both axes logarithmic.

use std::fmt::Write;

use super::{
    chart::{escape, style},
    machine::Machine,
    scale::{Axis, Panel, Point},
    table::name,
};

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 16.0;
const LEGEND: f64 = 34.0;
/// A plot with its labels.
const CELL: f64 = 434.0;
const HEIGHT: f64 = 250.0;
/// The plot itself, within its cell.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 44.0;

/// A row for each panel: what a message costs on the left, and on the right what explains most of it, how many
/// messages there are to a read.
#[must_use]
pub fn svg(machine: &Machine, panels: &[Panel]) -> String {
    let mut body = String::new();
    let mut peers: Vec<&str> = Vec::new();
    for (peer, _) in panels.iter().flat_map(|panel| &panel.lines) {
        if !peers.contains(peer) {
            peers.push(peer);
        }
    }
    let mut x = MARGIN;
    for peer in peers {
        let _ = writeln!(
            body,
            "<path class=\"line {peer}\" d=\"M{x:.0} 18h24\"/><text x=\"{:.0}\" y=\"22\">{}</text>",
            x + 30.0,
            escape(name(peer))
        );
        x += 60.0 + 7.0 * name(peer).chars().count() as f64;
    }
    for (index, panel) in panels.iter().enumerate() {
        let y = LEGEND + index as f64 * HEIGHT;
        let cost = format!("{}: CPU µs each", panel.title);
        plot(&mut body, (MARGIN, y), &cost, panel, |point| point.cpu);
        plot(&mut body, (MARGIN + CELL, y), "messages a read of the load generator", panel, |point| {
            point.per_read
        });
    }
    let end = LEGEND + panels.len() as f64 * HEIGHT;
    let note = format!("{} · {} · {}", machine.date, machine.cpu, machine.kernel);
    let _ = writeln!(
        body,
        "<text class=\"note\" x=\"{MARGIN}\" y=\"{:.0}\">{}</text>",
        end + 14.0,
        escape(&note)
    );
    let height = end + 26.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n{}{body}</svg>\n",
        style()
    )
}

/// A logarithmic axis over whole steps.
struct Scale {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Covers the values, with some room at both ends, between two places in the picture.
    fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Option<Self> {
        let mut ends: Option<(f64, f64)> = None;
        for value in values.filter(|value| value.is_finite() && *value > 0.0) {
            let (least, most) = ends.unwrap_or((value, value));
            ends = Some((least.min(value), most.max(value)));
        }
        ends.map(|(least, most)| Self { least: least / 1.25, most: most * 1.25, from, to })
    }

    fn place(&self, value: f64) -> f64 {
        let share = (value.max(self.least) / self.least).ln() / (self.most / self.least).ln();
        self.from + share * (self.to - self.from)
    }

    /// 1, 2 and 5 times the powers of ten, or fewer where these would be too many.
    fn ticks(&self) -> Vec<f64> {
        let decades = self.least.log10().floor() as i32..=self.most.log10().ceil() as i32;
        let steps: &[f64] = if self.most / self.least > 300.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let all = decades.flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
        all.filter(|tick| (self.least..=self.most).contains(tick)).collect()
    }
}

fn plot(out: &mut String, (x, y): (f64, f64), title: &str, panel: &Panel, value: fn(&Point) -> f64) {
    let points = || panel.lines.iter().flat_map(|(_, points)| points);
    let (left, right) = (x + LEFT, x + CELL - RIGHT);
    let (top, bottom) = (y + TOP, y + HEIGHT - BOTTOM);
    let across = Scale::over(points().map(|point| point.x), left, right);
    let (Some(across), Some(up)) = (across, Scale::over(points().map(value), bottom, top)) else { return };
    let _ =
        writeln!(out, "<text class=\"title\" x=\"{left:.0}\" y=\"{:.0}\">{}</text>", y + 20.0, escape(title));
    for tick in up.ticks() {
        let at = up.place(tick);
        let _ = writeln!(
            out,
            "<path class=\"grid\" d=\"M{left:.0} {at:.1}H{right:.0}\"/>\
             <text class=\"note\" x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 6.0,
            at + 4.0,
            short(tick)
        );
    }
    let mut places: Vec<f64> = points().map(|point| point.x).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    for place in places {
        let at = across.place(place);
        let _ = writeln!(
            out,
            "<path class=\"grid\" d=\"M{at:.1} {top:.0}V{bottom:.0}\"/>\
             <text class=\"note\" x=\"{at:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
            bottom + 14.0,
            short(place)
        );
    }
    let axis = match panel.x {
        Axis::Connections => "connections",
        Axis::Bytes => "bytes of text",
    };
    let _ = writeln!(
        out,
        "<text class=\"note\" x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{axis}</text>",
        f64::midpoint(left, right),
        bottom + 30.0
    );
    for (peer, points) in &panel.lines {
        let mut path = String::new();
        for point in points {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{command}{:.1} {:.1}", across.place(point.x), up.place(value(point)));
        }
        let _ = writeln!(out, "<path class=\"line {peer}\" d=\"{path}\"/>");
        for point in points {
            let _ = writeln!(
                out,
                "<circle class=\"dot {peer}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>",
                across.place(point.x),
                up.place(value(point))
            );
        }
    }
}

fn short(number: f64) -> String {
    if number >= 1000.0 { format!("{} k", number / 1000.0) } else { format!("{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_goes_from_end_to_end_and_has_ticks() {
        let scale = Scale::over([1.0, 100.0].into_iter(), 0.0, 200.0).unwrap();
        assert!(scale.place(1.0) > 0.0 && scale.place(100.0) < 200.0);
        assert!((scale.place(10.0) - 100.0).abs() < 1e-9, "the geometric middle");
        assert_eq!(scale.ticks(), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
        assert!(Scale::over([0.0, f64::NAN].into_iter(), 0.0, 1.0).is_none());
    }

    #[test]
    fn a_picture_has_a_line_for_each_peer_in_each_plot() {
        let line = |cpu| vec![Point { x: 10.0, cpu, per_read: 2.0 }, Point { x: 100.0, cpu, per_read: 3.0 }];
        let panel = Panel {
            title: "a <title>",
            x: Axis::Connections,
            lines: vec![("zocket", line(1.0)), ("bun", line(2.0))],
        };
        let machine = super::super::machine::look();
        let svg = svg(&machine, &[panel]);
        assert!(svg.contains("a &lt;title>"));
        // The legend's, and two plots'.
        assert_eq!(svg.matches("class=\"line zocket\"").count(), 3);
        assert_eq!(svg.matches("class=\"dot bun\"").count(), 4);
        assert!(!svg.contains("NaN"));
    }
}
