//! Calls of the service's WMI provider: by which family of URIs, how many at once, and what is asked
//! again.
//!
//! Must not know what an answer means, and repeats a call only where it is certain that nothing was
//! done, or where it only asked.

use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::wsman::message::{Family, Instance, Outputs, Resource};
use crate::wsman::{Client, ClientError, FaultKind, MethodCall};

/// The WMI namespace of the service.
pub(super) const NAMESPACE: &str = "root/MicrosoftIdentityIntegrationServer";

/// How many questions are open at once. One user may have 15 operations open with the WMI plug-in
/// (MS-WSMV 3.1.4.1.34.3.1): the rest is left to orders, and to whatever else the account does.
const MAX_OPEN: usize = 8;

/// The largest answer that is ever asked for, a little less than the transport reads. A server takes
/// its own limit where that is smaller (MS-WSMV 3.1.4.1.7).
const LARGEST_ENVELOPE: u32 = 30 * 1024 * 1024;

/// How long a server that has too much to do is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaPatience {
    /// The first pause; each further one is twice as long.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// How long is waited in all.
    pub limit: Duration,
}

impl Default for QuotaPatience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            longest: Duration::from_secs(8),
            limit: Duration::from_mins(1),
        }
    }
}

/// The provider behind a client.
pub(super) struct Provider {
    client: Client,
    /// Set once it is known which family the server takes.
    family: OnceLock<Family>,
    open: Semaphore,
    patience: QuotaPatience,
}

/// A call of a method of one instance of a class.
#[derive(Debug, Clone)]
pub(super) struct Call<'a> {
    /// The class.
    pub(super) class: &'a str,
    /// The property that picks the instance, and its value.
    pub(super) key: (&'a str, &'a str),
    /// The method.
    pub(super) method: &'a str,
}

impl Provider {
    /// A provider whose classes are addressed in this family; `None` finds out at the first call.
    pub(super) fn new(client: Client, family: Option<Family>, patience: QuotaPatience) -> Self {
        Self {
            client,
            family: family.map_or_else(OnceLock::new, OnceLock::from),
            open: Semaphore::new(MAX_OPEN),
            patience,
        }
    }

    /// The client through which everything goes.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// Calls a method that only tells something. A full server is waited for, and an answer that does
    /// not fit is asked for again with all the room there is.
    pub(super) async fn ask(&self, call: &Call<'_>) -> Result<Outputs, ClientError> {
        let answer = self.patiently(|| self.invoke(call, Vec::new(), None, None));
        match answer.await {
            Err(error) if error.fault_kind() == Some(FaultKind::AnswerTooLarge) => {
                self.patiently(|| self.invoke(call, Vec::new(), None, Some(LARGEST_ENVELOPE)))
                    .await
            }
            other => other,
        }
    }

    /// Calls a method that does something: once, and a full server is the caller's to wait for, since
    /// meanwhile nobody may want it any more.
    pub(super) async fn order(
        &self,
        call: &Call<'_>,
        arguments: Vec<(String, Option<String>)>,
        timeout: Option<Duration>,
    ) -> Result<Outputs, ClientError> {
        self.invoke(call, arguments, timeout, None).await
    }

    /// Reads all instances of a class, or those that a query over the namespace finds.
    pub(super) async fn enumerate(
        &self,
        class: &str,
        query: Option<&str>,
    ) -> Result<Vec<Instance>, ClientError> {
        self.patiently(|| {
            self.in_family(|family| async move {
                let resource = resource(family, class);
                self.client.enumerate(&resource, query).await
            })
        })
        .await
    }

    async fn invoke(
        &self,
        call: &Call<'_>,
        arguments: Vec<(String, Option<String>)>,
        timeout: Option<Duration>,
        max_envelope_size: Option<u32>,
    ) -> Result<Outputs, ClientError> {
        let (name, value) = call.key;
        self.in_family(|family| {
            let call = MethodCall {
                resource: resource(family, call.class),
                selectors: vec![(name.to_owned(), value.to_owned())],
                method: call.method.to_owned(),
                arguments: arguments.clone(),
                max_envelope_size,
            };
            self.client.invoke(call, timeout)
        })
        .await
    }

    /// Makes a call in the family that the server takes. As long as that is not known, a server that
    /// knows no such class in Windows' own family has done nothing, and is asked in the other.
    async fn in_family<T, F>(&self, call: impl Fn(Family) -> F) -> Result<T, ClientError>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        if let Some(family) = self.family.get() {
            return call(*family).await;
        }
        let (family, answer) = match call(Family::Wmi).await {
            Err(first) if is_unknown_resource(&first) => match call(Family::Cim).await {
                // Unknown in both: what is said about Windows' own family is told.
                Err(second) if is_unknown_resource(&second) => return Err(first),
                answer => (Family::Cim, answer),
            },
            answer => (Family::Wmi, answer),
        };
        if answer.is_ok() {
            self.family.get_or_init(|| family);
        }
        answer
    }

    /// Repeats a call as long as the server has too much to do, with growing pauses up to a limit.
    async fn patiently<T, F>(&self, call: impl Fn() -> F) -> Result<T, ClientError>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        let mut pause = self.patience.first;
        let mut waited = Duration::ZERO;
        loop {
            let answer = {
                // The semaphore is never closed, so a permit always comes.
                let _permit = self.open.acquire().await.ok();
                call().await
            };
            match answer {
                Err(error)
                    if error.fault_kind() == Some(FaultKind::Quota)
                        && waited < self.patience.limit => {}
                answer => return answer,
            }
            tokio::time::sleep(pause).await;
            waited += pause;
            pause = (pause * 2).min(self.patience.longest);
        }
    }
}

fn resource(family: Family, class: &str) -> Resource {
    Resource {
        family,
        ..Resource::wmi(NAMESPACE, class)
    }
}

fn is_unknown_resource(error: &ClientError) -> bool {
    matches!(error, ClientError::Fault(fault) if FaultKind::is_unknown_resource(fault))
}
