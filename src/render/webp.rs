//! WebP with loss.

use std::collections::HashSet;

use image::ImageError;
use image::error::ParameterError;
use image::error::ParameterErrorKind;
use webp::Encoder;
use webp::WebPConfig;

/// Writes pixels with straight alpha, with loss where that makes them smaller. What is transparent, or has so few colours that
/// it was drawn flat, loses nothing: edges and letters would suffer most, and it hardly gets smaller.
pub(super) fn encode(width: u32, height: u32, pixels: &[[u8; 4]], quality: u8) -> Result<Vec<u8>, ImageError> {
    let lossless = || write(width, height, pixels, None);
    if pixels.iter().any(|&[.., alpha]| alpha < 255) || is_flat(pixels) {
        return lossless();
    }
    let lossy = write(width, height, pixels, Some(quality))?;
    // Little of a picture is worth more than two bits a pixel with loss; those that are may be smaller without.
    if lossy.len() < pixels.len() / 4 { Ok(lossy) } else { Ok(smaller(lossy, lossless()?)) }
}

fn smaller(one: Vec<u8>, other: Vec<u8>) -> Vec<u8> {
    if other.len() <= one.len() { other } else { one }
}

/// Colours up to which a picture counts as flat.
const FEW: usize = 256;

fn is_flat(pixels: &[[u8; 4]]) -> bool {
    let mut colors = HashSet::with_capacity(FEW + 1);
    pixels.iter().all(|pixel| {
        colors.insert(*pixel);
        colors.len() <= FEW
    })
}

fn write(width: u32, height: u32, pixels: &[[u8; 4]], quality: Option<u8>) -> Result<Vec<u8>, ImageError> {
    let wrong = || ImageError::Parameter(ParameterError::from_kind(ParameterErrorKind::DimensionMismatch));
    // Larger pictures the format cannot hold.
    if width.max(height) > 16_383 {
        return Err(wrong());
    }
    let mut config = WebPConfig::new().map_err(|()| wrong())?;
    // The quickest method: the others take several times as long for a tenth of the bytes.
    config.method = 0;
    config.lossless = i32::from(quality.is_none());
    config.quality = quality.map_or(20.0, |quality| f32::from(quality.clamp(1, 100)));
    let written = Encoder::from_rgba(pixels.as_flattened(), width, height).encode_advanced(&config);
    written.map(|bytes| bytes.to_vec()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient() -> Vec<[u8; 4]> {
        (0..64 * 64).map(|at: u32| [(at % 64 * 4) as u8, (at / 64 * 4) as u8, (at % 7) as u8, 255]).collect()
    }

    fn decoded(bytes: &[u8]) -> Vec<[u8; 4]> {
        let picture = image::load_from_memory_with_format(bytes, image::ImageFormat::WebP).unwrap();
        picture.into_rgba8().pixels().map(|pixel| pixel.0).collect()
    }

    #[test]
    fn many_colours_lose_and_get_smaller() {
        let pixels = gradient();
        let (lossy, lossless) = (encode(64, 64, &pixels, 60).unwrap(), write(64, 64, &pixels, None).unwrap());
        assert!(lossy.len() <= lossless.len(), "{} {}", lossy.len(), lossless.len());
        let apart = |(one, other): (&[u8; 4], &[u8; 4])| (0..4).map(|at| one[at].abs_diff(other[at])).max();
        let found = decoded(&lossy);
        assert!(pixels.iter().zip(&found).filter_map(apart).max() < Some(64));
        assert_eq!(decoded(&lossless), pixels);
    }

    #[test]
    fn few_colours_and_transparency_lose_nothing() {
        let flat: Vec<[u8; 4]> =
            (0..64 * 64).map(|at: u32| if at % 5 < 2 { [9, 8, 7, 255] } else { [200; 4] }).collect();
        let flat: Vec<[u8; 4]> = flat.into_iter().map(|[r, g, b, _]| [r, g, b, 255]).collect();
        assert_eq!(decoded(&encode(64, 64, &flat, 10).unwrap()), flat);
        let mut clear = gradient();
        clear[77] = [10, 20, 30, 128];
        assert_eq!(decoded(&encode(64, 64, &clear, 10).unwrap()), clear);
        assert!(encode(16_384, 1, &vec![[0, 0, 0, 255]; 16_384], 80).is_err());
    }
}
