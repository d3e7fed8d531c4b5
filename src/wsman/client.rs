//! A client of one server: typed calls, each with its deadline, each answer checked.
//!
//! Must not know a class or method by name, and must never send a request twice.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::auth::{Account, Scheme, SignedOn};
use super::error::ClientError;
use super::message::xml::Limits;
use super::message::{
    Answer, Batch, EnumerationMode, Filter, Instance, Operation, Outputs, Request, RequestHeader,
    Resource, Response, names,
};
use super::seal::Indent;
use super::session::Session;
use super::transport::{Endpoint, Reply, TlsSettings, Transport, TransportError};
use crate::base::{error_chain, text};

/// Takes one line or document of the conversation, for a log. Never holds a secret.
pub type ProtocolLog = Arc<dyn Fn(&str) + Send + Sync>;

/// How long a server may take to say who it is, which costs it nothing.
pub(super) const IDENTIFY_TIMEOUT: Duration = Duration::from_secs(3);
/// How many items one answer may hold.
const BATCH_ITEMS: u32 = 1_000;
/// How many items an enumeration may bring before it is given up.
const MAX_ITEMS: usize = 200_000;
/// How long a whole enumeration may take, however many pulls it needs.
const LONGEST_ENUMERATION: Duration = Duration::from_mins(5);
/// How many answers without an item are taken in a row.
const MAX_EMPTY_BATCHES: usize = 20;
/// How the Open Management Infrastructure names itself.
const OMI_VENDOR: &str = "Open Management";
/// How many characters of a document go into the log.
const MAX_LOGGED_CHARS: usize = 16 * 1024;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection, encryption included. Should be less than the shortest
    /// operation and `network` together, or a call whose document was certainly not sent looks like
    /// one that was.
    pub connect: Duration,
    /// Until the server has its answer, told to it as `OperationTimeout`. A server may ignore that
    /// or replace it by its own limit (MS-WSMV 3.1.4.1.6).
    pub operation: Duration,
    /// What is added for the way there and back: after both, the call ends on our side.
    pub network: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            operation: Duration::from_secs(30),
            // What the clients of Windows add (MS-WSMV, NetworkDelayms).
            network: Duration::from_secs(5),
        }
    }
}

/// What a client needs.
#[derive(Clone)]
pub struct ClientSettings {
    /// The server, such as `https://mim01:5986/wsman`.
    pub url: String,
    /// Whose account it is.
    pub account: Account,
    /// How the account is proved.
    pub scheme: Scheme,
    /// Which certificates are trusted.
    pub tls: TlsSettings,
    /// Whether the password may travel without encryption; for a loopback address it always may.
    pub allow_unencrypted: bool,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// How large an answer the server may send, in bytes; at least 8192 (MS-WSMV 3.1.4.1.19).
    pub max_envelope_size: u32,
    /// Sees the conversation.
    pub protocol_log: Option<ProtocolLog>,
}

impl ClientSettings {
    /// Settings for a server: default times, the system's certificates, nothing unencrypted.
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            account: Account::default(),
            scheme: Scheme::default(),
            tls: TlsSettings::default(),
            allow_unencrypted: false,
            timeouts: Timeouts::default(),
            // 500 kB is what Windows allows by default since 2012 (MS-WSMV 2.2.4.23).
            max_envelope_size: 512_000,
            protocol_log: None,
        }
    }
}

impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSettings")
            .field("url", &self.url)
            .field("account", &self.account)
            .field("scheme", &self.scheme)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// A call of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodCall {
    /// The class.
    pub resource: Resource,
    /// Names and values that pick the instance.
    pub selectors: Vec<(String, String)>,
    /// The method.
    pub method: String,
    /// Its arguments.
    pub arguments: Vec<(String, Option<String>)>,
    /// How large the answer may be, in bytes; `None` is as the settings say.
    pub max_envelope_size: Option<u32>,
}

/// A client of one server. Calls may be made in parallel. A client whose account was refused once
/// asks nothing any more; for another try, make a new one.
///
/// Dropping a call's future abandons the request; whether the server saw it is then unknown.
pub struct Client {
    session: Session,
    timeouts: Timeouts,
    max_envelope_size: u32,
    protocol_log: Option<ProtocolLog>,
}

impl Client {
    /// Prepares a client; connects to nothing yet.
    ///
    /// # Errors
    /// [`ClientError::Settings`] or [`ClientError::Unencrypted`] when the settings cannot work.
    pub fn new(settings: ClientSettings) -> Result<Self, ClientError> {
        let endpoint = Endpoint::parse(&settings.url).map_err(ClientError::Settings)?;
        let transport = Transport::new(endpoint, &settings.tls, settings.timeouts.connect)?;
        let session = Session::new(
            transport,
            settings.account,
            settings.scheme,
            settings.allow_unencrypted,
            settings.protocol_log.clone(),
        )?;
        Ok(Self {
            session,
            timeouts: settings.timeouts,
            max_envelope_size: settings.max_envelope_size,
            protocol_log: settings.protocol_log,
        })
    }

