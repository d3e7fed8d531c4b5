//! Our icons, sharp at every scale: drawn from SVG at the exact pixel size when first shown.
//!
//! They lie in the texture of the letters, as characters that no font has, so that a screen full
//! of icons and words is still painted in one go. An icon is decoration: the word beside it, or
//! the name of its button, is what is told.

mod list;
mod raster;

use std::sync::Arc;

use egui::epaint::text::{GlyphBitmap, GlyphRasterizer, RasterizedGlyph};
use egui::epaint::{Mesh, Vertex};
use egui::{
    Color32, Context, FontFamily, FontId, Galley, Painter, Rect, Response, Sense, Shape, Ui,
    emath::Rot2, pos2, vec2,
};

pub(in crate::ui) use list::Icon;
pub(in crate::ui) use raster::Weight;

/// Draws an icon in the middle of a place that is as large as the icon shall be.
pub(in crate::ui) fn paint(ui: &Ui, icon: Icon, place: Rect, colour: Color32) {
    paint_with(ui.painter(), icon, place, colour, Weight::Regular);
}

/// Draws an icon with a weight, by a painter of the caller's choice.
pub(in crate::ui) fn paint_with(
    painter: &Painter,
    icon: Icon,
    place: Rect,
    colour: Color32,
    weight: Weight,
) {
    if !painter.is_visible() || !painter.clip_rect().intersects(place) {
        return;
    }
    let (galley, size) = lay_out(painter, icon, place, weight);
    let scale = painter.pixels_per_point();
    let corner = place.center() - vec2(size, size) / 2.0;
    let snap = |value: f32| (value * scale).round() / scale;
    let corner = pos2(snap(corner.x), snap(corner.y));
    let at = corner - galley.mesh_bounds.min.to_vec2();
    painter.galley(at, galley, colour);
}

/// Draws an icon turned clockwise about its middle, by so many radians.
pub(in crate::ui) fn paint_turned(
    painter: &Painter,
    icon: Icon,
    place: Rect,
    (colour, weight): (Color32, Weight),
    angle: f32,
) {
    if !painter.is_visible() || !painter.clip_rect().intersects(place) {
        return;
    }
    let (galley, _) = lay_out(painter, icon, place, weight);
    let [width, height] = painter.fonts(|fonts| fonts.font_image_size());
    let texels = vec2(width as f32, height as f32);
    let middle = galley.mesh_bounds.center();
    let turn = Rot2::from_angle(angle);
    let mut mesh = Mesh::default();
    for placed in &galley.rows {
        let drawn = &placed.row.visuals.mesh;
        mesh.indices.extend_from_slice(&drawn.indices);
        mesh.vertices
            .extend(drawn.vertices.iter().map(|vertex| Vertex {
                pos: place.center() + turn * (vertex.pos + placed.pos.to_vec2() - middle),
                uv: (vertex.uv.to_vec2() / texels).to_pos2(),
                color: colour,
            }));
    }
    painter.add(Shape::mesh(mesh));
}

/// Takes the room for an icon and draws it; decoration, without a role of its own.
pub(in crate::ui) fn show(ui: &mut Ui, icon: Icon, size: f32, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(size, size), Sense::hover());
    paint(ui, icon, rect, colour);
    response
}

/// Tells egui how to draw our characters; asking twice changes nothing.
pub(in crate::ui) fn install(ctx: &Context) {
    ctx.add_glyph_rasterizer(GlyphRasterizer::new("masequencer-icons", |request| {
        let (icon, weight) = meant(request.cluster.chars().next()?)?;
        let pixels = request.font_size_px.round().clamp(1.0, LARGEST);
        let image = raster::draw(icon.svg(), pixels as u16, weight.width(icon))?;
        Some(RasterizedGlyph {
            bitmap: GlyphBitmap {
                image,
                offset_px: vec2(0.0, -pixels),
                is_color: false,
            },
            advance_px: pixels,
        })
    }));
}

/// The largest icon, in pixels; no part of the window comes near it.
const LARGEST: f32 = 256.0;

/// The first of our characters, at the start of a plane that no language uses.
const FIRST: u32 = 0xF_0000;

fn character(icon: Icon, weight: Weight) -> char {
    let number = icon as u32 * Weight::ALL.len() as u32 + weight as u32;
    char::from_u32(FIRST + number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn meant(character: char) -> Option<(Icon, Weight)> {
    let number = u32::from(character).checked_sub(FIRST)? as usize;
    let icon = Icon::ALL.get(number / Weight::ALL.len())?;
    let weight = Weight::ALL.get(number % Weight::ALL.len())?;
    Some((*icon, *weight))
}

/// The picture of an icon, and its size in points after rounding to whole pixels.
fn lay_out(painter: &Painter, icon: Icon, place: Rect, weight: Weight) -> (Arc<Galley>, f32) {
    let scale = painter.pixels_per_point();
    let wanted = place.width().min(place.height());
    let size = (wanted * scale).round().clamp(1.0, LARGEST) / scale;
    let font = FontId::new(size, FontFamily::Proportional);
    let text = character(icon, weight).to_string();
    let galley = painter.layout_no_wrap(text, font, Color32::PLACEHOLDER);
    (galley, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui_kittest::Harness;

    #[test]
    fn every_character_means_one_icon() {
        let mut seen = Vec::new();
        for &icon in Icon::ALL {
            for weight in Weight::ALL {
                let character = character(icon, weight);
                assert_eq!(meant(character), Some((icon, weight)));
                seen.push(character);
            }
        }
        seen.dedup();
        assert_eq!(seen.len(), Icon::ALL.len() * Weight::ALL.len());
        assert_eq!(meant('a'), None);
        assert_eq!(meant('\u{10FFFF}'), None);
    }

    #[test]
    fn an_icon_covers_its_place_to_the_pixel() {
        for scale in [1.0, 1.5, 2.0, 3.0] {
            let mut harness = Harness::builder()
                .with_pixels_per_point(scale)
                .build_ui(|ui| {
                    crate::ui::theme::apply(ui.ctx(), crate::ui::theme::LookChoice::Light, true);
                    let place = Rect::from_min_size(pos2(10.0, 20.0), vec2(16.0, 16.0));
                    let (galley, size) = lay_out(ui.painter(), Icon::Check, place, Weight::Bold);
                    assert!((size - 16.0).abs() < 0.01, "{size} at {scale}");
                    let drawn = galley.mesh_bounds.size();
                    assert!(
                        (drawn - vec2(16.0, 16.0)).length() < 0.01,
                        "{drawn} at {scale}"
                    );
                });
            harness.step();
        }
    }
}
