//! Who a connection has proved to be, from the values of its `Authorization` headers.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::super::account::Account;
use super::context::{Choice, Context, Failed, Identity, Step};
use super::keytab::Keytab;
use super::offer::Offer;
use super::replays::Replays;
use super::token::{self, Kind};
use crate::base::time::Moment;
use crate::wsman::seal::{self, Sealed};

/// The longest token that is looked at; a ticket with the groups of a big company has 48,000 bytes.
const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// What all connections of a server share.
pub struct Door {
    /// The one user.
    pub account: Account,
    /// The schemes.
    pub offer: Offer,
    /// The keys for Kerberos.
    pub keytab: Option<Keytab>,
    /// The authenticators that were seen.
    pub replays: Replays,
}

/// What one connection has proved so far.
#[derive(Default)]
pub struct Session {
    state: State,
    /// The digests of the sealed bodies that were opened: what comes twice was not sent twice by
    /// the client. The crate looks at the order of NTLM's messages only.
    opened: BTreeSet<[u8; 32]>,
}

/// The most digests of one connection; then it begins anew, as Windows ends a long context.
const MAX_OPENED: usize = 100_000;

#[derive(Default)]
enum State {
    #[default]
    Stranger,
    /// In the middle of a login under the scheme of this name.
    Entering(Context, &'static str),
    Known(Context),
}

/// What the headers of a request say about who sent it.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// Not who it is; these are the values of `WWW-Authenticate` to answer.
    Unknown(Vec<String>),
    /// Who it is; the value of `WWW-Authenticate` that ends a login.
    Known(Way, Option<String>),
    /// The connection is to be closed.
    Broken,
}

/// How the sender of a request has proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By name and password in this very request.
    Basic,
    /// By the login that this request ends.
    Login,
    /// By an earlier login of the connection.
    Earlier,
}

impl Door {
    /// Whether this is the one user, by all of its names (the crate compares the password only).
    fn opens_to(&self, identity: &Identity) -> bool {
        let domain = identity.domain.as_deref();
        if !identity.is_kerberos {
            return self.account.is_named(&identity.user, domain);
        }
        let is_home = |realm: &str| {
            self.keytab
                .as_ref()
                .is_some_and(|keytab| keytab.has_realm(realm))
        };
        domain.is_some_and(|realm| {
            self.account
                .is_named_in_realm(&identity.user, realm, is_home(realm))
        })
    }

    fn refused(&self) -> Entry {
        Entry::Unknown(self.offer.challenges())
    }

    /// A login that begins with a token of this kind; `None` when it is not offered.
    fn login(&self, scheme: &str, kind: Kind, token: &[u8]) -> Option<Result<Context, Failed>> {
        let keytab = self.keytab.as_ref();
        let encryption = |keytab: &Keytab| {
            let ticket = token::ticket(token);
            ticket.map_or_else(|| keytab.strongest(), |ticket| ticket.encryption)
        };
        let password = self.account.password();
        let is_kerberos_offered = self.offer.negotiate || self.offer.kerberos;
        match kind {
            Kind::NtlmFirst if scheme == NEGOTIATE => Some(Ok(Context::ntlm(password))),
            Kind::Kerberos if is_kerberos_offered => {
                keytab.map(|keytab| Context::kerberos(keytab, encryption(keytab)))
            }
            Kind::SpnegoFirst if scheme == NEGOTIATE => {
                let keytab = keytab.filter(|_| self.offer.negotiate);
                let choice = Choice {
                    ntlm: true,
                    kerberos: keytab.map(|keytab| (keytab, encryption(keytab))),
                };
                Some(Context::negotiate(&self.account, &choice))
            }
            _ => None,
        }
    }
}

const NEGOTIATE: &str = "Negotiate";
const KERBEROS: &str = "Kerberos";

