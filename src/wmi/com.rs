//! WMI through COM: one of two places with unsafe code.
//!
//! Every proxy gets packet privacy and, with an account, that account's identity: COM forgets it
//! from one proxy to the next. Must not be used from two threads: what it makes never leaves its own.

#![expect(unsafe_code, reason = "COM has no safe interface")]

use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;

use windows::Win32::Foundation::RPC_E_TOO_LATE;
use windows::Win32::System::Com::{
    CLSCTX_INPROC_SERVER, COAUTHIDENTITY, COINIT_MULTITHREADED, CoCreateInstance, CoInitializeEx,
    CoInitializeSecurity, CoSetProxyBlanket, CoUninitialize, EOAC_NONE, RPC_C_AUTHN_LEVEL_DEFAULT,
    RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_IMPERSONATE,
};
use windows::Win32::System::Rpc::{
    RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, SEC_WINNT_AUTH_IDENTITY_UNICODE,
};
use windows::Win32::System::Variant::{
    VAR_CHANGE_FLAGS, VARIANT, VT_ARRAY, VT_BSTR, VT_EMPTY, VT_NULL, VariantChangeTypeEx,
};
use windows::Win32::System::Wmi::{
    IEnumWbemClassObject, IWbemClassObject, IWbemLocator, IWbemServices,
    WBEM_FLAG_CONNECT_USE_MAX_WAIT, WBEM_FLAG_FORWARD_ONLY, WBEM_FLAG_NONSYSTEM_ONLY,
    WBEM_FLAG_RETURN_IMMEDIATELY, WBEM_FLAG_RETURN_WBEM_COMPLETE, WBEM_INFINITE, WbemLocator,
};
use windows::core::{BSTR, HSTRING, IUnknown, Interface, PCWSTR};

use super::{
    Account, Meaning, MethodCall, Opener, Permit, Place, Row, Session, Stage, Value, WmiError,
};
use crate::base::secret::{Secret, Wide};

/// Rows beyond this are an answer without end.
const MAX_ROWS: usize = 500_000;
/// How many objects are fetched at once.
const BATCH: usize = 32;
/// English of the United States: numbers as programs write them.
const LOCALE: u32 = 0x0409;
/// The principal that COM finds by itself (`COLE_DEFAULT_PRINCIPAL`).
const DEFAULT_PRINCIPAL: PCWSTR = PCWSTR(ptr::without_provenance(usize::MAX));
/// The service that COM negotiates (`RPC_C_AUTHN_DEFAULT`, `RPC_C_AUTHZ_DEFAULT`).
const NEGOTIATED: u32 = u32::MAX;

/// Opens sessions at one place.
pub(super) struct ComOpener {
    place: Place,
}

impl ComOpener {
    pub(super) const fn new(place: Place) -> Self {
        Self { place }
    }
}

impl Opener for ComOpener {
    fn open(&self) -> Result<Box<dyn Session>, WmiError> {
        let apartment = Apartment::enter().map_err(|error| failed(Stage::Connect, &error))?;
        let blanket = match (&self.place.host, &self.place.account) {
            (None, Some(_)) => return Err(WmiError::of(Stage::Connect, Meaning::LocalAccount)),
            (None, None) => Blanket::Local,
            (Some(_), None) => Blanket::LoggedOn,
            (Some(_), Some(account)) => Blanket::Given(Box::new(Identity::of(account))),
        };
        let services = connect(&self.place, &blanket)?;
        Ok(Box::new(ComSession {
            services,
            blanket,
            apartment,
        }))
    }
}

/// The calling thread's membership of the apartment without messages.
struct Apartment {
    /// It belongs to its thread.
    _not_send: PhantomData<*mut ()>,
}

