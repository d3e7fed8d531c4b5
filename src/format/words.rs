//! The names of the file's elements and attributes: the one place where they are spelled.
//!
//! The words of enumerations are on the model's types (`as_str`).

/// The namespace of all elements.
pub const NAMESPACE: &str = "urn:masequencer:sequence";
/// The version of the format that is written, and the only one that is read.
pub(super) const VERSION: &str = "1";
/// The namespace of `xsi:schemaLocation`, which editors put on the root element.
pub(super) const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

macro_rules! names {
    ($($constant:ident = $name:literal;)+) => {
        $(pub(super) const $constant: &str = $name;)+
    };
}

names! {
    // elements
    ARGUMENT = "argument";
    COMMAND = "command";
    DELAY = "delay";
    LOG = "log";
    MASEQUENCE = "masequence";
    POST_PROCESSING = "post-processing";
    PRE_PROCESSING = "pre-processing";
    RUN = "run";
    RUN_PROFILE = "run-profile";
    SERVER = "server";
    THREAD = "thread";
    VARIABLE = "variable";
    // attributes
    AGENT = "agent";
    ALLOWED_EXIT_CODES = "allowed-exit-codes";
    ALLOW_UNENCRYPTED = "allow-unencrypted";
    AUTH = "auth";
    CA_FILE = "ca-file";
    DIRECTORY = "directory";
    DURATION = "duration";
    ENABLED = "enabled";
    FILE = "file";
    HOST = "host";
    LEVEL = "level";
    MAX_PARALLEL = "max-parallel";
    NAME = "name";
    ON_FAILURE = "on-failure";
    OVERLAP = "overlap";
    PASSWORD = "password";
    PIN = "pin";
    PORT = "port";
    PROFILE = "profile";
    PROGRAM = "program";
    REPEAT = "repeat";
    RESOURCE_URIS = "resource-uris";
    START_DELAY = "start-delay";
    TIMEOUT = "timeout";
    TLS = "tls";
    TRANSPORT = "transport";
    TYPE = "type";
    USER = "user";
    VALUE = "value";
    VERSION_ATTRIBUTE = "version";
    WAIT = "wait";
    WHEN = "when";
}

/// An element: its name, the attributes that it may have and the elements that it may hold.
#[derive(Debug)]
pub(super) struct Grammar {
    /// Its name.
    pub(super) name: &'static str,
    /// Its attributes in the order in which they are written.
    pub(super) attributes: &'static [&'static str],
    /// The elements that it may hold; the order within a file is free.
    pub(super) children: &'static [&'static str],
}

/// The root.
pub(super) const SEQUENCE: Grammar = Grammar {
    name: MASEQUENCE,
    attributes: &[VERSION_ATTRIBUTE, NAME],
    children: &[SERVER, LOG, RUN, PRE_PROCESSING, THREAD, POST_PROCESSING],
};

/// The server.
pub(super) const SERVER_ELEMENT: Grammar = Grammar {
    name: SERVER,
    attributes: &[
        HOST,
        TRANSPORT,
        TLS,
        PORT,
        AUTH,
        USER,
        CA_FILE,
        PIN,
        ALLOW_UNENCRYPTED,
        RESOURCE_URIS,
    ],
    children: &[],
};

/// The log.
pub(super) const LOG_ELEMENT: Grammar = Grammar {
    name: LOG,
    attributes: &[FILE, LEVEL],
    children: &[],
};

/// How threads share the server.
pub(super) const RUN_ELEMENT: Grammar = Grammar {
    name: RUN,
    attributes: &[OVERLAP, MAX_PARALLEL],
    children: &[],
};

/// A thread.
pub(super) const THREAD_ELEMENT: Grammar = Grammar {
    name: THREAD,
    attributes: &[NAME, ENABLED, START_DELAY, REPEAT],
    children: &[PRE_PROCESSING, RUN_PROFILE, DELAY, COMMAND, POST_PROCESSING],
};

