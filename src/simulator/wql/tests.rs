//! What queries mean, and where they are wrong.

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
