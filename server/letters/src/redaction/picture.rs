//! JPEG and PNG: decoded, overwritten, and written anew.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageBuffer, ImageDecoder, Pixel, PixelWithColorType, Rgb, RgbImage, Rgba};
use shared::document::{Redaction, RedactionFault};

use super::area::{Covered, Edge, black_out};
use super::broken;

/// Most pixels of a picture: it is held whole. Fewer than are taken in, where nothing is decoded.
const MOST_PIXELS: u64 = 60_000_000;
/// How well pixels outside of the areas are kept, of 100.
const QUALITY: u8 = 90;

pub(super) fn jpeg(bytes: Vec<u8>, areas: &[Redaction]) -> Result<Vec<u8>, RedactionFault> {
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    check(decoder.dimensions(), areas)?;
    // Areas are marked on the picture as it is shown, and telephones write it lying on its side.
    let orientation = decoder.orientation().map_err(broken)?;
    match DynamicImage::from_decoder(decoder).map_err(broken)? {
        DynamicImage::ImageLuma8(picture) => write_jpeg(picture, orientation, areas),
        DynamicImage::ImageRgb8(picture) => write_jpeg(picture, orientation, areas),
        _ => Err(RedactionFault::Broken),
    }
}

fn write_jpeg<P: PixelWithColorType>(
    picture: ImageBuffer<P, Vec<P::Subpixel>>,
    orientation: Orientation,
    areas: &[Redaction],
) -> Result<Vec<u8>, RedactionFault> {
    let mut upright = Upright { picture, orientation };
    for area in areas {
        upright.black_out(Covered::of(area, upright.dimensions(), Edge::PHOTOGRAPH));
    }
    let mut written = Vec::new();
    JpegEncoder::new_with_quality(&mut written, QUALITY).encode_image(&upright).map_err(broken)?;
    Ok(written)
}

/// A picture as it is shown, without a second copy of it.
struct Upright<P: Pixel> {
    picture: ImageBuffer<P, Vec<P::Subpixel>>,
    orientation: Orientation,
}

impl<P: Pixel> Upright<P> {
    /// Where a pixel that is shown lies in the picture.
    fn stored(&self, x: u32, y: u32) -> (u32, u32) {
        let (width, height) = self.dimensions();
        let (from_right, from_bottom) = (width - 1 - x, height - 1 - y);
        match self.orientation {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (from_right, y),
            Orientation::Rotate180 => (from_right, from_bottom),
            Orientation::FlipVertical => (x, from_bottom),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate90 => (y, from_right),
            Orientation::Rotate270FlipH => (from_bottom, from_right),
            Orientation::Rotate270 => (from_bottom, x),
        }
    }

    fn black_out(&mut self, shown: Covered) {
        let (one, other) = (self.stored(shown.left, shown.top), self.stored(shown.right - 1, shown.bottom - 1));
        let stored = Covered {
            left: one.0.min(other.0),
            top: one.1.min(other.1),
            right: one.0.max(other.0) + 1,
            bottom: one.1.max(other.1) + 1,
        };
        black_out(&mut self.picture, stored);
    }
}

impl<P: Pixel> GenericImageView for Upright<P> {
    type Pixel = P;

    fn dimensions(&self) -> (u32, u32) {
        let (width, height) = self.picture.dimensions();
        let is_turned = matches!(
            self.orientation,
            Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
        );
        if is_turned { (height, width) } else { (width, height) }
    }

    fn get_pixel(&self, x: u32, y: u32) -> P {
        let (x, y) = self.stored(x, y);
        *self.picture.get_pixel(x, y)
    }
}

pub(super) fn png(bytes: Vec<u8>, areas: &[Redaction]) -> Result<Vec<u8>, RedactionFault> {
    let decoder = PngDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    let size = decoder.dimensions();
    check(size, areas)?;
    let mut picture = seen(DynamicImage::from_decoder(decoder).map_err(broken)?);
    for covered in areas.iter().map(|area| Covered::of(area, size, Edge::EXACT)) {
        match &mut picture {
            DynamicImage::ImageLuma8(picture) => black_out(picture, covered),
            DynamicImage::ImageRgb8(picture) => black_out(picture, covered),
            DynamicImage::ImageLuma16(picture) => black_out(picture, covered),
            DynamicImage::ImageRgb16(picture) => black_out(picture, covered),
            _ => return Err(RedactionFault::Broken),
        }
    }
    let mut written = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut written, CompressionType::Default, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(broken)?;
    Ok(written)
}