/// A run-profile step.
pub(super) const RUN_PROFILE_ELEMENT: Grammar = Grammar {
    name: RUN_PROFILE,
    attributes: &[AGENT, PROFILE, TYPE, NAME, ENABLED, TIMEOUT, ON_FAILURE],
    children: &[PRE_PROCESSING, POST_PROCESSING],
};

/// A delay step.
pub(super) const DELAY_ELEMENT: Grammar = Grammar {
    name: DELAY,
    attributes: &[DURATION, NAME, ENABLED, TIMEOUT, ON_FAILURE],
    children: &[PRE_PROCESSING, POST_PROCESSING],
};

/// A command step.
pub(super) const COMMAND_ELEMENT: Grammar = Grammar {
    name: COMMAND,
    attributes: &[
        PROGRAM,
        DIRECTORY,
        WAIT,
        ALLOWED_EXIT_CODES,
        NAME,
        ENABLED,
        TIMEOUT,
        ON_FAILURE,
    ],
    children: &[ARGUMENT, VARIABLE, PRE_PROCESSING, POST_PROCESSING],
};

/// A command before something.
pub(super) const PRE_PROCESSING_ELEMENT: Grammar = Grammar {
    name: PRE_PROCESSING,
    attributes: &[PROGRAM, DIRECTORY, TIMEOUT, WAIT, ALLOWED_EXIT_CODES],
    children: &[ARGUMENT, VARIABLE],
};

/// A command after something.
pub(super) const POST_PROCESSING_ELEMENT: Grammar = Grammar {
    name: POST_PROCESSING,
    attributes: &[PROGRAM, WHEN, DIRECTORY, TIMEOUT, WAIT, ALLOWED_EXIT_CODES],
    children: &[ARGUMENT, VARIABLE],
};

/// An argument of a command; its text is the argument, blanks and all.
pub(super) const ARGUMENT_ELEMENT: Grammar = Grammar {
    name: ARGUMENT,
    attributes: &[],
    children: &[],
};

/// A variable of a command's environment.
pub(super) const VARIABLE_ELEMENT: Grammar = Grammar {
    name: VARIABLE,
    attributes: &[NAME, VALUE],
    children: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&Grammar; 12] = [
        &SEQUENCE,
        &SERVER_ELEMENT,
        &LOG_ELEMENT,
        &RUN_ELEMENT,
        &THREAD_ELEMENT,
        &RUN_PROFILE_ELEMENT,
        &DELAY_ELEMENT,
        &COMMAND_ELEMENT,
        &PRE_PROCESSING_ELEMENT,
        &POST_PROCESSING_ELEMENT,
        &ARGUMENT_ELEMENT,
        &VARIABLE_ELEMENT,
    ];

    #[test]
    fn every_child_has_a_grammar() {
        for grammar in ALL {
            for child in grammar.children {
                assert!(ALL.iter().any(|other| other.name == *child), "{child}");
            }
        }
    }

    #[test]
    fn the_sample_of_everything_has_every_element_and_attribute() {
        let sample = include_str!("../../sample-sequences/every-element.xml");
        for grammar in ALL {
            let tags: Vec<&str> = sample
                .split('<')
                .filter_map(|part| part.strip_prefix(grammar.name))
                .filter(|rest| rest.starts_with([' ', '>', '\n', '/']))
                .filter_map(|rest| rest.split('>').next())
                .collect();
            assert!(!tags.is_empty(), "<{}> is missing", grammar.name);
            for attribute in grammar.attributes {
                let spelled = format!("{attribute}=\"");
                assert!(
                    tags.iter().any(|tag| {
                        tag.split_whitespace()
                            .any(|part| part.starts_with(&spelled))
                    }),
                    "{attribute} of <{}> is missing",
                    grammar.name
                );
            }
        }
    }

    #[test]
    fn the_schema_declares_every_name() {
        let schema = include_str!("../../assets/masequence.xsd");
        for grammar in ALL {
            assert!(
                schema.contains(&format!("<xs:element name=\"{}\"", grammar.name)),
                "<{}>",
                grammar.name
            );
            for attribute in grammar.attributes {
                assert!(
                    schema.contains(&format!("<xs:attribute name=\"{attribute}\"")),
                    "{attribute}"
                );
            }
        }
    }
}
