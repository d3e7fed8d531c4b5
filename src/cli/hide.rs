//! Takes a password that was given with `/p:` out of the process list.
//!
//! No program can change its own arguments safely; but on Unix it can become itself again without
//! them, under the same number. For the moment until then the list shows the password.

use std::ffi::OsString;

use crate::base::secret::Secret;

/// What a person who used `/p:` should know.
pub const WARNING: &str = if cfg!(unix) {
    "a password given with /p: stands in process lists for a moment, and in the shell's history; \
     better set MASEQUENCER_PASSWORD, or store it with masequencer credential set"
} else {
    "a password given with /p: can be seen in process lists; better set MASEQUENCER_PASSWORD, or \
     store it with masequencer credential set"
};

/// Becomes this program again, with the password in the variable that only the user can read and
/// that no started program inherits. Returns when the system does not let it.
#[cfg(unix)]
pub fn start_again(arguments: &[OsString], password: &Secret) {
    use std::os::unix::process::CommandExt as _;

    use super::old_style::without_password;
    use super::password::DEFAULT_VARIABLE;

    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut again = std::process::Command::new(program);
    if let Some(name) = std::env::args_os().next() {
        again.arg0(name);
    }
    again
        .args(without_password(arguments))
        .env(DEFAULT_VARIABLE, password.reveal());
    // It only returns with an error; then the run goes on as it is, and the warning was said.
    drop(again.exec());
}

/// This system has no way to it.
#[cfg(not(unix))]
pub fn start_again(_arguments: &[OsString], _password: &Secret) {}
