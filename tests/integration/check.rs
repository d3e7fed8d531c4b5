//! Every rule of the check has a minimal file that triggers it and a near miss that does not.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use masequencer::check::{Code, Problem, Severity, check};
use masequencer::format;
use masequencer::mim::{AgentInfo, AgentName, AgentState, ProfileInfo, ProfileName, StepType};
use masequencer::model::{Command, Place, Sequence, Step, StepKind, Thread};

fn in_package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> Sequence {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    format::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The agents of the samples, as a server with a run history knows them.
fn agents() -> Vec<AgentInfo> {
    let profiles = [
        ("Full Import", vec![StepType::FullImport]),
        ("Delta Import", vec![StepType::DeltaImport]),
        ("Full Sync", vec![StepType::FullSync]),
        ("Delta Sync", vec![StepType::DeltaSync]),
        ("Export", vec![StepType::Export]),
        ("Import And Sync", vec![StepType::DeltaImportDeltaSync]),
        (
            "Everything",
            vec![StepType::DeltaImport, StepType::DeltaSync],
        ),
        (
            "Export And Confirm",
            vec![StepType::Export, StepType::DeltaImport],
        ),
        (
            "Confirm And Export",
            vec![StepType::DeltaImport, StepType::Export],
        ),
        ("Custom", vec![]),
    ];
    [
        ("HR", "avp"),
        ("SQL", "SQL"),
        ("AD", "AD"),
        ("MIM Service", "FIM"),
    ]
    .into_iter()
    .map(|(name, agent_type)| AgentInfo {
        name: AgentName::new(name).unwrap(),
        guid: "{00000000-0000-0000-0000-000000000000}".to_owned(),
        agent_type: agent_type.to_owned(),
        state: AgentState::Idle { last_result: None },
        profiles: profiles
            .iter()
            .map(|(name, step_types)| ProfileInfo {
                name: ProfileName::new(name).unwrap(),
                step_types: step_types.clone(),
            })
            .collect(),
    })
    .collect()
}

/// The code of the rule that has no fixture: no file can hold what it finds.
const NOT_IN_FILES: Code = Code::UnwritableCharacter;

#[test]
fn each_rule_has_a_file_that_triggers_it_and_a_near_miss() {
    let known = agents();
    for code in Code::ALL
        .iter()
        .copied()
        .filter(|code| *code != NOT_IN_FILES)
    {
        let folder = in_package("tests/fixtures/check").join(code.as_str());
        let bad = check(&read(&folder.join("bad.xml")), Some(&known));
        let times = bad.iter().filter(|problem| problem.code == code).count();
        assert_eq!(times, 1, "{} in {bad:#?}", code.as_str());
        let good = check(&read(&folder.join("good.xml")), Some(&known));
        assert!(
            good.iter().all(|problem| problem.code != code),
            "{} in {good:#?}",
            code.as_str()
        );
        // The rule about overlap is always worth a word where that about the MIM Service is.
        let beside = (code == Code::MimImportBesideSync).then_some(Code::SynchronizationsOverlap);
        for problem in bad.iter().chain(&good) {
            assert!(
                problem.code == code
                    || Some(problem.code) == beside
                    || problem.severity == Severity::Note,
                "{} also triggers {problem:#?}",
                code.as_str()
            );
        }
    }
}

#[test]
fn no_fixture_is_left_over() {
    let folders: BTreeSet<String> = std::fs::read_dir(in_package("tests/fixtures/check"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let codes: BTreeSet<String> = Code::ALL
        .iter()
        .filter(|code| **code != NOT_IN_FILES)
        .map(|code| code.as_str().to_owned())
        .collect();
    assert_eq!(folders, codes);
}

#[test]
fn a_character_that_no_file_can_hold_is_an_error_wherever_it_is() {
    let mut command = Command::new("cp");
    command.arguments.push("a\u{7}".to_owned());
    let mut thread = Thread::new("A");
    thread.steps.push(Step::new(StepKind::Command(command)));
    let mut sequence = Sequence {
        threads: vec![thread],
        ..Sequence::default()
    };
    let found = check(&sequence, None);
    assert_eq!(
        found,
        [Problem {
            code: Code::UnwritableCharacter,
            severity: Severity::Error,
            place: Place::Step { thread: 0, step: 0 },
            message: "an argument has the character U+0007, which a file cannot hold; remove it"
                .to_owned(),
        }]
    );
    sequence.threads[0].enabled = false;
    assert!(
        check(&sequence, None)
            .iter()
            .any(|problem| problem.code == NOT_IN_FILES),
        "the file keeps what is switched off"
    );
}

#[test]
fn the_samples_are_good_examples() {
    let known = agents();
    for sample in ["full-cycle.xml", "Runadimport.xml", "every-element.xml"] {
        let sequence = read(&in_package("sample-sequences").join(sample));
        for known in [None, Some(known.as_slice())] {
            let problems = check(&sequence, known);
            assert!(
                problems
                    .iter()
                    .all(|problem| problem.severity == Severity::Note),
                "{sample}: {problems:#?}"
            );
        }
    }
}

/// The problems of a sequence with these threads, as `code: message`.
fn told(run: &str, threads: &[&str], known: Option<&[AgentInfo]>) -> Vec<String> {
    let mut body = String::new();
    for (index, steps) in threads.iter().enumerate() {
        write!(body, "<thread name=\"T{index}\">{steps}</thread>").unwrap();
    }
    let text = format!(
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"><run {run}/>{body}\
         </masequence>"
    );
    check(&format::read(text.as_bytes()).unwrap(), known)
        .into_iter()
        .map(|problem| format!("{}: {}", &problem.code.as_str()[..5], problem.message))
        .collect()
}

const HR_IMPORT: &str = "<run-profile agent='HR' profile='Delta Import' type='delta-import'/>";
const HR_SYNC: &str = "<run-profile agent='HR' profile='Delta Sync' type='delta-sync'/>";
const AD_IMPORT: &str = "<run-profile agent='AD' profile='Delta Import' type='delta-import'/>";
const AD_SYNC: &str = "<run-profile agent='AD' profile='Delta Sync' type='delta-sync'/>";
const AD_EXPORT: &str = "<run-profile agent='AD' profile='Export' type='export'/>";

#[test]
fn the_note_about_waiting_counts_steps() {
    let hr = [HR_IMPORT, HR_SYNC].concat();
    let ad = [AD_IMPORT, AD_SYNC].concat();
    assert_eq!(
        told("", &[&hr, &ad], None),
        [
            "MS020: 4 steps in different threads wait for one another: nothing else runs beside their 2 synchronizations"
        ]
    );
    assert_eq!(
        told("", &[&hr, AD_IMPORT, ""], None)[0],
        "MS020: 2 steps in different threads wait for one another: nothing else runs beside their 1 synchronization"
    );
}

#[test]
fn only_a_later_import_confirms_an_export() {
    let early = [AD_IMPORT, AD_EXPORT].concat();
    let unconfirmed = |threads: &[&str]| {
        told("", threads, None)
            .iter()
            .any(|problem| problem.starts_with("MS031"))
    };
    assert!(unconfirmed(&[&early]));
    assert!(!unconfirmed(&[&early, &[HR_IMPORT, AD_IMPORT].concat()]));
    assert!(unconfirmed(&[&early, AD_IMPORT]), "that one runs at once");
    let unknown = "<run-profile agent='AD' profile='Confirm'/>";
    assert!(
        !unconfirmed(&[&[AD_EXPORT, unknown].concat()]),
        "it may import"
    );
}

#[test]
fn a_profile_of_several_steps_may_confirm_its_own_export() {
    let known = agents();
    for (profile, expected) in [("Export And Confirm", false), ("Confirm And Export", true)] {
        let step = format!("<run-profile agent='AD' profile='{profile}'/>");
        let told = told("", &[&step], Some(&known));
        let is_unconfirmed = told.iter().any(|problem| problem.starts_with("MS031"));
        assert_eq!(is_unconfirmed, expected, "{profile}: {told:?}");
    }
}

#[test]
fn a_thread_that_repeats_its_import_confirms_exports() {
    let text = |repeat: u32| {
        format!(
            "<masequence xmlns='urn:masequencer:sequence' version='1'><thread name='A'>{AD_EXPORT}\
             </thread><thread name='B' repeat='{repeat}'>{AD_IMPORT}</thread></masequence>"
        )
    };
    let unconfirmed = |repeat| {
        check(&format::read(text(repeat).as_bytes()).unwrap(), None)
            .iter()
            .any(|problem| problem.code == Code::UnconfirmedExport)
    };
    assert!(unconfirmed(1));
    assert!(!unconfirmed(2));
}

#[test]
fn the_portal_never_meets_its_own_synchronization() {
    let import = "<run-profile agent='MIM Service' profile='DI' type='delta-import'/>";
    let own = "<run-profile agent='MIM Service' profile='DS' type='delta-sync'/>";
    for (sync, expected) in [(own, false), (HR_SYNC, true)] {
        let told = told("overlap='single-sync'", &[import, sync], None);
        let meets = told.iter().any(|problem| problem.starts_with("MS022"));
        assert_eq!(meets, expected, "{told:?}");
    }
}

/// An administrator reads the message first: it ends with what to do, in one sentence.
#[test]
fn every_message_says_what_to_do_in_one_sentence() {
    let known = agents();
    for code in Code::ALL.iter().filter(|code| **code != NOT_IN_FILES) {
        let folder = in_package("tests/fixtures/check").join(code.as_str());
        for problem in check(&read(&folder.join("bad.xml")), Some(&known)) {
            let message = &problem.message;
            let is_note_without_cure = problem.code == Code::SynchronizationsWait;
            assert!(message.contains("; ") || is_note_without_cure, "{message}");
            assert!(
                !message.contains(". ") && !message.ends_with('.'),
                "{message}"
            );
        }
    }
}

#[test]
fn a_type_that_hides_a_synchronization_is_an_error() {
    let known = agents();
    let severity = |profile: &str, declared: &str| {
        let text = format!(
            "<masequence xmlns='urn:masequencer:sequence' version='1'><thread name='A'>\
             <run-profile agent='HR' profile='{profile}' type='{declared}'/></thread></masequence>"
        );
        check(&format::read(text.as_bytes()).unwrap(), Some(&known))
            .into_iter()
            .find(|problem| problem.code == Code::StepTypeDiffers)
            .map(|problem| problem.severity)
    };
    assert_eq!(severity("Full Sync", "full-import"), Some(Severity::Error));
    assert_eq!(
        severity("Everything", "delta-import"),
        Some(Severity::Error)
    );
    assert_eq!(
        severity("Full Import", "full-sync"),
        Some(Severity::Warning)
    );
    assert_eq!(severity("Full Import", "full-import"), None);
    assert_eq!(severity("Custom", "export"), None);
}

#[test]
fn unknown_names_offer_the_nearest_one() {
    let known = agents();
    assert_eq!(
        told(
            "",
            &["<run-profile agent='MIM Servce' profile='Export'/>"],
            Some(&known)
        ),
        ["MS010: the server has no management agent `MIM Servce`; did you mean `MIM Service`?"]
    );
    assert_eq!(
        told(
            "",
            &["<run-profile agent='HR' profile='Ful Import'/>"],
            Some(&known)
        ),
        [
            "MS011: the run history of `HR` has no run profile `Ful Import`; did you mean `Full Import`?"
        ]
    );
}

#[test]
fn without_a_server_the_agent_of_the_portal_is_known_by_its_name() {
    let portal = "<run-profile agent='MIM Service' profile='DI' type='delta-import'/>";
    let sync = [HR_IMPORT, HR_SYNC].concat();
    let told = told("overlap='single-sync'", &[&sync, portal], None);
    assert!(
        told.iter().any(|problem| problem.starts_with("MS022")),
        "{told:?}"
    );
}

#[test]
fn problems_come_in_the_order_of_the_document() {
    let known = agents();
    for code in Code::ALL.iter().filter(|code| **code != NOT_IN_FILES) {
        let path = in_package("tests/fixtures/check")
            .join(code.as_str())
            .join("bad.xml");
        let problems = check(&read(&path), Some(&known));
        assert!(problems.is_sorted_by_key(|problem| (problem.place, problem.code)));
    }
}
