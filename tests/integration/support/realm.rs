//! A Kerberos realm of a test's own: MIT's key distribution centre on a free port of this machine.

use std::ffi::OsString;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::folder::Folder;
use super::process::Process;
use super::wait::until;

/// The name of the realm.
pub const REALM: &str = "LAB.TEST";
/// A person of the realm.
pub const PERSON: &str = "alice";
/// That person's password.
pub const PERSON_PASSWORD: &str = "Pässw0rd-of-alice";

/// How long each program of MIT may take.
const LIMIT: Duration = Duration::from_mins(1);

/// How often another port is tried when somebody else took the first.
const ATTEMPTS: usize = 5;

/// The services whose keys are in the keytab. MIT tells upper from lower case; clients differ in
/// what they ask for.
const SERVICES: [&str; 5] = [
    "HTTP/localhost",
    "http/localhost",
    "HTTP/127.0.0.1",
    "http/127.0.0.1",
    "WSMAN/localhost",
];

/// A running realm with one person and one server. Dropping it ends it.
#[derive(Debug)]
pub struct Realm {
    folder: Folder,
    port: u16,
    centre: Process,
}

impl Realm {
    /// Starts a realm.
    ///
    /// # Panics
    /// When MIT's programs are not installed or fail.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_at(None)
    }

    /// Starts a realm whose centre's clock is this far off, such as `+20m`.
    #[track_caller]
    pub fn with_clock(offset: &str) -> Self {
        Self::start_at(Some(offset))
    }

    #[track_caller]
    fn start_at(clock: Option<&str>) -> Self {
        let folder = Folder::new();
        configure(&folder, free_port());
        fill(&folder);
        for _ in 0..ATTEMPTS {
            let port = free_port();
            configure(&folder, port);
            if let Some(centre) = listen(&folder, port, clock) {
                return Self {
                    folder,
                    port,
                    centre,
                };
            }
        }
        panic!("no free port in {ATTEMPTS} attempts");
    }

    /// The keys of the services, as MIT's programs write them.
    pub fn keytab(&self) -> PathBuf {
        self.folder.file("keytab")
    }

    /// What tells MIT's programs where the realm is.
    pub fn configuration(&self) -> PathBuf {
        self.folder.file("krb5.conf")
    }

    /// Where the centre listens, in the words of the crate `sspi`.
    pub fn url(&self) -> String {
        format!("tcp://127.0.0.1:{}", self.port)
    }

    /// What MIT's libraries need to find the realm, the keytab and a ticket cache of its own.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        variables(&self.folder)
    }

    /// Gets a ticket into the realm's cache, as `kinit` does.
    #[track_caller]
    pub fn log_on(&self, person: &str, password: &str) {
        let input = format!("{password}\n");
        call(&self.folder, "kinit", &[person], &input);
    }

    /// Gets a ticket that lasts a second, and waits until it has expired.
    #[cfg(feature = "gssapi")]
    #[track_caller]
    pub fn log_on_for_a_second(&self, person: &str, password: &str) {
        let input = format!("{password}\n");
        call(&self.folder, "kinit", &["-l", "1s", person], &input);
        until(
            "the ticket expires",
            LIMIT,
            || {
                let mut command = command(&self.folder, "klist");
                let mut process = Process::start("klist", command.arg("-s"), None);
                (!process.wait(LIMIT).success()).then_some(())
            },
            || self.folder.read("kdc.log"),
        );
    }

    /// The keys of a person, for programs that nobody watches.
    #[cfg(feature = "gssapi")]
    #[track_caller]
    pub fn keytab_of(&self, person: &str) -> PathBuf {
        let keytab = self.folder.file("client.keytab");
        let order = format!("ktadd -norandkey -k {} {person}", keytab.display());
        self.order(&order);
        keytab
    }

    /// Adds a person with keys of these encryption types only, such as `aes128-cts:normal`.
    #[track_caller]
    pub fn add_person(&self, name: &str, password: &str, keys: &str) {
        let query = format!("add_principal +requires_preauth -e {keys} -pw {password} {name}");
        self.order(&query);
    }

    /// Tells the administrator's program something, and brings what it says.
    #[track_caller]
    pub fn order(&self, query: &str) -> String {
        call(
            &self.folder,
            "kadmin.local",
            &["-r", REALM, "-q", query],
            "",
        )
    }

    /// How often in a row the centre has seen a wrong password of this person.
    #[track_caller]
    pub fn failed_attempts(&self, person: &str) -> u32 {
        let told = self.order(&format!("get_principal {person}"));
        let count = told
            .lines()
            .find_map(|line| line.strip_prefix("Failed password attempts: "));
        let count = count.and_then(|count| count.trim().parse().ok());
        count.unwrap_or_else(|| panic!("{told}"))
    }

    /// The centre's process.
    pub fn centre_id(&self) -> u32 {
        self.centre.id()
    }

    /// Ends the centre, so that nobody listens on its port any more.
    #[track_caller]
    pub fn end_centre(&mut self) {
        self.centre.signal("KILL");
        self.centre.wait(LIMIT);
    }
}

