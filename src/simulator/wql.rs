//! WQL as far as data queries go: `SELECT … FROM class WHERE condition`.
//!
//! Comparisons, `LIKE` with `%`, `_` and `[…]`, `IS NULL`, `AND`, `OR`, `NOT`, parentheses; strings in
//! either quotes with backslash escapes; words and texts without regard to case. No associations and
//! no events. Must not know the classes that are asked about.

/// The longest query that is read.
pub const MAX_QUERY_BYTES: usize = 16 * 1024;

/// How deep conditions may nest.
const MAX_DEPTH: usize = 64;

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The class after `FROM`.
    pub class: String,
    /// The properties to tell; empty is all of them (`*`).
    pub properties: Vec<String>,
    condition: Option<Condition>,
}

/// Why a text is no query; one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the query is not valid at character {position}: {problem}")]
pub struct QueryError {
    /// Where, in characters from 1.
    pub position: usize,
    /// What is wrong.
    pub problem: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare(String, Comparison, Literal),
    Like(String, Vec<PatternPart>),
    IsNull(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Different,
    Less,
    Greater,
    AtMost,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Literal {
    Text(String),
    Number(i64),
    Null,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PatternPart {
    Char(char),
    AnyOne,
    AnyRun,
    Set {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`QueryError`] with the place of the first mistake.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.len() > MAX_QUERY_BYTES {
            return Err(QueryError {
                position: 1,
                problem: format!("it is longer than {MAX_QUERY_BYTES} bytes"),
            });
        }
        let mut parser = Parser {
            tokens: tokens(text)?,
            next: 0,
            end: text.chars().count() + 1,
        };
        let query = parser.query()?;
        match parser.peek() {
            None => Ok(query),
            Some(token) => Err(parser.unexpected(&format!("`{token}` is one word too many"))),
        }
    }

    /// The first property, told or compared, that is none of `known`.
    pub fn unknown_property(&self, known: &[&str]) -> Option<&str> {
        let is_unknown = |name: &&str| !known.iter().any(|known| known.eq_ignore_ascii_case(name));
        let mut compared = Vec::new();
        if let Some(condition) = &self.condition {
            condition.collect_properties(&mut compared);
        }
        self.properties
            .iter()
            .map(String::as_str)
            .chain(compared)
            .find(is_unknown)
    }

    /// Whether an instance satisfies the condition; `value` tells a property, `None` is null.
    pub fn matches(&self, value: &dyn Fn(&str) -> Option<String>) -> bool {
        self.condition
            .as_ref()
            .is_none_or(|condition| condition.holds(value))
    }
}

impl Condition {
    fn negated_if(self, is_negated: bool) -> Self {
        if is_negated {
            Self::Not(Box::new(self))
        } else {
            self
        }
    }

    fn collect_properties<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.collect_properties(names);
                }
            }
            Self::Not(inner) => inner.collect_properties(names),
            Self::Compare(name, ..) | Self::Like(name, _) | Self::IsNull(name) => names.push(name),
        }
    }

    fn holds(&self, value: &dyn Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(value)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(value)),
            Self::Not(inner) => !inner.holds(value),
            Self::IsNull(name) => value(name).is_none(),
            Self::Like(name, pattern) => value(name).is_some_and(|text| {
                let text: Vec<char> = folded(&text).chars().collect();
                is_like(&text, pattern)
            }),
            Self::Compare(name, comparison, literal) => {
                compare(value(name).as_deref(), *comparison, literal)
            }
        }
    }
}

fn compare(value: Option<&str>, comparison: Comparison, literal: &Literal) -> bool {
    use std::cmp::Ordering;
    let ordering = match (value, literal) {
        (None, Literal::Null) => Some(Ordering::Equal),
        (Some(_), Literal::Null) => return comparison == Comparison::Different,
        (None, _) => return false,
        (Some(value), Literal::Text(text)) => Some(folded(value).cmp(&folded(text))),
        (Some(value), Literal::Number(number)) => value
            .trim()
            .parse::<i64>()
            .ok()
            .map(|value| value.cmp(number)),
    };
    let Some(ordering) = ordering else {
        return false;
    };
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::Different => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::AtLeast => ordering.is_ge(),
    }
}

fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Matches a pattern; the time grows with text times pattern, never faster.
fn is_like(text: &[char], pattern: &[PatternPart]) -> bool {
    // reached[i]: the pattern so far matches the first i characters.
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for part in pattern {
        let mut next = vec![false; text.len() + 1];
        let mut run = false;
        for (index, (was, now)) in reached.iter().zip(next.iter_mut()).enumerate() {
            match part {
                PatternPart::AnyRun => {
                    run |= *was;
                    *now = run;
                }
                PatternPart::Char(_) | PatternPart::AnyOne | PatternPart::Set { .. } => {
                    *now = run;
                    run = *was && text.get(index).is_some_and(|c| part.takes(*c));
                }
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

impl PatternPart {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(wanted) => *wanted == c,
            Self::AnyOne | Self::AnyRun => true,
            Self::Set { ranges, is_negated } => {
                let is_inside = ranges.iter().any(|(low, high)| *low <= c && c <= *high);
                is_inside != *is_negated
            }
        }
    }
}

fn pattern(text: &str) -> Vec<PatternPart> {
    let folded = folded(text);
    let mut parts = Vec::new();
    let mut rest = folded.chars().peekable();
    while let Some(c) = rest.next() {
        parts.push(match c {
            '%' => PatternPart::AnyRun,
            '_' => PatternPart::AnyOne,
            '[' => {
                let inner: String = rest.by_ref().take_while(|c| *c != ']').collect();
                set(&inner)
            }
            c => PatternPart::Char(c),
        });
    }
    parts
}

/// `a-f`, `^a-f` or single characters; `=` stands for `-` in WQL (`[a=f]`).
fn set(inner: &str) -> PatternPart {
    let (inner, is_negated) = match inner.strip_prefix('^') {
        Some(rest) => (rest, true),
        None => (inner, false),
    };
    let chars: Vec<char> = inner.chars().collect();
    let mut ranges = Vec::new();
    let mut rest = chars.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        rest = match tail {
            ['-' | '=', last, more @ ..] => {
                ranges.push((*first, *last));
                more
            }
            more => {
                ranges.push((*first, *first));
                more
            }
        };
    }
    PatternPart::Set { ranges, is_negated }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
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

struct Token {
    kind: Kind,
    position: usize,
}

const SYMBOLS: [&str; 11] = ["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "*"];

fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
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

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
}

impl Parser {
    fn query(&mut self) -> Result<Query, QueryError> {
        self.keyword("SELECT")?;
        let mut properties = Vec::new();
        if !self.symbol("*") {
            properties.push(self.name("a property")?);
            while self.symbol(",") {
                properties.push(self.name("a property")?);
            }
        }
        self.keyword("FROM")?;
        let class = self.name("a class")?;
        let condition = if self.has_keyword("WHERE") {
            Some(self.any(0)?)
        } else {
            None
        };
        Ok(Query {
            class,
            properties,
            condition,
        })
    }

    fn any(&mut self, depth: usize) -> Result<Condition, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while self.has_keyword("OR") {
            parts.push(self.all(depth)?);
        }
        Ok(Condition::Any(parts))
    }

    fn all(&mut self, depth: usize) -> Result<Condition, QueryError> {
        let mut parts = vec![self.one(depth)?];
        while self.has_keyword("AND") {
            parts.push(self.one(depth)?);
        }
        Ok(Condition::All(parts))
    }

    fn one(&mut self, depth: usize) -> Result<Condition, QueryError> {
        if depth > MAX_DEPTH {
            return Err(self.unexpected("conditions are nested too deep"));
        }
        if self.has_keyword("NOT") {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.symbol("(") {
            let inner = self.any(depth + 1)?;
            if !self.symbol(")") {
                return Err(self.unexpected("a closing parenthesis is missing"));
            }
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Condition, QueryError> {
        // WQL also takes the constant first: 'HR' = Name.
        if let Some(literal) = self.literal() {
            let comparison = self.operator()?.mirrored();
            let name = self.name("a property")?;
            return Ok(Condition::Compare(name, comparison, literal));
        }
        let name = self.name("a property")?;
        if self.has_keyword("IS") {
            let is_negated = self.has_keyword("NOT");
            self.keyword("NULL")?;
            let is_null = Condition::IsNull(name);
            return Ok(is_null.negated_if(is_negated));
        }
        let is_negated = self.has_keyword("NOT");
        if self.has_keyword("LIKE") {
            let Some(Literal::Text(text)) = self.literal() else {
                return Err(self.unexpected("LIKE wants a text in quotes"));
            };
            let like = Condition::Like(name, pattern(&text));
            return Ok(like.negated_if(is_negated));
        }
        if is_negated {
            return Err(self.unexpected("NOT wants LIKE here"));
        }
        let comparison = self.operator()?;
        match self.literal() {
            Some(literal) => Ok(Condition::Compare(name, comparison, literal)),
            None => Err(self.unexpected("a value is missing: a text in quotes or a number")),
        }
    }

    fn operator(&mut self) -> Result<Comparison, QueryError> {
        const OPERATORS: [(&str, Comparison); 7] = [
            ("=", Comparison::Equal),
            ("<>", Comparison::Different),
            ("!=", Comparison::Different),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        for (symbol, comparison) in OPERATORS {
            if self.symbol(symbol) {
                return Ok(comparison);
            }
        }
        Err(self.unexpected("a comparison is missing: =, <>, <, >, <=, >= or LIKE"))
    }

    fn literal(&mut self) -> Option<Literal> {
        let literal = match self.peek()? {
            Kind::Text(text) => Literal::Text(text.clone()),
            Kind::Number(number) => Literal::Number(*number),
            Kind::Word(word) if word.eq_ignore_ascii_case("NULL") => Literal::Null,
            Kind::Word(word)
                if word.eq_ignore_ascii_case("TRUE") || word.eq_ignore_ascii_case("FALSE") =>
            {
                Literal::Text(word.clone())
            }
            Kind::Word(_) | Kind::Symbol(_) => return None,
        };
        self.next += 1;
        Some(literal)
    }

    fn name(&mut self, what: &str) -> Result<String, QueryError> {
        match self.peek() {
            Some(Kind::Word(word)) if !is_keyword(word) => {
                let word = word.clone();
                self.next += 1;
                Ok(word)
            }
            _ => Err(self.unexpected(&format!("the name of {what} is missing"))),
        }
    }

    fn keyword(&mut self, keyword: &str) -> Result<(), QueryError> {
        if self.has_keyword(keyword) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("{keyword} is missing")))
        }
    }

    fn has_keyword(&mut self, keyword: &str) -> bool {
        let is_next =
            matches!(self.peek(), Some(Kind::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(is_next);
        is_next
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Kind::Symbol(next)) if *next == symbol);
        self.next += usize::from(is_next);
        is_next
    }

    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn unexpected(&self, problem: &str) -> QueryError {
        let token = self.tokens.get(self.next);
        QueryError {
            position: token.map_or(self.end, |token| token.position),
            problem: problem.to_owned(),
        }
    }
}

impl Comparison {
    const fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::Different => self,
            Self::Less => Self::Greater,
            Self::Greater => Self::Less,
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
        }
    }
}

