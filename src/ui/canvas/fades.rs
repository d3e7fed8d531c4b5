//! How the colours of a card pass from one state to the next.
//!
//! Must not draw, and knows only cards that were in sight.

use std::collections::HashMap;

use crate::model::Place;
use crate::ui::theme::Status;

/// The colours of each card in sight.
#[derive(Debug, Default)]
pub(super) struct Fades {
    list: HashMap<Place, Fade>,
}

#[derive(Debug)]
struct Fade {
    before: Option<Status>,
    now: Option<Status>,
    /// Since when, in the window's seconds.
    since: f64,
    /// When it was in sight last.
    seen: f64,
}

/// What a card's colours come from, and how far they have come, from 0 to 1.
pub(super) type Coming = (Option<Status>, f32);

/// A card that was out of sight for so many seconds shows its new state at once.
const AWAY: f64 = 1.5;

impl Fades {
    /// Forgets everything: another run, or none.
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }

    /// What a card's colours come from; nothing once they are there.
    pub(super) fn coming(
        &mut self,
        place: Place,
        look: Option<Status>,
        (now, time): (f64, f32),
    ) -> Option<Coming> {
        let fade = self.list.entry(place).or_insert(Fade {
            before: look,
            now: look,
            since: now,
            seen: now,
        });
        if fade.now != look {
            let is_fresh = now - fade.seen <= AWAY;
            fade.before = if is_fresh { fade.now } else { look };
            fade.now = look;
            fade.since = now;
        }
        fade.seen = now;
        if fade.before == fade.now || time <= 0.0 {
            return None;
        }
        let way = (now - fade.since) as f32 / time;
        if way >= 1.0 {
            fade.before = fade.now;
            return None;
        }
        Some((fade.before, way.max(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place::Step { thread: 0, step: 0 };

    #[test]
    fn a_change_fades_once_and_settles() {
        let mut fades = Fades::default();
        let mut at = |look, now| fades.coming(PLACE, look, (now, 0.14));
        assert_eq!(at(None, 1.0), None);
        assert_eq!(at(Some(Status::Running), 2.0), Some((None, 0.0)));
        let half = at(Some(Status::Running), 2.07);
        assert!(half.is_some_and(|(_, way)| (way - 0.5).abs() < 0.01));
        assert_eq!(at(Some(Status::Running), 2.2), None);
        assert_eq!(at(Some(Status::Running), 3.0), None);
    }

    #[test]
    fn without_motion_or_out_of_sight_it_is_there_at_once() {
        let mut fades = Fades::default();
        fades.coming(PLACE, None, (1.0, 0.0));
        assert_eq!(fades.coming(PLACE, Some(Status::Error), (1.1, 0.0)), None);
        let late = fades.coming(PLACE, Some(Status::Success), (9.0, 0.14));
        assert_eq!(late, None);
    }
}
