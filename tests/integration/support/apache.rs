//! Apache with `mod_auth_gssapi` as a gateway before a simulator: a second NTLM (gss-ntlmssp) and MIT's
//! Kerberos. It proves accounts and encrypts nothing, so TLS has to, or nobody.

use std::ffi::OsString;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::driver::Masequencer;
use super::folder::Folder;
use super::oracle::ntlm_users;
use super::process::Process;
use super::realm::Realm;
use super::simulator::{PASSWORD, PASSWORD_VARIABLE, Simulator, USER};
use super::wait::{LIMIT, until};

/// How often another port is tried when somebody else took the first.
const ATTEMPTS: usize = 5;
/// What is loaded besides the encryption.
const MODULES: [&str; 10] = [
    "auth_gssapi",
    "authn_core",
    "authz_core",
    "authz_user",
    "headers",
    "mpm_prefork",
    "proxy",
    "proxy_http",
    "rewrite",
    "setenvif",
];

/// What the gateway is to do.
#[derive(Debug, Default)]
pub struct ApacheSettings<'a> {
    /// The realm whose tickets it takes.
    pub realm: Option<&'a Realm>,
    /// The certificate and the key with which it encrypts.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// After how many requests it ends a connection.
    pub requests: Option<u32>,
}

/// A running gateway with a simulator behind it. Dropping it ends both.
#[derive(Debug)]
pub struct Apache {
    url: String,
    folder: Folder,
    process: Process,
    simulator: Simulator,
}

impl Apache {
    /// Starts both.
    ///
    /// # Panics
    /// When Apache or one of its modules is not installed.
    #[track_caller]
    pub fn start(manner: &ApacheSettings<'_>) -> Self {
        let simulator = Simulator::start();
        let folder = Folder::new();
        // Started as root, it works as another user.
        open(folder.path());
        open(&folder.write("ntlm-users", ntlm_users()));
        let mechanism = format!(
            "gssntlmssp_v1 1.3.6.1.4.1.311.2.2.10 /usr/lib/{}-linux-gnu/gssntlmssp/gssntlmssp.so\n",
            std::env::consts::ARCH
        );
        open(&folder.write("mech", mechanism));
        if let Some(realm) = manner.realm {
            for (name, from) in [
                ("krb5.conf", realm.configuration()),
                ("keytab", realm.keytab()),
            ] {
                let content = std::fs::read(from).expect("the realm has written it");
                open(&folder.write(name, content));
            }
        }
        for _ in 0..ATTEMPTS {
            let port = free_port();
            folder.write(
                "apache.conf",
                configuration(&folder, manner, port, &simulator),
            );
            if let Some(process) = listen(&folder, port) {
                let scheme = if manner.tls.is_some() {
                    "https"
                } else {
                    "http"
                };
                return Self {
                    url: format!("{scheme}://localhost:{port}/wsman"),
                    folder,
                    process,
                    simulator,
                };
            }
        }
        panic!("no free port in {ATTEMPTS} attempts");
    }

    /// Where it listens.
    #[cfg(feature = "gssapi")]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A command line that asks it for its agents as this user.
    pub fn agents(&self, folder: &Folder, user: &str, password: &str) -> Masequencer {
        let password = OsString::from(password);
        let client = self.simulator.client(folder);
        client
            .args(["agents", "--server", &self.url, "--user", user])
            .env(PASSWORD_VARIABLE, password)
    }

    /// Everything that it wrote: each request with its status, user and mechanism, and what went wrong.
    pub fn said(&self) -> String {
        // It opens its logs a moment after its port.
        let read = |name| std::fs::read_to_string(self.folder.file(name)).unwrap_or_default();
        let logs = ["access.log", "error.log"].map(read);
        format!("{}{}", logs.concat(), self.process.dump())
    }

    /// How many lines contain `part`.
    pub fn count(&self, part: &str) -> usize {
        let said = self.said();
        said.lines().filter(|line| line.contains(part)).count()
    }

    /// Waits until that many lines contain `part`: what it writes may come after the client's end.
    #[track_caller]
    pub fn wait_for(&self, part: &str, count: usize) {
        until(
            &format!("{count} lines with '{part}'"),
            LIMIT,
            || (self.count(part) >= count).then_some(()),
            || self.said(),
        );
    }
}

fn configuration(
    folder: &Folder,
    manner: &ApacheSettings<'_>,
    port: u16,
    simulator: &Simulator,
) -> String {
    let at = folder.path().display();
    let mut modules = MODULES.to_vec();
    let mut encryption = String::new();
    if let Some((certificate, key)) = &manner.tls {
        modules.extend(["socache_shmcb", "ssl"]);
        encryption = format!(
            "SSLEngine On\nSSLSessionCache none\nSSLCertificateFile {}\nSSLCertificateKeyFile {}\n",
            certificate.display(),
            key.display()
        );
    }
    let load = modules
        .iter()
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"));
    let load = load.collect::<Vec<String>>().concat();
    let requests = manner.requests.unwrap_or(0);
    let behind = simulator.url();
    // The header carries the password in a variable of Apache's own.
    format!(
        "{load}ServerRoot {at}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {at}/pid\n\
         Mutex file:{at} default\nUser nobody\nGroup nogroup\nStartServers 2\nMaxSpareServers 4\n\
         LogLevel warn auth_gssapi:info\nErrorLog {at}/error.log\n\
         LogFormat \"status %>s user %u mechanism %{{GSS_MECH}}e\" line\nCustomLog {at}/access.log line\n\
         KeepAlive On\nMaxKeepAliveRequests {requests}\n{encryption}\
         <Location /wsman>\n AuthType GSSAPI\n AuthName WSMAN\n GssapiConnectionBound On\n \
         GssapiPublishMech On\n Require valid-user\n RewriteEngine On\n \
         RewriteCond %{{HTTP:Content-Length}} =0\n RewriteRule ^ - [R=204,L]\n \
         ProxyPass {behind}\n RequestHeader set Authorization \"Basic ${{BEHIND}}\"\n</Location>\n"
    )
}

/// Apache once it answers on the port; `None` when it ended since somebody else has the port.
#[track_caller]
fn listen(folder: &Folder, port: u16) -> Option<Process> {
    let program = Path::new("/usr/sbin/apache2");
    assert!(program.exists(), "no Apache: run `bash tests/run` once");
    let mut command = Command::new(program);
    command
        .arg("-f")
        .arg(folder.file("apache.conf"))
        .args(["-D", "FOREGROUND"])
        .env("BEHIND", base64(format!("{USER}:{PASSWORD}").as_bytes()))
        .env("NTLM_USER_FILE", folder.file("ntlm-users"))
        .env("GSS_MECH_CONFIG", folder.file("mech"))
        .env("KRB5_CONFIG", folder.file("krb5.conf"))
        .env("KRB5_KTNAME", folder.file("keytab"))
        .env("KRB5RCACHENAME", "none:");
    let mut process = Process::start("apache2", &mut command, None);
    let is_ready = until(
        "Apache listens",
        LIMIT,
        || {
            if process.status().is_some() {
                return Some(false);
            }
            TcpStream::connect(("127.0.0.1", port)).ok().map(|_| true)
        },
        String::new,
    );
    if !is_ready {
        let said = process.dump();
        assert!(said.contains("Address already in use"), "{said}");
    }
    is_ready.then_some(process)
}

fn open(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