impl Apartment {
    fn enter() -> windows::core::Result<Self> {
        // SAFETY: no pointer is passed. The thread is ours and has no other apartment.
        unsafe { CoInitializeEx(None, COINIT_MULTITHREADED) }.ok()?;
        let apartment = Self {
            _not_send: PhantomData,
        };
        // SAFETY: all pointers are null, which asks for the defaults of the system.
        let security = unsafe {
            CoInitializeSecurity(
                None,
                -1,
                None,
                None,
                RPC_C_AUTHN_LEVEL_DEFAULT,
                RPC_C_IMP_LEVEL_IMPERSONATE,
                None,
                EOAC_NONE,
                None,
            )
        };
        match security {
            // Once for the whole process; the window or another thread was first.
            Err(error) if error.code() == RPC_E_TOO_LATE => Ok(apartment),
            other => other.map(|()| apartment),
        }
    }
}

impl Drop for Apartment {
    fn drop(&mut self) {
        // SAFETY: balances the successful CoInitializeEx of `enter` on this same thread; the
        // session drops its interfaces first.
        unsafe { CoUninitialize() }
    }
}

/// An account in the form that COM takes. COM keeps the pointer, so it outlives all proxies.
struct Identity {
    user: Wide,
    domain: Wide,
    password: Wide,
}

impl Identity {
    fn of(account: &Account) -> Self {
        let (domain, user) = match account.user.split_once('\\') {
            Some((domain, user)) => (domain, user),
            // A name with @ is complete by itself, and a bare one means the server's own domain.
            None => ("", account.user.as_str()),
        };
        Self {
            user: Wide::of(user),
            domain: Wide::of(domain),
            password: Wide::of(account.password.reveal()),
        }
    }

    fn raw(&self) -> COAUTHIDENTITY {
        let length = |text: &Wide| u32::try_from(text.units().len()).unwrap_or(u32::MAX);
        COAUTHIDENTITY {
            User: self.user.units().as_ptr().cast_mut(),
            UserLength: length(&self.user),
            Domain: self.domain.units().as_ptr().cast_mut(),
            DomainLength: length(&self.domain),
            Password: self.password.units().as_ptr().cast_mut(),
            PasswordLength: length(&self.password),
            Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE.0,
        }
    }
}

/// How a proxy proves who calls, and hides what is said.
enum Blanket {
    /// On this machine, as the logged-on user.
    Local,
    /// On another machine, as the logged-on user.
    LoggedOn,
    /// On another machine, as somebody else.
    Given(Box<Identity>),
}

impl Blanket {
    fn cover(&self, proxy: &impl Interface) -> windows::core::Result<()> {
        let proxy: IUnknown = proxy.cast()?;
        let identity = match self {
            Self::Given(identity) => Some(identity.raw()),
            Self::Local | Self::LoggedOn => None,
        };
        let (service, authorization, principal) = match self {
            Self::Local => (RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, PCWSTR::null()),
            Self::LoggedOn | Self::Given(_) => (NEGOTIATED, NEGOTIATED, DEFAULT_PRINCIPAL),
        };
        // SAFETY: `proxy` is alive. The principal is null or the marker that the function defines.
        // The identity's structure is read within the call; what it points to lives as long as the
        // session, as the function demands.
        unsafe {
            CoSetProxyBlanket(
                &proxy,
                service,
                authorization,
                principal,
                RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                RPC_C_IMP_LEVEL_IMPERSONATE,
                identity
                    .as_ref()
                    .map(|identity| ptr::from_ref(identity).cast::<c_void>()),
                EOAC_NONE,
            )
        }
    }
}

