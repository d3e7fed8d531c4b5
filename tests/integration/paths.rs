//! A relative path in a file counts from the file's own folder, wherever the runner was started: a
//! scheduled task starts in a folder of the system.

use crate::support::{Folder, Masequencer};

const SEQUENCE: &str = "<masequence xmlns=\"urn:masequencer:sequence\" version=\"1\" \
    name=\"Paths\">\n<server transport=\"demo\"/>\n<log file=\"logs.txt\"/>\n\
    <thread name=\"Only\"><command program=\"touch\"><argument>touched</argument></command></thread>\n\
    </masequence>\n";

#[test]
fn log_and_commands_lie_beside_the_file() {
    for manner in ["/f:", ""] {
        let (own, elsewhere) = (Folder::new(), Folder::new());
        let file = own.write("paths.xml", SEQUENCE);
        let file = format!("{manner}{}", file.display());
        let arguments = match manner {
            "" => vec!["run", &file],
            _ => vec![file.as_str()],
        };
        Masequencer::new(&own)
            .args(arguments)
            .current_dir(elsewhere.path())
            .run()
            .expect_code(0);
        assert!(
            own.read("logs.txt").contains("Paths"),
            "{}",
            own.read("logs.txt")
        );
        assert!(own.file("touched").exists());
        let strangers = std::fs::read_dir(elsewhere.path()).unwrap().count();
        assert_eq!(strangers, 0, "nothing is left where it was started");
    }
}
