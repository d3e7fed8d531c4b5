//! The attributes of one element, taken one by one and turned into values.

use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use crate::base::duration::{self, DurationError};
use crate::base::{spelling, text};

use super::cursor::Fault;
use super::error::Problem;

/// The attributes of one element.
#[derive(Debug)]
pub(super) struct Attributes {
    element: &'static str,
    offset: usize,
    found: Vec<Attribute>,
}

#[derive(Debug)]
struct Attribute {
    name: &'static str,
    value: String,
    offset: usize,
}

impl Attributes {
    /// No attributes yet of an element whose `<` is at `offset`.
    pub(super) const fn new(element: &'static str, offset: usize) -> Self {
        Self {
            element,
            offset,
            found: Vec::new(),
        }
    }

    /// Adds one.
    pub(super) fn push(&mut self, name: &'static str, value: String, offset: usize) {
        self.found.push(Attribute {
            name,
            value,
            offset,
        });
    }

    /// An optional text; an empty one is none.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        self.find(name)
            .filter(|attribute| !attribute.value.is_empty())
            .map(|attribute| attribute.value.clone())
    }

    /// A text that must be given and may be empty; `example` shows how to write it.
    pub(super) fn required(
        &self,
        name: &'static str,
        example: &'static str,
    ) -> Result<&str, Fault> {
        self.present(name, example)
            .map(|attribute| attribute.value.as_str())
    }

    /// A value that must be given; `parse` says in its error what may stand there.
    pub(super) fn required_value<T>(
        &self,
        name: &'static str,
        example: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        self.value(self.present(name, example)?, parse)
    }

    /// An optional value; `parse` says in its error what may stand there.
    pub(super) fn parsed<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Fault> {
        self.find(name)
            .map(|attribute| self.value(attribute, parse))
            .transpose()
    }

    /// `true` or `false`.
    pub(super) fn switch(&self, name: &'static str, default: bool) -> Result<bool, Fault> {
        let value = self.parsed(name, |value| match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("expected `true` or `false`".to_owned()),
        })?;
        Ok(value.unwrap_or(default))
    }

    /// A span of time.
    pub(super) fn duration(&self, name: &'static str) -> Result<Option<Duration>, Fault> {
        self.parsed(name, span)
    }

    /// A whole number from 1.
    pub(super) fn count(&self, name: &'static str) -> Result<Option<NonZeroU32>, Fault> {
        self.parsed(name, |value| {
            unsigned(value).ok_or_else(|| format!("expected a whole number from 1 to {}", u32::MAX))
        })
    }

    /// One of the words of an enumeration.
    pub(super) fn word<T: Copy>(
        &self,
        name: &'static str,
        all: &[T],
        as_str: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, Fault> {
        self.parsed(name, |value| {
            all.iter()
                .copied()
                .find(|candidate| as_str(*candidate) == value)
                .ok_or_else(|| one_of(value, all.iter().map(|candidate| as_str(*candidate))))
        })
    }

    fn find(&self, name: &'static str) -> Option<&Attribute> {
        self.found.iter().find(|attribute| attribute.name == name)
    }

    fn present(&self, name: &'static str, example: &'static str) -> Result<&Attribute, Fault> {
        self.find(name).ok_or_else(|| {
            let problem = Problem::MissingAttribute {
                element: self.element,
                attribute: name,
                example,
            };
            Fault::new(self.offset, problem)
        })
    }

    fn value<T>(
        &self,
        attribute: &Attribute,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        // Only the blanks of XML, as the schema's types do; any other one is part of the value.
        parse(attribute.value.trim_ascii()).map_err(|expected| {
            let problem = Problem::WrongValue {
                element: self.element,
                attribute: attribute.name,
                value: attribute.value.clone(),
                expected,
            };
            Fault::new(attribute.offset, problem)
        })
    }
}

/// A number without a sign, as the schema's unsigned types are written.
pub(super) fn unsigned<T: FromStr>(value: &str) -> Option<T> {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| value.parse().ok()).flatten()
}

/// A span of time; the error says how to write one.
pub(super) fn span(value: &str) -> Result<Duration, String> {
    duration::parse(value).map_err(|error| {
        match error {
            DurationError::Malformed(_) => {
                "write a number with a unit, such as `30s`, `5m` or `1h30m`"
            }
            DurationError::TooLong(_) => "write at most `366d`",
        }
        .to_owned()
    })
}

/// A sentence that lists the words that may stand somewhere, the one that was likely meant first.
pub(super) fn one_of<'a>(value: &str, words: impl Iterator<Item = &'a str> + Clone) -> String {
    let listed: Vec<String> = words.clone().map(|word| format!("`{word}`")).collect();
    let listed = text::list(&listed).replace(" and ", " or ");
    match spelling::nearest(&value.replace(' ', "-"), words) {
        Some(meant) => format!("did you mean `{meant}`? Expected {listed}"),
        None => format!("expected {listed}"),
    }
}
