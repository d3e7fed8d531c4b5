//! The system's side of a socket: a path on Unix, a named pipe on Windows.
//!
//! Must not know what is said over it.

use std::io;
use std::path::Path;

use interprocess::local_socket::ListenerOptions;
use interprocess::local_socket::tokio::prelude::*;
pub(super) use interprocess::local_socket::tokio::{Listener, Stream};
use tokio::io::{ReadHalf, WriteHalf};

/// The reading direction of a connection.
pub(super) type RecvHalf = ReadHalf<Stream>;

/// The writing direction of a connection.
pub(super) type SendHalf = WriteHalf<Stream>;

/// Opens a socket that only its owner may use; needs a tokio runtime.
///
/// # Errors
/// Any error of the system; [`io::ErrorKind::AddrInUse`] when somebody listens there.
#[cfg(unix)]
pub(super) fn listen(path: &Path) -> io::Result<Listener> {
    use std::os::unix::fs::PermissionsExt as _;

    if std::os::unix::net::UnixStream::connect(path).is_ok() {
        return Err(io::ErrorKind::AddrInUse.into());
    }
    // What a host that was killed left behind; nobody listens to it.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // The folder already keeps others out while the socket still has the process's mask.
    let listener = ListenerOptions::new().name(name(path)?).create_tokio()?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Opens a named pipe, and a file that tells its name; needs a tokio runtime.
///
/// The pipe has the system's default access list: its owner, administrators and the system may
/// write to it, others at most read (`CreateNamedPipeW`, security attributes).
///
/// # Errors
/// Any error of the system.
#[cfg(not(unix))]
pub(super) fn listen(path: &Path) -> io::Result<Listener> {
    let listener = ListenerOptions::new().name(name(path)?).create_tokio()?;
    std::fs::write(path, "")?;
    Ok(listener)
}

/// Connects to a socket.
///
/// # Errors
/// Any error of the system; see [`is_dead`].
pub(super) async fn connect(path: &Path) -> io::Result<Stream> {
    Stream::connect(name(path)?).await
}

/// The two directions of a connection.
pub(super) fn split(stream: Stream) -> (RecvHalf, SendHalf) {
    tokio::io::split(stream)
}

/// The next connection. Cancel-safe.
///
/// # Errors
/// Any error of the system.
pub(super) async fn accept(listener: &Listener) -> io::Result<Stream> {
    listener.accept().await
}

/// Whether this error of [`connect`] means that nobody listens any more.
pub(super) fn is_dead(error: &io::Error) -> bool {
    if cfg!(unix) {
        error.kind() == io::ErrorKind::ConnectionRefused
    } else {
        error.kind() == io::ErrorKind::NotFound
    }
}

#[cfg(unix)]
fn name(path: &Path) -> io::Result<interprocess::local_socket::Name<'_>> {
    path.to_fs_name::<interprocess::local_socket::GenericFilePath>()
}

#[cfg(not(unix))]
fn name(path: &Path) -> io::Result<interprocess::local_socket::Name<'_>> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    format!("masequencer-{stem}").to_ns_name::<interprocess::local_socket::GenericNamespaced>()
}
