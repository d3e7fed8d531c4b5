//! Runs a local program, and ends its whole tree of processes when that is asked for.
//!
//! Must not decide how long a program may take or what its exit code means for the run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::io::AsyncRead;
use tokio::process::Command;

use crate::base::time::{Clock as _, SystemClock};
use crate::engine::{CommandCall, CommandReport, StopCause, StopSignal};
use crate::run::CommandEnd;

use super::command_output::CommandOutput;
use super::program;

/// How long a tree of processes has after a polite signal before it is killed.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// How long the output of a program that has ended is still awaited: a child of it may hold the
/// pipe open for ever.
const OUTPUT_GRACE: Duration = Duration::from_millis(500);

/// Runs a program to its end, or only starts it when it is not waited for.
///
/// It leads a process group of its own (a job on Windows), reads nothing, and what it writes to
/// both of its outputs is kept up to 64 KiB. When `stop` fires the group is asked to end, and two
/// seconds later killed. Dropping the future kills the group at once. The variables in `hidden`
/// are kept from it: they hold this program's own password.
pub(super) async fn run_command(
    call: CommandCall,
    stop: StopSignal,
    hidden: &[String],
) -> CommandReport {
    let clock = SystemClock::start();
    let started = clock.now();
    let (end, output) = run(&call, stop, hidden).await;
    CommandReport {
        end,
        output,
        elapsed: clock.now().since(started),
    }
}

async fn run(call: &CommandCall, stop: StopSignal, hidden: &[String]) -> (CommandEnd, String) {
    if let Some(cause) = stop.cause() {
        return (stopped(cause), String::new());
    }
    let spawned = prepare(call, hidden).and_then(|command| {
        if call.command.wait {
            spawn(command)
        } else {
            spawn_detached(command).map(|child| (child, None))
        }
        .map_err(|error| {
            format!(
                "program `{}` could not be started: {error}",
                call.command.program
            )
        })
    });
    match spawned {
        Err(message) => (CommandEnd::NotStarted { message }, String::new()),
        Ok((_, None)) => (CommandEnd::Detached, String::new()),
        Ok((child, Some(output))) => watch(call, child, output, stop).await,
    }
}

/// The command with everything but its streams.
fn prepare(call: &CommandCall, hidden: &[String]) -> Result<Command, String> {
    let wanted = &call.command;
    let base = absolute(&call.base_folder);
    let environment = || call.environment.iter().chain(&wanted.environment);
    let search_path = environment()
        .rfind(|(name, _)| name == "PATH")
        .map(|(_, value)| OsString::from(value))
        .or_else(|| std::env::var_os("PATH"));
    let found = program::find(&wanted.program, &base, search_path.as_deref())?;
    let directory = match &wanted.directory {
        Some(directory) => base.join(directory),
        None => base,
    };
    if !directory.is_dir() {
        return Err(format!(
            "program `{}` was not started: its working directory `{}` is no folder",
            wanted.program,
            directory.display()
        ));
    }
    let mut command = Command::new(found);
    command
        .args(&wanted.arguments)
        .current_dir(directory)
        .stdin(Stdio::null());
    for name in hidden {
        command.env_remove(name);
    }
    for (name, value) in environment() {
        command.env(name, value);
    }
    Ok(command)
}

fn absolute(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf())
}

type Spawned = (Tree, Option<CommandOutput>);

/// Starts a program whose end and output are awaited.
#[cfg(unix)]
fn spawn(mut command: Command) -> std::io::Result<Spawned> {
    // One pipe for both outputs keeps the order in which the program wrote.
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let reader = tokio::net::unix::pipe::Receiver::from_owned_fd(reader.into())?;
    // The writing ends live in the command, which must go before the pipe can end.
    let child = grouped(command).spawn()?;
    let stream: Box<dyn AsyncRead + Send + Unpin> = Box::new(reader);
    Ok((Tree::new(child), Some(CommandOutput::read(vec![stream]))))
}

/// Starts a program whose end and output are awaited; its two outputs are joined as they arrive.
#[cfg(not(unix))]
fn spawn(mut command: Command) -> std::io::Result<Spawned> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = grouped(command).spawn()?;
    let mut streams: Vec<Box<dyn AsyncRead + Send + Unpin>> = Vec::new();
    if let Some(stream) = child.stdout().take() {
        streams.push(Box::new(stream));
    }
    if let Some(stream) = child.stderr().take() {
        streams.push(Box::new(stream));
    }
    Ok((Tree::new(child), Some(CommandOutput::read(streams))))
}

/// Starts a program that nobody waits for; the runtime collects its exit status.
fn spawn_detached(mut command: Command) -> std::io::Result<Tree> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut tree = Tree::new(grouped(command).spawn()?);
    tree.is_over = true;
    Ok(tree)
}