fn is_keyword(word: &str) -> bool {
    [
        "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "LIKE", "IS", "NULL",
    ]
    .iter()
    .any(|keyword| keyword.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holds(condition: &str) -> bool {
        let text = format!("select * from X where {condition}");
        let query = Query::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        query.matches(&|name| match name.to_lowercase().as_str() {
            "name" => Some("Fabrikam \"HR\" O'Neil\\x".to_owned()),
            "runnumber" => Some("10".to_owned()),
            "time" => Some("2026-03-01 10:00:00.000".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn conditions_that_hold() {
        for condition in [
            "RunNumber = 10",
            "runnumber = '10'",
            "RunNumber > 9",
            "RunNumber <> '9'",
            "RunNumber != 9",
            "9 < RunNumber",
            "RunNumber >= 10 AND RunNumber <= 10",
            "Time > '2026-02-28' and Time < \"2026-03-02\"",
            "Name = 'fabrikam \"hr\" o\\'neil\\\\x'",
            "Name = \"Fabrikam \\\"HR\\\" O'Neil\\\\x\"",
            "Name LIKE 'fab%'",
            "Name LIKE '%neil%'",
            "Name LIKE 'F_brikam%'",
            "Name LIKE '[d-g]abr%'",
            "Name LIKE '[^a-e]%x'",
            "Name NOT LIKE 'hr%'",
            "NOT Name LIKE 'hr%'",
            "Other IS NULL",
            "Name IS NOT NULL",
            "Name = 'x' OR RunNumber = 10 AND NOT (Name = 'y' OR Name = 'z')",
            "(RunNumber=10)",
        ] {
            assert!(holds(condition), "{condition}");
        }
    }

    #[test]
    fn conditions_that_do_not() {
        for condition in [
            "RunNumber = 9",
            "RunNumber < '10'",
            "Name LIKE 'Fabrikam'",
            "Name LIKE '_'",
            "Other = 'x'",
            "Other <> 'x'",
            "Name = NULL",
            "Name = 'x' AND RunNumber = 10 OR RunNumber = 11",
            "NOT RunNumber = 10",
        ] {
            assert!(!holds(condition), "{condition}");
        }
    }

    #[test]
    fn lists_and_classes_are_told() {
        let query = Query::parse("SELECT Name, Guid FROM MIIS_ManagementAgent").unwrap();
        assert_eq!(query.class, "MIIS_ManagementAgent");
        assert_eq!(query.properties, ["Name", "Guid"]);
        assert_eq!(query.unknown_property(&["guid", "NAME"]), None);
        let query = Query::parse("SELECT * FROM X WHERE NOT (A=1 OR B LIKE 'x')").unwrap();
        assert_eq!(query.unknown_property(&["A"]), Some("B"));
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, position) in [
            ("", 1),
            ("SELECT", 7),
            ("SELECT * MIIS_Server", 10),
            ("SELECT * FROM", 14),
            ("SELECT * FROM X WHERE", 22),
            ("SELECT * FROM X WHERE Name", 27),
            ("SELECT * FROM X WHERE Name =", 29),
            ("SELECT * FROM X WHERE Name = 'HR", 30),
            ("SELECT * FROM X WHERE Name = HR", 30),
            ("SELECT * FROM X WHERE (Name = 'HR'", 35),
            ("SELECT * FROM X WHERE Name = 'HR' AND", 38),
            ("SELECT * FROM X; DROP", 16),
            ("SELECT * FROM X Y", 17),
            ("SELECT , FROM X", 8),
            ("SELECT * FROM X WHERE A = 99999999999999999999", 27),
        ] {
            assert_eq!(Query::parse(text).unwrap_err().position, position, "{text}");
        }
        let deep = format!("SELECT * FROM X WHERE {}A=1", "(".repeat(10_000));
        assert!(Query::parse(&deep).is_err());
        let long = format!("SELECT * FROM X WHERE A='{}'", "x".repeat(MAX_QUERY_BYTES));
        assert!(Query::parse(&long).is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,80}") {
            Query::parse(&text).ok();
        }

        /// Every text can be asked for, if quotes and backslashes are escaped.
        #[test]
        fn escaped_texts_are_found(text in "\\PC{0,20}") {
            let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
            let query = Query::parse(&format!("SELECT * FROM X WHERE A = '{escaped}'")).unwrap();
            prop_assert!(query.matches(&|_| Some(text.clone())));
        }
    }
}
