//! The Connect dialog: everything about the way to a server, as it is being typed.
//!
//! The password is not here: it lies with the server bar's own, so that there is one place to wipe.

use crate::model::{Authentication, ResourceUris, ServerSettings, Transport};

use super::diagnosis::Diagnosis;
use super::effect::PasswordOf;
use super::typed;

/// How a server is reached, as a person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConnectMethod {
    /// WS-Management over HTTP or HTTPS.
    #[default]
    Winrm,
    /// COM, on Windows only.
    Wmi,
    /// The bundled simulator.
    Demo,
}

impl ConnectMethod {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Winrm, Self::Wmi, Self::Demo];
}

/// Whether the system proves whoever is logged on here in this way, so that over WS-Management
/// neither user nor password is needed.
pub const fn signs_on_alone(authentication: Authentication) -> bool {
    match authentication {
        Authentication::Basic => false,
        Authentication::Ntlm => cfg!(windows),
        Authentication::Auto | Authentication::Negotiate | Authentication::Kerberos => {
            cfg!(any(windows, all(unix, feature = "gssapi")))
        }
    }
}

/// What the Connect dialog holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectForm {
    /// How the server is reached.
    pub method: ConnectMethod,
    /// Host name, address or URL.
    pub host: String,
    /// The port as typed; empty is the usual one.
    pub port: String,
    /// Whether HTTPS is used.
    pub tls: bool,
    /// How the account is proved.
    pub authentication: Authentication,
    /// The account.
    pub user: String,
    /// A PEM file of authorities to trust, as typed; empty is none.
    pub ca_file: String,
    /// The SHA-256 of the only certificate to trust.
    pub pin: Option<String>,
    /// Whether it goes on where nothing is encrypted.
    pub allow_unencrypted: bool,
    /// How classes are written as URIs.
    pub resource_uris: ResourceUris,
    /// Whether the password is to be kept in the system's store.
    pub remember: bool,
    /// The field that keeps it from connecting, since the last attempt.
    pub missing: Option<ConnectField>,
    /// Whether the doctor tries an order, too.
    pub is_order_tried: bool,
    /// What the doctor finds on this way.
    pub diagnosis: Option<Diagnosis>,
}

/// A field of the Connect dialog that something can be wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectField {
    /// No server is named.
    Host,
    /// The port is none.
    Port,
    /// No account is named.
    User,
    /// There is no password.
    Password,
}

impl ConnectForm {
    /// The form over these settings.
    pub fn of(settings: &ServerSettings) -> Self {
        Self {
            method: match settings.transport {
                Transport::Auto | Transport::Winrm => ConnectMethod::Winrm,
                Transport::Wmi => ConnectMethod::Wmi,
                Transport::Demo => ConnectMethod::Demo,
            },
            host: settings.host.clone().unwrap_or_default(),
            port: settings
                .port
                .map(|port| port.to_string())
                .unwrap_or_default(),
            tls: settings.tls,
            authentication: settings.authentication,
            user: settings.user.clone().unwrap_or_default(),
            ca_file: settings.ca_file.clone().unwrap_or_default(),
            pin: settings.pin.clone(),
            allow_unencrypted: settings.allow_unencrypted,
            resource_uris: settings.resource_uris,
            remember: false,
            missing: None,
            is_order_tried: false,
            diagnosis: None,
        }
    }

    /// Whether the way is encrypted by HTTPS: as it is ticked, or as the address says.
    pub fn is_encrypted(&self) -> bool {
        let host = self.host.trim().to_ascii_lowercase();
        host.starts_with("https://") || (self.tls && !host.starts_with("http://"))
    }

    /// Whether this method needs an account that is typed.
    pub fn needs_account(&self) -> bool {
        match self.method {
            ConnectMethod::Winrm => {
                !self.user.trim().is_empty() || !signs_on_alone(self.authentication)
            }
            // On this computer it is the one who is logged on.
            ConnectMethod::Wmi => !self.host.trim().is_empty() && !self.user.trim().is_empty(),
            ConnectMethod::Demo => false,
        }
    }

    /// Whose password is typed; `None` as long as server or account is not.
    pub fn account(&self) -> Option<PasswordOf> {
        let host = typed::optional_text(&self.host)?;
        let user = typed::optional_text(&self.user)?;
        Some(PasswordOf { user, host })
    }

