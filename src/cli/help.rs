//! The short help of `masequencer` alone (then an error) and of `/?`: both manners on one screen.

use super::ExitCode;

const HELP: &str = r"Runs sequences of run profiles on Microsoft's identity synchronization service.

The original's manner
  masequencer /f:File [/s:Server] [/u:[Domain\]User [/p:Password]] [/l:Level]
  masequencer /File.xml

  /f:File      the sequence file
  /s:Server    the server, a host name or a URL [what the file says]
  /u:User      the account
  /p:Password  its password; process lists show it, better set MASEQUENCER_PASSWORD or use
               masequencer credential set
  /l:Level     how much is logged: 0 error, warning, 1 information [default], 2 detail,
               3 protocol; each has all of the ones before it
  /?           this help
  --auth, --tls, --pin and the other options about the server work here, too.
  A dash works as well as a slash, and letters count in any case. /File.xml is that path
  if it exists, else a file of that name in the current directory or beside the program.

The new manner
  masequencer run FILE         run a sequence file (--demo: on the bundled simulator)
  masequencer check FILE       look for mistakes in it
  masequencer agents           list the agents of a server
  masequencer credential set|list|delete NAME  passwords in the system's own store
  masequencer doctor           find out why a server cannot be used
  masequencer simulate         be a synchronization service for practice
  masequencer status|attach|pause|resume|stop [RUN]
  masequencer --help           everything else; masequencer VERB --help for each

Exit codes
";

/// The text of the short help.
pub fn short() -> String {
    format!(
        "masequencer {}\n{HELP}{}",
        env!("CARGO_PKG_VERSION"),
        ExitCode::table()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_fits_a_terminal_and_both_manners_are_there() {
        let help = short();
        for part in [
            "/f:File [/s:Server] [/u:[Domain\\]User [/p:Password]] [/l:Level]",
            "masequencer run FILE",
        ] {
            assert!(help.contains(part), "{part}");
        }
        for line in help.lines() {
            assert!(line.chars().count() <= 90, "{line}");
        }
    }
}
