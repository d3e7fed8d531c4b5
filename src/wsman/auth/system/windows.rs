//! The security packages of Windows (SSPI), for the logged-on user.
//!
//! One of two places with unsafe code. A context has one mechanism only, and what really proved the
//! user is asked at the end: a change of mechanism is never taken without a word. Nothing here knows
//! a password.

#![expect(unsafe_code, reason = "SSPI has no safe interface")]

mod handles;

use std::ptr;

use windows::Win32::Foundation::{
    SEC_E_OK, SEC_I_COMPLETE_AND_CONTINUE, SEC_I_COMPLETE_NEEDED, SEC_I_CONTINUE_NEEDED,
};
use windows::Win32::Security::Authentication::Identity::{
    CompleteAuthToken, DecryptMessage, EncryptMessage, ISC_REQ_CONFIDENTIALITY, ISC_REQ_FLAGS,
    ISC_REQ_INTEGRITY, ISC_REQ_MUTUAL_AUTH, ISC_REQ_REPLAY_DETECT, ISC_REQ_SEQUENCE_DETECT,
    ISC_RET_CONFIDENTIALITY, ISC_RET_INTEGRITY, ISC_RET_MUTUAL_AUTH, InitializeSecurityContextW,
    SECBUFFER_CHANNEL_BINDINGS, SECBUFFER_DATA, SECBUFFER_PADDING, SECBUFFER_TOKEN,
    SECBUFFER_VERSION, SECURITY_NATIVE_DREP, SecBuffer, SecBufferDesc,
};
use windows::core::{HRESULT, HSTRING};

use handles::{ContextHandle, CredentialsHandle, Sizes};

use super::SystemContext;
use super::status::{refusal, words};
use crate::wsman::auth::context::{Mechanism, Step};
use crate::wsman::auth::{Refusal, Scheme, binding};
use crate::wsman::seal::{Sealed, settled};

/// How a token of Kerberos with the old encryption RC4 begins (RFC 4757); Windows alone opens it.
const RC4_TOKEN: u8 = 0x60;

/// Begins: nothing is sent to the server yet. `certificate` is the server's, where the way is TLS;
/// Windows binds Kerberos to it as well as NTLM.
///
/// # Errors
/// [`Refusal`] when the logged-on user has nothing to prove himself with.
pub(super) fn begin(
    mechanism: Mechanism,
    host: &str,
    certificate: Option<&[u8]>,
) -> Result<Box<dyn SystemContext>, Refusal> {
    let service = format!("HTTP/{}", host.to_ascii_lowercase());
    let credentials =
        CredentialsHandle::acquire(mechanism).map_err(|code| refusal(code, mechanism, &service))?;
    Ok(Box::new(WindowsContext {
        mechanism,
        service,
        binding: certificate.map(binding::of),
        context: None,
        credentials,
        sizes: None,
        user: None,
    }))
}

/// A security context of the logged-on user.
struct WindowsContext {
    mechanism: Mechanism,
    /// The name of the service, such as `HTTP/mim01`.
    service: String,
    binding: Option<Vec<u8>>,
    /// Before the credentials that it was made with, since fields are dropped in this order.
    context: Option<ContextHandle>,
    credentials: CredentialsHandle,
    /// Known once the context is complete.
    sizes: Option<Sizes>,
    user: Option<String>,
}

impl WindowsContext {
    /// What is asked of the context. Only Kerberos can prove the server as well.
    fn wishes(&self) -> ISC_REQ_FLAGS {
        let all = ISC_REQ_CONFIDENTIALITY
            | ISC_REQ_INTEGRITY
            | ISC_REQ_REPLAY_DETECT
            | ISC_REQ_SEQUENCE_DETECT;
        if self.mechanism.is_kerberos() {
            all | ISC_REQ_MUTUAL_AUTH
        } else {
            all
        }
    }

