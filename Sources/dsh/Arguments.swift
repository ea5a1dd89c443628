// The command line of dsh.

import ArgumentParser
import DshCluster
import DshDiagnostics
import DshShell
import DshSystem

/// `dsh [OPTIONS] [SCRIPT…]`.
struct Arguments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dsh",
    abstract: "The shell for datasets: reads, filters and aggregates files on a cluster of processes, and says what moved.",
    usage: """
      dsh [OPTIONS]             the shell
      dsh [OPTIONS] SCRIPT …    scripts, in order
      dsh [OPTIONS] -c TEXT     statements
      dsh test PATH …           golden tests (see dsh test --help)
      dsh serve                 the session for another program (see docs/protocol.md)
      dsh report SCRIPT -o FILE a script with its results as a page, .html or .md
      dsh help [TOPIC]          what the shell says about a verb, command or function
      dsh reference             the reference of the language as Markdown
      dsh manual                the manual page, for man -l -
      dsh completions SHELL     completions of this command line for bash, zsh or fish
      """,
    discussion: """
      Examples:
        dsh -c 'read data/weather.csv | filter wind > 8 | count'
        dsh --format csv report.dsh > report.csv
        zcat log.csv.gz | dsh -c 'read - | count'
        dsh --nodes 3 --object-store-memory 1G
      """)

  /// More threads than any processor that a node is given has.
  static let slotLimit = 256

  static let version = programVersion.description

  @Option(name: .customShort("c"), parsing: .unconditionalSingleValue, help: ArgumentHelp("Run statements; may repeat.", valueName: "text"))
  var commands: [String] = []

  @Argument(help: ArgumentHelp("Scripts, run in order; - is standard input.", valueName: "script"))
  var scripts: [String] = []

  @Flag(name: .customShort("i"), help: "Stay in the shell afterwards.")
  var staysInteractive = false

  @Option(help: ArgumentHelp("Where tasks run: local, ray, ray:auto or ray://HOST:PORT; else DSH_CLUSTER.", valueName: "cluster"))
  var cluster: String?

  @Option(help: ArgumentHelp("Node processes besides the head.", valueName: "n"))
  var nodes: Int?

  @Option(help: ArgumentHelp("Tasks a node runs at once.", valueName: "n"))
  var slots: Int?

  @Option(help: ArgumentHelp("The limit of each node's object store, such as 2G.", valueName: "size"))
  var objectStoreMemory: String?

  @Option(help: ArgumentHelp("Where stores put blocks that don't fit in memory; else TMPDIR or /var/tmp.", valueName: "folder"))
  var spillDirectory: String?

  @Option(help: ArgumentHelp("The most that all nodes together put there, such as 20G; 0 for nothing.", valueName: "size"))
  var spillLimit: String?

  @Option(
    help: ArgumentHelp("Where datasets are kept; else dsh/datasets in XDG_DATA_HOME or ~/.local/share.", valueName: "folder"))
  var datasetDirectory: String?

  @Option(help: ArgumentHelp("Rows of a batch; changes speed, never results.", valueName: "n"))
  var batchRows: Int?

  @Option(help: "How results are printed: table, csv, tsv, json, jsonl, md, line.")
  var format = "table"

  @Option(help: "How receipts are printed: text, json, none.")
  var report = "text"

  @Option(help: "Colour: auto, always, never.")
  var color = "auto"

  @Option(help: ArgumentHelp("Columns that tables fill; 0 shows all.", valueName: "n"))
  var width: Int?

  @Option(name: .customLong("set"), help: ArgumentHelp("Set a scalar for $name; may repeat.", valueName: "name=value"))
  var scalars: [String] = []

  @Flag(help: "Go on after a statement that failed.")
  var keepGoing = false

  @Flag(help: "Print each statement before its output.")
  var echo = false

  @Flag(help: "No writes, no commands of the system, reads only under the given roots (the working folder by default).")
  var safe = false

  @Option(
    name: .customLong("safe-root"),
    help: ArgumentHelp("A folder that may be read, with --safe for all others; may repeat.", valueName: "folder"))
  var safeRoots: [String] = []

  /// Whether all statements come from elsewhere, so that standard input is data.
  var readsStandardInput: Bool {
    !staysInteractive && !(commands.isEmpty && scripts.isEmpty) && !scripts.contains { $0 == "-" || ownDescriptor(of: $0) == 0 }
  }

  var isSafe: Bool { safe || !safeRoots.isEmpty }

  @Flag(help: "Fix placement, ids, width and clock, so that whole transcripts compare.")
  var deterministic = false

  @Flag(help: "No greeting.")
  var quiet = false

  @Flag(name: .customLong("no-init"), help: "Don't run init.dsh before the first prompt.")
  var skipsInit = false

  @Option(name: .customLong("init"), help: ArgumentHelp("Run this file before the first prompt instead of init.dsh.", valueName: "file"))
  var initFile: String?

  @Flag(help: "Write nothing to the history file.")
  var `private` = false

  @Flag(name: .customLong("version"), help: "Print the version; with --verbose also what it is built of.")
  var showsVersion = false

  @Flag(help: "With --version: say more.")
  var verbose = false
}
