//! WQL as far as data queries go: `SELECT … FROM class WHERE condition`.
//!
//! Comparisons, `LIKE` with `%`, `_` and `[…]`, `IS NULL`, `AND`, `OR`, `NOT`, parentheses; strings in
//! either quotes with backslash escapes; words and texts without regard to case. No associations and
//! no events. Must not know the classes that are asked about.

mod parser;
mod pattern;
mod query;
#[cfg(test)]
mod tests;
mod token;

pub use parser::{MAX_QUERY_BYTES, QueryError};
pub use query::Query;
