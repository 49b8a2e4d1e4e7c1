//! Which pixels an area is, and their end.

use image::{ImageBuffer, Pixel, Primitive};
use shared::document::Redaction;

/// Pixels from left and top, up to right and bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Covered {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

/// How much more than the marked pixels goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Pixels around the area in which something of it may show: a JPEG's blocks mix what is in them, as drawing does at edges.
    pub margin: u32,
    /// The sides lie on multiples of it. On a grid of a JPEG's blocks of 8 the area comes out in one colour.
    pub grid: u32,
}

impl Edge {
    /// No pixel more.
    pub const EXACT: Self = Self { margin: 0, grid: 1 };
    /// Blocks of a JPEG have at most 16 pixels on a side, wherever they began.
    pub const PHOTOGRAPH: Self = Self { margin: 16, grid: 8 };
    pub const DRAWN: Self = Self { margin: 2, grid: 8 };
}

impl Covered {
    /// The pixels of an area of a picture with this width and height. Never none.
    pub fn of(area: &Redaction, (width, height): (u32, u32), edge: Edge) -> Self {
        let Edge { margin, grid } = edge;
        // A side has at most 65,535 pixels.
        let from = |thousandths: u16, side: u32| (u32::from(thousandths) * side / 1000).saturating_sub(margin) / grid * grid;
        let to = |thousandths: u16, side: u32| {
            ((u32::from(thousandths) * side).div_ceil(1000) + margin).next_multiple_of(grid).min(side)
        };
        Self {
            left: from(area.left, width),
            top: from(area.top, height),
            right: to(area.right, width),
            bottom: to(area.bottom, height),
        }
    }
}

/// Overwrites pixels with black.
pub(super) fn black_out<P: Pixel>(picture: &mut ImageBuffer<P, Vec<P::Subpixel>>, covered: Covered) {
    let channels = usize::from(P::CHANNEL_COUNT);
    let stride = picture.width() as usize * channels;
    let (left, right) = (covered.left as usize * channels, covered.right as usize * channels);
    for row in picture.chunks_exact_mut(stride).take(covered.bottom as usize).skip(covered.top as usize) {
        row[left..right].fill(<P::Subpixel as Primitive>::DEFAULT_MIN_VALUE);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_area_is_rounded_outwards_and_ends_with_the_picture() {
        let area = Redaction { page: 1, left: 1, top: 500, right: 2, bottom: 1000 };
        let of = |size, edge| Covered::of(&area, size, edge);
        assert_eq!(of((100, 100), Edge::EXACT), Covered { left: 0, top: 50, right: 1, bottom: 100 });
        assert_eq!(of((10_000, 10), Edge::EXACT), Covered { left: 10, top: 5, right: 20, bottom: 10 });
        assert_eq!(of((100, 100), Edge::DRAWN), Covered { left: 0, top: 48, right: 8, bottom: 100 });
        assert_eq!(of((1, 1), Edge::PHOTOGRAPH), Covered { left: 0, top: 0, right: 1, bottom: 1 });
    }

    proptest! {
        #[test]
        fn what_is_marked_is_covered_and_nothing_is_outside(
            sides in (1..=65_535_u32, 1..=65_535_u32), left in 0..1000_u16, top in 0..1000_u16, width in 1..=1000_u16,
            height in 1..=1000_u16, edge in prop::sample::select(vec![Edge::EXACT, Edge::PHOTOGRAPH, Edge::DRAWN]),
        ) {
            let area = Redaction { page: 1, left, top, right: (left + width).min(1000), bottom: (top + height).min(1000) };
            let covered = Covered::of(&area, sides, edge);
            prop_assert!(covered.left < covered.right && covered.right <= sides.0, "{covered:?}");
            prop_assert!(covered.top < covered.bottom && covered.bottom <= sides.1, "{covered:?}");
            prop_assert!(covered.left * 1000 <= u32::from(area.left) * sides.0);
            prop_assert!(covered.right == sides.0 || covered.right * 1000 >= u32::from(area.right) * sides.0);
        }
    }
}
