//! The size of a WSQ image (FBI, IAFIS-IC-0110), from its markers. The image itself is not decoded.

use thiserror::Error;

use super::image::Pixels;

/// Start of image.
const SOI: u16 = 0xFFA0;
/// Start of frame: colours, height, width.
const SOF: u16 = 0xFFA2;
/// Tables and comments that may stand before the frame: DTT, DQT, DHT, DRT, COM.
const SKIPPED: std::ops::RangeInclusive<u16> = 0xFFA4..=0xFFA8;
/// Most segments before the frame that are gone through. Files of NIST have at most four.
const MOST_SEGMENTS: usize = 64;

/// Why a WSQ image cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WsqError {
    #[error("it does not begin with SOI (FF A0)")]
    NoStart,
    #[error("it ends before its frame header")]
    CutOff,
    #[error("something else stands where a marker must be")]
    NoMarker,
    #[error("its frame header (FF A2) does not come")]
    NoFrame,
}

/// The size that the frame header says.
///
/// # Errors
/// See [`WsqError`].
pub(super) fn size(image: &[u8]) -> Result<Pixels, WsqError> {
    let (start, mut rest) = split_u16(image).ok_or(WsqError::NoStart)?;
    if start != SOI {
        return Err(WsqError::NoStart);
    }
    for _ in 0..MOST_SEGMENTS {
        let (marker, after) = split_u16(rest).ok_or(WsqError::CutOff)?;
        // The length counts its own two bytes.
        let (length, body) = split_u16(after).ok_or(WsqError::CutOff)?;
        if marker == SOF {
            return frame(body).ok_or(WsqError::CutOff);
        }
        if !SKIPPED.contains(&marker) || length < 2 {
            return Err(WsqError::NoMarker);
        }
        rest = after.get(usize::from(length)..).ok_or(WsqError::CutOff)?;
    }
    Err(WsqError::NoFrame)
}

/// Black and white, a byte each; then height and width.
fn frame(body: &[u8]) -> Option<Pixels> {
    let (height, rest) = split_u16(body.get(2..)?)?;
    let (width, _) = split_u16(rest)?;
    Some(Pixels { width, height })
}

fn split_u16(bytes: &[u8]) -> Option<(u16, &[u8])> {
    bytes.split_first_chunk::<2>().map(|(first, rest)| (u16::from_be_bytes(*first), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// SOI, segments, and a frame of 500 by 400.
    fn image(segments: &[u8]) -> Vec<u8> {
        [b"\xFF\xA0", segments, b"\xFF\xA2\x00\x11\x00\xFF\x01\x90\x01\xF4\x02"].concat()
    }

    #[test]
    fn the_size_stands_in_the_frame_header() {
        let comment_and_table = b"\xFF\xA8\x00\x05abc\xFF\xA4\x00\x04\x09\x07";
        for segments in [b"".as_slice(), comment_and_table] {
            assert_eq!(size(&image(segments)), Ok(Pixels { width: 500, height: 400 }));
        }
    }

    #[test]
    fn what_is_wrong_with_an_image_is_said() {
        let endless = b"\xFF\xA8\x00\x02".repeat(MOST_SEGMENTS + 1);
        for (bytes, error) in [
            (b"".to_vec(), WsqError::NoStart),
            (b"\xFF\xD8\xFF\xE0".to_vec(), WsqError::NoStart),
            (b"\xFF\xA0".to_vec(), WsqError::CutOff),
            (b"\xFF\xA0\xFF\xA8\x00\xFFabc".to_vec(), WsqError::CutOff),
            (image(b"")[..9].to_vec(), WsqError::CutOff),
            (image(b"\xFF\xA3\x00\x02"), WsqError::NoMarker),
            (image(b"\xFF\xA8\x00\x01"), WsqError::NoMarker),
            (image(b"abcd"), WsqError::NoMarker),
            (image(&endless), WsqError::NoFrame),
        ] {
            assert_eq!(size(&bytes), Err(error), "{bytes:02X?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_size_or_none(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = size(&bytes);
            let _ = size(&[b"\xFF\xA0".as_slice(), &bytes].concat());
        }
    }
}
