//! What a person may write in more than one way.

use super::file;
use crate::format::read;
use crate::model::{ExitCodes, LogLevel, StepKind};

#[test]
fn hand_written_files_have_their_freedoms() {
    let text = "\u{feff}<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- a - free --><?editor hint?>\r\n<s:masequence version=' 1 ' xmlns:s='urn:masequencer:sequence'\r\n\
           xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'>\r\n\
           <s:post-processing program='z'/><s:thread name='a&#10;b'><!-- c --><s:command \
           allowed-exit-codes=' 3   1 ' program='p'><s:argument>a<![CDATA[<&]]>&gt;&#x20;<!-- d -->\
           </s:argument></s:command></s:thread><s:log level='2' file=''/></s:masequence>\r\n<!-- e -->";
    let sequence = read(text.as_bytes()).unwrap();
    assert_eq!(sequence.log.level, LogLevel::Detail);
    assert_eq!(sequence.log.file, None);
    assert_eq!(sequence.threads[0].name, "a\nb");
    let StepKind::Command(command) = &sequence.threads[0].steps[0].kind else {
        panic!("a command step");
    };
    assert_eq!(command.arguments, ["a<&> "]);
    assert_eq!(command.allowed_exit_codes, ExitCodes::new([1, 3]).unwrap());
}

#[test]
fn a_file_in_utf_16_is_read() {
    let text = file("<thread name=\"Ä😀\"/>");
    let mut bytes = vec![0xFF, 0xFE];
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{text}");
    bytes.extend(declared.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&bytes).unwrap().threads[0].name, "Ä😀");
}
