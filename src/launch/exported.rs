//! Reads what was exported from a server: one file, or a folder of them.
//!
//! Must not decide which of two sources is right: that is `mim::Knowledge`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::base::file::{FileProblem, read_up_to};
use crate::mim::{DetailsError, Export, parse_exported};

/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// How many files of one folder are read.
const MAX_FILES: usize = 2_000;

/// Why there is no export to be had.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file or the folder cannot be read.
    #[error("could not read `{path}`")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: FileProblem,
    },
    /// A file is no XML.
    #[error("`{path}` is no exported configuration, line {line}, column {column}: {problem}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The character of the line, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// Nothing in it is an agent.
    #[error(
        "`{path}` names no management agent; export the server configuration (File, Export Server \
         Configuration) or a management agent (Actions, Export Management Agent) and name the folder \
         or the file"
    )]
    NoAgent {
        /// The file or folder.
        path: PathBuf,
    },
}

/// Reads an exported agent, or all files `*.xml` of a folder with an exported server.
///
/// # Errors
/// [`ExportError`] names the file.
pub fn read_exported(path: &Path) -> Result<Export, ExportError> {
    let unreadable = |path: &Path, error: io::Error| ExportError::Unreadable {
        path: path.to_path_buf(),
        source: error.into(),
    };
    let files = if path.is_dir() {
        xml_files(path).map_err(|error| unreadable(path, error))?
    } else {
        vec![path.to_path_buf()]
    };
    let mut exported = Export {
        origin: path.display().to_string(),
        agents: Vec::new(),
        written: None,
        is_whole: false,
    };
    for file in files {
        let text = read_text(&file).map_err(|error| unreadable(&file, error))?;
        let text = text.trim_start_matches('\u{feff}');
        // Somebody's own folder of exported agents need not have all of them.
        exported.is_whole |= path.is_dir() && text.contains(METAVERSE);
        let agents = parse_exported(text).map_err(|error| malformed(&file, text, error))?;
        if !agents.is_empty() {
            exported.agents.extend(agents);
            let written = written(&file);
            let earliest = exported.written.into_iter().chain(written).min();
            exported.written = earliest;
        }
    }
    if exported.agents.is_empty() {
        let path = path.to_path_buf();
        return Err(ExportError::NoAgent { path });
    }
    exported.agents.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(exported)
}

fn malformed(path: &Path, text: &str, error: DetailsError) -> ExportError {
    let DetailsError::Malformed { position, problem } = error;
    let position = usize::try_from(position).unwrap_or(usize::MAX);
    let before = text.get(..position).unwrap_or(text);
    let last = before.rsplit('\n').next().unwrap_or_default();
    ExportError::Malformed {
        path: path.to_path_buf(),
        line: before.matches('\n').count() + 1,
        column: last.chars().count() + 1,
        problem,
    }
}

/// The root of the file of the metaverse, which lies beside all agents in an exported server.
const METAVERSE: &str = "<saved-mv-configuration";

/// How much of a file is looked at to see what it is.
const HEAD_BYTES: usize = 4_096;

/// Whether something is worth being read as an export rather than opened as a sequence: a folder, or
/// a file that begins like one.
pub fn looks_exported(path: &Path) -> bool {
    if path.is_dir() {
        return true;
    }
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| {
        let mut file = io::Read::take(file, HEAD_BYTES as u64);
        io::Read::read_to_end(&mut file, &mut head)
    });
    // In UTF-16 each of these letters has a zero beside it.
    let letters: Vec<u8> = head.into_iter().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&letters);
    let roots = ["<saved-ma-configuration", "<ma-data", METAVERSE];
    read.is_ok() && roots.iter().any(|root| text.contains(root))
}

fn xml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_xml = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("xml"));
        if is_xml && path.is_file() {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            let problem = format!("more than {MAX_FILES} files");
            return Err(io::Error::other(problem));
        }
    }
    files.sort();
    Ok(files)
}

fn written(file: &Path) -> Option<Timestamp> {
    let modified = fs::metadata(file).and_then(|metadata| metadata.modified());
    Timestamp::try_from(modified.ok()?).ok()
}

