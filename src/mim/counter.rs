//! The counters of a run: how many objects were staged, joined, changed, exported.
//!
//! Names as in the service's run-history schema (ff758764).

use std::collections::BTreeMap;

macro_rules! counters {
    ($($group:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {
        /// One counter of a run-profile step, named as the service names it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant is the service's own word, given by as_str")]
        pub enum Counter { $($($variant),+),+ }

        impl Counter {
            /// Every counter, in the order of the service's schema.
            pub const ALL: &'static [Self] = &[$($(Self::$variant),+),+];

            /// The service's element name.
            pub const fn as_str(self) -> &'static str {
                match self { $($(Self::$variant => $word),+),+ }
            }

            /// The group of elements in which the service reports it.
            pub const fn group(self) -> CounterGroup {
                match self { $($(Self::$variant => CounterGroup::$group),+),+ }
            }
        }
    };
}

/// The elements of a step's details that hold counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CounterGroup {
    /// `ma-discovery-counters`: what an import left out.
    Discovery,
    /// `staging-counters`: what an import brought.
    Staging,
    /// `inbound-flow-counters`: what a synchronization did with the metaverse.
    Inbound,
    /// `outbound-flow-counters`: what a synchronization did to other agents' connector spaces.
    Outbound,
    /// `export-counters`: what an export wrote.
    Export,
}

impl CounterGroup {
    /// The service's element name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "ma-discovery-counters",
            Self::Staging => "staging-counters",
            Self::Inbound => "inbound-flow-counters",
            Self::Outbound => "outbound-flow-counters",
            Self::Export => "export-counters",
        }
    }

    /// All groups in the order of the service's schema.
    pub const ALL: [Self; 5] = [
        Self::Discovery,
        Self::Staging,
        Self::Inbound,
        Self::Outbound,
        Self::Export,
    ];
}

counters! {
    Discovery {
        FilteredDeletions = "filtered-deletions",
        FilteredObjects = "filtered-objects",
    }
    Staging {
        StageNoChange = "stage-no-change",
        StageAdd = "stage-add",
        StageUpdate = "stage-update",
        StageRename = "stage-rename",
        StageDelete = "stage-delete",
        StageDeleteAdd = "stage-delete-add",
        StageFailure = "stage-failure",
    }
    Inbound {
        DisconnectorFiltered = "disconnector-filtered",
        DisconnectorJoinedNoFlow = "disconnector-joined-no-flow",
        DisconnectorJoinedFlow = "disconnector-joined-flow",
        DisconnectorJoinedRemoveMv = "disconnector-joined-remove-mv",
        DisconnectorProjectedNoFlow = "disconnector-projected-no-flow",
        DisconnectorProjectedFlow = "disconnector-projected-flow",
        DisconnectorProjectedRemoveMv = "disconnector-projected-remove-mv",
        DisconnectorRemains = "disconnector-remains",
        ConnectorFilteredRemoveMv = "connector-filtered-remove-mv",
        ConnectorFilteredLeaveMv = "connector-filtered-leave-mv",
        ConnectorFlow = "connector-flow",
        ConnectorFlowRemoveMv = "connector-flow-remove-mv",
        ConnectorNoFlow = "connector-no-flow",
        ConnectorDeleteRemoveMv = "connector-delete-remove-mv",
        ConnectorDeleteLeaveMv = "connector-delete-leave-mv",
        ConnectorDeleteAddProcessed = "connector-delete-add-processed",
        FlowFailure = "flow-failure",
    }
    Outbound {
        ProvisionedAddNoFlow = "provisioned-add-no-flow",
        ProvisionedAddFlow = "provisioned-add-flow",
        ProvisionedRenameNoFlow = "provisioned-rename-no-flow",
        ProvisionedRenameFlow = "provisioned-rename-flow",
        ProvisionedDeleteAddNoFlow = "provisioned-delete-add-no-flow",
        ProvisionedDeleteAddFlow = "provisioned-delete-add-flow",
        ProvisionedDisconnect = "provisioned-disconnect",
        OutboundConnectorFlow = "connector-flow",
        OutboundConnectorNoFlow = "connector-no-flow",
    }
    Export {
        ExportAdd = "export-add",
        ExportUpdate = "export-update",
        ExportRename = "export-rename",
        ExportDelete = "export-delete",
        ExportDeleteAdd = "export-delete-add",
        ExportFailure = "export-failure",
    }
}

impl Counter {
    /// The counter of this group that the service writes so, if we know it.
    pub fn from_word(group: CounterGroup, word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|counter| counter.group() == group && counter.as_str() == word)
    }
}

/// The counters of a step that are not zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters(BTreeMap<Counter, u64>);

impl Counters {
    /// The value of a counter; zero when it was not reported.
    pub fn value(&self, counter: Counter) -> u64 {
        self.0.get(&counter).copied().unwrap_or(0)
    }

    /// Adds to a counter.
    pub fn add(&mut self, counter: Counter, count: u64) {
        if count > 0 {
            let value = self.0.entry(counter).or_insert(0);
            *value = value.saturating_add(count);
        }
    }

    /// Adds all counters of another set.
    pub fn merge(&mut self, other: &Self) {
        for (counter, count) in other.iter() {
            self.add(counter, count);
        }
    }

    /// The counters above zero, in the order of the service's schema.
    pub fn iter(&self) -> impl Iterator<Item = (Counter, u64)> + '_ {
        self.0.iter().map(|(counter, count)| (*counter, *count))
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sum of the counters of a group.
    pub fn total(&self, group: CounterGroup) -> u64 {
        self.iter()
            .filter(|(counter, _)| counter.group() == group)
            .fold(0, |sum, (_, count)| sum.saturating_add(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_within_their_group() {
        for counter in Counter::ALL {
            assert_eq!(
                Counter::from_word(counter.group(), counter.as_str()),
                Some(*counter)
            );
        }
        assert_eq!(Counter::from_word(CounterGroup::Export, "stage-add"), None);
    }

    #[test]
    fn zero_is_not_kept() {
        let mut counters = Counters::default();
        counters.add(Counter::StageAdd, 0);
        assert!(counters.is_empty());
        counters.add(Counter::StageAdd, 2);
        counters.add(Counter::StageAdd, u64::MAX);
        assert_eq!(counters.value(Counter::StageAdd), u64::MAX);
        assert_eq!(counters.total(CounterGroup::Staging), u64::MAX);
    }
}
