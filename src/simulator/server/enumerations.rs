//! Open enumerations: what has not been pulled yet, and for how long it is kept.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::base::time::Moment;
use crate::wsman::message::{Batch, Instance};

/// How long a context lives without a Pull (`EnumerationTimeoutms`, MS-WSMV 2.2.4.10).
pub const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// The most items of one answer (`MaxBatchItems`).
const MAX_BATCH_ITEMS: u32 = 32_000;

/// The most contexts that are kept; the oldest goes first.
const MAX_CONTEXTS: usize = 1_000;

/// All open enumerations of a server.
#[derive(Debug, Default)]
pub struct Enumerations {
    open: BTreeMap<u64, Enumeration>,
    last: u64,
}

#[derive(Debug)]
struct Enumeration {
    rest: VecDeque<Instance>,
    touched: Moment,
}

/// How much of an enumeration one answer may hold.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// How many items.
    pub items: u32,
    /// How many bytes, roughly.
    pub bytes: usize,
}

/// What became of a Pull.
#[derive(Debug, PartialEq, Eq)]
pub enum Pulled {
    /// The next items.
    Batch(Batch),
    /// There is no such context, or no longer.
    UnknownContext,
    /// Not even one item fits.
    TooLarge,
}

impl Enumerations {
    /// Opens an enumeration; `room` is for the items that come with the answer, if any may.
    pub fn open(&mut self, found: Vec<Instance>, room: Option<Room>, now: Moment) -> Pulled {
        self.forget_idle(now);
        if self.open.len() >= MAX_CONTEXTS {
            self.open.pop_first();
        }
        self.last += 1;
        let enumeration = Enumeration {
            rest: found.into(),
            touched: now,
        };
        self.open.insert(self.last, enumeration);
        let context = format_context(self.last);
        match room {
            Some(room) => self.pull(&context, room, now),
            None => Pulled::Batch(Batch {
                context: Some(context),
                items: Vec::new(),
                is_last: false,
            }),
        }
    }

    /// Takes the next items.
    pub fn pull(&mut self, context: &str, room: Room, now: Moment) -> Pulled {
        self.forget_idle(now);
        let Some(number) = read_context(context) else {
            return Pulled::UnknownContext;
        };
        let Some(enumeration) = self.open.get_mut(&number) else {
            return Pulled::UnknownContext;
        };
        enumeration.touched = now;
        let mut items = Vec::new();
        let mut bytes = 0_usize;
        while items.len() < room.items.min(MAX_BATCH_ITEMS) as usize {
            let Some(next) = enumeration.rest.front() else {
                break;
            };
            bytes = bytes.saturating_add(size(next));
            if bytes > room.bytes {
                if items.is_empty() {
                    return Pulled::TooLarge;
                }
                break;
            }
            items.extend(enumeration.rest.pop_front());
        }
        let is_last = enumeration.rest.is_empty();
        if is_last {
            self.open.remove(&number);
        }
        Pulled::Batch(Batch {
            context: (!is_last).then(|| context.to_owned()),
            items,
            is_last,
        })
    }

    /// Gives up an enumeration; false if there is none.
    pub fn release(&mut self, context: &str, now: Moment) -> bool {
        self.forget_idle(now);
        read_context(context).is_some_and(|number| self.open.remove(&number).is_some())
    }

    fn forget_idle(&mut self, now: Moment) {
        self.open
            .retain(|_, enumeration| now.since(enumeration.touched) <= IDLE_TIMEOUT);
    }
}

/// Contexts look like Windows' own, opaque.
fn format_context(number: u64) -> String {
    format!("uuid:00000000-0000-4000-A000-{number:012X}")
}

fn read_context(context: &str) -> Option<u64> {
    let digits = context
        .trim()
        .strip_prefix("uuid:00000000-0000-4000-A000-")?;
    u64::from_str_radix(digits, 16).ok()
}

/// About how many bytes an instance takes in an answer, rather too many.
fn size(instance: &Instance) -> usize {
    let properties = instance.properties.iter().map(|(name, value)| {
        let value = value.as_deref().unwrap_or_default();
        // Escaping can make a character five times as long.
        let escapes = value.bytes().filter(|b| b"<>&\"'".contains(b)).count();
        2 * name.len() + value.len() + 5 * escapes + 24
    });
    properties.sum::<usize>() + 2 * instance.class.len() + instance.class_uri.len() + 64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(count: usize) -> Vec<Instance> {
        let instance = |n: usize| Instance {
            class_uri: "uri".to_owned(),
            class: "C".to_owned(),
            properties: vec![("N".to_owned(), Some(n.to_string()))],
        };
        (0..count).map(instance).collect()
    }

    const ROOM: Room = Room {
        items: 2,
        bytes: 100_000,
    };

    fn batch(pulled: Pulled) -> Batch {
        match pulled {
            Pulled::Batch(batch) => batch,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn items_come_in_order_until_the_end() {
        let mut all = Enumerations::default();
        let first = batch(all.open(found(3), Some(ROOM), Moment::ZERO));
        assert_eq!((first.items.len(), first.is_last), (2, false));
        let context = first.context.unwrap();
        let second = batch(all.pull(&context, ROOM, Moment::ZERO));
        assert_eq!(second.items[0].value("n"), Some("2"));
        assert!(second.is_last && second.context.is_none());
        assert_eq!(
            all.pull(&context, ROOM, Moment::ZERO),
            Pulled::UnknownContext
        );
        let empty = batch(all.open(Vec::new(), Some(ROOM), Moment::ZERO));
        assert!(empty.is_last);
    }

    #[test]
    fn contexts_expire_and_can_be_released() {
        let mut all = Enumerations::default();
        let context = |all: &mut Enumerations| {
            batch(all.open(found(3), None, Moment::ZERO))
                .context
                .unwrap()
        };
        let old = context(&mut all);
        let late = Moment::ZERO + IDLE_TIMEOUT + Duration::from_secs(1);
        assert_eq!(all.pull(&old, ROOM, late), Pulled::UnknownContext);
        let released = context(&mut all);
        assert!(all.release(&released, Moment::ZERO));
        assert!(!all.release(&released, Moment::ZERO));
        assert_eq!(all.pull("7", ROOM, Moment::ZERO), Pulled::UnknownContext);
    }

    #[test]
    fn answers_do_not_outgrow_their_room() {
        let mut all = Enumerations::default();
        let room = Room {
            items: 100,
            bytes: 250,
        };
        let first = batch(all.open(found(10), Some(room), Moment::ZERO));
        assert!((1..10).contains(&first.items.len()));
        let none = Room { items: 1, bytes: 9 };
        assert_eq!(
            all.pull(&first.context.unwrap(), none, Moment::ZERO),
            Pulled::TooLarge
        );
    }
}
