//! The codes of the rules: stable names that people can look up and scripts can compare.

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal;)+) => {
        /// A rule of the check. Its word never changes its meaning and is never given away again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            /// All codes, by their number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code's word, such as `MS003-duplicate-thread`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

codes! {
    /// There is no thread.
    NoThread = "MS001-no-thread";
    /// A thread has nothing to do.
    EmptyThread = "MS002-empty-thread";
    /// Two threads have the same name.
    DuplicateThread = "MS003-duplicate-thread";
    /// A thread has no name.
    UnnamedThread = "MS004-unnamed-thread";
    /// There are threads, but nothing in them would run.
    NothingEnabled = "MS005-nothing-enabled";
    /// A text has a character that a file cannot hold.
    UnwritableCharacter = "MS006-unwritable-character";
    /// The server has no such agent.
    UnknownAgent = "MS010-unknown-agent";
    /// The server does not know such a run profile of the agent.
    UnknownProfile = "MS011-unknown-profile";
    /// Nobody knows what a run profile does.
    UnknownStepType = "MS012-unknown-step-type";
    /// The file says something else about a run profile than the server.
    StepTypeDiffers = "MS013-step-type-differs";
    /// Steps wait because synchronizations run alone.
    SynchronizationsWait = "MS020-synchronizations-wait";
    /// Steps may run beside a synchronization.
    SynchronizationsOverlap = "MS021-synchronizations-overlap";
    /// A delta import of the MIM Service may meet a synchronization.
    MimImportBesideSync = "MS022-mim-import-beside-sync";
    /// A run profile imports and synchronizes in one step.
    CombinedProfile = "MS030-combined-profile";
    /// No import confirms an export.
    UnconfirmedExport = "MS031-unconfirmed-export";
    /// An agent is synchronized before it is imported.
    SyncBeforeImport = "MS032-sync-before-import";
    /// A command names no program.
    NoProgram = "MS040-no-program";
    /// A delay does not wait.
    ZeroDelay = "MS041-zero-delay";
    /// A command asks for a result where there is none.
    NoResultHere = "MS042-no-result-here";
    /// A command copies a file, but one of the paths is empty.
    NoPath = "MS043-no-path";
    /// The log file looks like a folder.
    LogIsFolder = "MS050-log-is-folder";
    /// The log file looks like a sequence file.
    LogIsSequence = "MS051-log-is-sequence";
    /// A user is named, but no server.
    UserWithoutServer = "MS052-user-without-server";
    /// A password would cross the network unencrypted.
    UnencryptedPassword = "MS053-unencrypted-password";
    /// The settings contradict the server's address.
    AddressContradiction = "MS054-address-contradiction";
    /// Basic would send the password unencrypted, which is not allowed.
    BasicUnencrypted = "MS055-basic-unencrypted";
    /// Kerberos knows servers by name only.
    KerberosToAddress = "MS056-kerberos-to-address";
    /// A certificate is pinned where none is shown.
    PinWithoutTls = "MS057-pin-without-tls";
}

impl Code {
    /// The code with this word, letter case aside; the number alone (`MS003`) will do.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| {
            let number = code.as_str().split('-').next().unwrap_or_default();
            code.as_str().eq_ignore_ascii_case(word) || number.eq_ignore_ascii_case(word)
        })
    }

    /// A page about the rule: what it means, why it is dangerous, how to mend it.
    pub const fn explanation(self) -> &'static str {
        super::explanation::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_by_word_and_number() {
        for code in Code::ALL {
            assert_eq!(Code::from_word(code.as_str()), Some(*code));
        }
        assert_eq!(Code::from_word("ms031"), Some(Code::UnconfirmedExport));
        assert_eq!(Code::from_word("MS999"), None);
    }

    #[test]
    fn words_are_numbered_upwards() {
        assert!(Code::ALL.is_sorted_by(|a, b| a.as_str()[..5] < b.as_str()[..5]));
    }

    #[test]
    fn every_code_has_a_page_of_its_own() {
        for code in Code::ALL {
            let page = code.explanation();
            let paragraphs: Vec<&str> = page.split("\n\n").collect();
            assert!(paragraphs.len() >= 3, "{code:?}: what, why, how");
            for paragraph in paragraphs {
                assert!(
                    paragraph.len() > 40 && paragraph.ends_with('.'),
                    "{paragraph}"
                );
            }
            let same = Code::ALL.iter().filter(|other| other.explanation() == page);
            assert_eq!(same.count(), 1, "{code:?}");
        }
    }
}
