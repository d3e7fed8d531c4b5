//! What a security package lends: credentials, contexts and memory, each given back when dropped.

use std::ffi::c_void;
use std::ptr;

use windows::Win32::Foundation::SEC_E_SECPKG_NOT_FOUND;
use windows::Win32::Security::Authentication::Identity::{
    AcquireCredentialsHandleW, DeleteSecurityContext, FreeContextBuffer, FreeCredentialsHandle,
    QueryContextAttributesW, QueryCredentialsAttributesW, QuerySecurityPackageInfoW,
    SEC_WINNT_AUTH_IDENTITY_EXW, SEC_WINNT_AUTH_IDENTITY_VERSION, SECPKG_ATTR, SECPKG_ATTR_FLAGS,
    SECPKG_ATTR_NAMES, SECPKG_ATTR_NEGOTIATION_INFO, SECPKG_ATTR_SIZES, SECPKG_CRED_ATTR_NAMES,
    SECPKG_CRED_OUTBOUND, SecPkgContext_Flags, SecPkgContext_NamesW,
    SecPkgContext_NegotiationInfoW, SecPkgContext_Sizes, SecPkgCredentials_NamesW,
};
use windows::Win32::Security::Credentials::SecHandle;
use windows::Win32::System::Rpc::SEC_WINNT_AUTH_IDENTITY_UNICODE;
use windows::core::{HSTRING, PCWSTR, PWSTR};

use super::number;
use crate::wsman::auth::context::Mechanism;

/// The package that agrees with the other side on another one.
const NEGOTIATE: &str = "Negotiate";
/// More than any message or token of ours; what claims to be longer is not believed.
const MAX_BYTES: u32 = 64 << 20;

/// How much room a sealed message needs besides its document.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) trailer: usize,
    pub(super) padding: usize,
}

/// The logged-on user's right to prove himself.
pub(super) struct CredentialsHandle {
    pub(super) handle: SecHandle,
    /// The most room that a token of the package takes.
    pub(super) longest_token: usize,
    /// Whether the package chooses a mechanism, and can say which.
    pub(super) is_choosing: bool,
}

impl CredentialsHandle {
    pub(super) fn acquire(mechanism: Mechanism) -> Result<Self, u32> {
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
        Self::acquire_from(NEGOTIATE, Some(wrapped))
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
        let is_choosing = package == NEGOTIATE;
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
            is_choosing,
        })
    }

    /// Whose right it is.
    pub(super) fn user(&self) -> Option<String> {
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
pub(super) struct ContextHandle(pub(super) SecHandle);

impl ContextHandle {
    pub(super) fn sizes(&self) -> Result<Sizes, u32> {
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

    /// What the context promises; nothing where the package does not say.
    pub(super) fn flags(&self) -> u32 {
        let mut flags = SecPkgContext_Flags::default();
        // SAFETY: the attribute and the structure belong together.
        let told = unsafe { self.query(SECPKG_ATTR_FLAGS, (&raw mut flags).cast()) };
        told.map_or(0, |()| flags.Flags)
    }

    /// The package that was agreed on.
    pub(super) fn package(&self) -> Option<String> {
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
    pub(super) fn user(&self) -> Option<String> {
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
