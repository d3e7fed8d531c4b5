//! The rules as tables: what was seen, and what is done next.

use super::*;
use crate::mim::{AgentName, Counters, Refusal, StepDetails};

fn call() -> ProfileCall {
    ProfileCall {
        agent: AgentName::new("HR").unwrap(),
        profile: ProfileName::new("Full Import").unwrap(),
    }
}

fn lost() -> Follow {
    Follow::new(
        BackendOptions::default(),
        call(),
        (7, at(0)),
        &ExecuteReply::ProbablyRunning("no answer within 5 s".to_owned()),
        Some("CORP\\op".to_owned()),
    )
}

const fn at(secs: u64) -> Moment {
    Moment::after_zero(Duration::from_secs(secs))
}

fn word(text: &str) -> RunResult {
    RunResult::new(text)
}

fn entry(run_number: u64, profile: &str, result: &str) -> HistoryEntry {
    HistoryEntry {
        run_number,
        profile: ProfileName::new(profile).unwrap(),
        result: word(result),
    }
}

/// What the history says, where no run has details any more.
fn told(
    follow: &mut Follow,
    now: Moment,
    number: u64,
    status: &RunResult,
    entries: &[HistoryEntry],
) -> Next {
    match follow.by_history(now, number, status, entries) {
        Next::Compare(candidates) => {
            let candidates: Vec<_> = candidates.into_iter().map(|one| (one, None)).collect();
            follow.compared(&candidates)
        }
        next => next,
    }
}

fn number_and_result(next: &Next) -> Option<(Option<u64>, &str)> {
    match next {
        Next::End(ProfileEnd::Ended {
            result, run_number, ..
        }) => Some((*run_number, result.as_str())),
        _ => None,
    }
}

#[test]
fn replies_are_told_apart() {
    for (text, expected) in [
        ("success", "details"),
        ("completed-export-errors", "details"),
        ("stopped-server-down", "details"),
        ("no-start-file-not-found", "details"),
        ("a-word-of-the-future", "details"),
        ("in-progress", "follow"),
        ("completing-referential-updates", "follow"),
        ("", "follow"),
        ("no-start-unknown-profile-name", "ended"),
        ("access-denied", "ended"),
        ("connection-failure", "ended"),
        ("call-failure:0x80230709", "look again"),
    ] {
        let after = after_reply(&ExecuteReply::Ended(word(text)));
        let kind = match after {
            AfterReply::ReadDetails(_) => "details",
            AfterReply::LookAgain(_) => "look again",
            AfterReply::Follow => "follow",
            AfterReply::End(ProfileEnd::Ended { .. }) => "ended",
            AfterReply::End(_) => "other",
        };
        assert_eq!(kind, expected, "{text}");
    }
    for (text, expected) in [
        ("no-start-ma-already-running", Refusal::AgentBusy),
        ("no-start-ma-update-in-progress", Refusal::AgentUpdate),
        ("call-failure:0x8023063D", Refusal::SecondSynchronization),
    ] {
        assert_eq!(
            after_reply(&ExecuteReply::Ended(word(text))),
            AfterReply::End(ProfileEnd::Refused {
                refusal: expected,
                result: word(text)
            })
        );
    }
}

#[test]
fn the_old_status_is_not_taken_for_a_new_result() {
    let mut follow = lost();
    let next = follow.polled(at(0), 7, &word("success"));
    assert!(matches!(next, Next::Poll(_)), "{next:?}");
}

#[test]
fn an_idle_agent_means_not_started_only_after_the_grace() {
    let mut follow = lost();
    follow.polled(at(0), 7, &word("success"));
    assert!(matches!(
        follow.polled(at(29), 7, &word("success")),
        Next::Poll(_)
    ));
    let next = follow.polled(at(30), 7, &word("success"));
    let Next::End(ProfileEnd::NotStarted {
        message,
        is_passing: true,
    }) = next
    else {
        panic!("{next:?}");
    };
    assert!(message.contains("no answer within 5 s"), "{message}");
}

#[test]
fn an_acknowledged_run_that_never_appears_is_unknown() {
    let mut follow = Follow::new(
        BackendOptions::default(),
        call(),
        (7, at(0)),
        &ExecuteReply::Ended(word("in-progress")),
        None,
    );
    follow.polled(at(0), 7, &word("success"));
    let next = follow.polled(at(40), 7, &word("success"));
    assert!(
        matches!(next, Next::End(ProfileEnd::Unknown { .. })),
        "{next:?}"
    );
}

