//! A security context: the tokens that prove an account, and then the sealing of messages.
//!
//! A user with a password is proved by the crate `sspi`, the logged-on user by the system. Calls may
//! block, since Kerberos asks its server; and the crate may panic on tokens that nobody
//! foresaw. So run them where both is harmless. Each context has one mechanism only, so that no
//! other is ever used without a word.

use std::fmt;

use sspi::ntlm::NtlmConfig;
use sspi::{
    AuthIdentity, BufferType, ClientRequestFlags, CredentialUse, Credentials, DataRepresentation,
    EncryptionFlags, ErrorKind, KdcResolution, Kerberos, KerberosConfig, Negotiate,
    NegotiateConfig, Ntlm, SecurityBuffer, SecurityBufferRef, SecurityStatus, Sspi, SspiImpl,
    Username,
};

use super::failure::refusal;
use super::kdc::Kdc;
use super::system::{self, SystemContext};
use super::{Account, AuthError, Refusal, Scheme, binding, srv};
use crate::base::secret::Secret;
use crate::wsman::seal::{Protocol, Sealed, settled};

/// A mechanism, and how it is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wsman) enum Mechanism {
    /// NTLM as it is.
    Ntlm,
    /// NTLM within SPNEGO (RFC 4178).
    SpnegoNtlm,
    /// Kerberos as it is.
    Kerberos,
    /// Kerberos within SPNEGO.
    SpnegoKerberos,
}

impl Mechanism {
    /// The scheme in the headers of HTTP.
    pub(in crate::wsman) const fn word(self) -> &'static str {
        match self {
            Self::Kerberos => "Kerberos",
            Self::Ntlm | Self::SpnegoNtlm | Self::SpnegoKerberos => "Negotiate",
        }
    }

    /// What its messages are called.
    pub(in crate::wsman) const fn protocol(self) -> Protocol {
        match self {
            Self::Kerberos => Protocol::Kerberos,
            Self::Ntlm | Self::SpnegoNtlm | Self::SpnegoKerberos => Protocol::Spnego,
        }
    }

    /// What proves the account in the end.
    pub(in crate::wsman) const fn scheme(self) -> Scheme {
        if self.is_kerberos() {
            Scheme::Kerberos
        } else {
            Scheme::Ntlm
        }
    }

    /// Whether it needs a Kerberos server.
    pub(in crate::wsman) const fn is_kerberos(self) -> bool {
        matches!(self, Self::Kerberos | Self::SpnegoKerberos)
    }
}

/// What a step brought.
pub(in crate::wsman) struct Step {
    /// What to send; may be empty at the end.
    pub(in crate::wsman) token: Vec<u8>,
    /// Whether the context is complete.
    pub(in crate::wsman) is_complete: bool,
}

/// A security context of one connection.
pub(in crate::wsman) enum Context {
    /// Of a user with a password.
    Own(Box<Own>),
    /// Of the logged-on user.
    System(Box<dyn SystemContext>),
}

/// A context of the crate `sspi`.
pub(in crate::wsman) struct Own {
    /// The user, as it was given.
    user: String,
    scheme: Scheme,
    package: Package,
    /// The name of the service, such as `HTTP/mim01`.
    service: String,
    /// What the binding to the TLS connection is made of.
    binding: Option<Vec<u8>>,
}

type Handle<P> = <P as SspiImpl>::CredentialsHandle;

enum Package {
    Ntlm(Box<(Ntlm, Handle<Ntlm>)>),
    Negotiate(Box<(Negotiate, Handle<Negotiate>)>),
    Kerberos(Box<(Kerberos, Handle<Kerberos>)>),
}

/// Makes sure that a user's name has a form that the mechanisms know.
///
/// # Errors
/// [`AuthError::UserForm`].
pub(super) fn check(user: &str) -> Result<(), AuthError> {
    match Username::parse(user) {
        Ok(_) => Ok(()),
        Err(_mixed) => Err(AuthError::UserForm),
    }
}

impl Context {
    /// Begins: nothing is sent to the server yet. `certificate` is the server's, where the way is TLS.
    ///
    /// # Errors
    /// [`Refusal`] when the account cannot be used.
    pub(in crate::wsman) fn new(
        mechanism: Mechanism,
        account: &Account,
        host: &str,
        certificate: Option<&[u8]>,
    ) -> Result<Self, Refusal> {
        match account {
            Account::Given { user, password } => {
                let own = Own::new(mechanism, user, password, host, certificate)?;
                Ok(Self::Own(Box::new(own)))
            }
            Account::LoggedOn => system::begin(mechanism, host, certificate).map(Self::System),
        }
    }