/// The text of a file in UTF-8, or in UTF-16 with a byte order mark, as the service writes some.
fn read_text(file: &Path) -> io::Result<String> {
    let bytes = read_up_to(file, MAX_FILE_BYTES)?;
    let units = |to: fn([u8; 2]) -> u16| -> Vec<u16> {
        let pairs = bytes.get(2..).unwrap_or_default().chunks_exact(2);
        pairs
            .map(|pair| {
                to([
                    pair.first().copied().unwrap_or(0),
                    pair.last().copied().unwrap_or(0),
                ])
            })
            .collect()
    };
    let text = match bytes.as_slice() {
        [0xff, 0xfe, ..] => String::from_utf16(&units(u16::from_le_bytes)).ok(),
        [0xfe, 0xff, ..] => String::from_utf16(&units(u16::from_be_bytes)).ok(),
        _ => String::from_utf8(bytes).ok(),
    };
    text.ok_or_else(|| io::Error::other("it is neither UTF-8 nor UTF-16"))
}

#[cfg(test)]
mod tests {
    use crate::base::error_chain;

    use super::*;

    fn agent(name: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><saved-ma-configuration><ma-data><name>{name}</name>\
             <ma-run-data><run-configuration><name>Export</name><configuration><step>\
             <step-type type=\"export\"/></step></configuration></run-configuration></ma-run-data>\
             </ma-data></saved-ma-configuration>"
        )
    }

    fn utf16(text: &str) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_folder_is_read_whole_and_a_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("MA-2.xml"), agent("HR")).unwrap();
        fs::write(path("MA-1.XML"), utf16(&agent("Bücher"))).unwrap();
        fs::write(path("MV.xml"), "<saved-mv-configuration/>").unwrap();
        fs::write(path("notes.txt"), "no xml").unwrap();
        let names = |exported: &Export| -> Vec<String> {
            let agents = exported.agents.iter();
            agents.map(|agent| agent.name.to_string()).collect()
        };
        let all = read_exported(folder.path()).unwrap();
        assert_eq!(names(&all), ["Bücher", "HR"]);
        assert!(all.written.is_some());
        assert!(all.is_whole);
        let one = read_exported(&path("MA-2.xml")).unwrap();
        assert!(!one.is_whole);
        assert_eq!(names(&one), ["HR"]);
        fs::remove_file(path("MV.xml")).unwrap();
        let agents = read_exported(folder.path()).unwrap();
        assert!(!agents.is_whole, "nothing says that these are all");
        assert_eq!(names(&agents), ["Bücher", "HR"]);
        let metaverse = utf16("<?xml version=\"1.0\"?><saved-mv-configuration/>");
        fs::write(path("MV.xml"), metaverse).unwrap();
        assert!(read_exported(folder.path()).unwrap().is_whole);
    }

    #[test]
    fn an_export_is_told_from_a_sequence_by_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        for (content, is_export) in [
            (agent("HR").into_bytes(), true),
            (utf16(&agent("HR")), true),
            (
                b"<masequence xmlns=\"urn:masequencer:sequence\"/>".to_vec(),
                false,
            ),
            (b"\xff\xfe\x00".to_vec(), false),
            (Vec::new(), false),
        ] {
            fs::write(&file, &content).unwrap();
            assert_eq!(looks_exported(&file), is_export, "{content:?}");
        }
        assert!(looks_exported(folder.path()));
        assert!(!looks_exported(&folder.path().join("none")));
    }

    #[test]
    fn what_is_no_export_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("MA.xml");
        for (content, part) in [
            (
                &b"<a>\n <b></a>"[..],
                "is no exported configuration, line 2, column 5: ",
            ),
            (b"\xff\xfe\x00\xd8", "neither UTF-8 nor UTF-16"),
            (b"\x80", "neither UTF-8 nor UTF-16"),
            (b"<masequence/>", "names no management agent"),
        ] {
            fs::write(&file, content).unwrap();
            let error = read_exported(folder.path()).unwrap_err();
            let text = error_chain::one_line(&error);
            assert!(text.contains(part), "{text}");
        }
        let missing = read_exported(&folder.path().join("none")).unwrap_err();
        assert!(missing.to_string().contains("none"), "{missing}");
    }
}
