//! Charts as SVG, drawn by the server. Beside each stands a table with the same numbers. What is told apart by a pattern is told
//! apart by words, too; text is large enough where the chart is 280 pixels wide.

use std::fmt::Write as _;

use leptos::prelude::*;

/// Units across. A unit is a pixel on the smallest screen.
const WIDTH: u64 = 280;
/// A letter is not wider.
const LETTER: u64 = 7;

/// A line of a chart: its name, and one bar for each series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    pub label: String,
    /// How long, and what stands behind it.
    pub bars: Vec<(u64, String)>,
}

/// What a chart is called, and what it says in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Of its element; nothing else on the page has it.
    pub id: &'static str,
    pub title: String,
    pub text: String,
}

/// Bars from left to right, a line for each name. The second series is striped.
pub fn bars(told: &Told, lines: &[Bars]) -> AnyView {
    let most = lines.iter().flat_map(|line| &line.bars).map(|(value, _)| *value).max().unwrap_or(0).max(1);
    // The longest bar leaves room for what stands behind it.
    let letters = lines.iter().flat_map(|line| &line.bars).map(|(_, words)| words.chars().count()).max().unwrap_or(0);
    let longest = WIDTH.saturating_sub(8 + LETTER * u64::try_from(letters).unwrap_or(0)).max(80);
    let (mut drawn, mut y) = (String::new(), 0_u64);
    for line in lines {
        y += 16;
        let _ = write!(drawn, r#"<text class="chart-label" x="0" y="{y}">{}</text>"#, escaped(&line.label));
        y += 5;
        for (series, (value, words)) in line.bars.iter().enumerate() {
            let length = (value * longest).div_ceil(most);
            let class = if series == 0 { "chart-bar" } else { "chart-bar chart-bar--other" };
            let _ = write!(drawn, r#"<rect class="{class}" x="0.5" y="{y}" width="{length}" height="13"/>"#);
            let (x, base) = (length + 5, y + 11);
            let _ = write!(drawn, r#"<text class="chart-number" x="{x}" y="{base}">{}</text>"#, escaped(words));
            y += 16;
        }
        y += 4;
    }
    svg(told, y.max(1), &drawn)
}

/// Columns from left to right, a pair for each name; every seventh name is written below, and the largest number at the top.
pub fn columns(told: &Told, pairs: &[(String, u64, u64)]) -> AnyView {
    const HEIGHT: u64 = 110;
    const TOP: u64 = 16;
    let most = pairs.iter().map(|(_, one, other)| *one.max(other)).max().unwrap_or(0).max(1);
    let step = WIDTH / u64::try_from(pairs.len()).unwrap_or(1).max(1);
    let base = TOP + HEIGHT;
    let mut drawn = format!(r#"<text class="chart-number" x="0" y="11">{most}</text>"#);
    let _ = write!(drawn, r#"<path class="chart-axis" d="M0 {TOP}.5h{WIDTH}M0 {base}.5h{WIDTH}"/>"#);
    for (at, (label, one, other)) in pairs.iter().enumerate() {
        let x = u64::try_from(at).unwrap_or(0) * step;
        for (class, x, value) in [("chart-bar", x, one), ("chart-bar chart-bar--other", x + step / 2, other)] {
            let height = (value * HEIGHT).div_ceil(most);
            let (width, y) = ((step / 2).max(1), base - height);
            let _ = write!(drawn, r#"<rect class="{class}" x="{x}.5" y="{y}" width="{width}" height="{height}"/>"#);
        }
        if at % 7 == 0 {
            let _ = write!(drawn, r#"<text class="chart-number" x="{x}" y="{}">{}</text>"#, base + 15, escaped(label));
        }
    }
    svg(told, base + 20, &drawn)
}

fn svg(told: &Told, height: u64, drawn: &str) -> AnyView {
    let Told { id, title, text } = told;
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    // The stripes of the second series: black and white on paper, too.
    let stripes = format!(
        "<defs><pattern id=\"{id}-stripes\" class=\"chart-stripes\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\"/><path d=\"M0 0v6\"/></pattern></defs>"
    );
    let drawn = drawn.replace(
        "class=\"chart-bar chart-bar--other\"",
        &format!("class=\"chart-bar chart-bar--other\" fill=\"url(#{id}-stripes)\""),
    );
    let content = format!(
        "<title id=\"{title_id}\">{}</title><desc id=\"{text_id}\">{}</desc>{stripes}{drawn}",
        escaped(title),
        escaped(text)
    );
    view! {
        <svg
            class="chart"
            viewBox=format!("0 0 {WIDTH} {height}")
            role="img"
            aria-labelledby=format!("{title_id} {text_id}")
            inner_html=content
        ></svg>
    }
    .into_any()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Told {
        Told { id: "days", title: "Days <b>".into(), text: "By type & office".into() }
    }

    #[test]
    fn a_chart_has_a_name_a_text_and_every_number() {
        let lines = [
            Bars { label: "Card \"x\"".into(), bars: vec![(40, "40 days".into()), (0, "none".into())] },
            Bars { label: "Notice".into(), bars: vec![(10, "10 days".into())] },
        ];
        let svg = Owner::new().with(|| bars(&told(), &lines).to_html());
        for part in [
            "role=\"img\"",
            "aria-labelledby=\"days-title days-text\"",
            "<title id=\"days-title\">Days &lt;b&gt;</title>",
            "<desc id=\"days-text\">By type &amp; office</desc>",
            "Card &quot;x&quot;",
            "width=\"223\"",
            "width=\"56\"",
            "width=\"0\"",
            ">40 days<",
            ">none<",
            "url(#days-stripes)",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
    }

    #[test]
    fn columns_stay_within_their_chart() {
        let pairs: Vec<(String, u64, u64)> = (1..=31).map(|day| (day.to_string(), day, 31 - day)).collect();
        let svg = Owner::new().with(|| columns(&told(), &pairs).to_html());
        assert_eq!(svg.matches("<rect class").count(), 62);
        let xs = svg.split(" x=\"").skip(1).filter_map(|rest| rest.split(['.', '"']).next()?.parse::<u64>().ok());
        assert!(xs.max().unwrap() < WIDTH, "{svg}");
        let empty = Owner::new().with(|| columns(&told(), &[]).to_html());
        assert!(empty.contains("chart-axis"));
    }
}
