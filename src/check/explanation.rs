//! A page for each rule: what it means, why it is dangerous, how to mend it.
//!
//! Paragraphs are separated by an empty line and have no line breaks of their own, so that a
//! console or a window can wrap them.

use super::Code;

/// The page of a rule.
pub(super) const fn of(code: Code) -> &'static str {
    match code {
        Code::NoThread => NO_THREAD,
        Code::EmptyThread => EMPTY_THREAD,
        Code::DuplicateThread => DUPLICATE_THREAD,
        Code::UnnamedThread => UNNAMED_THREAD,
        Code::NothingEnabled => NOTHING_ENABLED,
        Code::UnwritableCharacter => UNWRITABLE_CHARACTER,
        Code::UnknownAgent => UNKNOWN_AGENT,
        Code::UnknownProfile => UNKNOWN_PROFILE,
        Code::UnknownStepType => UNKNOWN_STEP_TYPE,
        Code::StepTypeDiffers => STEP_TYPE_DIFFERS,
        Code::SynchronizationsWait => SYNCHRONIZATIONS_WAIT,
        Code::SynchronizationsOverlap => SYNCHRONIZATIONS_OVERLAP,
        Code::MimImportBesideSync => MIM_IMPORT_BESIDE_SYNC,
        Code::CombinedProfile => COMBINED_PROFILE,
        Code::UnconfirmedExport => UNCONFIRMED_EXPORT,
        Code::SyncBeforeImport => SYNC_BEFORE_IMPORT,
        Code::NoProgram => NO_PROGRAM,
        Code::ZeroDelay => ZERO_DELAY,
        Code::NoResultHere => NO_RESULT_HERE,
        Code::NoPath => NO_PATH,
        Code::LogIsFolder => LOG_IS_FOLDER,
        Code::LogIsSequence => LOG_IS_SEQUENCE,
        Code::UserWithoutServer => USER_WITHOUT_SERVER,
        Code::UnencryptedPassword => UNENCRYPTED_PASSWORD,
        Code::AddressContradiction => ADDRESS_CONTRADICTION,
        Code::BasicUnencrypted => BASIC_UNENCRYPTED,
        Code::KerberosToAddress => KERBEROS_TO_ADDRESS,
        Code::PinWithoutTls => PIN_WITHOUT_TLS,
    }
}

const NO_THREAD: &str = "\
A sequence is a set of threads, and each thread is a list of steps. This sequence has no thread at all.

A scheduler that starts it would report success every night although nothing was imported, synchronized or exported. Such a silent nothing is found out only when somebody misses an account.

Add a thread with `<thread name=\"…\">` and put at least one step into it.";

const EMPTY_THREAD: &str = "\
The thread has no step, or all of its steps are switched off. It starts, ends at once and counts as successful.

That is rarely meant: more often the steps were moved elsewhere, or were switched off for a test and forgotten. Whatever the thread did before does not happen any more, and nobody is told.

Put a step into it, switch one on again, or remove the thread. To keep it for later, switch off the thread itself with `enabled=\"false\"`; then this rule is silent.";

const DUPLICATE_THREAD: &str = "\
Two threads have the same name. Letter case and blanks around a name do not count.

Console, log file and status name a thread by its name. With two of the same name nobody can tell which one has failed, and a line such as `Import execution completed` appears twice, which may hide that one of them never ended.

Give each thread a name of its own, best by what it does: `Import HR`, `Import AD`.";

const UNNAMED_THREAD: &str = "\
The thread has no name: its `name` is empty or holds nothing but blanks.

Console, log file and status name a thread by its name; the lines of this one begin with nothing. When it fails, the person on call has to count threads in the file to find out which one it was.

Give it a name that says what it does, for instance `name=\"Import HR\"`.";

const NOTHING_ENABLED: &str = "\
The sequence has threads, but none of them would do anything: they are switched off, have no steps, or all of their steps are switched off.

A scheduler that starts it would report success although nothing was imported, synchronized or exported. Steps that were switched off for a test and forgotten are the usual cause.

