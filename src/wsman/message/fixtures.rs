//! Messages that other programs wrote (`tests/fixtures/wsman`): each is read, and the requests are
//! built again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::xml::{self, Element, Limits};
use super::{
    Answer, Batch, EnumerationMode, Family, Fault, Filter, Instance, Operation, Outputs, Reference,
    Request, Resource, Response,
};

const NAMESPACE: &str = "root/MicrosoftIdentityIntegrationServer";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wsman")
}

fn files(ending: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(ending) && !name.contains("README"))
        .collect();
    names.sort();
    names
}

/// The document of a file; of a recorded HTTP answer, its body.
fn document(name: &str) -> Vec<u8> {
    let bytes = std::fs::read(folder().join(name)).unwrap();
    if name.contains(".http") {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        return bytes[end + 4..].to_vec();
    }
    bytes
}

fn request(name: &str) -> Request {
    Request::parse(&document(name), &Limits::default())
        .unwrap_or_else(|rejected| panic!("{name}: {rejected:?}"))
}

fn response(name: &str) -> Response {
    Response::parse(&document(name), &Limits::default())
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_request_is_read_and_built_again() {
    let names = files("-request.xml");
    assert_eq!(names.len(), 24);
    for name in names {
        let read = request(&name);
        let built = Request::parse(read.to_xml().as_bytes(), &Limits::default());
        assert_eq!(built, Ok(read), "{name}");
    }
}

#[test]
fn requests_like_ours_are_built_element_by_element() {
    for name in files("-request.xml") {
        // The others order their headers in their own ways.
        if !["omi-", "generic-", "identify-"]
            .iter()
            .any(|start| name.starts_with(start))
        {
            continue;
        }
        let recorded = xml::parse(&document(&name), &Limits::default()).unwrap();
        let built = request(&name).to_xml();
        let built = xml::parse(built.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(built, recorded, "{name}");
    }
}

#[test]
fn every_answer_is_read_and_built_again() {
    let names = files("-response.");
    assert_eq!(names.len(), 11);
    for name in names {
        let read = response(&name);
        let built = Response::parse(read.to_xml().as_bytes(), &Limits::default());
        assert_eq!(built.as_ref(), Ok(&read), "{name}");
    }
}

#[test]
fn requests_say_what_their_authors_meant() {
    let invoke = Operation::Invoke {
        method: "Execute".to_owned(),
        arguments: vec![("RunProfileName".to_owned(), Some("Full Import".to_owned()))],
    };
    let query = |text: &str| Operation::Enumerate {
        filter: Some(Filter::wql(text)),
        mode: EnumerationMode::Objects,
        is_optimized: false,
        max_elements: None,
    };
    for (name, operation) in [
        ("wsmancli-1-request.xml", Operation::Identify),
        ("pypsrp-3-request.xml", invoke.clone()),
        ("omicli-5-request.xml", invoke),
        (
            "pypsrp-1-request.xml",
            query("select * from MIIS_ManagementAgent where Name='HR'"),
        ),
        (
            "pywinrm-1-request.xml",
            query("select * from MIIS_ManagementAgent"),
        ),
        (
            "omicli-1-request.xml",
            Operation::Enumerate {
                filter: None,
                mode: EnumerationMode::Objects,
                is_optimized: true,
                max_elements: Some(1_000),
            },
        ),
        (
            "wsmancli-3-request.xml",
            Operation::Pull {
                context: "uuid:3909db15-33b4-4468-872e-f45c244abc8d".to_owned(),
                max_elements: None,
            },
        ),
    ] {
        assert_eq!(request(name).operation, operation, "{name}");
    }
    let header = request("omicli-1-request.xml").header;
    assert_eq!(header.operation_timeout, Some(Duration::from_secs(90)));
    assert_eq!(header.max_envelope_size, Some(102_400));
    let resource = Resource::parse(&header.resource_uri, &header.selectors).unwrap();
    assert_eq!(resource.family, Family::Cim);
    assert_eq!(resource.namespace, NAMESPACE);
    let header = request("wsmancli-4-request.xml").header;
    assert_eq!(header.selector("name"), Some("HR"));
    assert_eq!(header.max_envelope_size, None);
    assert_eq!(
        Resource::parse(&header.resource_uri, &header.selectors),
        Some(Resource::wmi(NAMESPACE, "MIIS_ManagementAgent"))
    );
}

#[test]
fn answers_say_what_their_authors_meant() {
    assert_eq!(
        response("omi-identify-response.http").answer,
        Answer::Identify {
            vendor: "Open Management Infrastructure".to_owned(),
            version: "1.0.8-6".to_owned(),
        }
    );
    assert_eq!(
        response("omi-enumerate-response.xml").answer,
        Answer::Enumerate(Batch {
            context: Some("1215496194".to_owned()),
            items: Vec::new(),
            references: Vec::new(),
            is_last: false,
        })
    );
    let Answer::Enumerate(batch) = response("omi-enumerate-wql-optimized-response.xml").answer
    else {
        panic!("not an answer to Enumerate");
    };
    assert!(batch.is_last);
    assert_eq!(batch.items[0].value("name"), Some("HR"));
    assert_eq!(batch.items[0].value("KeepPassword"), Some("FALSE"));
    let Answer::Pull(batch) = response("omi-pull2-response.xml").answer else {
        panic!("not an answer to Pull");
    };
    assert!(batch.is_last && batch.context.is_some());
    assert_eq!(batch.items[0].value("Name"), Some("Métrics <&> MA"));
    let Answer::Invoked(outputs) = response("omi-invoke-response.xml").answer else {
        panic!("not an answer to Invoke");
    };
    assert_eq!(outputs.method, "Execute");
    assert_eq!(outputs.return_value(), Some("success"));
}

#[test]
fn faults_say_what_their_authors_meant() {
    let fault = |name: &str| match response(name).answer {
        Answer::Fault(fault) => fault,
        other => panic!("{name}: {other:?}"),
    };
    let found = fault("omi-fault-no-instance-response.http");
    assert_eq!(found.subcode, "DestinationUnreachable");
    assert_eq!(
        found.message.as_deref(),
        Some("The requested object cannot be found.")
    );
    assert_eq!(
        found.words(),
        "CIM ERROR:NOT_FOUND: The requested object cannot be found."
    );
    let found = fault("openwsman-fault-nocim-response.http");
    assert_eq!(found.detail.as_deref(), Some("InvalidResourceURI"));
    assert_eq!(
        fault("omi-fault-bad-context-response.http").words(),
        "Enumeration context not found"
    );
}

#[test]
fn a_fault_of_windows_is_read_to_its_innermost_message() {
    let text = concat!(
        "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' ",
        "xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing' ",
        "xmlns:w='http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd' ",
        "xmlns:f='http://schemas.microsoft.com/wbem/wsman/1/wsmanfault'><s:Header>",
        "<a:RelatesTo>uuid:1</a:RelatesTo></s:Header><s:Body><s:Fault><s:Code>",
        "<s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:TimedOut</s:Value></s:Subcode></s:Code>",
        "<s:Reason><s:Text xml:lang='en-US'></s:Text></s:Reason><s:Detail>",
        "<f:WSManFault Code='2150858793' Machine='mim01'><f:Message><f:ProviderFault ",
        "provider='WMI' path='x'><f:WSManFault Code='1'><f:Message>the\n cause</f:Message>",
        "</f:WSManFault></f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault>",
        "</s:Body></s:Envelope>"
    );
    let read = Response::parse(text.as_bytes(), &Limits::default()).unwrap();
    let Answer::Fault(fault) = read.answer else {
        panic!("not a fault");
    };
    assert_eq!(fault.subcode, "TimedOut");
    assert_eq!(fault.wsman_code, Some(2_150_858_793));
    assert_eq!(fault.words(), "the cause");
}

#[test]
fn enumeration_modes_are_read_again_and_others_refused() {
    for mode in [
        EnumerationMode::Objects,
        EnumerationMode::ObjectsAndReferences,
        EnumerationMode::References,
    ] {
        let mut read = request("omicli-1-request.xml");
        let Operation::Enumerate { mode: told, .. } = &mut read.operation else {
            panic!("not an Enumerate");
        };
        *told = mode;
        let built = read.to_xml();
        let again = Request::parse(built.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(again, read);
        let unknown = built.replace("EnumerateEPR", "EnumerateNothing");
        if unknown != built {
            let rejected = Request::parse(unknown.as_bytes(), &Limits::default()).unwrap_err();
            assert_eq!(rejected.fault.subcode, "UnsupportedFeature");
        }
    }
}

#[test]
fn what_we_answer_is_read_again() {
    let instance = Instance {
        class_uri: Resource::wmi(NAMESPACE, "MIIS_Server").uri(),
        class: "MIIS_Server".to_owned(),
        properties: vec![("Name".to_owned(), Some("MIIS_Server1".to_owned()))],
    };
    let reference = Reference {
        resource_uri: instance.class_uri.clone(),
        selectors: vec![("Name".to_owned(), "<MIIS & Server1>".to_owned())],
    };
    let batch = Batch {
        context: Some("c".to_owned()),
        items: vec![instance.clone(); 2],
        references: vec![reference; 2],
        is_last: false,
    };
    let answers = [
        Answer::Instance(instance),
        Answer::Pull(batch.clone()),
        Answer::Enumerate(batch.clone()),
        Answer::Pull(Batch {
            items: Vec::new(),
            ..batch.clone()
        }),
        Answer::Enumerate(Batch {
            items: Vec::new(),
            ..batch
        }),
        Answer::Released,
        Answer::Enumerate(Batch {
            context: None,
            items: Vec::new(),
            references: Vec::new(),
            is_last: true,
        }),
        Answer::Invoked(Outputs {
            resource_uri: Resource::wmi(NAMESPACE, "MIIS_ManagementAgent").uri(),
            method: "RunStatus".to_owned(),
            values: vec![("ReturnValue".to_owned(), None)],
        }),
        Answer::Fault(
            Fault::receiver("TimedOut", "too slow")
                .with_detail("x")
                .with_wsman(2_150_858_793, "time is up"),
        ),
        Answer::Fault(Fault::sender("", "")),
    ];
    for answer in answers {
        let sent = Response {
            message_id: "uuid:2".to_owned(),
            relates_to: Some("uuid:1".to_owned()),
            answer,
        };
        let read = Response::parse(sent.to_xml().as_bytes(), &Limits::default());
        assert_eq!(read, Ok(sent));
    }
}

#[test]
fn what_we_ask_is_read_again() {
    for operation in [
        Operation::Get,
        Operation::Release {
            context: "7".to_owned(),
        },
        Operation::Invoke {
            method: "Execute".to_owned(),
            arguments: vec![
                ("A".to_owned(), None),
                ("B".to_owned(), Some("<&>".to_owned())),
            ],
        },
    ] {
        let mut sent = request("pypsrp-3-request.xml");
        sent.operation = operation;
        let read = Request::parse(sent.to_xml().as_bytes(), &Limits::default());
        assert_eq!(read, Ok(sent));
    }
}

#[test]
fn bad_requests_are_rejected_with_the_fault_they_deserve() {
    let good = String::from_utf8(document("pypsrp-2-request.xml")).unwrap();
    for (text, subcode, has_identifier) in [
        ("garbage".to_owned(), "SchemaValidationError", false),
        ("<a/>".to_owned(), "SchemaValidationError", false),
        (
            good.replace("enumeration/Pull<", "enumeration/Renew<"),
            "ActionNotSupported",
            true,
        ),
        (good.replace(">10<", ">0<"), "SchemaValidationError", true),
        (
            good.replace("PT20S", "soon"),
            "InvalidMessageInformationHeader",
            true,
        ),
        (
            good.replace("wsa:Action", "wsa:Axion"),
            "MessageInformationHeaderRequired",
            true,
        ),
    ] {
        let rejected = Request::parse(text.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(rejected.fault.subcode, subcode, "{text}");
        assert_eq!(rejected.message_id.is_some(), has_identifier, "{text}");
    }
}

/// Trees of elements whose names and namespaces are sound and whose texts are anything that XML can
/// hold.
fn trees() -> impl Strategy<Value = Element> {
    let namespace = prop::sample::select(vec!["", "urn:a", "urn:b", super::names::WSMAN]);
    let word = "[\\PC\\n\\t\\r ]{0,12}";
    let leaf = (namespace, "[a-z]{1,4}", word, word).prop_map(|(namespace, name, text, value)| {
        Element::of_text(namespace, &name, &text).with_attribute("", "v", &value)
    });
    leaf.prop_recursive(4, 24, 4, |inner| {
        (inner.clone(), prop::collection::vec(inner, 1..4)).prop_map(|(mut element, children)| {
            // Blank text beside elements is dropped on reading, so it cannot be compared.
            element.text.clear();
            element.children = children;
            element
        })
    })
}

proptest! {
    #[test]
    fn any_tree_is_written_so_that_it_is_read_again(tree in trees()) {
        let text = tree.to_xml(&[]);
        prop_assert_eq!(xml::parse(text.as_bytes(), &Limits::default()), Ok(tree), "{}", text);
    }

    #[test]
    fn no_damaged_message_harms_a_reader(
        name in prop::sample::select(files("re")),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..8),
    ) {
        let mut bytes = document(&name);
        for (place, byte, is_cut) in edits {
            let place = place.index(bytes.len());
            if is_cut {
                bytes.remove(place);
            } else {
                bytes[place] = byte;
            }
        }
        // Whatever comes of it, what was understood can be written again.
        if let Ok(read) = Response::parse(&bytes, &Limits::default()) {
            Response::parse(read.to_xml().as_bytes(), &Limits::default()).unwrap();
        }
        if let Ok(read) = Request::parse(&bytes, &Limits::default()) {
            let again = Request::parse(read.to_xml().as_bytes(), &Limits::default());
            prop_assert!(again.is_ok() || read.action().is_empty(), "{:?}", again);
        }
    }
}