    /// Takes the server's token, empty at first, and makes the next one.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(in crate::wsman) fn step(&mut self, token: Vec<u8>) -> Result<Step, Refusal> {
        match self {
            Self::Own(own) => own.step(token),
            Self::System(context) => context.step(&token),
        }
    }

    /// Encrypts and signs a document.
    ///
    /// # Errors
    /// A clause that says why not.
    pub(in crate::wsman) fn seal(&mut self, document: &[u8]) -> Result<Sealed, String> {
        match self {
            Self::Own(own) => own.seal(document),
            Self::System(context) => context.seal(document),
        }
    }

    /// Decrypts a document and makes sure that nobody changed it.
    ///
    /// # Errors
    /// A clause that says what is wrong with it.
    pub(in crate::wsman) fn open(&mut self, sealed: Sealed) -> Result<Vec<u8>, String> {
        match self {
            Self::Own(own) => own.open(sealed),
            Self::System(context) => context.open(sealed),
        }
    }

    /// Who is proved, once the context is complete.
    pub(in crate::wsman) fn user(&self) -> String {
        match self {
            Self::Own(own) => own.user.clone(),
            Self::System(context) => context.user(),
        }
    }

    /// What proves the account: Kerberos or NTLM.
    pub(in crate::wsman) fn scheme(&self) -> Scheme {
        match self {
            Self::Own(own) => own.scheme,
            Self::System(context) => context.scheme(),
        }
    }
}

impl Own {
    fn new(
        mechanism: Mechanism,
        user: &str,
        password: &Secret,
        host: &str,
        certificate: Option<&[u8]>,
    ) -> Result<Self, Refusal> {
        let service = format!("HTTP/{}", host.to_ascii_lowercase());
        let package =
            Package::new(mechanism, user, password).map_err(|error| refusal(&error, &service))?;
        // With one, servers refuse every ticket, since the crate writes it in a wrong way.
        let binding = certificate
            .filter(|_| !mechanism.is_kerberos())
            .map(binding::of);
        Ok(Self {
            user: user.to_owned(),
            scheme: mechanism.scheme(),
            package,
            service,
            binding,
        })
    }

    fn step(&mut self, token: Vec<u8>) -> Result<Step, Refusal> {
        let mut input = vec![SecurityBuffer::new(token, BufferType::Token)];
        if let Some(binding) = &self.binding {
            let buffer = SecurityBuffer::new(binding.clone(), BufferType::ChannelBindings);
            input.push(buffer);
        }
        let service = self.service.as_str();
        let step = match &mut self.package {
            Package::Ntlm(both) => step(&mut both.0, &mut both.1, service, &mut input),
            Package::Negotiate(both) => step(&mut both.0, &mut both.1, service, &mut input),
            Package::Kerberos(both) => step(&mut both.0, &mut both.1, service, &mut input),
        };
        step.map_err(|error| refusal(&error, service))
    }

    fn seal(&mut self, document: &[u8]) -> Result<Sealed, String> {
        let sealed = match &mut self.package {
            Package::Ntlm(both) => seal(&mut both.0, document),
            Package::Negotiate(both) => seal(&mut both.0, document),
            Package::Kerberos(both) => seal(&mut both.0, document),
        };
        sealed.map_err(|error| error.description)
    }

    fn open(&mut self, sealed: Sealed) -> Result<Vec<u8>, String> {
        let sealed = settled(sealed).map_err(|error| error.to_string())?;
        let opened = match &mut self.package {
            Package::Ntlm(both) => open(&mut both.0, sealed),
            Package::Negotiate(both) => open(&mut both.0, sealed),
            Package::Kerberos(both) => open(&mut both.0, sealed),
        };
        opened.map_err(|error| match error.error_type {
            ErrorKind::MessageAltered => "its signature does not match".to_owned(),
            ErrorKind::OutOfSequence => "it is out of order".to_owned(),
            _ => error.description,
        })
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("scheme", &self.scheme())
            .finish_non_exhaustive()
    }
}

