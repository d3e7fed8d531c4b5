//! What a run host is told: the document, the server and the password, as one JSON document.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::secret::Secret;
use crate::format;
use crate::launch::{Document, DocumentError, Target, WinrmTarget, WmiTarget};
use crate::model::{Authentication, LogLevel, ResourceUris};
use crate::run::RunPart;

/// The version of the order; both ends are the same program, unless it was replaced meanwhile.
const VERSION: u32 = 4;

/// The longest order: the largest file with every character escaped, and room for the rest.
pub const MAX_ORDER_BYTES: u64 = format::MAX_FILE_BYTES as u64 * 6 + (1 << 20);

/// A run that somebody else is to host. Its password shows itself to nobody.
#[derive(Debug, Clone)]
pub struct HostOrder {
    /// The sequence file's text, as it would be saved.
    pub xml: String,
    /// The file, absolute; `None` when the document was never saved.
    pub file: Option<PathBuf>,
    /// The folder from which relative paths count when there is no file; it gets the log.
    pub folder: PathBuf,
    /// The server.
    pub target: Target,
    /// The password of the target's account.
    pub password: Option<Secret>,
    /// The log file, if it is not the one that the document names.
    pub log: Option<PathBuf>,
    /// How much is logged, if not as the document says.
    pub level: Option<LogLevel>,
    /// The process that gives the order: two windows may run two documents that were never saved.
    pub owner: u32,
    /// Names the document among those of that process, for the same reason.
    pub document: u64,
    /// The part that was asked for, when that is not all; the rest is switched off in `xml`.
    pub part: Option<RunPart>,
}

/// Why an order cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// It is not one.
    #[error("the order for a run is not understood")]
    NotAnOrder(#[source] serde_json::Error),
    /// Another version gave it.
    #[error(
        "the order for a run has version {0}, this program knows version {VERSION}; restart the \
         designer"
    )]
    Version(u32),
    /// A path has no JSON form.
    #[error("the order for a run cannot be written: a path is not Unicode")]
    NotUnicode(#[source] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    version: u32,
    xml: Cow<'a, str>,
    file: Option<Cow<'a, Path>>,
    folder: Cow<'a, Path>,
    target: WireTarget<'a>,
    password: Option<Cow<'a, str>>,
    log: Option<Cow<'a, Path>>,
    level: Option<Cow<'a, str>>,
    owner: u32,
    document: u64,
    part: Option<RunPart>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "transport", rename_all = "kebab-case", deny_unknown_fields)]
enum WireTarget<'a> {
    Winrm {
        host: Cow<'a, str>,
        user: Option<Cow<'a, str>>,
        auth: Cow<'a, str>,
        tls: bool,
        port: Option<u16>,
        ca_file: Option<Cow<'a, Path>>,
        pin: Option<Cow<'a, str>>,
        allow_unencrypted: bool,
        resource_uris: Cow<'a, str>,
    },
    Wmi {
        host: Option<Cow<'a, str>>,
        user: Option<Cow<'a, str>>,
    },
    Demo {
        scenario: Option<Cow<'a, Path>>,
    },
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl HostOrder {
    /// The order as JSON; it holds the password, so it goes into a pipe and nowhere else.
    ///
    /// # Errors
    /// [`OrderError::NotUnicode`].
    pub fn to_json(&self) -> Result<Secret, OrderError> {
        let wire = Wire {
            version: VERSION,
            xml: Cow::Borrowed(&self.xml),
            file: self.file.as_deref().map(Cow::Borrowed),
            folder: Cow::Borrowed(&self.folder),
            target: WireTarget::of(&self.target),
            password: self
                .password
                .as_ref()
                .map(|password| Cow::Borrowed(password.reveal())),
            log: self.log.as_deref().map(Cow::Borrowed),
            level: self.level.map(|level| Cow::Borrowed(level.as_str())),
            owner: self.owner,
            document: self.document,
            part: self.part,
        };
        serde_json::to_string(&wire)
            .map(Secret::new)
            .map_err(OrderError::NotUnicode)
    }

    /// Reads an order.
    ///
    /// # Errors
    /// [`OrderError`]; no part of the order is in its words.
    pub fn of_json(json: &Secret) -> Result<Self, OrderError> {
        let version: Version =
            serde_json::from_str(json.reveal()).map_err(|error| not_an_order(&error))?;
        if version.version != VERSION {
            return Err(OrderError::Version(version.version));
        }
        let wire: Wire<'_> =
            serde_json::from_str(json.reveal()).map_err(|error| not_an_order(&error))?;
        Ok(Self {
            xml: wire.xml.into_owned(),
            file: wire.file.map(Cow::into_owned),
            folder: wire.folder.into_owned(),
            target: wire.target.into_target(),
            password: wire
                .password
                .map(|password| Secret::new(password.into_owned())),
            log: wire.log.map(Cow::into_owned),
            level: wire.level.and_then(|word| LogLevel::from_word(&word)),
            owner: wire.owner,
            document: wire.document,
            part: wire.part,
        })
    }

    /// The document of the order.
    ///
    /// # Errors
    /// [`DocumentError::Format`] when the text is no sequence.
    pub fn document(&self) -> Result<Document, DocumentError> {
        let file = self.file.clone().unwrap_or_else(|| {
            let name = format!("unsaved-{}-{}.xml", self.owner, self.document);
            self.folder.join(name)
        });
        Document::of_bytes(self.xml.as_bytes(), file)
    }
}

/// The words of the parser quote what they stumble over, which may be the password: only the place
/// is kept.
fn not_an_order(error: &serde_json::Error) -> OrderError {
    let place = format!("line {}, column {}", error.line(), error.column());
    OrderError::NotAnOrder(serde::de::Error::custom(place))
}

