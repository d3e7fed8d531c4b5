//! `masequencer simulate` as a process of its own, as an administrator starts it for practice.

use crate::support::{Folder, Masequencer, PASSWORD, PASSWORD_VARIABLE, Python, Simulator, USER};

#[test]
fn it_says_where_it_listens_and_ends_with_ctrl_c() {
    let simulator = Simulator::start();
    assert!(
        simulator.url().starts_with("http://127.0.0.1:"),
        "{}",
        simulator.url()
    );
    assert!(simulator.url().ends_with("/wsman"), "{}", simulator.url());
    let finished = simulator.stop().expect_code(0);
    assert_eq!(finished.stdout.lines().count(), 1, "{}", finished.dump());
    assert_eq!(finished.stderr, "", "{}", finished.dump());
}

#[test]
fn a_port_that_is_taken_is_told() {
    let simulator = Simulator::start();
    let address = simulator
        .url()
        .trim_start_matches("http://")
        .trim_end_matches("/wsman");
    Masequencer::new(&Folder::new())
        .args(["simulate", "--listen", address, "--user", USER])
        .env(PASSWORD_VARIABLE, PASSWORD)
        .run()
        .expect_code(6)
        .expect_one_sentence("choose another port");
}

/// Lists the agents over HTTPS, trusting the one certificate that the simulator printed.
#[track_caller]
fn lists_over_tls(arguments: &[&str]) {
    let simulator = Simulator::with(arguments.iter().copied());
    assert!(
        simulator.url().starts_with("https://"),
        "{}",
        simulator.url()
    );
    let folder = Folder::new();
    let list = |pin: &str| {
        simulator
            .client(&folder)
            .args(["agents", "--server", simulator.url(), "--user", USER])
            .args(["--auth", "basic", "--pin", pin])
            .run()
    };
    let said = simulator.said();
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("certificate "));
    let pin = line.expect("the fingerprint is printed");
    list(pin).expect_code(0).expect_stdout("MIM Service");
    list(&"0".repeat(64)).expect_code(6);
}

#[test]
fn tls_needs_no_preparation() {
    lists_over_tls(&["--tls"]);
}

#[test]
fn tls_takes_a_certificate_of_ones_own() {
    let folder = Folder::new();
    let key = rcgen::KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned()];
    let certificate = rcgen::CertificateParams::new(names).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let certificate = folder.write("cert.pem", certificate.pem());
    let key = folder.write("key.pem", key.serialize_pem());
    lists_over_tls(&[
        "--tls-cert",
        &certificate.to_string_lossy(),
        "--tls-key",
        &key.to_string_lossy(),
    ]);
}

#[test]
fn what_authentication_needs_and_cannot_have_is_told() {
    let folder = Folder::new();
    folder.write("empty.keytab", [5, 2]);
    folder.write("text", "text");
    for (arguments, code, sentence) in [
        ("--auth kerberos", 2, "--keytab"),
        ("--auth kerberos --keytab none", 6, "none cannot be used"),
        (
            "--auth kerberos --keytab empty.keytab",
            6,
            "it holds no key",
        ),
        ("--keytab text", 6, "it is not a keytab"),
        (
            "--tls-cert text --tls-key text",
            6,
            "the certificate file holds no certificate",
        ),
    ] {
        Masequencer::new(&folder)
            .args(["simulate", "--user", USER])
            .args(arguments.split(' '))
            .env(PASSWORD_VARIABLE, PASSWORD)
            .run()
            .expect_code(code)
            .expect_one_sentence(sentence);
    }
}

#[test]
fn the_documented_scenario_file_can_be_used() {
    let folder = Folder::new();
    let scenario = folder.copy("sample-sequences/demo-company.toml");
    let simulator = Simulator::with_scenario(&scenario);
    let list = |simulator: &Simulator| {
        simulator
            .client(&folder)
            .args(["agents", "--server", simulator.url(), "--user", USER])
            .run()
            .expect_code(0)
            .stdout
    };
    let written = list(&simulator);
    let built_in = list(&Simulator::start());
    let names = ["HR", "SQL", "AD", "MIM Service"];
    for name in names {
        assert!(
            written.contains(name) && built_in.contains(name),
            "{written}\n{built_in}"
        );
    }
}

#[test]
fn a_client_that_was_not_written_here_sees_what_ours_did() {
    let simulator = Simulator::start();
    let folder = Folder::new();
    folder.write(
        "one.xml",
        "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\"><thread name=\"Only\">\
         <run-profile agent=\"HR\" profile=\"Delta Import\" type=\"delta-import\"/></thread>\
         </masequence>",
    );
    let history = || {
        Python::script(HISTORY)
            .arg(simulator.url())
            .arg(USER)
            .stdin(PASSWORD)
            .run()
    };
    let before = history();
    simulator
        .client(&folder)
        .args([
            "run",
            "one.xml",
            "--user",
            USER,
            "--server",
            simulator.url(),
        ])
        .run()
        .expect_code(0);
    let after = history();
    let newest = after.lines().last().unwrap_or_default();
    assert_eq!(
        newest, "HR|Delta Import|success",
        "before:\n{before}after:\n{after}"
    );
    assert_eq!(after.lines().count(), before.lines().count() + 1);
}

/// Prints agent, profile and result of every run of HR that the server remembers, oldest first.
const HISTORY: &str = r#"
import sys
from urllib.parse import urlsplit
from winrm.protocol import Protocol
import xml.etree.ElementTree as ET

URI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/MicrosoftIdentityIntegrationServer/*"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
DIALECT = "http://schemas.microsoft.com/wbem/wsman/1/WQL"

endpoint, user = sys.argv[1:3]
protocol = Protocol(endpoint, transport="basic", username=user, password=sys.stdin.read())

def send(action, body):
    message = f'''<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
      xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="{ENUMERATION}"
      xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header>
      <a:To>{endpoint}</a:To><a:ReplyTo><a:Address s:mustUnderstand="true"
      >http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>
      <a:Action s:mustUnderstand="true">{ENUMERATION}/{action}</a:Action>
      <a:MessageID>uuid:{__import__("uuid").uuid4()}</a:MessageID>
      <w:ResourceURI s:mustUnderstand="true">{URI}</w:ResourceURI></s:Header>
      <s:Body>{body}</s:Body></s:Envelope>'''
    return ET.fromstring(protocol.transport.send_message(message))

query = "SELECT * FROM MIIS_RunHistory WHERE MaName = 'HR'"
answer = send("Enumerate", f'<n:Enumerate><w:Filter Dialect="{DIALECT}">{query}</w:Filter></n:Enumerate>')
rows = []
while True:
    for item in answer.iter():
        values = {child.tag.rpartition("}")[2]: child.text for child in item}
        if "RunProfile" in values and "RunNumber" in values:
            rows.append((int(values["RunNumber"]), values["MaName"], values["RunProfile"], values["RunStatus"]))
    context = answer.find(f".//{{{ENUMERATION}}}EnumerationContext")
    ended = any(element.tag.endswith("}EndOfSequence") for element in answer.iter())
    if ended or context is None:
        break
    answer = send("Pull", f'<n:Pull><n:EnumerationContext>{context.text}</n:EnumerationContext>'
                          f'<n:MaxElements>50</n:MaxElements></n:Pull>')
for _, agent, profile, result in sorted(rows):
    print(f"{agent}|{profile}|{result}")
"#;