impl Package {
    fn new(mechanism: Mechanism, user: &str, password: &Secret) -> sspi::Result<Self> {
        let identity = AuthIdentity {
            username: Username::parse(user)?,
            password: password.reveal().to_owned().into(),
        };
        let machine = machine_name();
        let ntlm = NtlmConfig::new(machine.clone());
        let kerberos = || kerberos(user, machine.clone());
        Ok(match mechanism {
            Mechanism::Ntlm => {
                let package = Ntlm::with_config(ntlm);
                Self::Ntlm(Box::new(with_handle(package, &identity)?))
            }
            Mechanism::SpnegoNtlm => {
                let list = Some("ntlm,!kerberos,!pku2u".to_owned());
                let config = NegotiateConfig::new(Box::new(ntlm), list, machine);
                let package = Negotiate::new_client(config)?;
                let both = with_handle(package, &Credentials::from(identity))?;
                Self::Negotiate(Box::new(both))
            }
            Mechanism::SpnegoKerberos => {
                let list = Some("kerberos,!ntlm,!pku2u".to_owned());
                let config = NegotiateConfig::new(Box::new(kerberos()), list, machine);
                let package = Negotiate::new_client(config)?;
                let both = with_handle(package, &Credentials::from(identity))?;
                Self::Negotiate(Box::new(both))
            }
            Mechanism::Kerberos => {
                let package = Kerberos::new_client_from_config(kerberos())?;
                let both = with_handle(package, &Credentials::from(identity))?;
                Self::Kerberos(Box::new(both))
            }
        })
    }
}

/// Where Kerberos is asked: where the variables or `krb5.conf` say, else where the DNS says.
fn kerberos(user: &str, machine: String) -> KerberosConfig {
    let realm = realm(user).to_uppercase();
    let told = if sspi::detect_kdc_url(&realm).is_none() {
        srv::find(&realm)
    } else {
        None
    };
    match told {
        Some(place) => KerberosConfig::new_with_kdc_url(&place.url(), machine),
        None => KerberosConfig {
            kdc_resolution: KdcResolution::KdcUrl(None),
            client_computer_name: machine,
        },
    }
}

/// The domain in a user's name; empty when there is none.
fn realm(user: &str) -> &str {
    match (user.split_once('\\'), user.rsplit_once('@')) {
        (Some((domain, _)), _) | (None, Some((_, domain))) => domain,
        (None, None) => "",
    }
}

fn with_handle<P: Sspi + SspiImpl>(
    mut package: P,
    identity: &P::AuthenticationData,
) -> sspi::Result<(P, Handle<P>)> {
    let handle = package
        .acquire_credentials_handle()
        .with_credential_use(CredentialUse::Outbound)
        .with_auth_data(identity)
        .execute(&mut package)?
        .credentials_handle;
    Ok((package, handle))
}

fn step<P: Sspi + SspiImpl>(
    package: &mut P,
    handle: &mut Handle<P>,
    service: &str,
    input: &mut [SecurityBuffer],
) -> sspi::Result<Step> {
    let mut output = [SecurityBuffer::new(Vec::new(), BufferType::Token)];
    let flags = ClientRequestFlags::CONFIDENTIALITY
        | ClientRequestFlags::INTEGRITY
        | ClientRequestFlags::MUTUAL_AUTH
        | ClientRequestFlags::REPLAY_DETECT
        | ClientRequestFlags::SEQUENCE_DETECT
        | ClientRequestFlags::ALLOCATE_MEMORY;
    let status = {
        let mut builder = package
            .initialize_security_context()
            .with_credentials_handle(handle)
            .with_context_requirements(flags)
            .with_target_data_representation(DataRepresentation::Native)
            .with_target_name(service)
            .with_input(input)
            .with_output(&mut output);
        let mut steps = package.initialize_security_context_impl(&mut builder)?;
        steps.resolve_with_client(&Kdc)?.status
    };
    if matches!(
        status,
        SecurityStatus::CompleteAndContinue | SecurityStatus::CompleteNeeded
    ) {
        package.complete_auth_token(&mut output)?;
    }
    let [token] = output;
    Ok(Step {
        token: token.buffer,
        is_complete: matches!(status, SecurityStatus::Ok | SecurityStatus::CompleteNeeded),
    })
}

