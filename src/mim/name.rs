//! Names of management agents and run profiles.
//!
//! The service compares selector values without regard to case (MS-WSMV 3.1.4.1.1), so do we.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The longest name that is taken: beyond what the service's own windows let one type.
pub const MAX_NAME_CHARS: usize = 256;

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but blanks.
    #[error("a name must not be empty")]
    Empty,
    /// More than [`MAX_NAME_CHARS`] characters.
    #[error("a name has at most {MAX_NAME_CHARS} characters")]
    TooLong,
    /// A line break or another control character.
    #[error("a name must not contain a control character")]
    Control,
}

fn checked(text: &str) -> Result<Arc<str>, NameError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.chars().count() > MAX_NAME_CHARS {
        return Err(NameError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(NameError::Control);
    }
    Ok(Arc::from(text))
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes a name; blanks around it are dropped, its case is kept but does not count.
            ///
            /// # Errors
            /// [`NameError`] when it is empty, too long or has a control character.
            pub fn new(text: &str) -> Result<Self, NameError> {
                checked(text).map(Self)
            }

            /// The name as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            fn folded(&self) -> impl Iterator<Item = char> + '_ {
                self.0.chars().flat_map(char::to_lowercase)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.folded().eq(other.folded())
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.folded().cmp(other.folded())
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                for c in self.folded() {
                    c.hash(state);
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    };
}

name_type! {
    /// The name of a management agent, the key of `MIIS_ManagementAgent`.
    AgentName
}

name_type! {
    /// The name of a run profile of a management agent.
    ProfileName
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_but_is_kept() {
        let upper = AgentName::new(" HR Ärzte ").unwrap();
        let lower = AgentName::new("hr ärzte").unwrap();
        assert_eq!(upper, lower);
        assert_eq!(upper.as_str(), "HR Ärzte");
    }

    #[test]
    fn bad_names_are_refused() {
        assert_eq!(ProfileName::new("  "), Err(NameError::Empty));
        assert_eq!(ProfileName::new("a\nb"), Err(NameError::Control));
        assert_eq!(ProfileName::new(&"x".repeat(257)), Err(NameError::TooLong));
    }
}