fn connect(place: &Place, blanket: &Blanket) -> Result<IWbemServices, WmiError> {
    let at = |error: windows::core::Error| failed(Stage::Connect, &error);
    // SAFETY: the class and the interface belong together; the apartment was entered.
    let locator: IWbemLocator =
        unsafe { CoCreateInstance(&WbemLocator, None, CLSCTX_INPROC_SERVER) }.map_err(at)?;
    let path = match &place.host {
        Some(host) => format!(r"\\{host}\{}", place.namespace),
        None => place.namespace.clone(),
    };
    let (user, password) = match &place.account {
        Some(account) => (BSTR::from(&account.user), SecretText::of(&account.password)),
        None => (BSTR::new(), SecretText(BSTR::new())),
    };
    let none = BSTR::new();
    // SAFETY: all texts live through the call; an empty one is a null pointer, which the function
    // takes for the logged-on user, the locale of the system and its own choice of authority.
    let services = unsafe {
        locator.ConnectServer(
            &BSTR::from(&path),
            &user,
            &password.0,
            &none,
            WBEM_FLAG_CONNECT_USE_MAX_WAIT.0,
            &none,
            None,
        )
    }
    .map_err(at)?;
    blanket.cover(&services).map_err(at)?;
    Ok(services)
}

/// A password as COM takes it; wiped when dropped.
struct SecretText(BSTR);

impl SecretText {
    fn of(secret: &Secret) -> Self {
        Self(BSTR::from(secret.reveal()))
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        let start = self.0.as_ptr().cast_mut();
        for index in 0..self.0.len() {
            // SAFETY: within the text, which nobody else sees; the pointer comes from the
            // allocation of the BSTR itself, not from a shared slice.
            unsafe { start.add(index).write_volatile(0) };
        }
    }
}

/// A connection of this thread. Fields are dropped in this order: interfaces before the identity
/// that they point to, and the apartment last.
struct ComSession {
    services: IWbemServices,
    blanket: Blanket,
    #[expect(dead_code, reason = "held so that it is left last")]
    apartment: Apartment,
}

impl Session for ComSession {
    fn query(&self, wql: &str) -> Result<Vec<Row>, WmiError> {
        let at = |error: windows::core::Error| failed(Stage::Call, &error);
        // SAFETY: both texts live through the call.
        let objects = unsafe {
            self.services.ExecQuery(
                &BSTR::from("WQL"),
                &BSTR::from(wql),
                WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY,
                None,
            )
        }
        .map_err(at)?;
        self.blanket.cover(&objects).map_err(at)?;
        let mut rows = Vec::new();
        loop {
            let (batch, is_last) = next(&objects).map_err(at)?;
            for object in &batch {
                rows.push(read(object).map_err(at)?);
            }
            if rows.len() > MAX_ROWS {
                return Err(WmiError::of(Stage::Call, Meaning::TooLarge));
            }
            if is_last {
                return Ok(rows);
            }
        }
    }

    fn call(&self, call: &MethodCall, permit: &Permit) -> Result<Row, WmiError> {
        let before = |error: windows::core::Error| failed(Stage::Connect, &error);
        let arguments = if call.arguments.is_empty() {
            None
        } else {
            Some(self.arguments(call).map_err(before)?)
        };
        if !permit.begin() {
            return Err(WmiError::of(Stage::Connect, Meaning::Abandoned));
        }
        let mut outputs = None;
        // SAFETY: texts and arguments live through the call, and `outputs` takes one reference.
        unsafe {
            self.services.ExecMethod(
                &BSTR::from(&call.object),
                &BSTR::from(&call.method),
                WBEM_FLAG_RETURN_WBEM_COMPLETE,
                None,
                arguments.as_ref(),
                Some(ptr::from_mut(&mut outputs)),
                None,
            )
        }
        .map_err(|error| failed(Stage::Call, &error))?;
        match &outputs {
            Some(outputs) => read(outputs).map_err(|error| failed(Stage::Call, &error)),
            None => Ok(Row::default()),
        }
    }
}

