//! What a step counted, by the groups of the run history.
//!
//! Deliberately not `mim::Counters`: the simulator writes the service's words by hand, so that a
//! mistake in our reader cannot hide behind the same mistake here.

/// `staging-counters`: what an import brought into the connector space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StagingTally {
    /// Rows that say what the connector space already knew.
    pub no_change: u64,
    /// Rows that the connector space did not know, and confirmed exported additions.
    pub add: u64,
    /// Rows with other attributes, and confirmed exported updates.
    pub update: u64,
    /// Objects whose row is gone, and confirmed exported deletions.
    pub delete: u64,
    /// Rows that came back before their deletion was synchronized.
    pub delete_add: u64,
    /// Of all these: exported changes that were confirmed. Not part of the run history.
    pub confirmed: u64,
    /// Objects that came into the connector space. Not part of the run history.
    pub created: u64,
    /// Objects that left the connector space. Not part of the run history.
    pub removed: u64,
}

impl StagingTally {
    /// How many objects were looked at.
    pub const fn total(&self) -> u64 {
        self.no_change + self.add + self.update + self.delete + self.delete_add
    }
}

/// `inbound-flow-counters`: what a synchronization did with the metaverse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboundTally {
    /// Disconnectors that were joined without an attribute flowing.
    pub joined_no_flow: u64,
    /// Disconnectors that were joined, attributes flowed.
    pub joined_flow: u64,
    /// Disconnectors from which a metaverse object was made.
    pub projected_flow: u64,
    /// Disconnectors that stay what they are.
    pub disconnector_remains: u64,
    /// Connectors whose attributes flowed.
    pub connector_flow: u64,
    /// Connectors from which nothing flowed.
    pub connector_no_flow: u64,
    /// Deleted connectors whose metaverse object went with them.
    pub delete_remove_mv: u64,
    /// Deleted connectors whose metaverse object stays.
    pub delete_leave_mv: u64,
}

impl InboundTally {
    /// How many objects were synchronized.
    pub const fn total(&self) -> u64 {
        self.joined_no_flow
            + self.joined_flow
            + self.projected_flow
            + self.disconnector_remains
            + self.connector_flow
            + self.connector_no_flow
            + self.delete_remove_mv
            + self.delete_leave_mv
    }
}

/// `outbound-flow-counters` for one agent: what a synchronization did to its connector space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutboundTally {
    /// Objects that were provisioned.
    pub provisioned_add: u64,
    /// Objects that were about to be deleted and are wanted again.
    pub provisioned_delete_add: u64,
    /// Connectors that lost their metaverse object.
    pub provisioned_disconnect: u64,
    /// Connectors whose pending export changed.
    pub connector_flow: u64,
    /// Connectors whose pending export stays.
    pub connector_no_flow: u64,
    /// Objects that left the connector space at once, since they were never exported. Not part of
    /// the run history; contained in `provisioned_disconnect`.
    pub removed: u64,
}

impl OutboundTally {
    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `export-counters`: what an export wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportTally {
    /// Additions.
    pub add: u64,
    /// Updates.
    pub update: u64,
    /// Deletions.
    pub delete: u64,
    /// Changes that the connected system refused; they stay pending.
    pub failure: u64,
}

impl ExportTally {
    /// How many pending exports were tried.
    pub const fn total(&self) -> u64 {
        self.add + self.update + self.delete + self.failure
    }
}

/// The state of a connector space, the `Num…` methods of an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpaceTally {
    /// All objects.
    pub objects: u64,
    /// Objects with a metaverse object.
    pub connectors: u64,
    /// Objects without.
    pub disconnectors: u64,
    /// Additions that wait for a synchronization.
    pub import_add: u64,
    /// Updates that wait for a synchronization.
    pub import_update: u64,
    /// Deletions that wait for a synchronization.
    pub import_delete: u64,
    /// Objects of which no import is pending.
    pub import_no_change: u64,
    /// Additions that wait for an export.
    pub export_add: u64,
    /// Updates that wait for an export.
    pub export_update: u64,
    /// Deletions that wait for an export.
    pub export_delete: u64,
    /// Exported changes that wait for a confirming import; no method tells it.
    pub unconfirmed: u64,
}
