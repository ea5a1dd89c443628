// `dsh manual`: the manual page in the man macros, made from the registries.

import DshLanguage
import DshSession

/// The text of `dsh.1`.
struct ManualPage {
  var text: String {
    ([
      ".TH DSH 1 \"\" \"\(Arguments.version)\" \"User Commands\"", ".SH NAME", "dsh \\- the shell for datasets", ".SH SYNOPSIS",
    ] + synopsis + [".SH DESCRIPTION"] + description + [".SH OPTIONS"] + options + [".SH VERBS"] + verbs + [".SH COMMANDS"] + commands
      + [".SH KEYS"] + keys + [".SH SETTINGS"] + settings + [".SH EXIT STATUS"] + exitStatus + [".SH FILES"] + files
      + [".SH ENVIRONMENT"] + environment).joined(separator: "\n")
  }

  private var synopsis: [String] {
    ["dsh [\\fIOPTIONS\\fR] [\\fISCRIPT\\fR ...]", "dsh [\\fIOPTIONS\\fR] \\-c \\fITEXT\\fR"].flatMap { [".br", $0] }.dropFirst()
      + Subcommand.allCases.flatMap { [".br", "dsh \($0.rawValue) ..."] }
  }

  private var description: [String] {
    [
      "dsh reads files into datasets, filters, maps and aggregates them in pipelines on a cluster of processes on this machine, and says",
      "where every block is and how many bytes moved. Without a script it is an interactive shell; \\fBhelp\\fR there explains everything.",
    ]
  }

  private var options: [String] {
    CommandLineOption.all.flatMap { option in
      [
        ".TP",
        option.names.map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ")
          + (option.value.map { " \\fI\(Self.escaped($0))\\fR" } ?? ""), Self.line(option.summary),
      ]
    }
  }

  private var verbs: [String] {
    VerbRegistry.all.filter(\.isAvailable).flatMap { verb in
      entry(verb.usage, verb.summary + ".") + verb.options.flatMap { [".br", Self.line("\($0.usage): \($0.summary).")] }
        + verb.examples.flatMap { [".br", "Example: \\fB\(Self.escaped($0.text))\\fR"] }
    }
  }

  private var commands: [String] { CommandRegistry.all.flatMap { entry($0.usage, $0.summary + ".") } }
  private var keys: [String] { KeyBinding.all.flatMap { entry($0.keys, $0.meaning + ".") } }
  private var settings: [String] {
    SettingRegistry.all.flatMap { entry("set \($0.name) \($0.placeholder)", "\($0.summary). Default: \($0.defaultText).") }
  }

  private var exitStatus: [String] {
    [
      ("0", "All statements succeeded."), ("1", "A statement failed."), ("2", "The command line or a script is not understood."),
      ("3", "The cluster could not start, or was lost."), ("130", "Interrupted."), ("141", "Nobody reads the output."),
    ].flatMap { entry($0.0, $0.1) }
  }

  private var files: [String] {
    entry("$XDG_CONFIG_HOME/dsh/init.dsh", "Statements that every interactive session begins with; by default under ~/.config.")
      + entry("$XDG_STATE_HOME/dsh/history", "The statements typed; by default under ~/.local/state.")
      + entry("~/.editrc", "Key bindings of libedit; lines may begin with dsh: to concern dsh alone.")
  }

  private var environment: [String] {
    entry("DSH_PAGER, PAGER", "The pager; less where neither is set.") + entry("VISUAL, EDITOR", "The editor that Ctrl-X Ctrl-E opens.")
      + entry("NO_COLOR, FORCE_COLOR, CLICOLOR, CLICOLOR_FORCE", "Whether there is colour, where --color does not say so.")
  }

  private func entry(_ name: String, _ text: String) -> [String] { [".TP", "\\fB\(Self.escaped(name))\\fR", Self.line(text)] }

  /// A text line: one that begins with a dot or an apostrophe would be taken for a macro.
  private static func line(_ text: String) -> String {
    let escaped = escaped(text)
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }

  /// Backslashes, minus signs and characters beyond ASCII in the names that every roff knows.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      default: result += scalar.isASCII ? String(scalar) : "\\[u\(hexadecimal(scalar.value))]"
      }
    }
    return result
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