impl ComSession {
    /// The arguments of a call, in an instance of the method's signature.
    fn arguments(&self, call: &MethodCall) -> windows::core::Result<IWbemClassObject> {
        let missing = || {
            windows::core::Error::from_hresult(windows::core::HRESULT(
                windows::Win32::System::Wmi::WBEM_E_INVALID_METHOD.0,
            ))
        };
        let mut class = None;
        // SAFETY: the text lives through the call, and `class` takes one reference.
        unsafe {
            self.services.GetObject(
                &BSTR::from(&call.class),
                WBEM_FLAG_RETURN_WBEM_COMPLETE,
                None,
                Some(ptr::from_mut(&mut class)),
                None,
            )?;
        }
        let class: IWbemClassObject = class.ok_or_else(missing)?;
        let (mut inputs, mut outputs) = (None, None);
        let method = HSTRING::from(&call.method);
        // SAFETY: the text lives through the call, and each of both takes one reference.
        unsafe { class.GetMethod(&method, 0, &raw mut inputs, &raw mut outputs)? };
        let signature: IWbemClassObject = inputs.ok_or_else(missing)?;
        // SAFETY: no pointer is passed.
        let instance = unsafe { signature.SpawnInstance(0) }?;
        for (name, value) in &call.arguments {
            let value = match value {
                Value::Text(text) => VARIANT::from(text.as_str()),
                // COM carries `uint32` as a signed number of the same bits.
                Value::Number(number) => VARIANT::from(number.cast_signed()),
            };
            // SAFETY: name and value live through the call, which copies both; type 0 keeps the
            // property's own.
            unsafe { instance.Put(&HSTRING::from(name), 0, &raw const value, 0)? };
        }
        Ok(instance)
    }
}

/// The next objects, and whether they are the last.
fn next(objects: &IEnumWbemClassObject) -> windows::core::Result<(Vec<IWbemClassObject>, bool)> {
    let mut batch: [Option<IWbemClassObject>; BATCH] = [const { None }; BATCH];
    let mut count = 0;
    // SAFETY: the slice has the length that is passed with it, and takes one reference each.
    let code = unsafe { objects.Next(WBEM_INFINITE, &mut batch, &raw mut count) };
    code.ok()?;
    let found: Vec<IWbemClassObject> = batch.into_iter().flatten().collect();
    // Fewer than were asked for come only at the end.
    let is_last = found.len() < BATCH;
    Ok((found, is_last))
}

/// The properties of an object that are its own.
fn read(object: &IWbemClassObject) -> windows::core::Result<Row> {
    // SAFETY: no pointer is passed.
    unsafe { object.BeginEnumeration(WBEM_FLAG_NONSYSTEM_ONLY.0)? };
    let mut row = Row::default();
    loop {
        let mut name = BSTR::new();
        let mut value = VARIANT::default();
        let (mut kind, mut flavor) = (0, 0);
        // SAFETY: all four are alive and take over what they are given.
        unsafe {
            object.Next(
                0,
                &raw mut name,
                &raw mut value,
                &raw mut kind,
                &raw mut flavor,
            )?;
        }
        // The end is no failure; only the name stays empty.
        if name.is_empty() {
            break;
        }
        let name = name.to_string();
        if !name.starts_with("__") {
            row.properties.push((name, text(&value)));
        }
    }
    // SAFETY: no pointer is passed.
    unsafe { object.EndEnumeration()? };
    Ok(row)
}

/// A value as text; `None` for null and for what has no text, such as an array.
fn text(value: &VARIANT) -> Option<String> {
    let kind = value.vt();
    if kind == VT_EMPTY || kind == VT_NULL || kind.0 & VT_ARRAY.0 != 0 {
        return None;
    }
    let mut text = VARIANT::default();
    // SAFETY: both are alive, initialized and distinct.
    unsafe { VariantChangeTypeEx(&raw mut text, value, LOCALE, VAR_CHANGE_FLAGS(0), VT_BSTR) }
        .ok()?;
    if text.vt() != VT_BSTR {
        return None;
    }
    // SAFETY: the kind says that this member of the union is the one in use.
    Some(unsafe { text.Anonymous.Anonymous.Anonymous.bstrVal.to_string() })
}

fn failed(stage: Stage, error: &windows::core::Error) -> WmiError {
    WmiError::from_code(stage, error.code().0.cast_unsigned())
}
