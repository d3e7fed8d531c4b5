//! Open enumerations: what has not been pulled yet, and for how long it is kept.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::base::time::Moment;
use crate::wsman::message::{Batch, EnumerationMode, Instance, Reference};

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

/// An instance that an enumeration found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What is told of it.
    pub instance: Instance,
    /// How it is reached again.
    pub reference: Reference,
}

#[derive(Debug)]
struct Enumeration {
    rest: VecDeque<Found>,
    mode: EnumerationMode,
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
    pub fn open(
        &mut self,
        found: Vec<Found>,
        mode: EnumerationMode,
        room: Option<Room>,
        now: Moment,
    ) -> Pulled {
        self.forget_idle(now);
        if self.open.len() >= MAX_CONTEXTS {
            self.open.pop_first();
        }
        self.last += 1;
        let enumeration = Enumeration {
            rest: found.into(),
            mode,
            touched: now,
        };
        self.open.insert(self.last, enumeration);
        let context = format_context(self.last);
        match room {
            Some(room) => self.pull(&context, room, now),
            None => Pulled::Batch(Batch {
                context: Some(context),
                ..Batch::default()
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
        let mut taken = Vec::new();
        let mut bytes = 0_usize;
        while taken.len() < room.items.min(MAX_BATCH_ITEMS) as usize {
            let Some(next) = enumeration.rest.front() else {
                break;
            };
            bytes = bytes.saturating_add(size(next, enumeration.mode));
            if bytes > room.bytes {
                if taken.is_empty() {
                    return Pulled::TooLarge;
                }
                break;
            }
            taken.extend(enumeration.rest.pop_front());
        }
        let is_last = enumeration.rest.is_empty();
        let (items, references) = told(taken, enumeration.mode);
        if is_last {
            self.open.remove(&number);
        }
        Pulled::Batch(Batch {
            context: (!is_last).then(|| context.to_owned()),
            items,
            references,
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

/// What the mode tells of what was found.
fn told(found: Vec<Found>, mode: EnumerationMode) -> (Vec<Instance>, Vec<Reference>) {
    let both = found.into_iter();
    let (items, references) = both.map(|found| (found.instance, found.reference)).unzip();
    match mode {
        EnumerationMode::Objects => (items, Vec::new()),
        EnumerationMode::ObjectsAndReferences => (items, references),
        EnumerationMode::References => (Vec::new(), references),
    }
}

/// About how many bytes an item takes in an answer, rather too many.
fn size(found: &Found, mode: EnumerationMode) -> usize {
    let instance = match mode {
        EnumerationMode::References => 0,
        EnumerationMode::Objects | EnumerationMode::ObjectsAndReferences => {
            instance_size(&found.instance)
        }
    };
    let reference = match mode {
        EnumerationMode::Objects => 0,
        EnumerationMode::ObjectsAndReferences | EnumerationMode::References => {
            reference_size(&found.reference)
        }
    };
    instance + reference
}

fn reference_size(reference: &Reference) -> usize {
    let selectors = reference.selectors.iter();
    let selectors = selectors.map(|(name, value)| name.len() + 6 * value.len() + 48);
    reference.resource_uri.len() + selectors.sum::<usize>() + 400
}

fn instance_size(instance: &Instance) -> usize {
    let properties = instance.properties.iter().map(|(name, value)| {
        let value = value.as_deref().unwrap_or_default();
        // Escaping can make a character five times as long.
        let escapes = value.bytes().filter(|b| b"<>&\"'".contains(b)).count();
        2 * name.len() + value.len() + 5 * escapes + 24
    });
    properties.sum::<usize>() + 3 * instance.class.len() + instance.class_uri.len() + 96
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(count: usize) -> Vec<Found> {
        let instance = |n: usize| Found {
            instance: Instance {
                class_uri: "uri".to_owned(),
                class: "C".to_owned(),
                properties: vec![("N".to_owned(), Some(n.to_string()))],
            },
            reference: Reference {
                resource_uri: "uri".to_owned(),
                selectors: vec![("N".to_owned(), n.to_string())],
            },
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
        let first = batch(all.open(found(3), EnumerationMode::Objects, Some(ROOM), Moment::ZERO));
        assert_eq!((first.items.len(), first.is_last), (2, false));
        let context = first.context.unwrap();
        let second = batch(all.pull(&context, ROOM, Moment::ZERO));
        assert_eq!(second.items[0].value("n"), Some("2"));
        assert!(second.is_last && second.context.is_none());
        assert_eq!(
            all.pull(&context, ROOM, Moment::ZERO),
            Pulled::UnknownContext
        );
        let empty = batch(all.open(
            Vec::new(),
            EnumerationMode::Objects,
            Some(ROOM),
            Moment::ZERO,
        ));
        assert!(empty.is_last);
    }

    #[test]
    fn contexts_expire_and_can_be_released() {
        let mut all = Enumerations::default();
        let context = |all: &mut Enumerations| {
            batch(all.open(found(3), EnumerationMode::Objects, None, Moment::ZERO))
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
        let first = batch(all.open(
            found(10),
            EnumerationMode::Objects,
            Some(room),
            Moment::ZERO,
        ));
        assert!((1..10).contains(&first.items.len()));
        let none = Room { items: 1, bytes: 9 };
        assert_eq!(
            all.pull(&first.context.unwrap(), none, Moment::ZERO),
            Pulled::TooLarge
        );
    }

    #[test]
    fn the_mode_decides_what_is_told() {
        for (mode, items, references) in [
            (EnumerationMode::Objects, 2, 0),
            (EnumerationMode::ObjectsAndReferences, 2, 2),
            (EnumerationMode::References, 0, 2),
        ] {
            let mut all = Enumerations::default();
            let first = batch(all.open(found(3), mode, Some(ROOM), Moment::ZERO));
            let told = (first.items.len(), first.references.len());
            assert_eq!(told, (items, references), "{mode:?}");
            // The mode holds for all pulls.
            let context = first.context.unwrap();
            let rest = batch(all.pull(&context, ROOM, Moment::ZERO));
            let told = (rest.items.len(), rest.references.len());
            assert_eq!(told, (items / 2, references / 2), "{mode:?}");
        }
    }
}
