//! Our icons, sharp at every scale: drawn from SVG at the exact pixel size when first shown.
//!
//! An icon is decoration; the word beside it, or the name of its button, is what is told.

mod list;
mod raster;

use std::collections::HashMap;
use std::sync::Arc;

use egui::{
    Color32, Context, Id, Painter, Rect, Response, Sense, TextureHandle, TextureOptions, Ui, Vec2,
    pos2, vec2,
};
use parking_lot::Mutex;

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
    let size = place.width().min(place.height());
    let scale = painter.pixels_per_point();
    let pixels = (size * scale).round().clamp(1.0, 1024.0);
    if !painter.is_visible() || !painter.clip_rect().intersects(place) {
        return;
    }
    let Some(texture) = texture(painter.ctx(), icon, pixels as u16, weight) else {
        return;
    };
    let points = Vec2::splat(pixels / scale);
    let corner = place.center() - points / 2.0;
    let snap = |value: f32| (value * scale).round() / scale;
    let rect = Rect::from_min_size(pos2(snap(corner.x), snap(corner.y)), points);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    painter.image(texture.id(), rect, whole, colour);
}

/// Takes the room for an icon and draws it; decoration, without a role of its own.
pub(in crate::ui) fn show(ui: &mut Ui, icon: Icon, size: f32, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(size, size), Sense::hover());
    paint(ui, icon, rect, colour);
    response
}

/// The pictures drawn so far.
#[derive(Clone, Default)]
struct Cache(Arc<Mutex<HashMap<(Icon, u16, Weight), TextureHandle>>>);

fn texture(ctx: &Context, icon: Icon, pixels: u16, weight: Weight) -> Option<TextureHandle> {
    let id = Id::unique("icons-cache");
    let cache = match ctx.data(|data| data.get_temp::<Cache>(id)) {
        Some(cache) => cache,
        None => ctx.data_mut(|data| data.get_temp_mut_or_default::<Cache>(id).clone()),
    };
    let key = (icon, pixels, weight);
    if let Some(texture) = cache.0.lock().get(&key) {
        return Some(texture.clone());
    }
    let image = raster::draw(icon.svg(), pixels, weight.width(icon))?;
    let texture = ctx.load_texture("icon", image, TextureOptions::LINEAR);
    cache.0.lock().insert(key, texture.clone());
    Some(texture)
}