impl Session {
    /// Takes the value of a request's header `Authorization`.
    pub fn admit(&mut self, door: &Door, authorization: Option<&str>, now: Moment) -> Entry {
        let Some(authorization) = authorization else {
            return match self.state {
                State::Known(_) => Entry::Known(Way::Earlier, None),
                State::Stranger | State::Entering(..) => {
                    self.forget();
                    door.refused()
                }
            };
        };
        let (word, value) = authorization.trim().split_once(' ').unwrap_or_default();
        let is = |scheme: &str| word.eq_ignore_ascii_case(scheme);
        if is("Basic") {
            return if door.offer.basic && door.account.is_proved_by(authorization) {
                Entry::Known(Way::Basic, None)
            } else {
                door.refused()
            };
        }
        let scheme = if is(NEGOTIATE) && door.offer.takes_negotiate() {
            NEGOTIATE
        } else if is(KERBEROS) && door.offer.kerberos {
            KERBEROS
        } else {
            self.forget();
            return door.refused();
        };
        match self.step(door, scheme, value.trim(), now) {
            Ok(entry) => entry,
            Err(Failed::Refused) => {
                self.forget();
                door.refused()
            }
            Err(Failed::Panicked) => {
                self.forget();
                Entry::Broken
            }
        }
    }

    fn step(
        &mut self,
        door: &Door,
        scheme: &'static str,
        value: &str,
        now: Moment,
    ) -> Result<Entry, Failed> {
        if value.len() > MAX_TOKEN_BYTES {
            return Err(Failed::Refused);
        }
        let token = STANDARD.decode(value).ok().ok_or(Failed::Refused)?;
        let kind = token::kind(&token).ok_or(Failed::Refused)?;
        let mut context = match (kind, std::mem::take(&mut self.state)) {
            (Kind::NtlmLast | Kind::SpnegoNext, State::Entering(context, before))
                if before == scheme =>
            {
                context
            }
            (Kind::NtlmLast | Kind::SpnegoNext, _) => return Err(Failed::Refused),
            (kind, _) => door.login(scheme, kind, &token).ok_or(Failed::Refused)??,
        };
        if kind == Kind::NtlmLast && !token::has_integrity_code(&token) {
            return Err(Failed::Refused);
        }
        match context.step(&token)? {
            Step::More(answer) => {
                self.state = State::Entering(context, scheme);
                Ok(Entry::Unknown(vec![spoken(scheme, &answer)]))
            }
            Step::Done(last, identity) => {
                let is_new = || {
                    let ticket = token::ticket(&token);
                    ticket.is_some_and(|ticket| door.replays.is_new(ticket.authenticator, now))
                };
                if !door.opens_to(&identity) || (identity.is_kerberos && !is_new()) {
                    return Err(Failed::Refused);
                }
                self.state = State::Known(context);
                let last = (!last.is_empty()).then(|| spoken(scheme, &last));
                Ok(Entry::Known(Way::Login, last))
            }
        }
    }

    /// Opens a sealed body.
    pub fn open(&mut self, sealed: Sealed) -> Option<Vec<u8>> {
        let opened = match &mut self.state {
            State::Known(context) => seal::settled(sealed).ok().and_then(|sealed| {
                let is_new = self.opened.insert(digest(&sealed));
                let is_room = self.opened.len() < MAX_OPENED;
                context.open(sealed).ok().filter(|_| is_new && is_room)
            }),
            State::Stranger | State::Entering(..) => None,
        };
        if opened.is_none() {
            // After a body that cannot be opened the two sides no longer agree.
            self.forget();
        }
        opened
    }

    /// Seals a body.
    pub fn seal(&mut self, plain: &[u8]) -> Option<Sealed> {
        match &mut self.state {
            State::Known(context) => context.seal(plain).ok(),
            State::Stranger | State::Entering(..) => None,
        }
    }

    /// Takes back whatever was proved.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// A digest of all that is encrypted; the header before it is not protected.
fn digest(sealed: &Sealed) -> [u8; 32] {
    const HEADER: usize = 16;
    let mut digest = Sha256::new();
    digest.update(sealed.signature.get(HEADER..).unwrap_or_default());
    digest.update(&sealed.data);
    digest.finalize().into()
}

fn spoken(scheme: &str, token: &[u8]) -> String {
    format!("{scheme} {}", STANDARD.encode(token))
}