    /// Makes sure at the end that the context is what was asked for.
    fn finish(&mut self, granted: u32) -> Result<(), Refusal> {
        let mut needed = ISC_RET_CONFIDENTIALITY | ISC_RET_INTEGRITY;
        if self.mechanism.is_kerberos() {
            needed |= ISC_RET_MUTUAL_AUTH;
        }
        let context = self.context.as_ref().ok_or_else(|| lacking(NO_CONTEXT))?;
        // Not every package repeats with its last token what it promises.
        if (granted | context.flags()) & needed != needed {
            return Err(lacking(
                "it promises no encryption or does not prove the server",
            ));
        }
        // A package that is its own mechanism can use no other, and not each can name itself.
        if self.credentials.is_choosing {
            let (package, used) = (wanted_package(self.mechanism), context.package());
            if !used.is_some_and(|used| used.eq_ignore_ascii_case(package)) {
                return Err(lacking(
                    "Windows used another way than the one that was asked for",
                ));
            }
        }
        let sizes = context.sizes();
        self.sizes = Some(sizes.map_err(|code| refusal(code, self.mechanism, &self.service))?);
        self.user = context.user().or_else(|| self.credentials.user());
        Ok(())
    }
}

impl SystemContext for WindowsContext {
    fn step(&mut self, token: &[u8]) -> Result<Step, Refusal> {
        if self.sizes.is_some() {
            // What a server says after the end, such as that it agrees, is asked of nobody: the
            // package itself would have waited for it.
            return Ok(Step {
                token: Vec::new(),
                is_complete: true,
            });
        }
        let mut token = token.to_vec();
        let mut input = Vec::new();
        // The first call has no token at all, which is not the same as an empty one.
        if !token.is_empty() {
            input.push(buffer(SECBUFFER_TOKEN, &mut token));
        }
        if let Some(binding) = &mut self.binding {
            input.push(buffer(SECBUFFER_CHANNEL_BINDINGS, binding));
        }
        let input = (!input.is_empty()).then(|| description(&mut input));
        let mut next = vec![0; self.credentials.longest_token];
        let mut filled = [buffer(SECBUFFER_TOKEN, &mut next)];
        let mut output = description(&mut filled);
        let service = HSTRING::from(&self.service);
        let old = self.context.as_ref().map(|context| context.0);
        let mut new = old.unwrap_or_default();
        let mut granted = 0;
        // SAFETY: handles, name and all buffers are alive and their lengths are true. The second and
        // the ninth argument are null and a fresh handle at first, the same handle afterwards, as the
        // function asks for.
        let code = unsafe {
            InitializeSecurityContextW(
                Some(&raw const self.credentials.handle),
                old.as_ref().map(ptr::from_ref),
                Some(service.as_ptr()),
                self.wishes(),
                0,
                SECURITY_NATIVE_DREP,
                input.as_ref().map(ptr::from_ref),
                0,
                Some(&raw mut new),
                Some(&raw mut output),
                &raw mut granted,
                None,
            )
        };
        if code.is_err() {
            return Err(refusal(number(code), self.mechanism, &self.service));
        }
        if self.context.is_none() {
            self.context = Some(ContextHandle(new));
        }
        if matches!(code, SEC_I_COMPLETE_NEEDED | SEC_I_COMPLETE_AND_CONTINUE) {
            // SAFETY: the context is alive, and the buffer is the one that was just filled.
            unsafe { CompleteAuthToken(&raw const new, &raw const output) }
                .map_err(|error| refusal(number(error.code()), self.mechanism, &self.service))?;
        }
        let is_complete = match code {
            SEC_E_OK | SEC_I_COMPLETE_NEEDED => true,
            SEC_I_CONTINUE_NEEDED | SEC_I_COMPLETE_AND_CONTINUE => false,
            other => return Err(lacking(&words(number(other)))),
        };
        if is_complete {
            self.finish(granted)?;
        }
        let [filled] = filled;
        next.truncate(filled.cbBuffer as usize);
        Ok(Step {
            token: next,
            is_complete,
        })
    }

