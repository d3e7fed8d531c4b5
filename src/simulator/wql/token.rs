//! The words, texts, numbers and symbols of a query.

use super::parser::QueryError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Word(String),
    Text(String),
    Number(i64),
    Symbol(&'static str),
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Symbol(symbol) => f.write_str(symbol),
        }
    }
}

pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) position: usize,
}

const SYMBOLS: [&str; 11] = ["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "*"];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut index = 0;
    while let Some(c) = chars.get(index).copied() {
        let position = index + 1;
        let rest = chars.get(index..).unwrap_or_default();
        let symbol = SYMBOLS.into_iter().find(|symbol| {
            let symbol: Vec<char> = symbol.chars().collect();
            rest.starts_with(&symbol)
        });
        let (kind, length) = if c.is_whitespace() {
            index += 1;
            continue;
        } else if c == '\'' || c == '"' {
            quoted(rest, position)?
        } else if let Some(symbol) = symbol {
            (Kind::Symbol(symbol), symbol.len())
        } else if c.is_ascii_digit() || c == '-' || c == '+' {
            number(rest, position)?
        } else if c.is_alphabetic() || c == '_' {
            let is_inside = |c: &&char| c.is_alphanumeric() || **c == '_' || **c == '.';
            let word: String = rest.iter().take_while(is_inside).collect();
            let length = word.chars().count();
            (Kind::Word(word), length)
        } else {
            return Err(QueryError {
                position,
                problem: format!("`{c}` has no meaning"),
            });
        };
        tokens.push(Token { kind, position });
        index += length;
    }
    Ok(tokens)
}

/// A text in quotes; a backslash takes the next character as it is.
fn quoted(rest: &[char], position: usize) -> Result<(Kind, usize), QueryError> {
    let quote = rest.first().copied().unwrap_or('\'');
    let mut text = String::new();
    let mut inside = rest.iter().enumerate().skip(1);
    while let Some((index, c)) = inside.next() {
        match c {
            '\\' => match inside.next() {
                Some((_, escaped)) => text.push(*escaped),
                None => break,
            },
            c if *c == quote => return Ok((Kind::Text(text), index + 1)),
            c => text.push(*c),
        }
    }
    Err(QueryError {
        position,
        problem: "the text has no closing quote".to_owned(),
    })
}

fn number(rest: &[char], position: usize) -> Result<(Kind, usize), QueryError> {
    let is_part =
        |(index, c): &(usize, &char)| c.is_ascii_digit() || (*index == 0 && matches!(c, '-' | '+'));
    let digits: String = rest
        .iter()
        .enumerate()
        .take_while(is_part)
        .map(|(_, c)| *c)
        .collect();
    match digits.parse() {
        Ok(number) => Ok((Kind::Number(number), digits.len())),
        Err(_) => Err(QueryError {
            position,
            problem: format!("`{digits}` is not a number"),
        }),
    }
}
