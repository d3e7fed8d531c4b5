//! What the doctor's list in the Connect dialog says.

use super::super::{Diagnosis, Finding, Station, StationVerdict};
use super::effects::sentence;

pub use super::watch::first_upper;

/// The heading of the list.
pub const TITLE: &str = "Doctor";
/// Begins an examination.
pub const CHECK: &str = "Check the way";
/// Begins another one.
pub const CHECK_AGAIN: &str = "Check again";
/// What that means.
pub const CHECK_HELP: &str =
    "Looks at name, port, certificate, log-on and rights one after the other, and changes nothing";
/// Begins an examination after connecting has failed.
pub const WHY: &str = "Find out why";
/// Ends an examination that goes on.
pub const STOP: &str = "Stop checking";
/// Whether an order is tried, too.
pub const TRY_ORDER: &str = "Also check the right to run profiles";
/// What that means.
pub const TRY_ORDER_HELP: &str =
    "Orders a run profile with a name that no agent has, so that nothing runs";
/// Why no order was tried.
pub const ORDER_NOT_TRIED: &str = "Tried only when it is ticked below";
/// Takes the list to the clipboard.
pub const COPY: &str = "Copy";
/// What that is called for a screen reader.
pub const COPY_NAME: &str = "Copy what the doctor found";
/// Nothing was found yet.
pub const BEGINS: &str = "Looks for the password and the server";
/// A station that nobody has looked at.
pub const NOT_YET: &str = "Not yet";
/// A station that is being looked at.
pub const CHECKING: &str = "Checking";

/// What came out, as one word.
pub const fn verdict(verdict: StationVerdict) -> &'static str {
    match verdict {
        StationVerdict::Passed => "Passed",
        StationVerdict::Failed => "Failed",
        StationVerdict::Unknown => "Not known",
        StationVerdict::LeftOut => "Left out",
    }
}

/// What came out at a station, with the station, for a screen reader.
pub fn spoken(title: &str, verdict: &str) -> String {
    format!("{title}: {verdict}")
}

/// What to do.
pub fn remedy(remedy: &str) -> String {
    format!("To do: {}", sentence(remedy))
}

/// How it stands.
pub fn counts(diagnosis: &Diagnosis) -> String {
    let all = diagnosis.stations.len();
    let passed = diagnosis.count(StationVerdict::Passed);
    let mut parts = vec![format!("{passed} of {all} passed")];
    for (count, word) in [
        (diagnosis.count(StationVerdict::Failed), "failed"),
        (diagnosis.count(StationVerdict::Unknown), "not known"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    parts.join(", ")
}

/// The whole list as text, to be sent to somebody.
pub fn report(host: &str, diagnosis: &Diagnosis) -> String {
    let mut lines = vec![format!("{host}: {}", counts(diagnosis))];
    lines.extend(diagnosis.problem.clone());
    for Station { title, finding } in &diagnosis.stations {
        let Some(Finding {
            verdict: found,
            text,
            remedy: to_do,
        }) = finding
        else {
            lines.push(spoken(title, NOT_YET));
            continue;
        };
        lines.push(format!("{}. {text}", spoken(title, verdict(*found))));
        lines.extend(to_do.as_deref().map(remedy));
    }
    lines.join("\n")
}

/// The words of the command line in a sentence, and those of the dialog for the same.
const OPTIONS: [(&str, &str); 12] = [
    (" (--ca-file)", " as “CA file”"),
    ("or its fingerprint (--pin)", "or trust it"),
    ("leave --tls out", "untick “Use HTTPS”"),
    (" (--tls)", ""),
    (" (--auth negotiate)", ", such as Negotiate"),
    (
        "allow it with --allow-unencrypted",
        "tick “Go on where nothing is encrypted”",
    ),
    ("--allow-unencrypted", "“Go on where nothing is encrypted”"),
    ("use --auth ntlm", "choose NTLM"),
    ("use --auth negotiate", "choose Negotiate"),
    ("use --auth kerberos", "choose Kerberos"),
    ("use --auth basic", "choose Basic"),
    (" (--auth)", ""),
];

/// A sentence that was made for the command line, in the words of the dialog.
pub fn in_window(sentence: &str) -> String {
    let mut words = sentence.to_owned();
    for (option, word) in OPTIONS {
        if words.contains(option) {
            words = words.replace(option, word);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_the_command_line_become_words_of_the_dialog() {
        for (sentence, expected) in [
            ("use HTTPS (--tls)", "use HTTPS"),
            (
                "use --auth ntlm for a local account",
                "choose NTLM for a local account",
            ),
            (
                "use https, or allow it with --allow-unencrypted",
                "use https, or tick “Go on where nothing is encrypted”",
            ),
            (
                "name the certificate file of its authority (--ca-file), or its fingerprint (--pin)",
                "name the certificate file of its authority as “CA file”, or trust it",
            ),
            ("is WinRM started?", "is WinRM started?"),
        ] {
            assert_eq!(in_window(sentence), expected);
        }
    }
}