/// The picture on white. What is transparent has colours, too, and nobody who looks at it knows what they show.
fn seen(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageRgba8(_) => {
            let picture = picture.into_rgba8();
            let shown = |x, y| {
                let Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
                let mixed = |value: u8| on_white(value.into(), alpha.into(), u8::MAX.into());
                Rgb([red, green, blue].map(|value| u8::try_from(mixed(value)).unwrap_or(u8::MAX)))
            };
            DynamicImage::ImageRgb8(RgbImage::from_fn(picture.width(), picture.height(), shown))
        }
        DynamicImage::ImageLumaA16(_) | DynamicImage::ImageRgba16(_) => {
            let picture = picture.into_rgba16();
            let shown = |x, y| {
                let Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
                let mixed = |value: u16| on_white(value.into(), alpha.into(), u16::MAX.into());
                Rgb([red, green, blue].map(|value| u16::try_from(mixed(value)).unwrap_or(u16::MAX)))
            };
            DynamicImage::ImageRgb16(ImageBuffer::from_fn(picture.width(), picture.height(), shown))
        }
        opaque => opaque,
    }
}

/// Rounded to the nearest. The largest product is that of two numbers of 16 bits, which 32 bits hold.
const fn on_white(value: u32, alpha: u32, most: u32) -> u32 {
    (value * alpha + most * (most - alpha) + most / 2) / most
}

/// A picture has one page.
fn check((width, height): (u32, u32), areas: &[Redaction]) -> Result<(), RedactionFault> {
    if areas.iter().any(|area| area.page != 1) {
        return Err(RedactionFault::NoSuchPage);
    }
    if width == 0 || height == 0 {
        return Err(RedactionFault::Broken);
    }
    // Sides that 16 bits do not hold could not be written as JPEG.
    let is_drawable = width.max(height) <= u16::MAX.into() && u64::from(width) * u64::from(height) <= MOST_PIXELS;
    if is_drawable { Ok(()) } else { Err(RedactionFault::TooBig) }
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn a_picture_is_shown_as_the_library_turns_it() {
        let picture = image::GrayImage::from_fn(3, 2, |x, y| Luma([u8::try_from(10 * x + y).unwrap()]));
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let mut turned = DynamicImage::ImageLuma8(picture.clone());
            turned.apply_orientation(orientation);
            let turned = turned.into_luma8();
            let upright = Upright { picture: picture.clone(), orientation };
            assert_eq!(upright.dimensions(), turned.dimensions(), "{exif}");
            for (x, y, pixel) in turned.enumerate_pixels() {
                assert_eq!(upright.get_pixel(x, y), *pixel, "{exif}: {x}, {y}");
            }
        }
    }

    #[test]
    fn pixels_are_overwritten_where_they_are_shown() {
        let picture = image::GrayImage::from_pixel(3, 2, Luma([200]));
        for exif in 1..=8 {
            let mut upright = Upright { picture: picture.clone(), orientation: Orientation::from_exif(exif).unwrap() };
            let (width, height) = upright.dimensions();
            upright.black_out(Covered { left: 0, top: 0, right: 1, bottom: height });
            for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
                let expected = if x == 0 { 0 } else { 200 };
                assert_eq!(upright.get_pixel(x, y), Luma([expected]), "{exif}: {x}, {y}");
            }
        }
    }

    #[test]
    fn what_is_transparent_becomes_white_and_what_is_not_stays() {
        for most in [255, 65_535] {
            assert_eq!((on_white(17, 0, most), on_white(17, most, most), on_white(0, most, most)), (most, 17, 0));
            assert_eq!((on_white(most, 0, most), on_white(most, most, most)), (most, most));
        }
        assert_eq!(on_white(0, 128, 255), 127);
    }
}
