//! Fixes mend what they are offered for.

use std::sync::Arc;
use std::time::Duration;

use crate::check::{Code, Severity, check};
use crate::mim::{AgentInfo, StepType};
use crate::model::{OverlapRule, Place, Sequence, Step, StepKind, Thread};
use crate::run::Slot;

use super::super::fixtures::{agent, one_thread, run, state};
use super::super::recipe::copy_file;
use super::super::{PathPurpose, ProgramOf};
use super::{Cure, fix};

fn agents() -> Arc<[AgentInfo]> {
    let profiles = [
        ("DI", StepType::DeltaImport),
        ("Delta Sync", StepType::DeltaSync),
        ("Export", StepType::Export),
    ];
    Arc::new([
        agent("Contoso AD", &profiles),
        agent("Fabrikam HR", &profiles),
    ])
}

/// Finds the problem, mends it, and checks that it is gone. Gives the label and what came of it.
#[track_caller]
fn mended(sequence: Sequence, is_connected: bool, code: Code) -> (String, Sequence) {
    let state = state(sequence, is_connected.then(agents));
    let known = agents();
    let known = is_connected.then_some(&*known);
    let of_code = |sequence: &Sequence| {
        let mut problems = check(sequence, known);
        problems.retain(|problem| problem.code == code);
        problems
    };
    let problems = of_code(&state.document.sequence);
    let fix = fix(&state, problems.first().expect("the problem")).expect("a fix");
    let Cure::Edit(edit) = fix.cure else {
        panic!("{:?}", fix.cure);
    };
    let after = edit.apply(&state.document.sequence).expect("an edit");
    assert!(of_code(&after.sequence).len() < problems.len(), "{code:?}");
    (fix.label, after.sequence)
}

#[test]
fn imports_are_added_where_they_belong() {
    let export = run("Contoso AD", "Export", None);
    let (label, after) = mended(one_thread(vec![export]), true, Code::UnconfirmedExport);
    assert_eq!(label, "Add delta import after 1.1");
    let added = after.threads[0].steps[1].clone();
    assert_eq!(added.label(), "Contoso AD · DI");

    let steps = vec![
        run("AD", "Sync it", Some(StepType::DeltaSync)),
        run("AD", "Read it", Some(StepType::FullImport)),
    ];
    let (label, after) = mended(one_thread(steps), false, Code::SyncBeforeImport);
    assert_eq!(label, "Add full import before 1.1");
    assert_eq!(after.threads[0].steps[0].label(), "AD · Read it");

    let export = run("AD", "Export", Some(StepType::Export));
    let (_, after) = mended(one_thread(vec![export]), false, Code::UnconfirmedExport);
    assert_eq!(after.threads[0].steps[1].label(), "AD · Delta Import");
}

#[test]
fn names_and_types_are_taken_from_the_server() {
    let (label, _) = mended(
        one_thread(vec![run("Contso AD", "DI", None)]),
        true,
        Code::UnknownAgent,
    );
    assert_eq!(label, "Change to Contoso AD");
    let (label, _) = mended(
        one_thread(vec![run("Contoso AD", "Exprot", None)]),
        true,
        Code::UnknownProfile,
    );
    assert_eq!(label, "Change to Export");
    let (label, _) = mended(
        one_thread(vec![run("Contoso AD", "DI", Some(StepType::FullImport))]),
        true,
        Code::StepTypeDiffers,
    );
    assert_eq!(label, "Set step type to delta import");
    let (label, _) = mended(
        one_thread(vec![run("AD", "Full Import", None)]),
        false,
        Code::UnknownStepType,
    );
    assert_eq!(label, "Set step type to full import");
}

#[test]
fn threads_and_settings_are_mended() {
    let import = || run("AD", "Delta Import", Some(StepType::DeltaImport));
    let mut twins = one_thread(vec![import()]);
    twins.threads.push(twins.threads[0].clone());
    let (label, _) = mended(twins.clone(), false, Code::DuplicateThread);
    assert_eq!(label, "Rename to Import 2");
    twins.threads[1].name.clear();
    let (label, _) = mended(twins.clone(), false, Code::UnnamedThread);
    assert_eq!(label, "Rename to AD");
    twins.threads[1].steps[0].enabled = false;
    let (label, _) = mended(twins.clone(), false, Code::EmptyThread);
    assert_eq!(label, "Disable thread 2");
    twins.threads[1].steps.clear();
    let (label, _) = mended(twins, false, Code::EmptyThread);
    assert_eq!(label, "Delete thread 2");
    let (label, _) = mended(Sequence::default(), false, Code::NoThread);
    assert_eq!(label, "Add a thread");

    let zero = Step::new(StepKind::Delay {
        duration: Duration::ZERO,
    });
    let (label, _) = mended(one_thread(vec![import(), zero]), false, Code::ZeroDelay);
    assert_eq!(label, "Delete step 1.2");

    let mut settings = one_thread(vec![import()]);
    settings.server.user = Some("me".to_owned());
    settings.log.file = Some("a.XML".to_owned());
    settings.name = "a\u{0}".to_owned();
    mended(settings.clone(), false, Code::UserWithoutServer);
    let (label, _) = mended(settings.clone(), false, Code::LogIsSequence);
    assert_eq!(label, "Change to a.log");
    mended(settings, false, Code::UnwritableCharacter);
}

#[test]
fn synchronizations_are_kept_apart() {
    let sync = |agent| {
        vec![
            run(agent, "Delta Import", Some(StepType::DeltaImport)),
            run(agent, "Delta Sync", Some(StepType::DeltaSync)),
        ]
    };
    for rule in [OverlapRule::SingleSync, OverlapRule::Unrestricted] {
        let mut sequence = one_thread(sync("AD"));
        let mut other = Thread::new("Other");
        other.steps = sync("MIM Service");
        sequence.threads.push(other);
        sequence.run.overlap = rule;
        for code in [Code::SynchronizationsOverlap, Code::MimImportBesideSync] {
            let (_, after) = mended(sequence.clone(), false, code);
            assert_eq!(after.run.overlap, OverlapRule::ExclusiveSync);
        }
    }
}

#[test]
fn a_copy_without_paths_asks_for_them_one_after_the_other() {
    for (from, to, is_target) in [
        ("", "", Some(false)),
        ("a", " ", Some(true)),
        ("a", "b", None),
    ] {
        for slot in [Slot::Main, Slot::PreProcessing(1)] {
            let copy = copy_file(from, to);
            let step = if slot == Slot::Main {
                Step::new(StepKind::Command(copy))
            } else {
                let mut step = run("AD", "Import", Some(StepType::FullImport));
                step.processing.pre = vec![copy_file("a", "b"), copy];
                step
            };
            let state = state(one_thread(vec![step]), None);
            let problems = check(&state.document.sequence, None);
            let problem = problems.iter().find(|it| it.code == Code::NoPath);
            assert_eq!(problem.is_some(), is_target.is_some());
            let Some((problem, is_target)) = problem.zip(is_target) else {
                continue;
            };
            let place = Place::Step { thread: 0, step: 0 };
            assert_eq!((problem.place, problem.severity), (place, Severity::Error));
            let of = ProgramOf { place, slot };
            let purpose = if is_target {
                PathPurpose::CopyTo(of)
            } else {
                PathPurpose::CopyFrom(of)
            };
            let cure = fix(&state, problem).map(|fix| fix.cure);
            assert_eq!(cure, Some(Cure::Ask(purpose)));
        }
    }
}