    /// Where the server is.
    pub const fn endpoint(&self) -> &Endpoint {
        self.session.endpoint()
    }

    /// Who is signed on, and how, once the server has taken the account.
    pub fn signed_on(&self) -> Option<SignedOn> {
        self.session.signed_on()
    }

    /// Asks who is there: vendor and version. A server that says nothing is given up within
    /// seconds, since this is how a person finds out that a port is the wrong one.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn identify(&self) -> Result<(String, String), ClientError> {
        match self.identify_once().await {
            // One server (OMI) cannot read sealed documents with tabs, and says so by leaving.
            Err(error) if self.session.is_seal_unproved() && is_dropped(&error) => {
                self.session.set_indent(Indent::None);
                self.identify_once()
                    .await
                    .inspect_err(|_| self.session.set_indent(Indent::Tab))
                    .map_err(|_second| error)
            }
            other => other,
        }
    }

    async fn identify_once(&self) -> Result<(String, String), ClientError> {
        let request = Request {
            header: RequestHeader::default(),
            operation: Operation::Identify,
        };
        let timeout = self.timeouts.operation.min(IDENTIFY_TIMEOUT);
        match self.call(request, timeout).await? {
            Answer::Identify { vendor, version } => {
                if vendor.contains(OMI_VENDOR) {
                    self.session.set_indent(Indent::None);
                }
                Ok((vendor, version))
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Reads all instances of a class, or with a query those that it finds; for a query the class
    /// of `resource` is `*`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn enumerate(
        &self,
        resource: &Resource,
        query: Option<&str>,
    ) -> Result<Vec<Instance>, ClientError> {
        let whole = self.enumerate_all(resource, query);
        tokio::time::timeout(LONGEST_ENUMERATION, whole)
            .await
            .unwrap_or_else(|_elapsed| Err(does_not_end()))
    }

    async fn enumerate_all(
        &self,
        resource: &Resource,
        query: Option<&str>,
    ) -> Result<Vec<Instance>, ClientError> {
        let operation = Operation::Enumerate {
            filter: query.map(Filter::wql),
            mode: EnumerationMode::Objects,
            is_optimized: true,
            max_elements: Some(BATCH_ITEMS),
        };
        let mut batch = match self.ask(resource, operation).await? {
            Answer::Enumerate(batch) => batch,
            other => return Err(unexpected(&other)),
        };
        let mut items = Vec::new();
        let mut empty_count = 0;
        loop {
            empty_count = if batch.items.is_empty() {
                empty_count + 1
            } else {
                0
            };
            items.append(&mut batch.items);
            // OMI sends a context even at the end.
            if batch.is_last {
                return Ok(items);
            }
            let Some(context) = batch.context.take() else {
                let problem = "an enumeration neither ends nor names how it goes on";
                return Err(ClientError::Protocol(problem.to_owned()));
            };
            if items.len() > MAX_ITEMS || empty_count > MAX_EMPTY_BATCHES {
                return Err(self.give_up(resource, context).await);
            }
            batch = self.pull(resource, context).await?;
        }
    }

    /// Reads the instance that the selectors pick.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn get(
        &self,
        resource: &Resource,
        selectors: Vec<(String, String)>,
    ) -> Result<Instance, ClientError> {
        let timeout = self.timeouts.operation;
        let request = Request {
            header: self.header(resource, selectors, timeout),
            operation: Operation::Get,
        };
        match self.call(request, timeout).await? {
            Answer::Instance(instance) => Ok(instance),
            // A server may name the action of its answer in its own way.
            Answer::Invoked(outputs) => Ok(Instance {
                class_uri: outputs.resource_uri,
                class: outputs.method,
                properties: outputs.values,
            }),
            other => Err(unexpected(&other)),
        }
    }

    /// Calls a method, and waits for its answer as long as `operation_timeout` says, or as long as
    /// for any other call.
    ///
    /// # Errors
    /// [`ClientError`]; ask [`ClientError::nothing_was_done`] before doing it again.
    pub async fn invoke(
        &self,
        call: MethodCall,
        operation_timeout: Option<Duration>,
    ) -> Result<Outputs, ClientError> {
        let timeout = operation_timeout.unwrap_or(self.timeouts.operation);
        let mut header = self.header(&call.resource, call.selectors, timeout);
        header.max_envelope_size = call.max_envelope_size.or(header.max_envelope_size);
        let request = Request {
            header,
            operation: Operation::Invoke {
                method: call.method,
                arguments: call.arguments,
            },
        };
        match self.call(request, timeout).await? {
            Answer::Invoked(outputs) => Ok(outputs),
            other => Err(unexpected(&other)),
        }
    }

    async fn pull(&self, resource: &Resource, context: String) -> Result<Batch, ClientError> {
        let operation = Operation::Pull {
            context: context.clone(),
            max_elements: Some(BATCH_ITEMS),
        };
        match self.ask(resource, operation).await? {
            Answer::Pull(mut batch) => {
                // The context may be left out when it stays the same (WS-Enumeration 3.2).
                batch.context.get_or_insert(context);
                Ok(batch)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Gives an endless enumeration up, and lets the server forget it.
    async fn give_up(&self, resource: &Resource, context: String) -> ClientError {
        // Whether the server takes the release does not matter: its context dies by itself.
        self.ask(resource, Operation::Release { context })
            .await
            .ok();
        does_not_end()
    }

    async fn ask(&self, resource: &Resource, operation: Operation) -> Result<Answer, ClientError> {
        let timeout = self.timeouts.operation;
        let request = Request {
            header: self.header(resource, Vec::new(), timeout),
            operation,
        };
        self.call(request, timeout).await
    }

    fn header(
        &self,
        resource: &Resource,
        selectors: Vec<(String, String)>,
        operation_timeout: Duration,
    ) -> RequestHeader {
        let mut all = resource.family_selectors();
        all.extend(selectors);
        RequestHeader {
            to: self.endpoint().as_str().to_owned(),
            message_id: format!("uuid:{:X}", Uuid::new_v4().hyphenated()),
            resource_uri: resource.uri(),
            selectors: all,
            operation_timeout: Some(operation_timeout),
            max_envelope_size: Some(self.max_envelope_size),
            reply_to: Some(names::ANONYMOUS.to_owned()),
        }
    }

    /// Sends a request once and checks its answer. A fault comes back as an error. Once the account
    /// was refused, nothing is sent any more.
    async fn call(&self, request: Request, timeout: Duration) -> Result<Answer, ClientError> {
        let document = request.to_xml();
        self.log("request", &document);
        let deadline = timeout.saturating_add(self.timeouts.network);
        let reply = self
            .session
            .exchange(&document, deadline)
            .await
            .inspect_err(|error| self.log("failure", &error_chain::one_line(error)))?;
        self.log(
            &format!("answer {}", reply.status),
            &String::from_utf8_lossy(&reply.body),
        );
        check(&request, &reply)
    }

    fn log(&self, what: &str, document: &str) {
        if let Some(log) = &self.protocol_log {
            let document = text::elide_middle(document, MAX_LOGGED_CHARS);
            log(&format!("{what} {}: {document}", self.endpoint().host()));
        }
    }
}

/// Whether a server may have been unable to read a sealed document.
fn is_dropped(error: &ClientError) -> bool {
    match error {
        ClientError::Transport(TransportError::Broken(_)) | ClientError::SealRefused => true,
        ClientError::Status(status) => *status == 500,
        _ => false,
    }
}

fn does_not_end() -> ClientError {
    ClientError::Protocol("an enumeration does not end".to_owned())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", self.endpoint())
            .finish_non_exhaustive()
    }
}

/// Reads an answer and makes sure that it is one to this request.
pub(super) fn check(request: &Request, reply: &Reply) -> Result<Answer, ClientError> {
    let response = match Response::parse(&reply.body, &Limits::default()) {
        Ok(response) => response,
        Err(_) if !(200..300).contains(&reply.status) => {
            return Err(ClientError::Status(reply.status));
        }
        Err(error) => return Err(ClientError::Protocol(error.to_string())),
    };
    let is_identify = matches!(request.operation, Operation::Identify);
    if !is_identify && response.relates_to.as_deref() != Some(&request.header.message_id) {
        let problem = match &response.answer {
            Answer::Fault(fault) => {
                format!(
                    "the server sent a fault that does not relate to our request: {}",
                    fault.words()
                )
            }
            _ => "the answer does not relate to our request".to_owned(),
        };
        return Err(ClientError::Protocol(problem));
    }
    match response.answer {
        Answer::Fault(fault) => Err(ClientError::Fault(Box::new(fault))),
        _ if !(200..300).contains(&reply.status) => Err(ClientError::Status(reply.status)),
        answer => Ok(answer),
    }
}

pub(super) fn unexpected(answer: &Answer) -> ClientError {
    let found = match answer {
        Answer::Identify { .. } => "IdentifyResponse",
        Answer::Enumerate(_) => "EnumerateResponse",
        Answer::Pull(_) => "PullResponse",
        Answer::Released => "ReleaseResponse",
        Answer::Instance(_) => "an instance",
        Answer::Invoked(_) => "the outputs of a method",
        Answer::Fault(_) => "a fault",
    };
    ClientError::Protocol(format!("the server answers another question, with {found}"))
}
