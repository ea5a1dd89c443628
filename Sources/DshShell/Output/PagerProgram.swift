// Which pager shows long results, and with what environment.

import DshSystem

/// A pager as it is started.
struct PagerProgram: Hashable {
  /// Handed to the system's shell.
  let command: String
  /// Whether it must not start programs, nor read or write other files.
  let isSecure: Bool

  /// The pager that the environment asks for with `DSH_PAGER` or `PAGER`, else less; nil if there is none.
  static func asked(environment: (String) -> String?, exists: (String) -> Bool) -> PagerProgram? {
    for name in ["DSH_PAGER", "PAGER"] {
      if let command = environment(name) { return isNone(command) ? nil : PagerProgram(command: command, isSecure: false) }
    }
    return searchFolders(environment).contains { exists("\($0)/less") } ? PagerProgram(command: "less", isSecure: false) : nil
  }

  /// A pager for safe mode: less, told to do nothing but show. Others can't be told, nor can what BusyBox calls less.
  static func secure(environment: (String) -> String?) -> PagerProgram? {
    if ["DSH_PAGER", "PAGER"].contains(where: { environment($0).map(isNone) ?? false }) { return nil }
    let found = searchFolders(environment).lazy.compactMap { try? resolvedPath("\($0)/less") }.first
    guard let found, found.hasSuffix("/less") else { return nil }
    return PagerProgram(command: "exec '\(found.replacing("'", with: "'\\''"))'", isSecure: true)
  }

  private static func isNone(_ command: String) -> Bool { command.isEmpty || command == "cat" }

  private static func searchFolders(_ environment: (String) -> String?) -> [Substring] {
    (environment("PATH") ?? "/usr/bin:/bin").split(separator: ":")
  }

  /// This process's environment, with less told to show colours, to leave the text on the screen, to scroll tables sideways, and that text
  /// is UTF-8 whatever the locale. What a person has set for less stands, but not in safe mode, where less is told to be secure.
  func environment(of own: [String], isTable: Bool) -> [String] {
    let added = [isTable ? "LESS=-SRFX" : "LESS=-RFX", "LESSCHARSET=utf-8"]
    if isSecure { return own.filter { !$0.hasPrefix("LESS") } + added + ["LESSSECURE=1"] }
    return own + added.filter { entry in !own.contains { $0.hasPrefix(entry.prefix { $0 != "=" } + "=") } }
  }
}
