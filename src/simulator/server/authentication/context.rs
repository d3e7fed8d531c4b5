//! One login of one connection, and the bodies sealed under it, with the crate `sspi`.
//!
//! Whatever a client sends may make the crate panic; each call is caught, and the login is over
//! then.

use sspi::kerberos::ServerProperties;
use sspi::{
    AuthIdentity, AuthIdentityBuffers, BufferType, CredentialsBuffers, DataRepresentation,
    EncryptionFlags, Kerberos, KerberosConfig, KerberosServerConfig, Negotiate, NegotiateConfig,
    Ntlm, SecurityBuffer, SecurityBufferRef, SecurityStatus, ServerRequestFlags, Sspi, SspiImpl,
    Username, UsernameParts,
};

use super::super::account::{Account, Domain};
use super::keytab::{Keytab, ServiceKey};
use super::quiet::quietly;
use super::replays::MAX_SKEW;
use crate::base::secret::Secret;
use crate::wsman::seal::Sealed;

/// The name that NTLM gives the server.
const COMPUTER: &str = "SIMULATOR";

/// The length of a signature of NTLM; those of Kerberos are longer.
const NTLM_TRAILER: u32 = 16;

/// A login under way or done.
pub struct Context(Package);

enum Package {
    Ntlm(Box<Ntlm>, Option<AuthIdentityBuffers>),
    Kerberos(Box<Kerberos>),
    Negotiate(Box<Negotiate>),
}

/// Which packages SPNEGO may choose from.
pub struct Choice<'a> {
    /// Whether NTLM is one.
    pub ntlm: bool,
    /// The keys for Kerberos and the encryption type of the ticket, where Kerberos is one.
    pub kerberos: Option<(&'a Keytab, u16)>,
}

/// What a step led to.
pub enum Step {
    /// The client has to answer this.
    More(Vec<u8>),
    /// The client is who it says, and may want this last word.
    Done(Vec<u8>, Identity),
}

/// Who a client has proved to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub user: String,
    /// Its domain or realm, where one was named.
    pub domain: Option<String>,
    /// Whether a ticket proved it.
    pub is_kerberos: bool,
}

/// Why a login or a sealed body came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It is not what it has to be.
    Refused,
    /// The crate panicked; nothing of this connection can be trusted any more.
    Panicked,
}

impl From<sspi::Error> for Failed {
    fn from(_: sspi::Error) -> Self {
        Self::Refused
    }
}

impl Context {
    /// NTLM by itself.
    pub fn ntlm(password: &Secret) -> Self {
        let ntlm = Ntlm::with_config(sspi::ntlm::NtlmConfig::new(COMPUTER.to_owned()));
        // The crate takes the names that the client sends and only the password from here.
        let identity = AuthIdentityBuffers::from_utf8("", "", password.reveal());
        Self(Package::Ntlm(Box::new(ntlm), Some(identity)))
    }

    /// Kerberos by itself, with the keys for this encryption type.
    pub fn kerberos(keytab: &Keytab, encryption: u16) -> Result<Self, Failed> {
        let config = kerberos_config(keytab, encryption)?;
        let kerberos =
            Kerberos::new_server_from_config(config.kerberos_config, config.server_properties)?;
        Ok(Self(Package::Kerberos(Box::new(kerberos))))
    }

    /// SPNEGO.
    pub fn negotiate(account: &Account, choice: &Choice<'_>) -> Result<Self, Failed> {
        let ntlm = if choice.ntlm { "ntlm" } else { "!ntlm" };
        let config = match choice.kerberos {
            Some((keytab, encryption)) => NegotiateConfig::new(
                Box::new(kerberos_config(keytab, encryption)?),
                Some(format!("kerberos,{ntlm},!pku2u")),
                COMPUTER.to_owned(),
            ),
            None => NegotiateConfig::new(
                Box::new(sspi::ntlm::NtlmConfig::new(COMPUTER.to_owned())),
                Some(format!("{ntlm},!kerberos,!pku2u")),
                COMPUTER.to_owned(),
            ),
        };
        // Unlike NTLM by itself, this compares the names, and each form is another name to it.
        let password = account.password().reveal();
        let identities = account.names().into_iter().filter_map(|(user, domain)| {
            let username = match domain {
                Some(Domain::Before(domain)) => Username::new(user, Some(domain)),
                Some(Domain::After(domain)) => Username::new_upn(user, domain),
                None => Username::new(user, None),
            };
            Some(AuthIdentity {
                username: username.ok()?,
                password: password.to_owned().into(),
            })
        });
        let identities = identities.collect();
        let negotiate = Negotiate::new_server(config, identities)?;
        Ok(Self(Package::Negotiate(Box::new(negotiate))))
    }

    /// Takes the next token of the client.
    pub fn step(&mut self, token: &[u8]) -> Result<Step, Failed> {
        quietly(|| match &mut self.0 {
            Package::Ntlm(ntlm, identity) => accept(ntlm.as_mut(), identity, token),
            Package::Kerberos(kerberos) => accept(kerberos.as_mut(), &mut None, token),
            Package::Negotiate(negotiate) => {
                accept(negotiate.as_mut(), &mut None::<CredentialsBuffers>, token)
            }
        })
        .unwrap_or(Err(Failed::Panicked))
    }

