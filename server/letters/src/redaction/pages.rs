//! PDF: each page is drawn, its areas are overwritten, and the pictures become a new PDF.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings, render};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use pdf_writer::{Content, Filter, Finish, Name, Rect, Ref};
use shared::document::{LARGEST_REDACTED, MOST_REDACTED_PAGES, Redaction, RedactionFault};

use super::area::{Covered, Edge, black_out};
use super::broken;

/// 200 in an inch: small print of a certificate can be read.
const DOTS_PER_POINT: f32 = 200.0 / 72.0;
/// Most pixels of a page. A larger one is drawn less finely; A3 is not.
const MOST_PIXELS: f32 = 8_000_000.0;
const LONGEST_SIDE: f32 = 16_000.0;
/// A page of PDF has at most 14,400 points on a side, or says how large a point is.
const MOST_POINTS: f32 = 100_000.0;
const QUALITY: u8 = 85;

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const PICTURE: Name<'static> = Name(b"P");

pub(super) fn pdf(bytes: Vec<u8>, areas: &[Redaction]) -> Result<Vec<u8>, RedactionFault> {
    let pdf = Pdf::new(bytes).map_err(|_| RedactionFault::Broken)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(RedactionFault::Broken);
    }
    if pages.len() > MOST_REDACTED_PAGES {
        return Err(RedactionFault::TooBig);
    }
    if areas.iter().any(|area| usize::from(area.page) > pages.len()) {
        return Err(RedactionFault::NoSuchPage);
    }
    let mut written = Written::new();
    for (number, page) in (1..).zip(pages.iter()) {
        let mut picture = drawn(page)?;
        let size = picture.dimensions();
        for area in areas.iter().filter(|area| area.page == number) {
            black_out(&mut picture, Covered::of(area, size, Edge::DRAWN));
        }
        written.add(&picture, page.render_dimensions())?;
    }
    Ok(written.finish())
}

/// A page as it is seen, on white, upright. A page of which something cannot be drawn would say less than it does.
fn drawn<'a>(page: &'a Page<'a>) -> Result<RgbImage, RedactionFault> {
    let (scale, width, height) = size(page.render_dimensions())?;
    let is_incomplete = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&is_incomplete);
    let drawing = InterpreterSettings {
        warning_sink: Arc::new(move |_| noted.store(true, Ordering::Relaxed)),
        ..InterpreterSettings::default()
    };
    let paper = RenderSettings { x_scale: scale, y_scale: scale, width: Some(width), height: Some(height), bg_color: WHITE };
    let pixels = render(page, &RenderCache::new(), &drawing, &paper).take();
    if is_incomplete.load(Ordering::Relaxed) {
        return Err(RedactionFault::NotDrawn);
    }
    let mut colours = Vec::with_capacity(3 * pixels.len());
    for pixel in pixels {
        // Nothing shines through the paper.
        colours.extend_from_slice(&[pixel.r, pixel.g, pixel.b]);
    }
    RgbImage::from_raw(width.into(), height.into(), colours).ok_or(RedactionFault::Broken)
}

/// How finely a page is drawn, and its pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a side is from 1 to LONGEST_SIDE")]
fn size((width, height): (f32, f32)) -> Result<(f32, u16, u16), RedactionFault> {
    let is_side = |points: f32| (1.0..=MOST_POINTS).contains(&points);
    if !is_side(width) || !is_side(height) {
        return Err(RedactionFault::Broken);
    }
    let finest = (MOST_PIXELS / (width * height)).sqrt().min(LONGEST_SIDE / width.max(height));
    let scale = DOTS_PER_POINT.min(finest);
    let side = |points: f32| (points * scale).round().clamp(1.0, LONGEST_SIDE) as u16;
    Ok((scale, side(width), side(height)))
}

/// A PDF that has pages with one picture each, and nothing else.
struct Written {
    pdf: pdf_writer::Pdf,
    pages: Vec<Ref>,
    /// Of all pictures.
    bytes: usize,
}

impl Written {
    fn new() -> Self {
        Self { pdf: pdf_writer::Pdf::new(), pages: Vec::new(), bytes: 0 }
    }

    fn add(&mut self, picture: &RgbImage, (width, height): (f32, f32)) -> Result<(), RedactionFault> {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(picture).map_err(broken)?;
        self.bytes += jpeg.len();
        if self.bytes > LARGEST_REDACTED {
            return Err(RedactionFault::TooLarge);
        }
        let page_id = self.pages.last().map_or(TREE.next(), |last| Ref::new(last.get() + 3));
        let (content_id, picture_id) = (page_id.next(), page_id.next().next());

        let pixels = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        let mut shown = self.pdf.image_xobject(picture_id, &jpeg);
        shown.filter(Filter::DctDecode);
        shown.width(pixels(picture.width())).height(pixels(picture.height()));
        shown.color_space().device_rgb();
        shown.bits_per_component(8);
        shown.finish();

        let mut content = Content::new();
        content.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(PICTURE);
        self.pdf.stream(content_id, &content.finish());

        let mut page = self.pdf.page(page_id);
        page.media_box(Rect::new(0.0, 0.0, width, height)).parent(TREE).contents(content_id);
        page.resources().x_objects().pair(PICTURE, picture_id);
        page.finish();
        self.pages.push(page_id);
        Ok(())
    }

    fn finish(mut self) -> Vec<u8> {
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        self.pdf.catalog(CATALOG).pages(TREE);
        self.pdf.pages(TREE).kids(self.pages).count(count);
        self.pdf.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_drawn_finely_unless_it_is_large() {
        assert_eq!(size((612.0, 792.0)).map(|(_, width, height)| (width, height)), Ok((1700, 2200)));
        assert_eq!(size((72.0, 144.0)).map(|(_, width, height)| (width, height)), Ok((200, 400)));
        for (width, height) in [(14_400.0, 14_400.0), (100_000.0, 1.0), (1.0, 100_000.0), (5_000.0, 800.0)] {
            let (scale, across, down) = size((width, height)).unwrap();
            assert!(scale <= DOTS_PER_POINT && f32::from(across) * f32::from(down) <= MOST_PIXELS, "{width} x {height}");
            assert!(across >= 1 && down >= 1);
        }
        for (width, height) in [(0.0, 1.0), (-1.0, 5.0), (f32::NAN, 5.0), (5.0, f32::INFINITY), (5.0, 1e9)] {
            assert_eq!(size((width, height)), Err(RedactionFault::Broken), "{width} x {height}");
        }
    }
}