Switch on at least one step in a thread that is switched on: remove `enabled=\"false\"` from both.";

const UNWRITABLE_CHARACTER: &str = "\
A text of the sequence has a character that XML cannot hold, such as a control character or half of a pair of UTF-16 codes. Such characters come along when text is pasted from a terminal or from a binary file, and are invisible on most screens.

In the file the character would be replaced by U+FFFD, so the sequence that is run would differ from the one that was drawn: an argument or a name would silently be another one.

Delete the text that the message names and type it anew instead of pasting it.";

const UNKNOWN_AGENT: &str = "\
The server was asked for its management agents, and the one that this step names is not among them. Names are compared without regard to letter case, but blanks and hyphens within a name count.

The step would fail, and with it the rest of its thread: what comes after it, often an export or its confirmation, would not happen. An agent can also be missing because the file was drawn for another server, such as a test system, or because the agent was renamed. Without a server, what it said when it was last asked, or what was exported from it, is looked at instead; since that may have changed, this is then only a warning.

Correct the name; the message offers the new name of a renamed agent, which is known by its identifier, or else the nearest one. If it is right, check that the server is the right one and that the account may see the agent: it needs to be a member of the service's operators or administrators.";

const UNKNOWN_PROFILE: &str = "\
The run history of this management agent shows no run profile of this name. The service has no list of run profiles that can be asked for over the network, so the history of past runs is the only source, besides what was exported from the server.

If the name is misspelled, the service refuses the step with `no-start-unknown-profile-name`, and the rest of the thread does not happen. The names of run profiles often differ by little, such as `Delta Import` and `Delta Import (Stage Only)`, and the wrong one may do more than was meant.

Correct the name; the message offers the nearest one. If it is right, the profile has never run since the history was last cleared: this warning then goes away after its first run. Say with `type` what the profile does, since nobody else can yet.";

const UNKNOWN_STEP_TYPE: &str = "\
Neither the file nor the server's run history says what this run profile does: import, synchronize or export. As long as nobody knows, it counts as a synchronization, which is the careful assumption.

Nothing dangerous can come of it, but time is lost: under the rule exclusive-sync a step that counts as a synchronization runs alone, so an import that could run beside others waits. Other rules, such as the one about unconfirmed exports, cannot judge the step either.

Say it in the file, for instance `type=\"delta-import\"`. Or connect to a server on which the profile has run at least once.";

const STEP_TYPE_DIFFERS: &str = "\
The file says with `type` what the run profile does, and the server's run history, or what was exported from the server, says something else. Perhaps the profile was changed on the server after the sequence had been drawn, or it has several steps.

The type decides what may run beside a step. If a synchronization passes for an import, it is started beside other synchronizations; the service refuses it with error 0x8023063D or, in old versions, lets both run and deadlock. That is why this is an error. In the other direction only time is lost, and it is a warning. It is only a warning, too, when the server itself does not say it now: an export, or what the server said before, may be older than the file.

Remove `type`, so that the server's word counts, or correct it. If an export is out of date, export anew. If the profile has several steps, leave `type` out: a profile with any step that synchronizes counts as a synchronization.";

const SYNCHRONIZATIONS_WAIT: &str = "\
Several threads have run profiles, and at least one of these is a synchronization. Under the rule exclusive-sync a synchronization runs alone: it waits until everything else has ended, and everything else waits for it.

This is the way that Microsoft supports, and nothing is wrong with it. The note only tells that these threads are less parallel than they look: their time adds up around each synchronization. The order between threads is then first come, first served; what must come in a certain order belongs into one thread.

Nothing needs to be mended. If the time matters, look whether all of the synchronizations are needed in each run, and keep the slow imports together, so that they run beside each other before the first synchronization.";

const SYNCHRONIZATIONS_OVERLAP: &str = "\
The overlap rule of this sequence allows steps of other threads to run while a synchronization runs. Under single-sync imports and exports may, under unrestricted even a second synchronization.

Microsoft does not support that anything runs beside a synchronization. An import beside it may deadlock in the database and fail, an export may write half of a decision. A second synchronization is refused by current versions of the service with error 0x8023063D, event 6309, so its step fails and its thread stops; old versions let both run and block each other.

