//! The security packages of Windows (SSPI), for the logged-on user.
//!
//! One of two files with unsafe code. A context has one mechanism only, and what really proved the
//! user is asked at the end: a change of mechanism is never taken without a word. Nothing here knows
//! a password.

#![expect(unsafe_code, reason = "SSPI has no safe interface")]

use std::ffi::c_void;
use std::ptr;

use windows::Win32::Foundation::{
    SEC_E_OK, SEC_E_SECPKG_NOT_FOUND, SEC_I_COMPLETE_AND_CONTINUE, SEC_I_COMPLETE_NEEDED,
    SEC_I_CONTINUE_NEEDED,
};
use windows::Win32::Security::Authentication::Identity::{
    AcquireCredentialsHandleW, CompleteAuthToken, DecryptMessage, DeleteSecurityContext,
    EncryptMessage, FreeContextBuffer, FreeCredentialsHandle, ISC_REQ_CONFIDENTIALITY,
    ISC_REQ_FLAGS, ISC_REQ_INTEGRITY, ISC_REQ_MUTUAL_AUTH, ISC_REQ_REPLAY_DETECT,
    ISC_REQ_SEQUENCE_DETECT, ISC_RET_CONFIDENTIALITY, ISC_RET_INTEGRITY, ISC_RET_MUTUAL_AUTH,
    InitializeSecurityContextW, QueryContextAttributesW, QueryCredentialsAttributesW,
    QuerySecurityPackageInfoW, SEC_WINNT_AUTH_IDENTITY_EXW, SEC_WINNT_AUTH_IDENTITY_VERSION,
    SECBUFFER_CHANNEL_BINDINGS, SECBUFFER_DATA, SECBUFFER_PADDING, SECBUFFER_TOKEN,
    SECBUFFER_VERSION, SECPKG_ATTR, SECPKG_ATTR_NAMES, SECPKG_ATTR_NEGOTIATION_INFO,
    SECPKG_ATTR_SIZES, SECPKG_CRED_ATTR_NAMES, SECPKG_CRED_OUTBOUND, SECURITY_NATIVE_DREP,
    SecBuffer, SecBufferDesc, SecPkgContext_NamesW, SecPkgContext_NegotiationInfoW,
    SecPkgContext_Sizes, SecPkgCredentials_NamesW,
};
use windows::Win32::Security::Credentials::SecHandle;
use windows::Win32::System::Rpc::SEC_WINNT_AUTH_IDENTITY_UNICODE;
use windows::core::{HRESULT, HSTRING, PCWSTR, PWSTR};

use super::SystemContext;
use super::status::{refusal, words};
use crate::wsman::auth::context::{Mechanism, Step};
use crate::wsman::auth::{Refusal, Scheme, binding};
use crate::wsman::seal::{Sealed, settled};

/// How a token of Kerberos with the old encryption RC4 begins (RFC 4757); Windows alone opens it.
const RC4_TOKEN: u8 = 0x60;
/// More than any message or token of ours; what claims to be longer is not believed.
const MAX_BYTES: u32 = 64 << 20;

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

/// How much room a sealed message needs besides its document.
#[derive(Clone, Copy)]
struct Sizes {
    trailer: usize,
    padding: usize,
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
        if granted & needed != needed {
            return Err(lacking(
                "it promises no encryption or does not prove the server",
            ));
        }
        let context = self.context.as_ref().ok_or_else(|| lacking(NO_CONTEXT))?;
        if let Some(package) = wanted_package(self.mechanism) {
            let used = context.package();
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
        let start = (opened.pvBuffer as usize).checked_sub(sealed.data.as_ptr() as usize);
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
const fn wanted_package(mechanism: Mechanism) -> Option<&'static str> {
    match mechanism {
        Mechanism::Ntlm | Mechanism::Kerberos => None,
        Mechanism::SpnegoNtlm => Some("NTLM"),
        Mechanism::SpnegoKerberos => Some("Kerberos"),
    }
}

/// The logged-on user's right to prove himself.
struct CredentialsHandle {
    handle: SecHandle,
    /// The most room that a token of the package takes.
    longest_token: usize,
}

impl CredentialsHandle {
    fn acquire(mechanism: Mechanism) -> Result<Self, u32> {
        let alone = if mechanism.is_kerberos() {
            "Kerberos"
        } else {
            "NTLM"
        };
        let wrapped = match mechanism {
            Mechanism::Ntlm | Mechanism::Kerberos => return Self::acquire_from(alone, None),
            Mechanism::SpnegoNtlm => "!kerberos,!pku2u",
            Mechanism::SpnegoKerberos => "!ntlm,!pku2u",
        };
        // Not every Negotiate takes a choice for the logged-on user; servers take the mechanism
        // under its name as it is, too.
        Self::acquire_from("Negotiate", Some(wrapped))
            .or_else(|_no_choice| Self::acquire_from(alone, None))
    }

