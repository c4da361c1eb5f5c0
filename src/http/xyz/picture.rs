//! How pictures are named in addresses: the file name at the end, and the place of a static map.

use crate::config::Config;
use crate::config::Limits;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::whole;
use crate::render;
use crate::render::View;
use crate::render::degrees;
use crate::space::Bbox;
use crate::space::Rect;
use crate::style::Style;

/// A file name such as `188.png`, `188@2x.webp` or `600x400@2x.jpg`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::http) struct PictureName<'a> {
    /// What stands before the ratio and the format.
    pub(in crate::http) stem: &'a str,
    /// Pixels of the picture for one of the style.
    pub(in crate::http) ratio: u8,
    /// What it is written in.
    pub(in crate::http) format: PictureFormat,
}

/// What pictures are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum PictureFormat {
    /// Without loss.
    Png,
    /// Without loss, smaller.
    Webp,
    /// With loss, on white.
    Jpeg,
}

impl<'a> PictureName<'a> {
    /// Takes a file name apart; `None` when it is no picture's.
    pub(super) fn split(name: &'a str, limits: &Limits) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        let format = match extension {
            "png" => PictureFormat::Png,
            "webp" => PictureFormat::Webp,
            "jpg" | "jpeg" => PictureFormat::Jpeg,
            _ => return None,
        };
        let (stem, ratio) = match stem.split_once('@') {
            None => (stem, 1),
            Some((stem, ratio)) => (stem, whole(ratio.strip_suffix('x')?)?),
        };
        let ratio = u8::try_from(ratio).ok().filter(|ratio| (1..=limits.ratio).contains(ratio))?;
        Some(Self { stem, ratio, format })
    }
}

impl PictureFormat {
    /// Its media type.
    pub(in crate::http) fn content_type(self) -> &'static str {
        match self {
            Self::Png => Format::Png.content_type(),
            Self::Webp => Format::Webp.content_type(),
            Self::Jpeg => Format::Jpeg.content_type(),
        }
    }
}

/// The parameter that says how much of a picture is kept.
pub(in crate::http) fn quality() -> Parameter {
    Parameter::new(
        "quality",
        Kind::Whole { default: 85, maximum: 100 },
        "How much of the picture a JPEG or a WebP keeps, to 100. A WebP loses nothing without it, unless the server is set up \
         otherwise, nor where it is transparent or has few colours.",
    )
}

/// How the picture is written: by its name, by the parameters that are about that format, and by the settings.
pub(in crate::http) fn encoding(
    format: PictureFormat,
    params: &Params,
    config: &Config,
) -> Result<render::Format, Error> {
    let only = |parameter: &str, ending: &str| {
        Err(Error::Invalid(format!("the parameter '{parameter}' is about {ending}, and this is another format")))
    };
    let quality = params.count("quality").map(|quality| quality as u8);
    match (format, params.text("colors"), quality) {
        (PictureFormat::Png, _, Some(_)) => only("quality", "JPEG and WebP"),
        (PictureFormat::Png, Some("palette"), None) => Ok(render::Format::PalettePng),
        (PictureFormat::Png, Some("true"), None) => Ok(render::Format::TruePng),
        (PictureFormat::Png, _, None) => Ok(render::Format::Png),
        (PictureFormat::Webp | PictureFormat::Jpeg, Some(_), _) => only("colors", "PNG"),
        // Below 85, letters and thin lines show the blocks that the format works in.
        (PictureFormat::Jpeg, None, quality) => Ok(render::Format::Jpeg(quality.unwrap_or(config.jpeg_quality))),
        (PictureFormat::Webp, None, quality) => {
            Ok(quality.or(config.webp_quality).map_or(render::Format::Webp, render::Format::LossyWebp))
        }
    }
}

/// The view of a static map: `place` is `lon,lat,zoom`, `lon,lat,zoom@bearing` or `west,south,east,north`, and `size` is
/// `{width}x{height}` in pixels at ratio 1.
pub(super) fn static_view(place: &str, size: &str, ratio: u8, limits: &Limits) -> Result<View, Error> {
    let wrong = || {
        Error::Invalid(format!(
            "'{place}' is no place of a static map: write lon,lat,zoom or lon,lat,zoom@bearing or west,south,east,north or auto"
        ))
    };
    let (width, height) = self::size(size, ratio, limits)?;
    let size = [f64::from(width), f64::from(height)];
    let ratio = f64::from(ratio);
    let (numbers, bearing) = match place.split_once('@') {
        Some((numbers, bearing)) => (numbers, Some(number(bearing).ok_or_else(wrong)?)),
        None => (place, None),
    };
    let numbers: Vec<f64> = numbers.split(',').map(number).collect::<Option<_>>().ok_or_else(wrong)?;
    match (&numbers[..], bearing) {
        (&[lon, lat, zoom], bearing) => {
            let highest = f64::from(limits.zoom);
            if lon.abs() > 180.0 || lat.abs() > 90.0 || !(0.0..=highest).contains(&zoom) {
                return Err(Error::Invalid(format!(
                    "'{place}' leaves the map: longitude is within ±180, latitude within ±90, and zoom from 0 to {highest}"
                )));
            }
            Ok(View::new([lon, lat], zoom, bearing.unwrap_or(0.0), size, ratio))
        }
        (&[west, south, east, north], None) => {
            let bbox = Bbox::new(west, south, east, north).map_err(|error| Error::Invalid(error.to_string()))?;
            // Over the antimeridian the map goes on eastwards.
            let east = if bbox.crosses_antimeridian() { east + 360.0 } else { east };
            let rect = Rect::new(west, south, east, north);
            if rect.width() <= 0.0 || rect.height() <= 0.0 {
                return Err(Error::Invalid(format!("'{place}' has no area; a box of a map needs one")));
            }
            let view = View::of_extent(&rect, size, ratio);
            // A box of a few metres would be magnified beyond all zooms.
            let highest = f64::from(limits.zoom);
            if view.zoom() > highest {
                return Ok(View::new(degrees(view.center()), highest, 0.0, size, ratio));
            }
            Ok(view)
        }
        _ => Err(wrong()),
    }
}

