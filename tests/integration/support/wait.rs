//! Waiting for a condition, with a limit.

use std::sync::mpsc;
use std::time::Duration;

use masequencer::base::time::{Clock as _, SystemClock};

/// How long a condition is given where the test does not say.
pub const LIMIT: Duration = Duration::from_secs(30);

/// How long to wait between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks again and again until `condition` gives a value.
///
/// # Panics
/// When it gave none within the limit; `dump` then says what the world looked like.
#[track_caller]
pub fn until<T>(
    what: &str,
    limit: Duration,
    mut condition: impl FnMut() -> Option<T>,
    dump: impl FnOnce() -> String,
) -> T {
    let clock = SystemClock::start();
    let begin = clock.now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        let waited = clock.now().since(begin);
        assert!(waited < limit, "{what}: not within {limit:?}\n{}", dump());
        pause();
    }
}

/// Waits a moment before the next look. (A channel on which nothing ever comes.)
fn pause() {
    let (_keep, nothing) = mpsc::channel::<()>();
    nothing.recv_timeout(LOOK_EVERY).ok();
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_condition_that_comes_true_is_seen() {
        let mut looks = 0;
        let condition = || {
            looks += 1;
            (looks == 3).then_some("yes")
        };
        assert_eq!(until("third look", LIMIT, condition, String::new), "yes");
    }

    #[test]
    fn a_condition_that_does_not_come_true_dumps_the_world() {
        let wait = || {
            until(
                "never",
                Duration::from_millis(30),
                || None::<()>,
                || "the world".to_owned(),
            );
        };
        let error = catch_unwind(AssertUnwindSafe(wait)).unwrap_err();
        let text = error.downcast_ref::<String>().unwrap();
        assert!(
            text.contains("never") && text.contains("the world"),
            "{text}"
        );
    }
}