    /// From a package, which may leave these mechanisms out.
    fn acquire_from(package: &str, list: Option<&str>) -> Result<Self, u32> {
        let mut list: Vec<u16> = list.map_or_else(Vec::new, |list| list.encode_utf16().collect());
        let length = list.len() as u32;
        // The end mark does not count.
        list.push(0);
        // No user and no password: the logged-on one.
        let identity = (length > 0).then(|| SEC_WINNT_AUTH_IDENTITY_EXW {
            Version: SEC_WINNT_AUTH_IDENTITY_VERSION,
            Length: size_of::<SEC_WINNT_AUTH_IDENTITY_EXW>() as u32,
            Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE.0,
            PackageList: list.as_mut_ptr(),
            PackageListLength: length,
            ..Default::default()
        });
        let package = HSTRING::from(package);
        let longest_token = longest_token(&package)?;
        let mut handle = SecHandle::default();
        // SAFETY: name, identity and its list live through the call, which copies what it keeps; the
        // handle is written on success only.
        unsafe {
            AcquireCredentialsHandleW(
                PCWSTR::null(),
                &package,
                SECPKG_CRED_OUTBOUND,
                None,
                identity
                    .as_ref()
                    .map(|identity| ptr::from_ref(identity).cast::<c_void>()),
                None,
                None,
                &raw mut handle,
                None,
            )
        }
        .map_err(|error| number(error.code()))?;
        Ok(Self {
            handle,
            longest_token,
        })
    }

    /// Whose right it is.
    fn user(&self) -> Option<String> {
        let mut names = SecPkgCredentials_NamesW::default();
        // SAFETY: the attribute and the structure belong together, and the handle is alive.
        unsafe {
            QueryCredentialsAttributesW(
                &raw const self.handle,
                SECPKG_CRED_ATTR_NAMES,
                (&raw mut names).cast(),
            )
        }
        .ok()?;
        Allocated(names.sUserName.cast()).text()
    }
}

impl Drop for CredentialsHandle {
    fn drop(&mut self) {
        // SAFETY: acquired by `acquire`, freed only here. There is nothing to do about a failure.
        unsafe { FreeCredentialsHandle(&raw const self.handle) }.ok();
    }
}

/// How much room a token of a package may take.
fn longest_token(package: &HSTRING) -> Result<usize, u32> {
    // SAFETY: the name lives through the call, which answers with memory of its own.
    let info = unsafe { QuerySecurityPackageInfoW(package) };
    let info = info.map_err(|error| number(error.code()))?;
    let held = Allocated(info.cast());
    if info.is_null() {
        return Err(number(SEC_E_SECPKG_NOT_FOUND));
    }
    // SAFETY: the structure is the package's, whole, and alive as long as `held`.
    let longest = unsafe { (*info).cbMaxToken };
    drop(held);
    Ok(longest.min(MAX_BYTES) as usize)
}

/// A context that a package has begun.
struct ContextHandle(SecHandle);

impl ContextHandle {
    fn sizes(&self) -> Result<Sizes, u32> {
        let mut sizes = SecPkgContext_Sizes::default();
        // SAFETY: the attribute and the structure belong together.
        unsafe { self.query(SECPKG_ATTR_SIZES, (&raw mut sizes).cast()) }?;
        if sizes.cbSecurityTrailer > MAX_BYTES || sizes.cbBlockSize > MAX_BYTES {
            return Err(0);
        }
        Ok(Sizes {
            trailer: sizes.cbSecurityTrailer as usize,
            padding: sizes.cbBlockSize as usize,
        })
    }

    /// The package that was agreed on.
    fn package(&self) -> Option<String> {
        let mut info = SecPkgContext_NegotiationInfoW::default();
        // SAFETY: the attribute and the structure belong together.
        unsafe { self.query(SECPKG_ATTR_NEGOTIATION_INFO, (&raw mut info).cast()) }.ok()?;
        let held = Allocated(info.PackageInfo.cast());
        if info.PackageInfo.is_null() {
            return None;
        }
        // SAFETY: the structure is the package's, whole, and alive as long as `held`.
        let name = unsafe { (*info.PackageInfo).Name };
        // SAFETY: the name lies in the same memory and ends with a zero.
        let name = unsafe { text(name) };
        drop(held);
        name
    }

    /// Who signed on, in the words of the package.
    fn user(&self) -> Option<String> {
        let mut names = SecPkgContext_NamesW::default();
        // SAFETY: the attribute and the structure belong together.
        unsafe { self.query(SECPKG_ATTR_NAMES, (&raw mut names).cast()) }.ok()?;
        Allocated(names.sUserName.cast()).text()
    }

    /// Fills the structure of an attribute.
    ///
    /// # Safety
    /// `structure` must be the one that belongs to the attribute, alive and alone.
    unsafe fn query(&self, attribute: SECPKG_ATTR, structure: *mut c_void) -> Result<(), u32> {
        // SAFETY: the handle is alive; for the rest the caller answers.
        unsafe { QueryContextAttributesW(&raw const self.0, attribute, structure) }
            .map_err(|error| number(error.code()))
    }
}

impl Drop for ContextHandle {
    fn drop(&mut self) {
        // SAFETY: the package's own handle, deleted only here. There is nothing to do about a failure.
        unsafe { DeleteSecurityContext(&raw const self.0) }.ok();
    }
}

/// Memory of a security package, given back when dropped.
struct Allocated(*mut c_void);

impl Allocated {
    /// What stands there, when it is a text.
    fn text(&self) -> Option<String> {
        // SAFETY: only made for texts that a package has allocated, which end with a zero.
        unsafe { text(self.0.cast()) }
    }
}

impl Drop for Allocated {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: allocated by a package and freed only here.
            unsafe { FreeContextBuffer(self.0) }.ok();
        }
    }
}

/// A text that ends with a zero; `None` when there is none.
///
/// # Safety
/// `start` must be null or point to such a text.
unsafe fn text(start: *mut u16) -> Option<String> {
    if start.is_null() {
        return None;
    }
    let start = PWSTR(start);
    // SAFETY: as the caller promises.
    let units = unsafe { start.as_wide() };
    Some(String::from_utf16_lossy(units)).filter(|text| !text.is_empty())
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