#[cfg(unix)]
fn grouped(command: Command) -> CommandWrap {
    let mut wrap = CommandWrap::from(command);
    wrap.wrap(process_wrap::tokio::ProcessGroup::leader());
    wrap
}

#[cfg(windows)]
fn grouped(command: Command) -> CommandWrap {
    let mut wrap = CommandWrap::from(command);
    wrap.wrap(process_wrap::tokio::JobObject);
    wrap
}

/// A program and all its descendants that stayed in its group; killed when dropped before its end.
struct Tree {
    child: Box<dyn ChildWrapper>,
    is_over: bool,
}

impl Tree {
    const fn new(child: Box<dyn ChildWrapper>) -> Self {
        Self {
            child,
            is_over: false,
        }
    }

    /// Waits for the leader's end. Cancel-safe.
    async fn leader_ended(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    #[cfg(unix)]
    fn ask_to_end(&self) {
        // A group that is already gone needs no signal.
        self.child.signal(SIGTERM).ok();
    }

    /// A job knows no polite wish.
    #[cfg(not(unix))]
    fn ask_to_end(&mut self) {
        self.kill();
    }

    fn kill(&mut self) {
        // A group that is already gone needs no signal.
        self.child.start_kill().ok();
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if !self.is_over {
            self.kill();
        }
    }
}

/// POSIX's polite wish that a program end.
#[cfg(unix)]
const SIGTERM: i32 = 15;

async fn watch(
    call: &CommandCall,
    mut tree: Tree,
    mut output: CommandOutput,
    mut stop: StopSignal,
) -> (CommandEnd, String) {
    let end = tokio::select! {
        biased;
        exit = tree.leader_ended() => {
            // What the program left running on purpose is its own affair.
            tree.is_over = true;
            // A silent child may hold the pipe open; what it writes later is read and dropped.
            tokio::time::timeout(OUTPUT_GRACE, output.ended()).await.ok();
            exited(call, exit)
        }
        cause = stop.fired() => {
            end_tree(&mut tree, &mut output).await;
            stopped(cause)
        }
    };
    (end, output.text())
}

/// Ends the whole group: politely, then by force, also when only children of the program are left.
async fn end_tree(tree: &mut Tree, output: &mut CommandOutput) {
    tree.ask_to_end();
    let all_gone = async {
        tree.leader_ended().await.ok();
        // The group shares the pipe, so its end says that hardly anybody is left.
        output.ended().await;
    };
    tokio::time::timeout(STOP_GRACE, all_gone).await.ok();
    tree.kill();
    let reaped = async {
        tree.leader_ended().await.ok();
        output.ended().await;
    };
    tokio::time::timeout(OUTPUT_GRACE, reaped).await.ok();
    tree.is_over = true;
}

const fn stopped(cause: StopCause) -> CommandEnd {
    match cause {
        StopCause::Person => CommandEnd::Stopped,
        StopCause::Timeout => CommandEnd::TimedOut,
    }
}

fn exited(call: &CommandCall, exit: std::io::Result<ExitStatus>) -> CommandEnd {
    match exit {
        Ok(status) => match status.code() {
            Some(code) => CommandEnd::Exited {
                code,
                allowed: call.command.allowed_exit_codes.allows(code),
            },
            None => CommandEnd::Signalled {
                signal: signal_of(status),
            },
        },
        Err(error) => CommandEnd::NotStarted {
            message: format!(
                "program `{}` was started, but its end cannot be told: {error}",
                call.command.program
            ),
        },
    }
}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal().unwrap_or(0)
}

