//! What is not right gets nobody into the simulated server, and ends no process: wrong passwords,
//! changed bodies, tickets of others and tickets sent twice, garbage.

use crate::support::{
    Folder, Masequencer, PASSWORD_VARIABLE, PERSON, PERSON_PASSWORD, Python, REALM, Realm,
};

const SCRIPT: &str = include_str!("../interop/intruders.py");

/// Lets the script try everything, and looks at what the server said.
#[track_caller]
fn nobody_gets_in(user: &str, arguments: &[&str], python: Python) {
    let folder = Folder::new();
    let mut server = Masequencer::new(&folder)
        .args(["simulate", "--listen", "127.0.0.1:0", "--user", user])
        .args(["--password-env", PASSWORD_VARIABLE])
        .args(arguments)
        .env(PASSWORD_VARIABLE, PERSON_PASSWORD)
        .start();
    let line = server.wait_for_line("listening on ");
    let (_, url) = line.split_once("listening on ").expect("it is in the line");
    let python = python.arg(url).arg(user).arg(PERSON_PASSWORD);
    let python = if arguments.contains(&"--keytab") {
        python.arg(format!("bob@{REALM}")).arg("password-of-bob")
    } else {
        python
    };
    let output = python.run();
    assert!(output.contains("ok   still serves"), "{output}");
    server.interrupt();
    let finished = server.finish().expect_code(0);
    assert_eq!(finished.stderr, "", "{}", finished.dump());
}

#[test]
fn by_ntlm() {
    nobody_gets_in(PERSON, &["--auth", "negotiate"], Python::script(SCRIPT));
}

#[test]
fn by_kerberos() {
    let realm = Realm::start();
    realm.add_person("bob", "password-of-bob", "aes256-cts:normal");
    let mut python = Python::script(SCRIPT);
    for (name, value) in realm.variables() {
        python = python.env(name, value);
    }
    let keytab = realm.keytab();
    let keytab = keytab.to_string_lossy();
    let user = format!("{PERSON}@{REALM}");
    let arguments = ["--auth", "negotiate,kerberos", "--keytab", &keytab];
    nobody_gets_in(&user, &arguments, python);
}