impl<'a> WireTarget<'a> {
    fn of(target: &'a Target) -> Self {
        match target {
            Target::Winrm(target) => Self::Winrm {
                host: Cow::Borrowed(&target.host),
                user: target.user.as_deref().map(Cow::Borrowed),
                auth: Cow::Borrowed(target.authentication.as_str()),
                tls: target.is_tls,
                port: target.port,
                ca_file: target.ca_file.as_deref().map(Cow::Borrowed),
                pin: target.pin.as_deref().map(Cow::Borrowed),
                allow_unencrypted: target.allow_unencrypted,
                resource_uris: Cow::Borrowed(target.resource_uris.as_str()),
            },
            Target::Wmi(target) => Self::Wmi {
                host: target.host.as_deref().map(Cow::Borrowed),
                user: target.user.as_deref().map(Cow::Borrowed),
            },
            Target::Demo { scenario } => Self::Demo {
                scenario: scenario.as_deref().map(Cow::Borrowed),
            },
        }
    }

    fn into_target(self) -> Target {
        match self {
            Self::Winrm {
                host,
                user,
                auth,
                tls,
                port,
                ca_file,
                pin,
                allow_unencrypted,
                resource_uris,
            } => Target::Winrm(WinrmTarget {
                host: host.into_owned(),
                user: user.map(Cow::into_owned),
                authentication: authentication(&auth),
                is_tls: tls,
                port,
                ca_file: ca_file.map(Cow::into_owned),
                pin: pin.map(Cow::into_owned),
                allow_unencrypted,
                // Both ends are the same program, so an unknown word cannot come.
                resource_uris: ResourceUris::from_word(&resource_uris).unwrap_or_default(),
            }),
            Self::Wmi { host, user } => Target::Wmi(WmiTarget {
                host: host.map(Cow::into_owned),
                user: user.map(Cow::into_owned),
            }),
            Self::Demo { scenario } => Target::Demo {
                scenario: scenario.map(Cow::into_owned),
            },
        }
    }
}

/// Both ends are the same program, so an unknown word cannot come.
fn authentication(word: &str) -> Authentication {
    let mut all = Authentication::ALL.into_iter();
    all.find(|one| one.as_str() == word).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::base::error_chain;

    use super::*;

    fn order(target: Target) -> HostOrder {
        HostOrder {
            part: Some(RunPart {
                thread: 1,
                first_step: 2,
            }),
            xml: "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"/>".to_owned(),
            file: None,
            folder: PathBuf::from("/data/unsaved"),
            target,
            password: Some(Secret::new("hunter2".to_owned())),
            log: None,
            level: Some(LogLevel::Detail),
            owner: 7,
            document: 3,
        }
    }

    #[test]
    fn orders_survive_the_pipe() {
        let winrm = Target::Winrm(WinrmTarget {
            host: "mim01".to_owned(),
            user: Some("CORP\\svc".to_owned()),
            authentication: Authentication::Kerberos,
            is_tls: true,
            port: Some(5986),
            ca_file: Some(PathBuf::from("/ca.pem")),
            pin: Some("ab".to_owned()),
            allow_unencrypted: false,
            resource_uris: ResourceUris::Dmtf,
        });
        let demo = Target::Demo {
            scenario: Some(PathBuf::from("/s.toml")),
        };
        let wmi = Target::Wmi(WmiTarget {
            host: Some("mim01".to_owned()),
            user: None,
        });
        for target in [winrm, wmi, demo, Target::Demo { scenario: None }] {
            let sent = order(target);
            let json = sent.to_json().unwrap();
            let read = HostOrder::of_json(&json).unwrap();
            assert_eq!(read.target, sent.target);
            assert_eq!(read.xml, sent.xml);
            assert_eq!(read.level, sent.level);
            assert_eq!(read.password.unwrap().reveal(), "hunter2");
        }
    }

    #[test]
    fn a_document_that_was_never_saved_lies_in_the_folder_of_the_order() {
        let mut order = order(Target::Demo { scenario: None });
        let document = order.document().unwrap();
        assert_eq!(
            document.file,
            PathBuf::from("/data/unsaved/unsaved-7-3.xml")
        );
        assert_eq!(document.folder, PathBuf::from("/data/unsaved"));
        order.document = 4;
        let other = order.document().unwrap();
        assert_ne!(other.file, document.file, "each has a lock of its own");
        order.file = Some(PathBuf::from("/jobs/a.xml"));
        assert_eq!(order.document().unwrap().folder, PathBuf::from("/jobs"));
        order.xml = "<other/>".to_owned();
        let error = error_chain::one_line(&order.document().unwrap_err());
        assert!(error.contains("a.xml` is not a usable"), "{error}");
    }

    #[test]
    fn nothing_of_an_order_is_in_words_about_it() {
        let order = order(Target::Demo { scenario: None });
        assert!(!format!("{order:?}").contains("hunter2"));
        let json = order.to_json().unwrap();
        for (from, to) in [
            ("\"owner\":7", "\"owner\":\"hunter2\""),
            ("\"version\":4", "\"version\":1"),
            ("\"password\":\"hunter2\"", "\"password\":{\"hunter2\":1}"),
            ("\"owner\"", "\"hunter2\""),
        ] {
            let broken = json.reveal().replacen(from, to, 1);
            assert_ne!(broken, json.reveal());
            let error = HostOrder::of_json(&Secret::new(broken)).unwrap_err();
            let text = format!("{} {error:?}", error_chain::one_line(&error));
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
