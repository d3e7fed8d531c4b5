//! Our client signs on to Apache with `mod_auth_gssapi`: the NTLM of gss-ntlmssp, which no other test
//! meets, and MIT's Kerberos.

use crate::support::{
    Apache, ApacheSettings, Finished, Folder, NTLM_PASSWORD, NTLM_USER, PERSON, PERSON_PASSWORD,
    REALM, Realm, certificate_files,
};

/// The exit code of a server that cannot be used.
const NO_SERVER: i32 = 6;

#[track_caller]
fn agents(
    apache: &Apache,
    (user, password): (&str, &str),
    realm: Option<&Realm>,
    arguments: &[&str],
) -> Finished {
    let folder = Folder::new();
    let mut client = apache.agents(&folder, user, password).args(arguments);
    for (name, value) in realm.into_iter().flat_map(Realm::variables) {
        client = client.env(name, value);
    }
    client.run()
}

#[test]
fn ntlm_of_another_make_signs_on_and_a_wrong_password_is_tried_once() {
    let apache = Apache::start(&ApacheSettings::default());
    let right = (NTLM_USER, NTLM_PASSWORD);
    for scheme in ["ntlm", "negotiate"] {
        let open = ["--auth", scheme, "--allow-unencrypted"];
        agents(&apache, right, None, &open)
            .expect_code(0)
            .expect_stdout("MIM Service");
        // It proves accounts and decrypts nothing.
        agents(&apache, right, None, &["--auth", scheme])
            .expect_code(NO_SERVER)
            .expect_one_sentence("takes no encrypted requests");
        apache.wait_for("CORP\\\\alice mechanism Negotiate/NTLM", 2);
    }
    let refused = "gss_accept_sec_context() failed";
    assert_eq!(apache.count(refused), 0, "{}", apache.said());
    let open = ["--auth", "negotiate", "--allow-unencrypted"];
    agents(&apache, (NTLM_USER, "wrong-canary"), None, &open)
        .expect_code(NO_SERVER)
        .expect_one_sentence("refuses the user name or the password of `CORP\\alice`");
    apache.wait_for(refused, 1);
    assert_eq!(apache.count(refused), 1, "{}", apache.said());
}

#[test]
fn a_gateway_that_ends_connections_is_signed_on_to_again() {
    let apache = Apache::start(&ApacheSettings {
        requests: Some(4),
        ..ApacheSettings::default()
    });
    let open = ["--auth", "ntlm", "--allow-unencrypted"];
    agents(&apache, (NTLM_USER, NTLM_PASSWORD), None, &open)
        .expect_code(0)
        .expect_stdout("MIM Service");
    apache.wait_for("status 204", 2);
}

#[test]
fn within_tls_ntlm_and_kerberos_sign_on() {
    let realm = Realm::start();
    let folder = Folder::new();
    let (authority, certificate, key) = certificate_files(&folder);
    let apache = Apache::start(&ApacheSettings {
        realm: Some(&realm),
        tls: Some((certificate, key)),
        ..ApacheSettings::default()
    });
    let authority = authority.to_string_lossy();
    let person = format!("{REALM}\\{PERSON}");
    for (scheme, user, mechanism) in [
        ("ntlm", (NTLM_USER, NTLM_PASSWORD), "NTLM"),
        ("negotiate", (&*person, PERSON_PASSWORD), "krb5"),
        ("auto", (&*person, PERSON_PASSWORD), "krb5"),
    ] {
        let before = apache.count(mechanism);
        let arguments = ["--auth", scheme, "--ca-file", &authority];
        agents(&apache, user, Some(&realm), &arguments)
            .expect_code(0)
            .expect_stdout("MIM Service");
        apache.wait_for(mechanism, before + 1);
    }
    let arguments = ["--auth", "ntlm", "--ca-file", &authority];
    agents(&apache, (NTLM_USER, "wrong-canary"), None, &arguments)
        .expect_code(NO_SERVER)
        .expect_one_sentence("refuses the user name or the password");
}

#[test]
fn kerberos_signs_on_and_what_it_lacks_is_made_up_for_by_ntlm() {
    let realm = Realm::start();
    let apache = Apache::start(&ApacheSettings {
        realm: Some(&realm),
        ..ApacheSettings::default()
    });
    let user = format!("{REALM}\\{PERSON}");
    let right = (&*user, PERSON_PASSWORD);
    let open = ["--auth", "negotiate", "--allow-unencrypted"];
    agents(&apache, right, Some(&realm), &open)
        .expect_code(0)
        .expect_stdout("MIM Service");
    apache.wait_for("user alice@LAB.TEST mechanism Negotiate/krb5", 1);
    assert_eq!(apache.count("NTLM"), 0, "{}", apache.said());
    // The password never gets there: the realm refuses it.
    let wrong = (&*user, "wrong-canary");
    let before = apache.count("status ");
    agents(&apache, wrong, Some(&realm), &open)
        .expect_code(NO_SERVER)
        .expect_one_sentence("refuses the user name or the password");
    assert_eq!(apache.count("status "), before, "{}", apache.said());
    // It knows Kerberos by the name of Negotiate only.
    let alone = ["--auth", "kerberos", "--allow-unencrypted"];
    agents(&apache, right, Some(&realm), &alone)
        .expect_code(NO_SERVER)
        .expect_one_sentence("only Negotiate, NTLM; use --auth negotiate");
    realm.order("delete_principal -force HTTP/localhost");
    agents(&apache, right, Some(&realm), &open)
        .expect_code(0)
        .expect_stdout("MIM Service");
    apache.wait_for("mechanism Negotiate/NTLM", 1);
}