    /// Whether the doctor examines the way just now.
    pub fn is_examined(&self) -> bool {
        let diagnosis = self.diagnosis.as_ref();
        diagnosis.is_some_and(|diagnosis| diagnosis.is_going_on)
    }

    /// The settings, or the field that keeps them from being some.
    ///
    /// # Errors
    /// The first such field from above.
    pub fn settings(&self) -> Result<ServerSettings, ConnectField> {
        let host = typed::optional_text(&self.host);
        let user = typed::optional_text(&self.user);
        if self.method == ConnectMethod::Demo {
            return Ok(ServerSettings {
                transport: Transport::Demo,
                ..ServerSettings::default()
            });
        }
        let is_winrm = self.method == ConnectMethod::Winrm;
        if is_winrm && host.is_none() {
            return Err(ConnectField::Host);
        }
        let port = typed::port(&self.port).map_err(|_sentence| ConnectField::Port)?;
        if is_winrm && user.is_none() && self.needs_account() {
            return Err(ConnectField::User);
        }
        let settings = ServerSettings {
            transport: if is_winrm {
                Transport::Auto
            } else {
                Transport::Wmi
            },
            host,
            user,
            ..ServerSettings::default()
        };
        if !is_winrm {
            return Ok(settings);
        }
        Ok(ServerSettings {
            tls: self.tls,
            port,
            authentication: self.authentication,
            // Where no certificate is shown there is none to trust or to pin.
            ca_file: typed::optional_text(&self.ca_file).filter(|_| self.is_encrypted()),
            pin: self.pin.clone().filter(|_| self.is_encrypted()),
            allow_unencrypted: self.allow_unencrypted,
            resource_uris: self.resource_uris,
            ..settings
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ConnectForm {
        ConnectForm {
            host: " mim01 ".to_owned(),
            user: "CORP\\svc".to_owned(),
            ..ConnectForm::default()
        }
    }

    #[test]
    fn what_is_missing_is_told_from_above() {
        type Change = fn(&mut ConnectForm);
        let alone = signs_on_alone(Authentication::Auto);
        let cases: [(Change, Option<ConnectField>); 8] = [
            (|_| {}, None),
            (|form| form.host = " ".to_owned(), Some(ConnectField::Host)),
            (|form| form.port = "0".to_owned(), Some(ConnectField::Port)),
            (|form| form.port = "5999".to_owned(), None),
            (
                |form| form.user.clear(),
                (!alone).then_some(ConnectField::User),
            ),
            (
                |form| {
                    form.user.clear();
                    form.authentication = Authentication::Basic;
                },
                Some(ConnectField::User),
            ),
            (|form| form.method = ConnectMethod::Demo, None),
            (
                |form| {
                    form.method = ConnectMethod::Wmi;
                    form.host.clear();
                },
                None,
            ),
        ];
        for (index, (change, missing)) in cases.into_iter().enumerate() {
            let mut form = form();
            change(&mut form);
            assert_eq!(form.settings().err(), missing, "{index}");
        }
    }

    #[test]
    fn a_form_gives_back_what_it_was_made_of() {
        let settings = ServerSettings {
            host: Some("mim01".to_owned()),
            tls: true,
            port: Some(99),
            authentication: Authentication::Kerberos,
            user: Some("u".to_owned()),
            ca_file: Some("ca.pem".to_owned()),
            pin: Some("ab".to_owned()),
            resource_uris: ResourceUris::Dmtf,
            ..ServerSettings::default()
        };
        assert_eq!(ConnectForm::of(&settings).settings(), Ok(settings));
    }

    #[test]
    fn what_is_trusted_goes_where_a_certificate_is_shown() {
        for (host, tls, is_encrypted) in [
            ("mim01", false, false),
            ("mim01", true, true),
            ("HTTPS://mim01", false, true),
            ("http://mim01", true, false),
        ] {
            let form = ConnectForm {
                host: host.to_owned(),
                tls,
                pin: Some("ab".to_owned()),
                ca_file: " ca.pem ".to_owned(),
                ..form()
            };
            assert_eq!(form.is_encrypted(), is_encrypted, "{host}");
            let settings = form.settings().unwrap();
            assert_eq!(settings.pin.is_some(), is_encrypted, "{host}");
            let ca_file = is_encrypted.then_some("ca.pem");
            assert_eq!(settings.ca_file.as_deref(), ca_file, "{host}");
        }
    }
}