#[test]
fn a_loss_does_not_count_as_idleness() {
    let mut follow = lost();
    follow.polled(at(0), 7, &word("success"));
    follow.failed(at(10), ServiceErrorKind::Unreachable, "gone");
    let next = follow.polled(at(60), 7, &word("success"));
    assert!(matches!(next, Next::Poll(_)), "{next:?}");
    assert_eq!(follow.take_reports().len(), 2);
}

#[test]
fn a_seen_run_is_told_once_per_status_and_settled_at_its_end() {
    let mut follow = lost();
    assert_eq!(
        follow.polled(at(0), 8, &word("in-progress")),
        Next::AskProfile { number: 8 }
    );
    follow.profile_seen(8, Some(&call().profile), None);
    assert!(follow.may_stop());
    follow.polled(at(1), 8, &word("in-progress"));
    follow.polled(at(2), 8, &word("in-progress"));
    follow.polled(at(3), 8, &word("completing-obsoletion"));
    assert_eq!(
        follow.take_reports(),
        [
            ProfileReport::Status("in-progress".to_owned()),
            ProfileReport::Status("completing-obsoletion".to_owned())
        ]
    );
    assert_eq!(
        follow.polled(at(4), 8, &word("success")),
        Next::Settle {
            number: 8,
            status: word("success")
        }
    );
}

#[test]
fn a_foreign_run_moves_the_mark() {
    let mut follow = lost();
    follow.polled(at(0), 8, &word("in-progress"));
    let other = ProfileName::new("Export").unwrap();
    follow.profile_seen(8, Some(&other), None);
    let reports = follow.take_reports();
    assert!(
        matches!(&reports[..], [ProfileReport::Notice(Severity::Warning, sentence)]
            if sentence.contains("somebody else runs `Export` there")),
        "{reports:?}"
    );
    assert!(!follow.may_stop());
    assert_eq!(follow.noted(), 8);
    assert!(matches!(
        follow.polled(at(5), 8, &word("success")),
        Next::Poll(_)
    ));
}

#[test]
fn the_same_profile_by_another_account_is_not_ours() {
    for (account, is_ours) in [
        ("CORP\\op", true),
        ("corp\\OP ", true),
        ("CORP\\somebody", false),
        // None of these is certainly somebody else.
        ("OTHER\\somebody", true),
        ("somebody@corp.example", true),
        ("somebody", true),
        ("CORP\\", true),
        ("", true),
    ] {
        let ours = call().profile;
        let mut follow = lost();
        follow.polled(at(0), 8, &word("in-progress"));
        assert!(follow.asks_for_account(8, Some(&ours)));
        follow.profile_seen(8, Some(&ours), Some(account));
        assert_eq!(follow.may_stop(), is_ours, "{account}");
        assert_eq!(follow.noted(), if is_ours { 7 } else { 8 }, "{account}");

        let by = |number: u64| RunDetails {
            account: account.to_owned(),
            ..details(number, "Full Import", Some("success"))
        };
        let mut follow = lost();
        let next = follow.by_details(8, &word("success"), Some(&by(8)));
        assert_eq!(matches!(next, Some(Next::End(_))), is_ours, "{account}");
        assert_eq!(follow.take_reports().len(), usize::from(!is_ours));

        // Of two candidates the one that is certainly somebody else's does not count.
        let mut follow = lost();
        let mine = RunDetails {
            account: "CORP\\op".to_owned(),
            ..by(10)
        };
        let candidates = [
            (entry(9, "Full Import", "stopped-server"), Some(by(9))),
            (entry(10, "Full Import", "success"), Some(mine)),
        ];
        let next = follow.compared(&candidates);
        let expected = (!is_ours).then_some((Some(10), "success"));
        assert_eq!(number_and_result(&next), expected, "{account}");
    }
}

#[test]
fn an_account_that_cannot_be_known_is_not_asked_for() {
    let without = Follow::new(
        BackendOptions::default(),
        call(),
        (7, at(0)),
        &ExecuteReply::ProbablyRunning(String::new()),
        None,
    );
    assert!(!without.asks_for_account(8, Some(&call().profile)));
    let acknowledged = Follow::new(
        BackendOptions::default(),
        call(),
        (7, at(0)),
        &ExecuteReply::Ended(word("in-progress")),
        Some("CORP\\op".to_owned()),
    );
    assert!(!acknowledged.asks_for_account(8, Some(&call().profile)));
    let other = ProfileName::new("Export").unwrap();
    assert!(!lost().asks_for_account(8, Some(&other)));
    assert!(!lost().asks_for_account(9, Some(&call().profile)));
}

