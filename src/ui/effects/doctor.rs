//! The doctor's examination of the way to a server, told station by station.

use std::path::PathBuf;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::base::error_chain;
use crate::base::secret::Secret;
use crate::designer::words::{doctor as words, effects};
use crate::designer::{Answer, DiagnosisNews, Finding, StationVerdict, Token};
use crate::launch::doctor::{Check, DoctorOrder, Line, OrderProbe, Verdict, examine};
use crate::launch::{ConnectError, ServerOverrides, Target};
use crate::model::ServerSettings;

use super::outbox::Outbox;

/// What a person asks to look at.
pub(super) struct Patient {
    pub(super) token: Token,
    pub(super) settings: ServerSettings,
    pub(super) password: Option<Secret>,
    pub(super) folder: Option<PathBuf>,
    pub(super) is_order_tried: bool,
}

/// One examination at a time.
pub(super) struct Doctor {
    task: Option<AbortHandle>,
    outbox: Outbox,
}

impl Doctor {
    pub(super) const fn new(outbox: Outbox) -> Self {
        Self { task: None, outbox }
    }

    /// Begins; an older examination ends.
    pub(super) fn examine(&mut self, patient: Patient, runtime: &Handle) {
        self.end();
        let (token, outbox) = (patient.token, self.outbox.clone());
        let task = runtime.spawn(async move {
            let told = outbox.clone();
            let tell = move |news| told.send(Answer::Examined { token, news });
            let last = match look(patient, tell).await {
                Ok(is_password) => DiagnosisNews::Ended { is_password },
                Err(error) => {
                    DiagnosisNews::Impossible(effects::sentence(&error_chain::one_line(&error)))
                }
            };
            outbox.send(Answer::Examined { token, news: last });
        });
        self.task = Some(task.abort_handle());
    }

    /// Ends the examination.
    pub(super) fn end(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// Looks at every station; whether the password was refused.
async fn look(
    patient: Patient,
    tell: impl Fn(DiagnosisNews) + Send + Sync,
) -> Result<bool, ConnectError> {
    let folder = patient.folder.unwrap_or_default();
    let target = Target::decide(&patient.settings, &ServerOverrides::default(), &folder)?;
    let titles = Check::ALL.map(|check| check.title().to_owned());
    tell(DiagnosisNews::Begun(titles.into()));
    let order = DoctorOrder {
        target,
        password: patient.password,
        order_probe: if patient.is_order_tried {
            OrderProbe::OnFirst
        } else {
            OrderProbe::No
        },
        protocol_log: None,
    };
    let outcome = examine(order, |line| {
        let index = Check::ALL.iter().position(|check| *check == line.check);
        if let Some(index) = index {
            tell(DiagnosisNews::Found(index, finding(line)));
        }
    });
    Ok(outcome.await?.is_password_refused)
}

/// A line in the words of the window.
fn finding(line: &Line) -> Finding {
    let verdict = match &line.verdict {
        Verdict::Pass(_) => StationVerdict::Passed,
        Verdict::Fail { .. } => StationVerdict::Failed,
        Verdict::Unknown(_) => StationVerdict::Unknown,
        Verdict::NotAsked(_) => StationVerdict::LeftOut,
    };
    let is_order = line.check == Check::ExecuteAllowed;
    let text = match &line.verdict {
        Verdict::NotAsked(_) if is_order => words::ORDER_NOT_TRIED.to_owned(),
        verdict => words::in_window(verdict.text()),
    };
    Finding {
        verdict,
        text: words::found(&text),
        remedy: line.verdict.remedy().map(words::in_window),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_in_the_words_of_the_window() {
        let line = |check, verdict| finding(&Line { check, verdict });
        let failed = line(
            Check::Tls,
            Verdict::Fail {
                sentence: "it is not trusted".to_owned(),
                remedy: "leave --tls out".to_owned(),
            },
        );
        assert_eq!(failed.verdict, StationVerdict::Failed);
        assert_eq!(failed.text, "It is not trusted");
        assert_eq!(failed.remedy.as_deref(), Some("untick “Use HTTPS”"));
        let why = "an order is tried only on demand (--probe-execute AGENT)".to_owned();
        let left_out = line(Check::ExecuteAllowed, Verdict::NotAsked(why));
        assert_eq!(left_out.verdict, StationVerdict::LeftOut);
        assert_eq!(left_out.text, words::ORDER_NOT_TRIED);
        let unknown = line(Check::Version, Verdict::Unknown("nobody says".to_owned()));
        assert_eq!(unknown.verdict, StationVerdict::Unknown);
        assert_eq!(unknown.remedy, None);
    }
}
