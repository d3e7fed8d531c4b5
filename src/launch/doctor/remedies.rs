//! What to do, line by line, where the failure itself does not say it better.

use super::check::Check;
use crate::service::TroubleKind;

/// The WMI namespace as Windows shows it.
const NAMESPACE: &str = "root\\MicrosoftIdentityIntegrationServer";

/// The gate of the service itself.
pub const GROUP: &str = "make the account a member of the service's group FIMSyncOperators (or the \
                         group that was named at its installation), then log on again";

/// A service that does not answer, or not to this account.
pub const SERVICE: &str = "start the service `Forefront Identity Manager Synchronization Service` \
                           there (FIMSynchronizationService), or, if it runs, make the account a \
                           member of its group FIMSyncOperators";

/// A class or namespace that is gone.
pub const PROVIDER: &str = "check that this is the server of the synchronization service; if it is, \
                            register its WMI provider again (mofcomp mmswmi.mof in the service's \
                            folder Bin, then restart the service)";

/// Clocks that disagree.
pub const CLOCK: &str = "set both clocks by the domain's time (w32tm /resync on Windows, chrony or \
                         systemd-timesyncd here)";

/// What to do when a check fails with this kind of trouble.
pub fn remedy(check: Check, kind: TroubleKind) -> String {
    match (check, kind) {
        (_, TroubleKind::WinrmRight) => {
            "allow the account Read and Execute in WinRM (winrm configSDDL default), or make it a \
             member of the group Remote Management Users"
                .to_owned()
        }
        (_, TroubleKind::NamespaceRight) => format!(
            "in WMI Control (wmimgmt.msc), Properties, Security, {NAMESPACE}, allow the account \
             Enable Account, Execute Methods and Remote Enable"
        ),
        (_, TroubleKind::ProviderRight) => GROUP.to_owned(),
        (_, TroubleKind::ProviderFailed) => SERVICE.to_owned(),
        (_, TroubleKind::NotFound) => PROVIDER.to_owned(),
        (_, TroubleKind::Tls) => {
            "name the certificate file of the server's authority (--ca-file), or its fingerprint \
             (--pin); without HTTPS, leave --tls out"
                .to_owned()
        }
        (_, TroubleKind::Account) => "check user name, domain and password".to_owned(),
        (_, TroubleKind::Encryption) => {
            "use HTTPS (--tls), or a scheme that encrypts by itself (--auth negotiate)".to_owned()
        }
        (_, TroubleKind::Settings) => "change the setting that is named".to_owned(),
        (Check::Identify, TroubleKind::Unreachable) => {
            "check that it is WinRM that listens on this port".to_owned()
        }
        (_, TroubleKind::Unreachable) => {
            "try again; if it stays so, look into the event log Microsoft-Windows-WinRM there"
                .to_owned()
        }
        (_, TroubleKind::Protocol) => {
            "check that it is WinRM that listens there: the port, the path /wsman, http or https"
                .to_owned()
        }
        (_, TroubleKind::Fault) => {
            "look into the event log Microsoft-Windows-WinRM of the server".to_owned()
        }
    }
}
