//! Prints an error with its causes, each cause once, in one line.
//!
//! Our errors never repeat their source in their own text; this is the one place that joins them.

use std::error::Error;

/// Joins an error and its causes with `: `, skipping a cause whose text is already there.
pub fn one_line(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let part = current.to_string();
        if !text.contains(&part) {
            text = format!("{text}: {part}");
        }
        cause = current.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("could not open the door")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn joins_causes_once() {
        let error = Outer(std::io::Error::other("the key is lost"));
        assert_eq!(one_line(&error), "could not open the door: the key is lost");
    }
}
