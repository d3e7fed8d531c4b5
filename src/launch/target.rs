//! Which server a run talks to: what the sequence file says, and over it the command line.
//!
//! Pure: decides from settings alone, before anything is asked or opened.

use std::path::{Path, PathBuf};

use crate::model::{Authentication, ResourceUris, ServerSettings, Transport};
use crate::service::{ServiceError, ServiceErrorKind};
use crate::wsman::{Scheme, SingleSignOn};

/// What a command line says about the server; what it leaves open, the file decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerOverrides {
    /// A host name, an address or a URL; also ends the file's `demo`.
    pub host: Option<String>,
    /// Use the bundled simulator, whatever the file says.
    pub is_demo: bool,
    /// How the server is spoken to; `None` leaves it to the file, anything else ends its `demo`.
    pub transport: Option<Transport>,
    /// The account, `[DOMAIN\]user`.
    pub user: Option<String>,
    /// How the account is proved; `None` leaves it to the file.
    pub authentication: Option<Authentication>,
    /// The TCP port.
    pub port: Option<u16>,
    /// Use HTTPS; `false` leaves it to the file.
    pub is_tls: bool,
    /// A PEM file of authorities; a relative path counts from the current directory.
    pub ca_file: Option<PathBuf>,
    /// The SHA-256 of the only certificate to trust.
    pub pin: Option<String>,
    /// Allow the password over unencrypted HTTP; `false` leaves it to the file.
    pub allow_unencrypted: bool,
    /// How classes are written as URIs; `None` leaves it to the file.
    pub resource_uris: Option<ResourceUris>,
    /// The scenario file of the bundled simulator.
    pub scenario: Option<PathBuf>,
}

impl ServerOverrides {
    /// What a file says about the server with these over it, as [`Target::decide`] joins them; for
    /// the rules, which are to judge what will be done.
    pub fn over(&self, file: &ServerSettings) -> ServerSettings {
        let mut joined = file.clone();
        if let Some(host) = &self.host {
            if host.contains("://") {
                joined.port = None;
                joined.tls = false;
            }
            joined.host = Some(host.clone());
            joined.transport = Transport::Auto;
        }
        joined.transport = self.transport.unwrap_or(joined.transport);
        if self.is_demo {
            joined.transport = Transport::Demo;
        }
        let ca_file = self.ca_file.as_ref();
        let ca_file = ca_file.map(|file| file.display().to_string());
        joined.authentication = self.authentication.unwrap_or(joined.authentication);
        joined.user = self.user.clone().or(joined.user);
        joined.port = self.port.or(joined.port);
        joined.ca_file = ca_file.or(joined.ca_file);
        joined.pin = self.pin.clone().or(joined.pin);
        joined.tls |= self.is_tls;
        joined.allow_unencrypted |= self.allow_unencrypted;
        joined.resource_uris = self.resource_uris.unwrap_or(joined.resource_uris);
        joined
    }
}

/// The server of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A server over WS-Management.
    Winrm(WinrmTarget),
    /// This machine or another over WMI; on Windows only.
    Wmi(WmiTarget),
    /// The bundled simulator, started for this call.
    Demo {
        /// Its scenario file; `None` is the small company.
        scenario: Option<PathBuf>,
    },
}

/// A server over WS-Management and how it is spoken to; the password is found later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WinrmTarget {
    /// A host name, an address or a URL.
    pub host: String,
    /// The account; `None` is whoever is logged on here.
    pub user: Option<String>,
    /// How the account is proved.
    pub authentication: Authentication,
    /// Whether HTTPS is used; a URL in `host` says it by itself.
    pub is_tls: bool,
    /// The TCP port, if not the usual one.
    pub port: Option<u16>,
    /// A PEM file of authorities to trust, resolved.
    pub ca_file: Option<PathBuf>,
    /// The SHA-256 of the only certificate to trust.
    pub pin: Option<String>,
    /// Whether the password may go over unencrypted HTTP.
    pub allow_unencrypted: bool,
    /// How classes are written as URIs.
    pub resource_uris: ResourceUris,
}

/// A server over WMI; the password is found later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WmiTarget {
    /// Another machine; `None` is this one.
    pub host: Option<String>,
    /// An account of another machine; `None` is the logged-on user.
    pub user: Option<String>,
}

