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
      guard let command = environment(name), self.missing(command, environment, exists) == nil else { continue }
      return isNone(command) ? nil : PagerProgram(command: command, isSecure: false)
    }
    return missing("less", environment, exists) == nil ? PagerProgram(command: "less", isSecure: false) : nil
  }

  /// What the environment asks for and is not there, with the variable's name.
  static func missing(environment: (String) -> String?, exists: (String) -> Bool) -> (variable: String, program: String)? {
    for name in ["DSH_PAGER", "PAGER"] {
      guard let command = environment(name) else { continue }
      return missing(command, environment, exists).map { (name, $0) }
    }
    return nil
  }

  /// The program of a command, if it is nowhere. Only the system's shell can tell with a command that is more than words.
  private static func missing(_ command: String, _ environment: (String) -> String?, _ exists: (String) -> Bool) -> String? {
    guard !isNone(command), let word = command.split(separator: " ").first, word.allSatisfy({ !"\"'\\$`=~(){};&|<>*?[".contains($0) })
    else { return nil }
    let isThere = word.contains("/") ? exists(String(word)) : searchFolders(environment).contains { exists("\($0)/\(word)") }
    return isThere ? nil : String(word)
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

  /// This process's environment, with less told to show colours, to scroll tables sideways, and that text is UTF-8 whatever the locale. It gives
  /// the screen back as it was: the end of a table without its beginning would be read for the whole. What a person has set for less stands, but not in safe mode, where less is told to be secure.
  func environment(of own: [String], isTable: Bool) -> [String] {
    let added = [isTable ? "LESS=-SR" : "LESS=-R", "LESSCHARSET=utf-8"]
    if isSecure { return own.filter { !$0.hasPrefix("LESS") } + added + ["LESSSECURE=1"] }
    return own + added.filter { entry in !own.contains { $0.hasPrefix(entry.prefix { $0 != "=" } + "=") } }
  }
}
