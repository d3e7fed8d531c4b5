//! The Kerberos authenticators that were seen (RFC 4120, 3.2.3), shared by all connections: the
//! crate's own memory of them ends with its connection.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use parking_lot::Mutex;

use crate::base::time::Moment;

/// How far the clocks of client and server may differ.
pub const MAX_SKEW: Duration = Duration::from_mins(5);

/// How long an authenticator is remembered: as long as its time could still be taken for now.
const KEPT: Duration = Duration::from_mins(10);

/// What was seen, in any order and by age.
#[derive(Default)]
pub struct Replays(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    known: BTreeSet<Vec<u8>>,
    by_age: VecDeque<(Moment, Vec<u8>)>,
}

impl Replays {
    /// Whether an encrypted authenticator comes for the first time; remembers it.
    pub fn is_new(&self, authenticator: &[u8], now: Moment) -> bool {
        let seen = &mut *self.0.lock();
        while let Some((at, _)) = seen.by_age.front()
            && now.since(*at) > KEPT
        {
            if let Some((_, old)) = seen.by_age.pop_front() {
                seen.known.remove(&old);
            }
        }
        let is_new = seen.known.insert(authenticator.to_vec());
        if is_new {
            seen.by_age.push_back((now, authenticator.to_vec()));
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{Clock as _, ManualClock};

    #[test]
    fn an_authenticator_counts_once_until_its_time_is_over() {
        let clock = ManualClock::new(jiff::Timestamp::UNIX_EPOCH);
        let replays = Replays::default();
        assert!(replays.is_new(b"one", clock.now()));
        assert!(!replays.is_new(b"one", clock.now()));
        assert!(replays.is_new(b"two", clock.now()));
        clock.advance(KEPT);
        assert!(!replays.is_new(b"two", clock.now()));
        clock.advance(Duration::from_secs(1));
        assert!(replays.is_new(b"one", clock.now()));
    }
}
