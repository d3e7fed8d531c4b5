//! What the doctor finds out about the way to a server, station by station, as the Connect dialog
//! lists it.

use crate::model::ServerSettings;

use super::effect::Token;

/// An examination of the way to a server, going on or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The stations in their order; empty before it has begun.
    pub stations: Vec<Station>,
    /// Whether it goes on.
    pub is_going_on: bool,
    /// Why there is nothing to examine, one sentence.
    pub problem: Option<String>,
    /// Answers to older examinations are not for us.
    pub(super) token: Token,
    /// The way that is examined.
    pub(super) settings: ServerSettings,
}

/// A station on the way to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// What it is called.
    pub title: String,
    /// What was found there; `None` as long as nobody has looked.
    pub finding: Option<Finding>,
}

/// What was found at a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What came out.
    pub verdict: StationVerdict,
    /// What was seen, or what is wrong, or why nobody can say.
    pub text: String,
    /// What to do, where something is wrong.
    pub remedy: Option<String>,
}

/// What came out at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StationVerdict {
    /// As it should be.
    Passed,
    /// Not as it should be.
    Failed,
    /// Nobody can say.
    Unknown,
    /// It does not apply, or has to be asked for.
    LeftOut,
}

/// What an examination tells while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiagnosisNews {
    /// It has begun; the stations that it will come to, in order.
    Begun(Vec<String>),
    /// A station was looked at, by index.
    Found(usize, Finding),
    /// It is at its end; whether another password may help.
    Ended {
        /// Whether the password was refused.
        is_password: bool,
    },
    /// There is nothing to examine: why, one sentence.
    Impossible(String),
}

impl Diagnosis {
    /// An examination that begins.
    pub(super) const fn new(token: Token, settings: ServerSettings) -> Self {
        Self {
            stations: Vec::new(),
            is_going_on: true,
            problem: None,
            token,
            settings,
        }
    }

    /// How many stations came out so.
    pub fn count(&self, verdict: StationVerdict) -> usize {
        let found = self.stations.iter().filter_map(|one| one.finding.as_ref());
        found.filter(|finding| finding.verdict == verdict).count()
    }

    /// The station that is being looked at now, by index.
    pub fn current(&self) -> Option<usize> {
        let mut stations = self.stations.iter();
        let first = stations.position(|station| station.finding.is_none());
        first.filter(|_| self.is_going_on)
    }

    /// Takes in what is told.
    pub(super) fn learn(&mut self, news: DiagnosisNews) {
        match news {
            DiagnosisNews::Begun(titles) => {
                let station = |title| Station {
                    title,
                    finding: None,
                };
                self.stations = titles.into_iter().map(station).collect();
            }
            DiagnosisNews::Found(index, finding) => {
                if let Some(station) = self.stations.get_mut(index) {
                    station.finding = Some(finding);
                }
            }
            DiagnosisNews::Ended { .. } => self.is_going_on = false,
            DiagnosisNews::Impossible(sentence) => {
                self.is_going_on = false;
                self.problem = Some(sentence);
            }
        }
    }
}
