//! Asks a server who it is without an account, which shows the way there before anything secret
//! goes over it.
//!
//! Must not authenticate.

use jiff::Timestamp;

use super::client::{IDENTIFY_TIMEOUT, Timeouts, check, unexpected};
use super::error::ClientError;
use super::message::{Answer, Operation, Request, RequestHeader};
use super::transport::{Endpoint, Reply, TlsSettings, Transport};

/// The way to a server without an account.
pub struct Doorbell {
    transport: Transport,
    timeouts: Timeouts,
}

/// What a server said to nobody in particular.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Who answered.
    pub host: Host,
    /// What its clock says, as far as it tells; whole seconds.
    pub date: Option<Timestamp>,
}

/// Who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A service that says who it is.
    Known {
        /// Who made it.
        vendor: String,
        /// Which version it claims.
        version: String,
    },
    /// One that wants an account first, and takes these schemes.
    WantsAccount(Vec<String>),
}

impl Doorbell {
    /// Prepares the way; connects to nothing yet.
    ///
    /// # Errors
    /// [`ClientError::Settings`] when the URL or the settings of trust cannot work.
    pub fn new(url: &str, tls: &TlsSettings, timeouts: Timeouts) -> Result<Self, ClientError> {
        let endpoint = Endpoint::parse(url).map_err(ClientError::Settings)?;
        Ok(Self {
            transport: Transport::new(endpoint, tls, timeouts.connect)?,
            timeouts,
        })
    }

    /// Where the server is.
    pub const fn endpoint(&self) -> &Endpoint {
        self.transport.endpoint()
    }

    /// Asks once, within seconds.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn ring(&self) -> Result<Heard, ClientError> {
        let request = Request {
            header: RequestHeader::default(),
            operation: Operation::Identify,
        };
        let deadline = self.timeouts.operation.min(IDENTIFY_TIMEOUT) + self.timeouts.network;
        let reply = self
            .transport
            .post_anonymously(request.to_xml(), deadline)
            .await?;
        let host = if reply.status == 401 {
            Host::WantsAccount(schemes(&reply))
        } else {
            match check(&request, &reply)? {
                Answer::Identify { vendor, version } => Host::Known { vendor, version },
                other => return Err(unexpected(&other)),
            }
        };
        Ok(Heard {
            host,
            date: reply.date,
        })
    }
}

/// The first word of each challenge (RFC 9110 section 11.6.1).
fn schemes(reply: &Reply) -> Vec<String> {
    let words = reply.challenges.iter();
    let words = words.filter_map(|challenge| challenge.split_whitespace().next());
    words
        .map(|word| word.trim_end_matches(',').to_owned())
        .collect()
}