fn seal<P: Sspi>(package: &mut P, document: &[u8]) -> sspi::Result<Sealed> {
    let trailer = package.query_context_sizes()?.security_trailer;
    let mut signature = vec![0; usize::try_from(trailer)?];
    let mut data = document.to_vec();
    let mut buffers = [
        SecurityBufferRef::token_buf(&mut signature),
        SecurityBufferRef::data_buf(&mut data),
    ];
    package.encrypt_message(EncryptionFlags::empty(), &mut buffers)?;
    Ok(Sealed {
        plain_length: document.len(),
        signature,
        data,
    })
}

fn open<P: Sspi>(package: &mut P, mut sealed: Sealed) -> sspi::Result<Vec<u8>> {
    let mut buffers = [
        SecurityBufferRef::token_buf(&mut sealed.signature),
        SecurityBufferRef::data_buf(&mut sealed.data),
    ];
    package.decrypt_message(&mut buffers)?;
    let [_, data] = &buffers;
    Ok(data.data().to_vec())
}

/// What the server's log calls this machine.
fn machine_name() -> String {
    ["COMPUTERNAME", "HOSTNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "MASEQUENCER".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sspi::kerberos::test_data::{fake_client, fake_server};

    use super::*;

    fn context() -> Own {
        Own {
            user: "CORP\\svc".to_owned(),
            scheme: Scheme::Kerberos,
            package: Package::Kerberos(Box::new((fake_client(), None))),
            service: "HTTP/mim01".to_owned(),
            binding: None,
        }
    }

    fn from_server(document: &[u8]) -> Sealed {
        seal(&mut fake_server(), document).unwrap()
    }

    /// The same message as a server writes it that knows no rotation (OMI, `gss_wrap`).
    fn unrotated(sealed: Sealed) -> Sealed {
        let mut token = [sealed.signature, sealed.data].concat();
        let extra = usize::from(token[5]);
        token[16..].rotate_left(28 + extra);
        token[6..8].copy_from_slice(&[0, 0]);
        let data = token.split_off(60);
        Sealed {
            plain_length: sealed.plain_length,
            signature: token,
            data,
        }
    }

    #[test]
    fn the_realm_is_the_domain_of_the_user() {
        for (user, expected) in [
            ("svc", ""),
            ("CORP\\svc", "CORP"),
            ("svc@corp.example", "corp.example"),
            ("CORP\\svc@mail.example", "CORP"),
        ] {
            assert_eq!(realm(user), expected);
        }
    }

    #[test]
    fn every_rotation_is_opened() {
        for length in [1, 5, 27, 28, 29, 60, 1000] {
            let document: Vec<u8> = (0..length).map(|index| index as u8).collect();
            let sealed = from_server(&document);
            assert_eq!(context().open(sealed.clone()), Ok(document.clone()));
            assert_eq!(context().open(unrotated(sealed)), Ok(document));
        }
    }

    proptest! {
        /// The crate panics on some of these (D1); and nothing that was changed may be believed,
        /// but for the sequence number, of which the crate takes no notice (D3).
        #[test]
        fn malformed_messages_are_refused_and_never_panic(
            length in 0_usize..200,
            cut in 0_usize..300,
            flips in prop::collection::vec((0_usize..300, 1_u8..=255), 0..4),
            head in prop::collection::vec((0_usize..16, any::<u8>()), 0..4),
            split in 0_usize..120,
        ) {
            let document = vec![7; length];
            let sealed = from_server(&document);
            let mut token = [sealed.signature, sealed.data].concat();
            for (at, bits) in flips {
                let at = at % token.len();
                token[at] ^= bits;
            }
            for (at, byte) in head {
                token[at] = byte;
            }
            token.truncate(token.len().saturating_sub(cut.saturating_sub(100)));
            let data = token.split_off(split.min(token.len()));
            let opened = context().open(Sealed { plain_length: length, signature: token, data });
            if let Ok(opened) = opened {
                prop_assert_eq!(opened, document);
            }
        }

        #[test]
        fn garbage_is_refused_and_never_panics(
            mut signature in prop::collection::vec(any::<u8>(), 0..100),
            data in prop::collection::vec(any::<u8>(), 0..100),
            is_wrap in any::<bool>(),
        ) {
            if is_wrap && signature.len() > 1 {
                signature[..2].copy_from_slice(&[5, 4]);
            }
            let opened = context().open(Sealed { plain_length: 0, signature, data });
            prop_assert!(opened.is_err());
        }
    }
}
