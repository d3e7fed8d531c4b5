//! Starting the real program, the simulator and the private Python, and waiting without sleeping.
//!
//! Every wait has a limit, and a limit that runs out dumps what was said until then.

mod apache;
mod driver;
mod folder;
mod keyring;
mod oracle;
mod process;
mod proxy;
mod python;
mod realm;
mod server;
mod simulator;
mod wait;

pub use apache::{Apache, ApacheSettings};
pub use driver::{Finished, Masequencer, Running};
pub use folder::Folder;
pub use keyring::Keyring;
pub use oracle::{NTLM_PASSWORD, NTLM_USER, Oracle, OracleSettings};
pub use proxy::{Bytes, Cut, Manner, Place, Proxy, Which};
pub use python::Python;
pub use realm::{PERSON, PERSON_PASSWORD, REALM, Realm};
pub use server::{Server, TlsFront, certificate_files};
pub use simulator::{PASSWORD, PASSWORD_VARIABLE, Simulator, USER};
pub use wait::{LIMIT, until};
