//! From SVG to pixels.

use egui::ColorImage;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::Icon;

/// How thick the strokes of an icon are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in crate::ui) enum Weight {
    /// In text, rows and buttons.
    #[default]
    Regular,
    /// In badges, a little heavier because they are small.
    Badge,
    /// In pills and carets.
    Bold,
    /// In blocks of status, where check and cross are heavier still.
    Block,
}

impl Weight {
    /// Every weight, from the lightest.
    pub(super) const ALL: [Self; 4] = [Self::Regular, Self::Badge, Self::Bold, Self::Block];

    /// The width of the stroke on the square of 24.
    pub(super) const fn width(self, icon: Icon) -> &'static str {
        match (self, icon) {
            (Self::Regular, _) => DRAWN,
            (Self::Badge, _) => "1.9",
            (Self::Block, Icon::Check | Icon::Close) => "2.6",
            (Self::Bold | Self::Block, _) => "2",
        }
    }
}

/// The stroke in the drawings as they are.
const DRAWN: &str = "1.75";

/// The side of the square that the drawings are made on.
const SIDE: f32 = 24.0;

/// Draws an icon of so many pixels with this stroke; nothing if the drawing cannot be read.
pub(super) fn draw(svg: &str, pixels: u16, stroke: &str) -> Option<ColorImage> {
    let side = u32::from(pixels);
    let mut pixmap = Pixmap::new(side, side)?;
    let options = Options::default();
    let tree = if stroke == DRAWN {
        Tree::from_str(svg, &options)
    } else {
        let drawn = format!("stroke-width=\"{DRAWN}\"");
        let wanted = format!("stroke-width=\"{stroke}\"");
        Tree::from_str(&svg.replace(&drawn, &wanted), &options)
    };
    let scale = f32::from(pixels) / SIDE;
    resvg::render(
        &tree.ok()?,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    let size = [usize::from(pixels), usize::from(pixels)];
    Some(ColorImage::from_rgba_premultiplied(size, pixmap.data()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_drawn_at_every_size_and_weight() {
        for &icon in Icon::ALL {
            for pixels in [13, 16, 20, 52] {
                for weight in Weight::ALL {
                    let image = draw(icon.svg(), pixels, weight.width(icon)).unwrap();
                    assert_eq!(image.size, [usize::from(pixels); 2]);
                    let ink: u32 = image.pixels.iter().map(|pixel| u32::from(pixel.a())).sum();
                    assert!(ink > 255 * 4, "{icon:?} at {pixels} is empty");
                }
            }
        }
    }

    #[test]
    fn a_heavier_weight_leaves_more_ink() {
        let ink = |weight: Weight| -> u32 {
            let image = draw(Icon::Check.svg(), 48, weight.width(Icon::Check)).unwrap();
            image.pixels.iter().map(|pixel| u32::from(pixel.a())).sum()
        };
        assert!(ink(Weight::Regular) < ink(Weight::Bold));
        assert!(ink(Weight::Bold) < ink(Weight::Block));
    }

    #[test]
    fn the_drawings_are_white_so_that_they_can_be_tinted() {
        for &icon in Icon::ALL {
            let image = draw(icon.svg(), 24, DRAWN).unwrap();
            for pixel in &image.pixels {
                let [r, g, b, a] = pixel.to_array();
                assert!(r == a && g == a && b == a, "{icon:?} is coloured");
            }
        }
    }

    #[test]
    fn what_is_no_drawing_is_nothing() {
        assert!(draw("no drawing", 16, DRAWN).is_none());
        assert!(draw(Icon::Check.svg(), 0, DRAWN).is_none());
    }
}