/// Width and height at ratio 1, within the limits at the ratio.
pub(super) fn size(text: &str, ratio: u8, limits: &Limits) -> Result<(u32, u32), Error> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((whole(width)?, whole(height)?)));
    let Some((width, height)) = sides.filter(|&(width, height)| width > 0 && height > 0) else {
        return Err(Error::Invalid(format!(
            "'{text}' is no size of a picture: write {{width}}x{{height}}, such as 600x400"
        )));
    };
    let ratio = u32::from(ratio);
    let (wide, high) = (width.saturating_mul(ratio), height.saturating_mul(ratio));
    if wide.max(high) > limits.image_side || wide.saturating_mul(high) > limits.image_pixels {
        return Err(Error::Invalid(format!(
            "a picture of {wide} by {high} pixels is too large: a side has at most {}, and all of it {}",
            limits.image_side, limits.image_pixels
        )));
    }
    Ok((width, height))
}

/// Refuses views in which a style shows more layers than a picture draws: each of them may cover all of it.
pub(in crate::http) fn check_layers(style: &Style, zoom: f64, limits: &Limits) -> Result<(), Error> {
    let shown = style.layers.iter().filter(|layer| layer.is_shown(zoom)).count();
    (shown <= limits.image_layers).then_some(()).ok_or_else(|| {
        Error::TooLarge(format!(
            "the style shows {shown} layers at zoom {zoom:.1}; a picture has at most {}",
            limits.image_layers
        ))
    })
}

/// A finite number.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_has_a_stem_a_ratio_and_a_format() {
        let limits = Limits::default();
        let split = |name| PictureName::split(name, &limits).map(|name| (name.stem, name.ratio, name.format));
        assert_eq!(split("188.png"), Some(("188", 1, PictureFormat::Png)));
        assert_eq!(split("188@2x.webp"), Some(("188", 2, PictureFormat::Webp)));
        assert_eq!(split("600x400@4x.jpg"), Some(("600x400", 4, PictureFormat::Jpeg)));
        for wrong in ["188", "188.gif", "188@5x.png", "188@0x.png", "188@x.png", "188@2.png", "188@999x.png", "@2x"] {
            assert_eq!(split(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_static_map_lies_around_a_point_or_in_a_box() {
        let limits = Limits::default();
        let view = static_view("129.745,42.44,11.5@30", "600x400", 2, &limits).unwrap();
        assert_eq!((view.width(), view.height(), view.zoom(), view.bearing()), (1200, 800, 11.5, 30.0));
        let [lon, lat] = degrees(view.center());
        assert!((lon - 129.745).abs() < 1e-9 && (lat - 42.44).abs() < 1e-9);
        let view = static_view("-180,-85,180,85", "512x512", 1, &limits).unwrap();
        assert!(view.zoom().abs() < 0.01, "{}", view.zoom());
        let view = static_view("170,-10,-170,10", "512x512", 1, &limits).unwrap();
        assert!((degrees(view.center())[0].abs() - 180.0).abs() < 1e-6);
        assert!(
            static_view("1,1,1.0000001,1.0000001", "512x512", 1, &limits).unwrap().zoom() <= f64::from(limits.zoom)
        );
    }

    #[test]
    fn what_is_no_place_or_too_large_is_refused() {
        let limits = Limits::default();
        let places = [
            "1,2",
            "1,2,3,4,5",
            "a,b,c",
            "NaN,0,1",
            "1,2,99",
            "200,0,1",
            "0,10,1,5",
            "1,1,1,1",
            "0,0,1,1@30",
            "1,2,3@x",
        ];
        for place in places {
            assert!(matches!(static_view(place, "10x10", 1, &limits), Err(Error::Invalid(_))), "{place}");
        }
        for size in ["0x10", "10", "10x", "-1x10", "4097x1", "99999999999x1", "10x10x10"] {
            assert!(matches!(static_view("0,0,1", size, 1, &limits), Err(Error::Invalid(_))), "{size}");
        }
        assert!(static_view("0,0,1", "3000x10", 2, &limits).is_err());
    }
}
