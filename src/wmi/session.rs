//! What a conversation with WMI consists of, whoever performs it.
//!
//! A session lives and dies on one thread. Must not wait for anything but WMI itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::WmiError;

/// Opens sessions; shared by all threads.
pub trait Opener: Send + Sync {
    /// Connects on the calling thread, which owns the session from then on.
    ///
    /// # Errors
    /// [`WmiError`] of stage `Connect`.
    fn open(&self) -> Result<Box<dyn Session>, WmiError>;
}

/// A connection to one namespace, on one thread.
pub trait Session {
    /// The objects that a query finds.
    ///
    /// # Errors
    /// [`WmiError`] as WMI reports it.
    fn query(&self, wql: &str) -> Result<Vec<Row>, WmiError>;

    /// Calls a method and waits until it returns; what it returned, `ReturnValue` included.
    ///
    /// `permit` is asked at the last moment: a caller that has given up must not cause work.
    ///
    /// # Errors
    /// [`WmiError`] as WMI reports it.
    fn call(&self, call: &MethodCall, permit: &Permit) -> Result<Row, WmiError>;
}

/// A method of an object or a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodCall {
    /// The class that declares the method.
    pub class: String,
    /// The object's path, or the class again for a static method.
    pub object: String,
    /// The method.
    pub method: String,
    /// Its arguments by name.
    pub arguments: Vec<(String, Value)>,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A `string`.
    Text(String),
    /// A `uint32`.
    Number(u32),
}

/// The properties of an object as text, by name; null is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// In the order in which they came.
    pub properties: Vec<(String, Option<String>)>,
}

impl Row {
    /// The value of a property; case does not count. `None` when it is missing or null.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.properties
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_deref())
    }
}

/// The path of an object with one key.
pub fn object_path(class: &str, key: &str, value: &str) -> String {
    let mut path = format!("{class}.{key}=\"");
    for c in value.chars() {
        if matches!(c, '\\' | '"') {
            path.push('\\');
        }
        path.push(c);
    }
    path.push('"');
    path
}

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const ABANDONED: u8 = 2;

/// Settles between caller and thread whether a call begins or is given up, whoever is first.
#[derive(Debug, Clone, Default)]
pub struct Permit {
    state: Arc<AtomicU8>,
}

impl Permit {
    /// Begins the call; false when the caller has given up, and then nothing may be done.
    pub fn begin(&self) -> bool {
        self.change(BEGUN)
    }

    /// Gives the call up; false when it has begun already.
    pub(super) fn abandon(&self) -> bool {
        self.change(ABANDONED)
    }

    /// The first to come decides; the same word again is no contradiction.
    fn change(&self, to: u8) -> bool {
        match self
            .state
            .compare_exchange(WAITING, to, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => true,
            Err(settled) => settled == to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_leave_its_quotes() {
        for (value, path) in [
            ("HR", r#"A.Name="HR""#),
            ("O'Brien", r#"A.Name="O'Brien""#),
            (r#"a\" or"#, r#"A.Name="a\\\" or""#),
        ] {
            assert_eq!(object_path("A", "Name", value), path);
        }
    }

    #[test]
    fn whoever_is_first_decides() {
        let permit = Permit::default();
        assert!(permit.begin() && permit.begin() && !permit.abandon());
        let permit = Permit::default();
        let other = permit.clone();
        assert!(other.abandon() && !permit.begin() && permit.abandon());
    }
}