#[test]
fn runs_that_are_all_somebody_elses_leave_the_question_open() {
    let mut follow = lost();
    let theirs = RunDetails {
        account: "CORP\\somebody".to_owned(),
        ..details(8, "Full Import", Some("success"))
    };
    let next = follow.compared(&[(entry(8, "Full Import", "success"), Some(theirs))]);
    assert!(matches!(next, Next::Poll(_)), "{next:?}");
    assert_eq!(follow.noted(), 8);
}

#[test]
fn a_request_may_be_under_way_as_long_as_the_network_was_away() {
    for (away, grace) in [(10, 30), (60, 60), (1_000, 120)] {
        let mut follow = lost();
        follow.failed(at(1), ServiceErrorKind::Unreachable, "gone");
        follow.polled(at(away), 7, &word("success"));
        for secs in away + 1..away + grace {
            let next = follow.polled(at(secs), 7, &word("success"));
            assert!(matches!(next, Next::Poll(_)), "{away} {secs} {next:?}");
        }
        let next = follow.polled(at(away + grace), 7, &word("success"));
        assert!(
            matches!(next, Next::End(ProfileEnd::NotStarted { .. })),
            "{away} {next:?}"
        );
    }
}

#[test]
fn a_restart_of_the_server_is_told_with_what_cannot_be_known() {
    let mut follow = lost();
    follow.polled(at(0), 8, &word("in-progress"));
    follow.profile_seen(8, Some(&call().profile), None);
    follow.failed(at(5), ServiceErrorKind::Unreachable, "gone");
    let stale = [entry(8, "Full Import", "in-progress")];
    for secs in [95, 125] {
        follow.polled(at(secs), 8, &word(""));
        let next = told(&mut follow, at(secs), 8, &word(""), &stale);
        let Next::End(ProfileEnd::Unknown { message }) = next else {
            assert_eq!(secs, 95, "{next:?}");
            continue;
        };
        assert!(
            message.contains("did not answer for 1 min 30 s"),
            "{message}"
        );
        assert!(message.contains("restarted"), "{message}");
    }
}

#[test]
fn a_later_run_of_the_same_profile_is_left_to_the_history() {
    let mut follow = lost();
    follow.polled(at(0), 9, &word("in-progress"));
    let next = follow.profile_seen(9, Some(&call().profile), None);
    assert!(matches!(next, Next::Settle { number: 9, .. }), "{next:?}");
    assert!(!follow.may_stop());
    let entries = [
        entry(8, "Full Import", "success"),
        entry(9, "Full Import", "in-progress"),
    ];
    let next = told(&mut follow, at(0), 9, &word("in-progress"), &entries);
    assert_eq!(number_and_result(&next), Some((Some(8), "success")));
}

#[test]
fn only_the_next_run_of_the_profile_is_certainly_ours() {
    for (number, profile, fits) in [
        (7, "Full Import", false),
        (8, "full import", true),
        (8, "Export", false),
        (9, "Full Import", false),
    ] {
        assert_eq!(
            details_fit(&details(number, profile, None), 7, &call().profile),
            fits,
            "{number} {profile}"
        );
    }
}

#[test]
fn the_history_finds_ours_among_others() {
    for (entries, expected) in [
        (
            vec![
                entry(8, "Full Import", "success"),
                entry(9, "Export", "success"),
            ],
            Some((Some(8), "success")),
        ),
        (
            vec![
                entry(8, "Export", "success"),
                entry(9, "full import", "completed-no-objects"),
            ],
            Some((Some(9), "completed-no-objects")),
        ),
        (
            // The next number with our profile is ours, also when somebody repeats it.
            vec![
                entry(8, "Full Import", "stopped-server"),
                entry(9, "Full Import", "success"),
            ],
            Some((Some(8), "stopped-server")),
        ),
    ] {
        let next = told(&mut lost(), at(1), 9, &word("success"), &entries);
        assert_eq!(number_and_result(&next), expected, "{entries:?}");
    }
}

#[test]
fn two_candidates_after_a_foreign_run_are_ambiguous() {
    let entries = [
        entry(8, "Export", "success"),
        entry(9, "Full Import", "success"),
        entry(10, "Full Import", "success"),
    ];
    let next = told(&mut lost(), at(1), 10, &word("success"), &entries);
    let Next::End(ProfileEnd::Unknown { message }) = next else {
        panic!("{next:?}");
    };
    assert!(message.contains("run 9 and run 10"), "{message}");
}

#[test]
fn only_foreign_runs_leave_the_question_open() {
    let mut follow = lost();
    let entries = [entry(8, "Export", "success")];
    let next = told(&mut follow, at(1), 8, &word("success"), &entries);
    assert!(matches!(next, Next::Poll(_)), "{next:?}");
    assert_eq!(follow.noted(), 8);
}

