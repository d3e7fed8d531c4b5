//! The scenes of the Connect dialog.

use crate::base::secret::Secret;
use crate::designer::words::doctor::ORDER_NOT_TRIED;
use crate::designer::words::effects::sentence;
use crate::designer::{
    Answer, Certificate, Command, ConnectMsg, Connection, DiagnosisNews, Effect, Finding, Msg,
    State, StationVerdict, Token, update,
};
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
        scene("dialog-connect-doctor", || examined(&FOUND[..5], false)),
        scene("dialog-connect-doctor-failed", || examined(&FAILED, true)),
        scene("dialog-connect-doctor-passed", || examined(&FOUND, true)),
        sized(
            scene("smallest-connect-doctor", || examined(&FAILED, true)),
            900.0,
            600.0,
        ),
        sized(scene("smallest-connect", certificate_dialog), 900.0, 600.0),
    ]
}

/// A password that is wrong.
const REFUSED: &str = "Asking who is there failed: mim01.contoso.local:5986 refuses the user name or \
                       the password of `CONTOSO\\svc-mim`; check both (it is not tried again, so that \
                       the account is not locked)";

/// Where the way leads when all is well, with what is seen there.
const FOUND: [(&str, StationVerdict, &str); 14] = {
    use StationVerdict::{LeftOut, Passed, Unknown};
    [
        ("Name resolves", Passed, "mim01.contoso.local is 10.20.4.17"),
        (
            "Port open",
            Passed,
            "10.20.4.17 takes connections on port 5986",
        ),
        ("TLS", Passed, "The certificate is trusted"),
        (
            "WS-Management",
            Passed,
            "Microsoft Corporation, OS: 0.0.0 SP: 0.0 Stack: 3.0",
        ),
        ("Authentication", Passed, "CONTOSO\\svc-mim by Kerberos"),
        ("Encryption", Passed, "What is said is encrypted by HTTPS"),
        (
            "WMI namespace",
            Passed,
            "root\\MicrosoftIdentityIntegrationServer is there",
        ),
        ("WMI class", Passed, "MIIS_ManagementAgent is there"),
        ("Right to read", Passed, "6 management agents can be read"),
        ("Service running", Passed, "The service answers"),
        ("Right to run", LeftOut, ORDER_NOT_TRIED),
        ("Clock", Passed, "Both clocks agree to the second"),
        (
            "Version",
            Unknown,
            "The provider tells nobody the version of the service",
        ),
        (
            "Group",
            Unknown,
            "It may read; whether it may also run is tried only on demand",
        ),
    ]
};

/// The same for an account that may read and not run.
const FAILED: [(&str, StationVerdict, &str); 14] = {
    let mut found = FOUND;
    found[10] = (
        "Right to run",
        StationVerdict::Failed,
        "The service does not let CONTOSO\\svc-mim run a profile (access-denied)",
    );
    found[13] = (
        "Group",
        StationVerdict::Unknown,
        "It may read, but is in no group that may run",
    );
    found
};

/// What to do about a failure of a picture.
const REMEDY: &str = "make the account a member of the service's group FIMSyncOperators (or the \
                      group that was named at its installation), then log on again";

fn examined(found: &[(&str, StationVerdict, &str)], is_ended: bool) -> State {
    let mut state = connect_dialog(Connection::None);
    let password = Secret::new("picture".to_owned());
    state = told(state, Msg::DialogPassword(password));
    let effects = update(&mut state, Msg::Connect(ConnectMsg::Examine));
    let token = effects.iter().find_map(|effect| match effect {
        Effect::Examine { token, .. } => Some(*token),
        _ => None,
    });
    let token = token.unwrap_or_default();
    let titles = FOUND.iter().map(|(title, ..)| (*title).to_owned());
    let mut news = vec![DiagnosisNews::Begun(titles.collect())];
    for (index, (_, verdict, text)) in found.iter().enumerate() {
        let remedy = (*verdict == StationVerdict::Failed).then(|| REMEDY.to_owned());
        let finding = Finding {
            verdict: *verdict,
            text: (*text).to_owned(),
            remedy,
        };
        news.push(DiagnosisNews::Found(index, finding));
    }
    if is_ended {
        news.push(DiagnosisNews::Ended { is_password: false });
    }
    for news in news {
        state = told(state, Msg::Answer(Answer::Examined { token, news }));
    }
    state
}

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
        sentence: sentence(
            "asking who is there failed: the certificate of mim01.contoso.local:5986 is not trusted: \
                   it comes from an unknown authority; name the certificate file of its authority \
                   (--ca-file), or its fingerprint (--pin)",
        ),
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
