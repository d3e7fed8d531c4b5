//! The headless runner.

fn main() -> std::process::ExitCode {
    masequencer::cli::main()
}