Use `overlap=\"exclusive-sync\"`, the default. If the time is really needed and imports beside a synchronization have proven to work on this server, single-sync is the lesser evil; unrestricted only makes sense for sequences without synchronizations.";

const MIM_IMPORT_BESIDE_SYNC: &str = "\
One thread runs a delta import of the MIM Service (FIM Service) management agent, another one synchronizes. The overlap rule of the sequence would let them run together.

When they do, the synchronization service hangs and must be killed, which breaks off everything that runs. masequencer therefore keeps the two apart under every rule, and one waits for the other. But it can do so only within its own run: a person or another tool that starts the import by hand does not know of it.

Put the import into the thread that synchronizes, before the first synchronization, or use `overlap=\"exclusive-sync\"`, under which the question does not arise.";

const COMBINED_PROFILE: &str = "\
The run profile imports and synchronizes in a single step, such as `Delta Import and Delta Synchronization`. Microsoft has deprecated these types; they will disappear with a future version.

A combined step reads and decides at once, so there is no moment at which somebody, or a threshold, could look at what was read before it is acted upon: a source that suddenly delivers half of its objects is synchronized straight away. It also counts as a synchronization from its first moment, so nothing runs beside its import, and it works on every imported object instead of only the changed ones.

Make two run profiles on the server, one that imports and one that synchronizes, and use two steps. Keep the combined one only where a huge number of disconnectors makes the two steps much slower.";

const UNCONFIRMED_EXPORT: &str = "\
After this export no import of the same management agent follows, neither in the run profile itself nor later in the same thread nor where another thread could come after it.

An export is done only when an import has seen its result. Until then the service does not know whether the connected system has kept what was written, and exports the same changes again, or reports `exported-change-not-reimported`. These errors pile up from run to run until the run stops at its error limit, and real failures hide among them.

Add a delta import of the same agent after the export, in the same thread, and a delta synchronization after that if the connected system makes up values of its own. If another sequence does the confirming import before the next export, this warning may stay.";

const SYNC_BEFORE_IMPORT: &str = "\
The management agent is synchronized before it is imported for the first time in this sequence.

The synchronization works on what the last run has left in the connector space; what has changed in the connected system since then is read only afterwards and waits for the next run. A person who has left the company this morning would keep the account until tomorrow. Nothing is reported as failed.

Move the import before the synchronization. If the import is only the confirmation of an export, add another one at the beginning: the steady order is import, synchronize, export, import again.";

const NO_PROGRAM: &str = "\
A command, as a step or as pre- or post-processing, has an empty `program`.

It cannot be started and fails. A failed pre-processing stops what it was meant to prepare, so an import whose feed should have been copied does not run at all; a failed command step stops its thread.

Name the program, for instance `program=\"cp\"`, with its arguments in `<argument>` elements. There is no shell: for a script, the program is its interpreter (`sh`, `powershell.exe`, `cmd.exe`) and the script is an argument. If nothing should be run, remove the element.";

const ZERO_DELAY: &str = "\
The delay has a duration of zero, so it ends at once.

Somebody wanted a pause there, for instance to let a replication settle, and does not get it. What follows may read too early, and the failure that comes of it appears only now and then.

Write the time to wait, such as `duration=\"30s\"`, or remove the step. To keep it without waiting, switch it off with `enabled=\"false\"`.";

const NO_RESULT_HERE: &str = "\
An argument holds the placeholder `*MA_RUN_RESULT*`, which stands for the result of a run profile. Only the post-processing of a run-profile step comes after such a result; a pre-processing comes before it, and a thread, a sequence, a delay or a command step has none.

The program would get an empty text instead. A script that sends mail or decides by the result would then say, or do, the wrong thing without any error.

Move the command to the post-processing of the run-profile step whose result it wants.";

const NO_PATH: &str = "\
A command copies or moves a file, and one of its paths is empty: it does not say which file, or where to.