impl Target {
    /// The account whose password is needed, if one is.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Winrm(target) => target.user.as_deref(),
            Self::Wmi(target) => target.user.as_deref(),
            Self::Demo { .. } => None,
        }
    }

    /// Joins the settings of a file with those of the command line; `folder` is the file's own, from
    /// which its relative paths count.
    ///
    /// # Errors
    /// [`ServiceErrorKind::Settings`] when no server or no account is named, or this system does not
    /// have the transport.
    pub fn decide(
        settings: &ServerSettings,
        overrides: &ServerOverrides,
        folder: &Path,
    ) -> Result<Self, ServiceError> {
        let here = Abilities {
            has_wmi: cfg!(windows),
            logged_on: SingleSignOn::HERE,
        };
        Self::decide_where(settings, overrides, folder, here)
    }

    /// As [`Self::decide`], on a system that can do this.
    fn decide_where(
        settings: &ServerSettings,
        overrides: &ServerOverrides,
        folder: &Path,
        here: Abilities,
    ) -> Result<Self, ServiceError> {
        let host = overrides.host.as_deref().or(settings.host.as_deref());
        let host = host.map(str::trim).filter(|host| !host.is_empty());
        let transport = overrides.transport.unwrap_or(settings.transport);
        let is_demo =
            overrides.is_demo || (overrides.host.is_none() && transport == Transport::Demo);
        if is_demo {
            return Ok(Self::Demo {
                scenario: overrides.scenario.clone(),
            });
        }
        let user = overrides.user.as_deref().or(settings.user.as_deref());
        let user = user.map(str::trim).filter(|user| !user.is_empty());
        let is_wmi = match transport {
            // A host on the command line ends the file's transport along with the file's host.
            Transport::Wmi => overrides.transport.is_some() || overrides.host.is_none(),
            Transport::Auto => host.is_none() && here.has_wmi,
            Transport::Winrm | Transport::Demo => false,
        };
        if is_wmi && !here.has_wmi {
            return Err(error(NO_WMI));
        }
        if is_wmi {
            return Ok(Self::Wmi(WmiTarget {
                host: host.map(str::to_owned),
                // On this machine it is the logged-on user, whoever is named.
                user: user.filter(|_| host.is_some()).map(str::to_owned),
            }));
        }
        let Some(host) = host else {
            return Err(error(NO_SERVER));
        };
        let authentication = overrides.authentication.unwrap_or(settings.authentication);
        if user.is_none() && !here.logged_on.proves(scheme(authentication)) {
            return Err(error(&no_account(host, authentication, here.logged_on)));
        }
        // A URL on the command line says all about the way; the file's port and encryption belong
        // to the file's host.
        let is_complete = overrides.host.is_some() && host.contains("://");
        Ok(Self::Winrm(WinrmTarget {
            host: host.to_owned(),
            user: user.map(str::to_owned),
            authentication,
            is_tls: overrides.is_tls || (settings.tls && !is_complete),
            port: overrides
                .port
                .or_else(|| settings.port.filter(|_| !is_complete)),
            ca_file: overrides
                .ca_file
                .clone()
                .or_else(|| settings.ca_file.as_ref().map(|file| folder.join(file))),
            pin: overrides.pin.clone().or_else(|| settings.pin.clone()),
            allow_unencrypted: overrides.allow_unencrypted || settings.allow_unencrypted,
            resource_uris: overrides.resource_uris.unwrap_or(settings.resource_uris),
        }))
    }
}

const NO_SERVER: &str = "no server is named; give one with --server (or /s:), or as `host` of the \
                         file's <server>; --demo runs on the bundled simulator";
const NO_WMI: &str = "the transport `wmi` is asked for, which is part of Windows only; use \
                      `winrm` and name the server";

/// What this system can do.
#[derive(Debug, Clone, Copy)]
struct Abilities {
    has_wmi: bool,
    /// By what whoever is logged on can be proved.
    logged_on: SingleSignOn,
}

/// Why the logged-on user will not do.
fn no_account(host: &str, authentication: Authentication, logged_on: SingleSignOn) -> String {
    let remedy = "give one with --user (or /u:), or as `user` of the file's <server>";
    match (authentication, logged_on) {
        (Authentication::Basic, _) => {
            format!("no account is named for `{host}`, and Basic needs one; {remedy}")
        }
        (_, SingleSignOn::Nothing) => format!(
            "no account is named for `{host}`; {remedy}; to sign on as whoever is logged on, this \
             program must be built with the feature gssapi"
        ),
        (_, SingleSignOn::Kerberos | SingleSignOn::NtlmToo) => format!(
            "no account is named for `{host}`, and NTLM needs one here; {remedy}, or use --auth \
             kerberos"
        ),
    }
}

pub(super) const fn scheme(authentication: Authentication) -> Scheme {
    match authentication {
        Authentication::Auto => Scheme::Auto,
        Authentication::Basic => Scheme::Basic,
        Authentication::Ntlm => Scheme::Ntlm,
        Authentication::Negotiate => Scheme::Negotiate,
        Authentication::Kerberos => Scheme::Kerberos,
    }
}