#[cfg(not(unix))]
const fn signal_of(_status: ExitStatus) -> i32 {
    0
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tokio::sync::watch;

    use super::*;
    use crate::backend::command_output::MAX_OUTPUT_BYTES;
    use crate::model;

    fn shell(folder: &Path, script: &str) -> CommandCall {
        let mut command = model::Command::new("/bin/sh");
        command.arguments = vec!["-c".to_owned(), script.to_owned()];
        CommandCall {
            command,
            base_folder: folder.to_path_buf(),
            environment: Vec::new(),
        }
    }

    async fn finished(call: CommandCall) -> CommandReport {
        let (_switch, stop) = StopSignal::new();
        tokio::time::timeout(Duration::from_secs(30), run_command(call, stop, &[]))
            .await
            .expect("the command ends")
    }

    /// Starts a command and stops it as soon as `ready` exists in the folder.
    async fn stopped_when_ready(call: CommandCall, cause: StopCause) -> CommandReport {
        let ready = call.base_folder.join("ready");
        let (switch, stop): (watch::Sender<_>, _) = StopSignal::new();
        let (report, ()) = tokio::join!(run_command(call, stop, &[]), async {
            until(|| ready.exists()).await;
            switch.send_replace(Some(cause));
        });
        report
    }

    /// Waits for a condition, at most ten seconds.
    async fn until(condition: impl Fn() -> bool) {
        let waited = async {
            while !condition() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waited)
            .await
            .expect("the condition comes true");
    }

    /// The processes named in a file, one number a line, that still run.
    fn alive(pids: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(pids).unwrap();
        assert!(!text.trim().is_empty());
        text.lines()
            .filter(|pid| {
                // A dead process whose parent has not looked yet is still listed, as a zombie.
                std::fs::read_to_string(format!("/proc/{pid}/stat"))
                    .is_ok_and(|stat| !stat.contains(") Z "))
            })
            .map(str::to_owned)
            .collect()
    }

    #[tokio::test]
    async fn exit_codes_and_signals_are_told() {
        let folder = tempfile::tempdir().unwrap();
        for (script, end) in [
            (
                "exit 0",
                CommandEnd::Exited {
                    code: 0,
                    allowed: true,
                },
            ),
            (
                "exit 3",
                CommandEnd::Exited {
                    code: 3,
                    allowed: false,
                },
            ),
            ("kill -9 $$", CommandEnd::Signalled { signal: 9 }),
        ] {
            let report = finished(shell(folder.path(), script)).await;
            assert_eq!(report.end, end, "{script}");
        }
        let mut call = shell(folder.path(), "exit 3");
        call.command.allowed_exit_codes = model::ExitCodes::new([0, 3]).unwrap();
        let end = finished(call).await.end;
        assert_eq!(
            end,
            CommandEnd::Exited {
                code: 3,
                allowed: true
            }
        );
    }

    #[tokio::test]
    async fn both_outputs_come_in_order_and_the_input_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let report = finished(shell(
            folder.path(),
            "echo one; echo two >&2; cat; echo three",
        ))
        .await;
        assert_eq!(report.output, "one\ntwo\nthree\n");
    }

    #[tokio::test]
    async fn a_flood_is_capped_and_drained() {
        let folder = tempfile::tempdir().unwrap();
        let report = finished(shell(folder.path(), "head -c 1000000 /dev/zero")).await;
        assert!(matches!(report.end, CommandEnd::Exited { code: 0, .. }));
        let cut = 1_000_000 - MAX_OUTPUT_BYTES;
        let note = format!("{cut} bytes are not kept");
        assert!(report.output.contains(&note), "{}", report.output.len());
        assert!(report.output.len() < MAX_OUTPUT_BYTES + 100);
    }

    #[tokio::test]
    async fn environment_and_folders_count_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let base = std::fs::canonicalize(folder.path()).unwrap();
        std::fs::create_dir(base.join("sub")).unwrap();
        let mut call = shell(&base, "pwd; echo $A $B \"$C\"");
        call.command.arguments.push("*ignored* $A".to_owned());
        call.environment = vec![("A".into(), "run".into()), ("B".into(), "run".into())];
        call.command.environment = vec![
            ("B".into(), "first".into()),
            ("B".into(), "own".into()),
            ("C".into(), "x  y".into()),
        ];
        call.command.directory = Some("sub".to_owned());
        let report = finished(call).await;
        let expected = format!("{}\nrun own x  y\n", base.join("sub").display());
        assert_eq!(report.output, expected);

        symlink("/bin/sh", base.join("sub/tool")).unwrap();
        let mut call = shell(&base, "pwd");
        call.command.program = "sub/tool".to_owned();
        let report = finished(call).await;
        assert_eq!(report.output, format!("{}\n", base.display()));
    }

    #[tokio::test]
    async fn what_cannot_start_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let mut no_program = shell(folder.path(), "");
        no_program.command.program = "no-such-program".to_owned();
        let mut no_folder = shell(folder.path(), "");
        no_folder.command.directory = Some("nowhere".to_owned());
        let mut no_format = shell(folder.path(), "");
        no_format.command.program = "/proc/self/exe/".to_owned();
        let mut bad_variable = shell(folder.path(), "");
        bad_variable.command.environment = vec![("A".into(), "nul\0".into())];
        for (call, words) in [
            (
                no_program,
                "program `no-such-program` was not found beside the sequence file or on the search path",
            ),
            (no_folder, "is no folder"),
            (no_format, "was not found"),
            (bad_variable, "could not be started"),
        ] {
            let end = finished(call).await.end;
            let CommandEnd::NotStarted { message } = end else {
                panic!("{end:?}");
            };
            assert!(message.contains(words), "{message}");
        }
    }

    #[tokio::test]
    async fn a_stop_ends_the_whole_tree() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sh -c 'sleep 600 & echo $! >> pids; sleep 600 & echo $! >> pids; wait' & \
             echo $! >> pids; echo $$ >> pids; while [ $(wc -l < pids) -lt 4 ]; do :; done; \
             echo begun; touch ready; wait";
        let call = shell(folder.path(), script);
        let report = stopped_when_ready(call, StopCause::Person).await;
        assert_eq!(report.end, CommandEnd::Stopped);
        assert_eq!(report.output, "begun\n");
        let pids = folder.path().join("pids");
        until(|| alive(&pids).is_empty()).await;
    }

    #[tokio::test]
    async fn who_ignores_the_polite_signal_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let script = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$ >> pids; while :; do sleep 1; done' & \
             echo $$ >> pids; while [ $(wc -l < pids) -lt 2 ]; do :; done; touch ready; \
             while :; do sleep 1; done";
        let call = shell(folder.path(), script);
        let report = stopped_when_ready(call, StopCause::Timeout).await;
        assert_eq!(report.end, CommandEnd::TimedOut);
        assert!(report.elapsed >= STOP_GRACE, "{:?}", report.elapsed);
        let pids = folder.path().join("pids");
        until(|| alive(&pids).is_empty()).await;
    }

    #[tokio::test]
    async fn children_of_a_stopped_program_that_is_gone_are_killed() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sh -c 'trap \"\" TERM; echo $$ >> pids; touch ready; while :; do sleep 1; done' & wait";
        let report = stopped_when_ready(shell(folder.path(), script), StopCause::Person).await;
        assert_eq!(report.end, CommandEnd::Stopped);
        let pids = folder.path().join("pids");
        until(|| alive(&pids).is_empty()).await;
    }

    #[tokio::test]
    async fn a_child_that_keeps_the_output_open_does_not_hang_us() {
        let folder = tempfile::tempdir().unwrap();
        let script =
            "sh -c 'echo $$ > pids; exec sleep 600' & while [ ! -s pids ]; do :; done; echo done";
        let report = finished(shell(folder.path(), script)).await;
        assert_eq!(report.output, "done\n");
        assert!(matches!(report.end, CommandEnd::Exited { code: 0, .. }));
        assert!(report.elapsed < Duration::from_secs(20));
        let pids = folder.path().join("pids");
        assert_eq!(
            alive(&pids).len(),
            1,
            "a program may leave a service running"
        );
        let pid = std::fs::read_to_string(&pids).unwrap();
        finished(shell(folder.path(), &format!("kill -9 {}", pid.trim()))).await;
    }

    #[tokio::test]
    async fn an_unawaited_program_outlives_its_step() {
        let folder = tempfile::tempdir().unwrap();
        let script = "while [ ! -e go ]; do sleep 0.05; done; echo ignored; touch ended";
        let mut call = shell(folder.path(), script);
        call.command.wait = false;
        let report = finished(call).await;
        assert_eq!(report.end, CommandEnd::Detached);
        std::fs::write(folder.path().join("go"), "").unwrap();
        let ended = folder.path().join("ended");
        until(|| ended.exists()).await;
    }

    #[tokio::test]
    async fn a_stop_before_the_start_starts_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (switch, stop) = StopSignal::new();
        switch.send_replace(Some(StopCause::Person));
        let report = run_command(shell(folder.path(), "touch ready"), stop, &[]).await;
        assert_eq!(report.end, CommandEnd::Stopped);
        assert!(!folder.path().join("ready").exists());
    }

    #[tokio::test]
    async fn a_dropped_call_takes_the_tree_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sleep 600 & echo $! >> pids; echo $$ >> pids; touch ready; wait";
        let (_switch, stop) = StopSignal::new();
        let ready = folder.path().join("ready");
        tokio::select! {
            _ = run_command(shell(folder.path(), script), stop, &[]) => panic!("it hangs"),
            () = until(|| ready.exists()) => {}
        }
        let pids = folder.path().join("pids");
        until(|| alive(&pids).is_empty()).await;
    }

    #[tokio::test]
    async fn a_hidden_variable_is_kept_from_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let (_switch, stop) = StopSignal::new();
        // CARGO_MANIFEST_DIR is set for every test; it stands for the password's variable.
        let hidden = ["CARGO_MANIFEST_DIR".to_owned()];
        let script = "echo ${CARGO_MANIFEST_DIR-gone}";
        let report = run_command(shell(folder.path(), script), stop.clone(), &[]).await;
        assert_ne!(report.output.trim(), "gone");
        let report = run_command(shell(folder.path(), script), stop, &hidden).await;
        assert_eq!(report.output.trim(), "gone");
    }
}