fn variables(folder: &Folder) -> Vec<(&'static str, OsString)> {
    let file = |name: &str| folder.file(name).into_os_string();
    let mut cache = OsString::from("FILE:");
    cache.push(file("ccache"));
    vec![
        ("KRB5_CONFIG", file("krb5.conf")),
        ("KRB5_KDC_PROFILE", file("kdc.conf")),
        ("KRB5_KTNAME", file("keytab")),
        ("KRB5CCNAME", cache),
        // Two servers of tests would share a file of seen requests otherwise.
        ("KRB5RCACHENAME", "none:".into()),
    ]
}

fn configure(folder: &Folder, port: u16) {
    let at = folder.path().display();
    folder.write(
        "krb5.conf",
        format!(
            "[libdefaults]\n default_realm = {REALM}\n rdns = false\n \
             dns_canonicalize_hostname = false\n dns_lookup_kdc = false\n \
             dns_lookup_realm = false\n udp_preference_limit = 1\n\
             [realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{port}\n }}\n\
             [domain_realm]\n localhost = {REALM}\n 127.0.0.1 = {REALM}\n"
        ),
    );
    folder.write(
        "kdc.conf",
        format!(
            "[kdcdefaults]\n kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}\n\
             [realms]\n {REALM} = {{\n  database_name = {at}/principal\n  \
             key_stash_file = {at}/stash\n  acl_file = {at}/acl\n  max_life = 10h\n  \
             supported_enctypes = aes256-cts:normal aes128-cts:normal\n }}\n\
             [logging]\n kdc = FILE:{at}/kdc.log\n admin_server = FILE:{at}/kadmin.log\n"
        ),
    );
}

/// Makes the database with the person and the services, and the keytab.
#[track_caller]
fn fill(folder: &Folder) {
    let make = ["-r", REALM, "create", "-s", "-P", "master key of a test"];
    call(folder, "kdb5_util", &make, "");
    // The client library wants the centre to ask for the password before it answers.
    let mut orders = format!("add_principal +requires_preauth -pw {PERSON_PASSWORD} {PERSON}\n");
    for service in SERVICES {
        orders.push_str("add_principal -randkey ");
        orders.push_str(service);
        orders.push_str("\nktadd -k ");
        orders.push_str(&folder.file("keytab").to_string_lossy());
        orders.push(' ');
        orders.push_str(service);
        orders.push('\n');
    }
    call(folder, "kadmin.local", &["-r", REALM], &orders);
    let keytab = folder.file("keytab");
    assert!(keytab.exists(), "kadmin.local wrote no keytab");
}

/// The centre once it answers on the port; `None` when it ended since somebody else has the port.
#[track_caller]
fn listen(folder: &Folder, port: u16, clock: Option<&str>) -> Option<Process> {
    let mut command = command(folder, "krb5kdc");
    command.args(["-n", "-r", REALM]);
    command.envs(clock.into_iter().flat_map(wrong_clock));
    let mut centre = Process::start("krb5kdc", &mut command, None);
    let is_ready = until(
        "the key distribution centre listens",
        LIMIT,
        || {
            if centre.status().is_some() {
                return Some(false);
            }
            TcpStream::connect(("127.0.0.1", port)).ok().map(|_| true)
        },
        || folder.read("kdc.log"),
    );
    is_ready.then_some(centre)
}

/// A port that is free for TCP and UDP at the moment.
fn free_port() -> u16 {
    let ports = std::iter::repeat_with(|| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        UdpSocket::bind(("127.0.0.1", port)).ok().map(|_| port)
    });
    ports.flatten().next().expect("the iterator never ends")
}

/// What lets a program see a clock that is this far off, such as `+20m`.
pub fn wrong_clock(offset: &str) -> [(&'static str, OsString); 2] {
    let library = format!(
        "/usr/lib/{}-linux-gnu/faketime/libfaketime.so.1",
        std::env::consts::ARCH
    );
    assert!(
        Path::new(&library).exists(),
        "no {library}: run `bash tests/run` once"
    );
    [("LD_PRELOAD", library.into()), ("FAKETIME", offset.into())]
}

#[track_caller]
fn call(folder: &Folder, program: &str, arguments: &[&str], input: &str) -> String {
    let mut command = command(folder, program);
    command.args(arguments);
    let mut process = Process::start(program, &mut command, Some(input.as_bytes()));
    let status = process.wait(LIMIT);
    assert!(
        status.success(),
        "{program} failed ({status})\n{}",
        process.dump()
    );
    process.stdout()
}

/// One of MIT's programs. Debian keeps those of an administrator where the path may not lead.
fn command(folder: &Folder, program: &str) -> Command {
    let places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    let found = places.iter().map(|place| Path::new(place).join(program));
    let path = found.into_iter().find(|path| path.exists());
    let path = path.unwrap_or_else(|| panic!("no {program}: run `bash tests/run` once"));
    let mut command = Command::new(path);
    command.current_dir(folder.path()).envs(variables(folder));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_can_be_had_and_a_wrong_password_gives_none() {
        let realm = Realm::start();
        realm.log_on(PERSON, PERSON_PASSWORD);
        assert!(realm.url().starts_with("tcp://127.0.0.1:"));
        assert!(realm.folder.file("ccache").exists());
        let mut command = command(&realm.folder, "kinit");
        let mut process = Process::start("kinit", command.arg(PERSON), Some(b"wrong\n"));
        assert!(!process.wait(LIMIT).success(), "{}", process.dump());
    }
}