    /// Opens a sealed body that was looked at by [`seal::settled`](crate::wsman::seal::settled).
    pub fn open(&mut self, sealed: Sealed) -> Result<Vec<u8>, Failed> {
        let opened = quietly(|| match &mut self.0 {
            Package::Ntlm(ntlm, _) => decrypt(ntlm.as_mut(), sealed),
            Package::Kerberos(kerberos) => decrypt(kerberos.as_mut(), sealed),
            Package::Negotiate(negotiate) => decrypt(negotiate.as_mut(), sealed),
        });
        opened.unwrap_or(Err(Failed::Panicked))
    }

    /// Seals a body.
    pub fn seal(&mut self, plain: &[u8]) -> Result<Sealed, Failed> {
        let sealed = quietly(|| match &mut self.0 {
            Package::Ntlm(ntlm, _) => encrypt(ntlm.as_mut(), plain),
            Package::Kerberos(kerberos) => encrypt(kerberos.as_mut(), plain),
            Package::Negotiate(negotiate) => encrypt(negotiate.as_mut(), plain),
        });
        sealed.unwrap_or(Err(Failed::Panicked))
    }
}

fn decrypt(package: &mut impl Sspi, sealed: Sealed) -> Result<Vec<u8>, Failed> {
    let Sealed {
        plain_length,
        mut signature,
        mut data,
    } = sealed;
    let mut message = [
        SecurityBufferRef::token_buf(&mut signature),
        SecurityBufferRef::data_buf(&mut data),
    ];
    package.decrypt_message(&mut message)?;
    let [_, data] = message;
    if data.data().len() == plain_length {
        Ok(data.data().to_vec())
    } else {
        Err(Failed::Refused)
    }
}

fn encrypt(package: &mut impl Sspi, plain: &[u8]) -> Result<Sealed, Failed> {
    let trailer = package.query_context_sizes()?.security_trailer;
    let mut signature = vec![0; usize::try_from(trailer).unwrap_or_default()];
    let mut data = plain.to_vec();
    let mut message = [
        SecurityBufferRef::token_buf(&mut signature),
        SecurityBufferRef::data_buf(&mut data),
    ];
    package.encrypt_message(EncryptionFlags::empty(), &mut message)?;
    Ok(Sealed {
        plain_length: plain.len(),
        signature,
        data,
    })
}

fn kerberos_config(keytab: &Keytab, encryption: u16) -> Result<KerberosServerConfig, Failed> {
    let keys = keytab.keys(encryption);
    let (first, others) = keys.split_first().ok_or(Failed::Refused)?;
    let first_key = Some(first.key.clone());
    let mut properties = ServerProperties::new(&parts(first), None, MAX_SKEW, first_key)?;
    for key in others {
        properties.add_service_key(&parts(key), key.key.clone())?;
    }
    Ok(KerberosServerConfig {
        kerberos_config: KerberosConfig {
            kdc_resolution: sspi::KdcResolution::KdcUrl(None),
            client_computer_name: COMPUTER.to_owned(),
        },
        server_properties: properties,
    })
}

fn parts(key: &ServiceKey) -> Vec<&str> {
    key.name.iter().map(String::as_str).collect()
}

fn accept<P: Sspi + SspiImpl>(
    package: &mut P,
    credentials: &mut P::CredentialsHandle,
    token: &[u8],
) -> Result<Step, Failed> {
    let mut input = [SecurityBuffer::new(token.to_vec(), BufferType::Token)];
    let mut output = [SecurityBuffer::new(Vec::new(), BufferType::Token)];
    let builder = package
        .accept_security_context()
        .with_credentials_handle(credentials)
        .with_context_requirements(ServerRequestFlags::ALLOCATE_MEMORY)
        .with_target_data_representation(DataRepresentation::Native)
        .with_input(&mut input)
        .with_output(&mut output);
    let result = package
        .accept_security_context_impl(builder)?
        .resolve_to_result()?;
    if matches!(
        result.status,
        SecurityStatus::CompleteNeeded | SecurityStatus::CompleteAndContinue
    ) {
        package.complete_auth_token(&mut output)?;
    }
    let [output] = output;
    match result.status {
        SecurityStatus::ContinueNeeded | SecurityStatus::CompleteAndContinue => {
            Ok(Step::More(output.buffer))
        }
        SecurityStatus::Ok | SecurityStatus::CompleteNeeded => {
            let name = package.query_context_names()?.username;
            let trailer = package.query_context_sizes()?.security_trailer;
            let (user, domain) = match name.parts() {
                UsernameParts::UserPrincipalName(parts) => {
                    (parts.account_name(), Some(parts.suffix()))
                }
                UsernameParts::DownLevelLogonName(parts) => {
                    (parts.account_name(), parts.netbios_domain())
                }
            };
            let identity = Identity {
                user: user.to_owned(),
                domain: domain.map(str::to_owned),
                is_kerberos: trailer > NTLM_TRAILER,
            };
            Ok(Step::Done(output.buffer, identity))
        }
        _ => Err(Failed::Refused),
    }
}