#[test]
fn patience_ends_and_a_refused_password_ends_it_at_once() {
    let mut follow = lost();
    assert!(matches!(
        follow.failed(at(0), ServiceErrorKind::Unreachable, "gone"),
        Next::Poll(_)
    ));
    assert!(matches!(
        follow.failed(at(1_799), ServiceErrorKind::Fault, "gone"),
        Next::Poll(_)
    ));
    assert!(matches!(
        follow.failed(at(1_800), ServiceErrorKind::Unreachable, "gone"),
        Next::End(ProfileEnd::Unknown { .. })
    ));
    for kind in [
        ServiceErrorKind::Unauthorized,
        ServiceErrorKind::Untrusted,
        ServiceErrorKind::Forbidden,
    ] {
        assert!(matches!(
            lost().failed(at(0), kind, "no"),
            Next::End(ProfileEnd::Unknown { .. })
        ));
    }
}

fn details(run_number: u64, profile: &str, step_result: Option<&str>) -> RunDetails {
    let step = |result: &str| StepDetails {
        number: 1,
        started: None,
        ended: None,
        result: word(result),
        step_type: None,
        counters: Counters::default(),
        outbound: Vec::new(),
        errors: Vec::new(),
        error_count: 0,
        connection: None,
    };
    RunDetails {
        agent: call().agent,
        agent_guid: String::new(),
        run_number,
        profile: ProfileName::new(profile).unwrap(),
        account: String::new(),
        steps: step_result.map(step).into_iter().collect(),
    }
}

#[test]
fn details_are_taken_only_when_they_are_of_our_ended_run() {
    for (details, status, taken) in [
        (details(8, "Full Import", Some("success")), "success", true),
        (details(8, "Export", Some("success")), "success", false),
        (details(7, "Full Import", Some("success")), "success", false),
        (
            details(8, "Full Import", Some("success")),
            "in-progress",
            false,
        ),
        (details(8, "Full Import", Some("success")), "", false),
        // The status still is that of the run before.
        (
            details(8, "Full Import", Some("in-progress")),
            "success",
            false,
        ),
        (details(8, "Full Import", None), "success", false),
    ] {
        let end = lost().by_details(8, &word(status), Some(&details));
        assert_eq!(end.is_some(), taken, "{details:?} {status}");
    }
}

#[test]
fn numbers_that_go_back_leave_nothing_certain() {
    let next = lost().polled(at(0), 3, &word("success"));
    assert!(
        matches!(next, Next::End(ProfileEnd::Unknown { .. })),
        "{next:?}"
    );
}

#[test]
fn a_run_of_which_nothing_tells_is_given_up() {
    let mut follow = lost();
    for secs in 0..30 {
        follow.polled(at(secs), 8, &word("success"));
        let next = told(&mut follow, at(secs), 8, &word("success"), &[]);
        assert!(matches!(next, Next::Poll(_)), "{next:?}");
    }
    follow.polled(at(30), 8, &word("success"));
    let next = told(&mut follow, at(30), 8, &word("success"), &[]);
    assert!(
        matches!(next, Next::End(ProfileEnd::Unknown { .. })),
        "{next:?}"
    );
}

#[test]
fn a_history_that_never_learns_of_the_end_is_not_believed_for_ever() {
    // Such as after a crash of the service in the middle of a run.
    for (status, expected) in [
        (
            "stopped-server-down",
            Some((Some(8), "stopped-server-down")),
        ),
        ("", None),
    ] {
        let mut follow = lost();
        let stale = [entry(8, "Full Import", "in-progress")];
        for secs in 0..30 {
            follow.polled(at(secs), 8, &word(status));
            let next = told(&mut follow, at(secs), 8, &word(status), &stale);
            assert!(matches!(next, Next::Poll(_)), "{next:?}");
        }
        follow.polled(at(30), 8, &word(status));
        let next = told(&mut follow, at(30), 8, &word(status), &stale);
        assert!(matches!(next, Next::End(_)), "{next:?}");
        assert_eq!(number_and_result(&next), expected);
    }
}

#[test]
fn a_cleared_history_does_not_hide_a_run_that_was_seen() {
    let mut follow = lost();
    follow.polled(at(0), 8, &word("in-progress"));
    follow.profile_seen(8, Some(&call().profile), None);
    let next = told(&mut follow, at(5), 8, &word("success"), &[]);
    assert_eq!(number_and_result(&next), Some((Some(8), "success")));

    let mut follow = lost();
    follow.polled(at(0), 8, &word("in-progress"));
    follow.profile_seen(8, Some(&call().profile), None);
    let next = follow.polled(at(5), 0, &word(""));
    assert!(
        matches!(next, Next::End(ProfileEnd::Unknown { .. })),
        "{next:?}"
    );
}