fn error(sentence: &str) -> ServiceError {
    ServiceError {
        context: sentence.to_owned(),
        kind: ServiceErrorKind::Settings,
        source: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> ServerSettings {
        ServerSettings {
            host: Some("mim01".to_owned()),
            user: Some("CORP\\svc".to_owned()),
            ca_file: Some("ca.pem".to_owned()),
            port: Some(15985),
            resource_uris: ResourceUris::Dmtf,
            ..ServerSettings::default()
        }
    }

    const BARE: Abilities = Abilities {
        has_wmi: false,
        logged_on: SingleSignOn::Nothing,
    };
    const WINDOWS: Abilities = Abilities {
        has_wmi: true,
        logged_on: SingleSignOn::NtlmToo,
    };

    fn decide(settings: &ServerSettings, overrides: &ServerOverrides) -> Result<Target, String> {
        Target::decide_where(settings, overrides, Path::new("/jobs"), BARE)
            .map_err(|error| error.context)
    }

    #[test]
    fn windows_reaches_its_own_service_by_wmi_as_whoever_is_logged_on() {
        let on_windows = |settings: &ServerSettings, overrides: &ServerOverrides| {
            Target::decide_where(settings, overrides, Path::new("/jobs"), WINDOWS).unwrap()
        };
        let wmi = |host: Option<&str>, user: Option<&str>| {
            Target::Wmi(WmiTarget {
                host: host.map(str::to_owned),
                user: user.map(str::to_owned),
            })
        };
        let none = ServerOverrides::default();
        assert_eq!(
            on_windows(&ServerSettings::default(), &none),
            wmi(None, None)
        );
        let local = ServerSettings {
            host: None,
            ..file()
        };
        assert_eq!(on_windows(&local, &none), wmi(None, None));
        let remote = ServerSettings {
            transport: Transport::Wmi,
            ..file()
        };
        let target = on_windows(&remote, &none);
        assert_eq!(target, wmi(Some("mim01"), Some("CORP\\svc")));
        assert_eq!(target.account(), Some("CORP\\svc"));
        let elsewhere = ServerOverrides {
            host: Some("mim02".to_owned()),
            ..ServerOverrides::default()
        };
        assert!(matches!(
            on_windows(&remote, &elsewhere),
            Target::Winrm(target) if target.host == "mim02"
        ));
    }

    fn winrm(settings: &ServerSettings, overrides: &ServerOverrides) -> WinrmTarget {
        match decide(settings, overrides) {
            Ok(Target::Winrm(target)) => target,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let from_file = winrm(&file(), &ServerOverrides::default());
        assert_eq!(from_file.host, "mim01");
        assert_eq!(
            from_file.ca_file.as_deref(),
            Some(Path::new("/jobs/ca.pem"))
        );
        let overrides = ServerOverrides {
            host: Some("https://mim02/wsman".to_owned()),
            user: Some("other".to_owned()),
            ca_file: Some(PathBuf::from("mine.pem")),
            port: Some(5986),
            is_tls: true,
            resource_uris: Some(ResourceUris::Wmi),
            ..ServerOverrides::default()
        };
        let both = winrm(&file(), &overrides);
        assert_eq!(both.host, "https://mim02/wsman");
        assert_eq!(both.user.as_deref(), Some("other"));
        assert_eq!(both.ca_file.as_deref(), Some(Path::new("mine.pem")));
        assert_eq!(both.port, Some(5986));
        assert!(both.is_tls && !both.allow_unencrypted);
        assert_eq!(from_file.resource_uris, ResourceUris::Dmtf);
        assert_eq!(both.resource_uris, ResourceUris::Wmi);
    }

    #[test]
    fn a_url_on_the_command_line_says_all_about_the_way() {
        let settings = ServerSettings {
            tls: true,
            ..file()
        };
        for (host, port, is_tls) in [
            ("mim02", Some(15985), true),
            ("http://127.0.0.1:5985/wsman", None, false),
        ] {
            let overrides = ServerOverrides {
                host: Some(host.to_owned()),
                ..ServerOverrides::default()
            };
            let target = winrm(&settings, &overrides);
            assert_eq!((target.port, target.is_tls), (port, is_tls), "{host}");
        }
    }

    #[test]
    fn the_rules_judge_what_will_be_done() {
        let settings = ServerSettings {
            tls: true,
            authentication: Authentication::Basic,
            ..file()
        };
        assert_eq!(ServerOverrides::default().over(&settings), settings);
        let url = ServerOverrides {
            host: Some("http://127.0.0.1:1/wsman".to_owned()),
            authentication: Some(Authentication::Ntlm),
            pin: Some("ab".to_owned()),
            resource_uris: Some(ResourceUris::Auto),
            ..ServerOverrides::default()
        };
        let joined = url.over(&settings);
        assert_eq!((joined.tls, joined.port), (false, None));
        assert_eq!(joined.authentication, Authentication::Ntlm);
        assert_eq!(joined.pin.as_deref(), Some("ab"));
        assert_eq!(joined.resource_uris, ResourceUris::Auto);
        assert_eq!(joined.user, settings.user);
        let demo = ServerOverrides {
            is_demo: true,
            ..ServerOverrides::default()
        };
        assert_eq!(demo.over(&settings).transport, Transport::Demo);
        let wmi = ServerOverrides {
            host: Some("mim02".to_owned()),
            transport: Some(Transport::Wmi),
            ..ServerOverrides::default()
        };
        assert_eq!(wmi.over(&settings).transport, Transport::Wmi);
    }

    #[test]
    fn the_demo_is_chosen_by_switch_or_file_and_ended_by_a_server() {
        let switch = ServerOverrides {
            is_demo: true,
            ..ServerOverrides::default()
        };
        assert_eq!(
            decide(&file(), &switch),
            Ok(Target::Demo { scenario: None })
        );
        let demo_file = ServerSettings {
            transport: Transport::Demo,
            ..file()
        };
        assert_eq!(
            decide(&demo_file, &ServerOverrides::default()),
            Ok(Target::Demo { scenario: None })
        );
        let server = ServerOverrides {
            host: Some("mim02".to_owned()),
            ..ServerOverrides::default()
        };
        assert_eq!(winrm(&demo_file, &server).host, "mim02");
    }

    #[test]
    fn the_transport_of_the_command_line_counts() {
        let wmi_file = ServerSettings {
            transport: Transport::Wmi,
            ..file()
        };
        let demo_file = ServerSettings {
            transport: Transport::Demo,
            ..file()
        };
        for (settings, transport, host, expected) in [
            (&wmi_file, None, None, None),
            (&wmi_file, Some(Transport::Winrm), None, Some("mim01")),
            (&wmi_file, None, Some("mim02"), Some("mim02")),
            (&demo_file, Some(Transport::Winrm), None, Some("mim01")),
            (&demo_file, Some(Transport::Wmi), Some("mim02"), None),
            (&file(), Some(Transport::Wmi), None, None),
            (&file(), Some(Transport::Auto), None, Some("mim01")),
        ] {
            let overrides = ServerOverrides {
                host: host.map(str::to_owned),
                transport,
                ..ServerOverrides::default()
            };
            let decided = decide(settings, &overrides);
            let shown = format!("{:?} {transport:?} {host:?}", settings.transport);
            match (decided, expected) {
                (Ok(Target::Winrm(target)), Some(host)) => assert_eq!(target.host, host, "{shown}"),
                (Err(sentence), None) => assert!(sentence.contains("`wmi`"), "{shown}: {sentence}"),
                (other, _) => panic!("{shown}: {other:?}"),
            }
        }
    }

    #[test]
    fn without_a_user_it_is_who_is_logged_on_where_the_system_can_tell() {
        let tickets = Abilities {
            logged_on: SingleSignOn::Kerberos,
            ..BARE
        };
        use Authentication::{Auto, Basic, Kerberos, Negotiate, Ntlm};
        for (here, authentication, refusal) in [
            (tickets, Auto, None),
            (tickets, Negotiate, None),
            (tickets, Kerberos, None),
            (tickets, Ntlm, Some("NTLM needs one here")),
            (tickets, Basic, Some("Basic needs one")),
            (WINDOWS, Auto, None),
            (WINDOWS, Ntlm, None),
            (WINDOWS, Basic, Some("Basic needs one")),
            (BARE, Kerberos, Some("feature gssapi")),
            (BARE, Basic, Some("Basic needs one")),
        ] {
            let settings = ServerSettings {
                user: None,
                authentication,
                ..file()
            };
            let none = ServerOverrides::default();
            let decided = Target::decide_where(&settings, &none, Path::new("/jobs"), here);
            match (decided, refusal) {
                (Ok(target @ Target::Winrm(_)), None) => assert_eq!(target.account(), None),
                (Err(error), Some(part)) => {
                    assert!(error.context.contains(part), "{}", error.context);
                    assert!(error.context.contains("--user"), "{}", error.context);
                }
                (other, _) => panic!("{here:?} {authentication:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        for (settings, part) in [
            (ServerSettings::default(), "no server is named"),
            (
                ServerSettings {
                    host: Some(" ".to_owned()),
                    ..file()
                },
                "no server is named",
            ),
            (
                ServerSettings {
                    user: None,
                    ..file()
                },
                "no account is named for `mim01`",
            ),
            (
                ServerSettings {
                    transport: Transport::Wmi,
                    ..file()
                },
                "part of Windows only",
            ),
        ] {
            let error = decide(&settings, &ServerOverrides::default()).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
