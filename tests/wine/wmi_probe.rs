//! Tries our WMI on what every Windows has, and Wine in its place: a query, a method with arguments,
//! and failures with their codes. Its exit code says whether all went as it must.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use masequencer::base::secret::Secret;
use masequencer::wmi::{
    Account, Caller, Limits, MethodCall, Opener, Place, Row, Value, WmiError, system,
};

const PATIENCE: Duration = Duration::from_secs(60);
const CIMV2: &str = r"root\cimv2";
/// `HKEY_LOCAL_MACHINE`, whose uppermost bit shows whether a `uint32` arrives whole.
const LOCAL_MACHINE: u32 = 0x8000_0002;

fn main() -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
    else {
        return ExitCode::from(2);
    };
    let lines = runtime.block_on(probe());
    let mut out = std::io::stdout();
    let is_good = lines.iter().all(|(is_good, _)| *is_good);
    for (is_good, line) in lines {
        let word = if is_good { "pass" } else { "FAIL" };
        if writeln!(out, "{word} {line}").is_err() {
            return ExitCode::from(2);
        }
    }
    ExitCode::from(u8::from(!is_good))
}

async fn probe() -> Vec<(bool, String)> {
    let mut lines = Vec::new();
    let mut tell = |what: &str, is_good: bool, seen: String| {
        lines.push((is_good, format!("{what}: {seen}")));
    };

    let rows = query(
        place(None, CIMV2),
        "select Caption, Version from Win32_OperatingSystem",
    )
    .await;
    let has_version =
        |rows: &Vec<Row>| rows.len() == 1 && rows.iter().all(|row| row.value("version").is_some());
    tell("a query", rows.as_ref().is_ok_and(has_version), show(&rows));

    let rows = query(place(None, CIMV2), "select * from Win32_Process").await;
    let has_numbers = |rows: &Vec<Row>| {
        !rows.is_empty()
            && rows.iter().all(|row| {
                row.value("ProcessId")
                    .is_some_and(|id| id.parse::<i64>().is_ok())
            })
    };
    let seen = rows.as_ref().map(Vec::len);
    tell(
        "a query for many objects with numbers",
        rows.as_ref().is_ok_and(has_numbers),
        format!("{seen:?} objects"),
    );

    let row = method(place(None, CIMV2), "ProductName").await;
    let has_value = |row: &Row| {
        row.value("ReturnValue") == Some("0")
            && row.value("sValue").is_some_and(|text| !text.is_empty())
    };
    tell(
        "a method with arguments",
        row.as_ref().is_ok_and(has_value),
        show(&row),
    );

    let row = method(place(None, CIMV2), "no such value").await;
    let is_refused = |row: &Row| {
        row.value("sValue").unwrap_or_default().is_empty() && row.value("ReturnValue") != Some("0")
    };
    tell(
        "a method that fails",
        row.as_ref().is_ok_and(is_refused),
        show(&row),
    );

    let rows = query(
        place(Some("localhost"), CIMV2),
        "select Name from Win32_ComputerSystem",
    )
    .await;
    tell("another machine, logged-on user", rows.is_ok(), show(&rows));

    for (what, place, wql, code) in [
        (
            "no such namespace",
            place(None, r"root\nothing"),
            "select * from A",
            0x8004_100E_u32,
        ),
        ("no query", place(None, CIMV2), "selekt", 0x8004_1017),
    ] {
        let result = query(place, wql).await;
        let is_good = result.as_ref().is_err_and(|error| error.code == Some(code));
        tell(what, is_good, show(&result));
    }

    // What comes of it differs between systems; that it comes back is what is tried.
    let stranger = Place {
        account: Some(Account {
            user: r"NOWHERE\nobody".to_owned(),
            password: Secret::new("wrong".to_owned()),
        }),
        ..place(Some("127.0.0.1"), CIMV2)
    };
    let result = query(stranger, "select Name from Win32_ComputerSystem").await;
    let is_good = result.as_ref().is_err_and(WmiError::nothing_was_done);
    tell("another machine, a stranger", is_good, show(&result));
    lines
}

fn place(host: Option<&str>, namespace: &str) -> Place {
    Place {
        host: host.map(str::to_owned),
        namespace: namespace.to_owned(),
        account: None,
    }
}

fn caller(place: Place) -> Result<Caller, WmiError> {
    let opener: Arc<dyn Opener> = Arc::from(system(place)?);
    Ok(Caller::new(opener, Limits::default()))
}

async fn query(place: Place, wql: &str) -> Result<Vec<Row>, WmiError> {
    caller(place)?.query(wql, PATIENCE).await
}

async fn method(place: Place, value: &str) -> Result<Row, WmiError> {
    let key = r"Software\Microsoft\Windows NT\CurrentVersion";
    let call = MethodCall {
        class: "StdRegProv".to_owned(),
        object: "StdRegProv".to_owned(),
        method: "GetStringValue".to_owned(),
        arguments: vec![
            ("hDefKey".to_owned(), Value::Number(LOCAL_MACHINE)),
            ("sSubKeyName".to_owned(), Value::Text(key.to_owned())),
            ("sValueName".to_owned(), Value::Text(value.to_owned())),
        ],
    };
    caller(place)?.call(call, PATIENCE).await
}

fn show<T: std::fmt::Debug>(result: &Result<T, WmiError>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}