    fn seal(&mut self, document: &[u8]) -> Result<Sealed, String> {
        let (Some(context), Some(sizes)) = (&self.context, self.sizes) else {
            return Err(NO_CONTEXT.to_owned());
        };
        let mut signature = vec![0; sizes.trailer];
        let mut data = document.to_vec();
        let mut padding = vec![0; sizes.padding];
        let mut buffers = [
            buffer(SECBUFFER_TOKEN, &mut signature),
            buffer(SECBUFFER_DATA, &mut data),
            buffer(SECBUFFER_PADDING, &mut padding),
        ];
        let description = description(&mut buffers);
        // SAFETY: the context is complete; each buffer is alive, alone, and as long as it says.
        let code = unsafe { EncryptMessage(&raw const context.0, 0, &raw const description, 0) };
        if code.is_err() {
            return Err(words(number(code)));
        }
        let [signed, sealed, padded] = buffers.map(|buffer| buffer.cbBuffer as usize);
        // The package may need less than the most that it asked for, and never more.
        signature.truncate(signed);
        padding.truncate(padded);
        if sealed != data.len() {
            return Err("the security package of Windows changed the length".to_owned());
        }
        data.extend_from_slice(&padding);
        Ok(Sealed {
            plain_length: document.len() + padding.len(),
            signature,
            data,
        })
    }

    fn open(&mut self, sealed: Sealed) -> Result<Vec<u8>, String> {
        let context = self.context.as_ref().ok_or(NO_CONTEXT)?;
        let mut sealed = if sealed.signature.first() == Some(&RC4_TOKEN) {
            sealed
        } else {
            settled(sealed).map_err(|error| error.to_string())?
        };
        let mut buffers = [
            buffer(SECBUFFER_TOKEN, &mut sealed.signature),
            buffer(SECBUFFER_DATA, &mut sealed.data),
        ];
        let description = description(&mut buffers);
        // SAFETY: the context is alive; each buffer is alive, alone, and as long as it says.
        let code = unsafe { DecryptMessage(&raw const context.0, &raw const description, 0, None) };
        if code.is_err() {
            return Err(words(number(code)));
        }
        let [_, opened] = buffers;
        // The document may begin further in and be shorter, but lies within what was handed over.
        let start = opened
            .pvBuffer
            .addr()
            .checked_sub(sealed.data.as_ptr().addr());
        let document = start.and_then(|start| {
            let end = start.checked_add(opened.cbBuffer as usize)?;
            sealed.data.get(start..end)
        });
        document
            .map(<[u8]>::to_vec)
            .ok_or_else(|| "the security package of Windows lost it".to_owned())
    }

    fn user(&self) -> String {
        let known = self.user.clone();
        known.unwrap_or_else(|| "the logged-on user".to_owned())
    }

    fn scheme(&self) -> Scheme {
        self.mechanism.scheme()
    }
}

const NO_CONTEXT: &str = "nobody has signed on";

fn lacking(why: &str) -> Refusal {
    Refusal::Token(why.to_owned())
}

fn number(code: HRESULT) -> u32 {
    code.0.cast_unsigned()
}

/// The package that must have proved the user, where Windows could have chosen another.
const fn wanted_package(mechanism: Mechanism) -> &'static str {
    if mechanism.is_kerberos() {
        "Kerberos"
    } else {
        "NTLM"
    }
}

fn buffer(kind: u32, bytes: &mut [u8]) -> SecBuffer {
    SecBuffer {
        cbBuffer: u32::try_from(bytes.len()).unwrap_or(0),
        BufferType: kind,
        pvBuffer: bytes.as_mut_ptr().cast(),
    }
}

fn description(buffers: &mut [SecBuffer]) -> SecBufferDesc {
    SecBufferDesc {
        ulVersion: SECBUFFER_VERSION,
        cBuffers: buffers.len() as u32,
        pBuffers: buffers.as_mut_ptr(),
    }
}