The program refuses that and fails. A failed pre-processing stops what it was meant to prepare, so the import whose feed should have been copied does not run at all.

Choose both paths. A relative path counts from the folder of the sequence file.";

const LOG_IS_FOLDER: &str = "\
The log file is given as a folder: its name ends with a separator, or is `.` or `..`.

A log cannot be written to a folder, so the run would not start. When a scheduler starts it at night, nobody sees the message, and the whole run is missing in the morning.

Add the name of a file, for instance `logs/nightly.log`. A relative path counts from the folder of the sequence file.";

const LOG_IS_SEQUENCE: &str = "\
The log file ends in `.xml`, as sequence files do; probably the wrong file was chosen.

The log is appended to its file. If that is a sequence, perhaps this one, its lines end up behind the last element, and from then on nobody can read the sequence: the next run does not start.

Choose a name that ends in `.log`. Leave `file` out to use `MASequencer.log` beside the sequence file.";

const USER_WITHOUT_SERVER: &str = "\
A user is named, but no server. Without a server the sequence runs on this machine, where the service is spoken to as the account that started the program; as with the old tools, user and password are then ignored.

The run may have other rights than expected: with too few it fails with `access-denied`, with too many it leaves traces under the wrong account.

Name the server with `host`, also if it is this machine under its own name; or remove the user and let the scheduler start the program as the right account.";

const UNENCRYPTED_PASSWORD: &str = "\
`allow-unencrypted` is set and the server is spoken to over plain HTTP, so the password crosses the network in a form that anybody on the way can read.

The account behind it may run and stop everything on the synchronization service, and often is a privileged one elsewhere. Whoever reads it can do the same, and nobody will notice.

Set `tls=\"true\"` and remove `allow-unencrypted`. If the server has only a certificate of its own making, name its SHA-256 with `pin`, or its authority with `ca-file`. To this machine itself plain HTTP is always allowed and needs no setting.";

const ADDRESS_CONTRADICTION: &str = "\
The server's address and the other settings contradict each other: `tls` is set but the address begins with `http://`, or the address begins with something that is neither `http://` nor `https://`, or it has a space or another sign that no address has.

Whichever of the two were silently preferred, somebody would be surprised: either the encryption that was asked for is missing, or the server is not reached at the address that is written there. So the run does not start.

Write the address as `https://…`, or write only the host name and choose with `tls`.";

const BASIC_UNENCRYPTED: &str = "\
The file asks for Basic authentication (`auth=\"basic\"`) to another machine over plain HTTP. Basic sends the password in a form that anybody on the way can read, and has no encryption of its own.

masequencer refuses that before anything is sent, so the run does not start. Current Windows servers refuse it too: Basic is switched off there, and `AllowUnencrypted` is false.

Leave `auth` out, or write `auth=\"negotiate\"`: Kerberos and NTLM need no setting on the server and encrypt what is said over port 5985. If it must be Basic, set `tls=\"true\"`. Only for a network that nobody else can read there is `allow-unencrypted=\"true\"`.";

const KERBEROS_TO_ADDRESS: &str = "\
The file asks for Kerberos and nothing else (`auth=\"kerberos\"`), and names the server by its IP address. Kerberos knows servers by name: a ticket is for `HTTP/mim01.contoso.local`, and for an address there usually is none.

The log-on would fail with an unknown service name, and the run would not start. `auth=\"negotiate\"` would not fail but always fall back to NTLM, which cannot prove which server answers.

Write the full host name, as the directory knows it, instead of the address. Only if somebody has registered a service name for the address on purpose (`setspn -S HTTP/10.0.0.7 …`), the warning may stay.";

const PIN_WITHOUT_TLS: &str = "\
The file pins a certificate by its SHA-256 (`pin`), but the server is spoken to over plain HTTP, where no server shows a certificate.

Whoever wrote the pin wants to talk to exactly this server and to no other. Without encryption nothing checks that: the pin would silently be without effect, so the run does not start.

Set `tls=\"true\"`, or write the address as `https://…`. If plain HTTP is meant, remove `pin`; Kerberos then proves which server answers, and encrypts.";
