//! Keeps this process's memory, with the passwords in it, out of files and away from other programs.
//!
//! Does what the system allows and no more: where it refuses, the program goes on.

/// Switches off the core dumps of this process; what it starts may switch its own on again.
///
/// On Windows there are none unless an administrator asks for them; they are left alone.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // To Linux, one byte means none at all, also where a program takes the dumps; it would be
        // handed one in spite of zero.
        let none = u64::from(cfg!(target_os = "linux"));
        let maximum = getrlimit(Resource::Core).maximum;
        let current = Some(maximum.map_or(none, |maximum| none.min(maximum)));
        setrlimit(Resource::Core, Rlimit { current, maximum }).ok();
    }
}

/// Besides core dumps, keeps other programs of the same user from reading this process's memory and
/// environment. Not for a program with a window: the system's file dialogs would refuse to serve it.
pub fn forbid_reading() {
    forbid_core_dumps();
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).ok();
}
