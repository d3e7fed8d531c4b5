//! Reads a query, by recursive descent with a limit to its depth.

use super::pattern::pattern;
use super::query::{Comparison, Condition, Literal, Query};
use super::token::{Kind, Token, tokens};

/// The longest query that is read.
pub const MAX_QUERY_BYTES: usize = 16 * 1024;

/// How deep conditions may nest.
const MAX_DEPTH: usize = 64;

/// Why a text is no query; one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the query is not valid at character {position}: {problem}")]
pub struct QueryError {
    /// Where, in characters from 1.
    pub position: usize,
    /// What is wrong.
    pub problem: String,
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

fn is_keyword(word: &str) -> bool {
    [
        "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "LIKE", "IS", "NULL",
    ]
    .iter()
    .any(|keyword| keyword.eq_ignore_ascii_case(word))
}
