//! The scenes of the Connect dialog.

use crate::designer::{Certificate, Command, ConnectMsg, Connection, Msg, State, Token};
use crate::settings::LastServer;

use super::sample;
use super::scenes::{Scene, scene, sized, told, unconnected, winrm};

/// Each of its states once.
pub(super) fn scenes() -> Vec<Scene> {
    vec![
        scene("dialog-connect", || connect_dialog(Connection::None)),
        scene("dialog-connect-busy", || {
            connect_dialog(Connection::Connecting {
                token: Token(1),
                choice: winrm(),
            })
        }),
        scene("dialog-connect-failed", || {
            connect_dialog(Connection::Failed {
                choice: winrm(),
                sentence: REFUSED.to_owned(),
                certificate: None,
            })
        }),
        scene("dialog-connect-certificate", certificate_dialog),
        sized(scene("smallest-connect", certificate_dialog), 900.0, 600.0),
    ]
}

/// A password that is wrong.
const REFUSED: &str = "Asking who is there failed: mim01.contoso.local:5986 refuses the user name or \
                       the password of `CONTOSO\\svc-mim`; check both (it is not tried again, so that \
                       the account is not locked)";

fn connect_dialog(connection: Connection) -> State {
    let mut state = unconnected();
    let known = |host: &str, user: &str, auth: &str, tls| LastServer {
        host: host.to_owned(),
        user: user.to_owned(),
        auth: auth.to_owned(),
        tls,
        ..LastServer::default()
    };
    state.settings.recent_servers = vec![
        known("mim01.contoso.local", r"CONTOSO\svc-mim", "auto", true),
        known(
            "mim-test.contoso.local",
            r"CONTOSO\anna.berg",
            "kerberos",
            false,
        ),
        known(
            "https://fim2010.fabrikam.example:15986/wsman",
            r"FABRIKAM\sync",
            "ntlm",
            true,
        ),
    ];
    let mut state = told(state, Msg::Command(Command::ConnectTo));
    state = told(state, Msg::Connect(ConnectMsg::Recent(0)));
    state.connection = connection;
    state
}

fn certificate_dialog() -> State {
    let day = |days: i64| Some(sample::now() + jiff::SignedDuration::from_hours(24 * days));
    connect_dialog(Connection::Failed {
        choice: winrm(),
        sentence: "Asking who is there failed: the certificate of mim01.contoso.local:5986 is not trusted: \
                   it comes from an unknown authority; name the certificate file of its authority \
                   (--ca-file), or its fingerprint (--pin)"
            .to_owned(),
        certificate: Some(Box::new(Certificate {
            subject: "CN=mim01.contoso.local, O=Contoso".to_owned(),
            issuer: "CN=mim01.contoso.local, O=Contoso".to_owned(),
            names: vec!["mim01.contoso.local".to_owned(), "mim01".to_owned()],
            not_before: day(-151),
            not_after: day(214),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        })),
    })
}
