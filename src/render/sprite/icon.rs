//! One icon, read from its file.

use std::io::Cursor;

use image::imageops::FilterType;
use resvg::usvg;

use super::IconAbout;
use super::field;
use super::svg;

/// An icon that can be drawn at any ratio.
#[derive(Clone, Debug)]
pub struct Icon {
    name: String,
    form: Form,
    about: IconAbout,
}

#[derive(Clone, Debug)]
enum Form {
    Svg(Box<usvg::Tree>),
    /// Straight RGBA with its pixels for one of the icon.
    Pixels(image::RgbaImage, u8),
}

/// Why a file is no icon.
#[derive(Debug, thiserror::Error)]
pub enum BadIcon {
    /// Its name ends otherwise.
    #[error("the name of an icon ends in .svg or .png")]
    Name,
    /// It has more bytes than any icon needs.
    #[error("an icon has at most {MOST_BYTES} bytes")]
    Bytes,
    /// It is no SVG.
    #[error("it is no SVG that can be read: {0}")]
    Svg(#[from] usvg::Error),
    /// It is no PNG.
    #[error("it is no PNG that can be read: {0}")]
    Png(#[from] image::ImageError),
    /// It is larger than any icon.
    #[error("an icon has at most {MOST_SIDE} pixels a side")]
    Size,
    /// What is said about it does not fit its size.
    #[error("its stretches and content lie within its sides, and each range goes up")]
    About,
}

/// Most bytes of an icon's file.
const MOST_BYTES: usize = 1 << 20;

/// Most pixels a side, at ratio 1.
const MOST_SIDE: u32 = 1024;

/// An icon at one ratio: straight RGBA.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) pixels: image::RgbaImage,
    /// Pixels that were added on each side.
    pub(super) margin: u32,
}

impl Icon {
    /// Reads a file. The name of the icon is that of the file without its ending; `.sdf` before it asks for a distance field,
    /// and `@2x` (to `@4x`) says that a PNG has so many pixels for one of the icon.
    ///
    /// # Errors
    /// When it is neither SVG nor PNG, too large, or not as `about` says.
    pub fn read(file_name: &str, bytes: &[u8], about: Option<&IconAbout>) -> Result<Self, BadIcon> {
        if bytes.len() > MOST_BYTES {
            return Err(BadIcon::Bytes);
        }
        let (stem, ending) = file_name.rsplit_once('.').ok_or(BadIcon::Name)?;
        let (name, ratio) = Self::ratio(stem);
        let (name, is_field) = name.strip_suffix(".sdf").map_or((name, false), |name| (name, true));
        let mut about = about.cloned().unwrap_or_default();
        about.sdf |= is_field;
        let form = match ending.to_ascii_lowercase().as_str() {
            "svg" => {
                let tree = svg::parse(bytes)?;
                svg::complete(&tree, &mut about);
                Form::Svg(Box::new(tree))
            }
            "png" => Form::Pixels(pixels(bytes)?, ratio),
            _ => return Err(BadIcon::Name),
        };
        let icon = Self { name: name.to_owned(), form, about };
        let [width, height] = icon.size();
        if !(1..=MOST_SIDE).contains(&width) || !(1..=MOST_SIDE).contains(&height) {
            return Err(BadIcon::Size);
        }
        if icon.about_fits() { Ok(icon) } else { Err(BadIcon::About) }
    }

    /// The name that an icon has in styles, by its file's name.
    pub fn name_of(file_name: &str) -> &str {
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
        let (name, _) = Self::ratio(stem);
        name.strip_suffix(".sdf").unwrap_or(name)
    }

    /// Its name in styles.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is known of it.
    pub(super) fn about(&self) -> &IconAbout {
        &self.about
    }

    /// Width and height at ratio 1.
    fn size(&self) -> [u32; 2] {
        match &self.form {
            Form::Svg(tree) => [tree.size().width(), tree.size().height()].map(|side| side.ceil().min(1e6) as u32),
            Form::Pixels(pixels, ratio) => {
                [pixels.width(), pixels.height()].map(|side| side.div_ceil(u32::from(*ratio)))
            }
        }
    }

    /// Draws it.
    pub(super) fn draw(&self, ratio: u8) -> Drawn {
        let [width, height] = self.size().map(|side| side * u32::from(ratio));
        if self.about.sdf {
            let coverage = match &self.form {
                Form::Svg(tree) => svg::draw(tree, width * field::FINE, height * field::FINE, ratio, field::FINE),
                Form::Pixels(pixels, _) => {
                    image::imageops::resize(pixels, width * field::FINE, height * field::FINE, FilterType::Triangle)
                }
            };
            return Drawn { pixels: field::from_coverage(&coverage), margin: field::MARGIN };
        }
        let pixels = match &self.form {
            Form::Svg(tree) => svg::draw(tree, width, height, ratio, 1),
            Form::Pixels(pixels, own) if *own == ratio => pixels.clone(),
            Form::Pixels(pixels, _) => image::imageops::resize(pixels, width, height, FilterType::CatmullRom),
        };
        Drawn { pixels, margin: 0 }
    }

    fn ratio(stem: &str) -> (&str, u8) {
        let split =
            stem.rsplit_once('@').and_then(|(name, ratio)| Some((name, ratio.strip_suffix('x')?.parse().ok()?)));
        split.filter(|(_, ratio)| (1..=4).contains(ratio)).unwrap_or((stem, 1))
    }

    fn about_fits(&self) -> bool {
        let [width, height] = self.size().map(|side| side as f32);
        let within = |side: f32| move |&[start, end]: &[f32; 2]| 0.0 <= start && start <= end && end <= side;
        let ordered = |ranges: &[[f32; 2]]| ranges.windows(2).all(|pair| pair[0][1] <= pair[1][0]);
        let about = &self.about;
        about.stretch_x.iter().all(within(width))
            && about.stretch_y.iter().all(within(height))
            && ordered(&about.stretch_x)
            && ordered(&about.stretch_y)
            && about.content.is_none_or(|[left, top, right, bottom]| {
                within(width)(&[left, right]) && within(height)(&[top, bottom])
            })
    }
}

fn pixels(bytes: &[u8]) -> Result<image::RgbaImage, BadIcon> {
    let mut reader = image::ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MOST_SIDE * 4);
    limits.max_image_height = Some(MOST_SIDE * 4);
    limits.max_alloc = Some(u64::from(MOST_SIDE * 4) * u64::from(MOST_SIDE * 4) * 8);
    reader.limits(limits);
    Ok(reader.decode()?.into_rgba8())
}
