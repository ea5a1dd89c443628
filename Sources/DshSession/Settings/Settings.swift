// The settings of a session: one registry feeds `set`, completion, help and the reference.

import DshRender

/// The values of all settings.
public struct Settings: Sendable, Equatable {
  /// Columns of terminal that tables fill; 0 means as wide as they get, nil what the terminal has.
  public var width: Int?
  /// Rows of a table that are shown; nil for all.
  public var rows: Int?
  /// Significant digits of fractions in tables; nil for what is usual.
  public var digits: Int?
  /// Rows shown after each statement that only makes a dataset; nil for none.
  public var preview: Int?
  /// Whether results larger than the terminal are shown in a pager.
  public var pager = true
  /// Whether drawings are made of Unicode characters; nil for what the locale says.
  public var unicode: Bool?
  public var format = OutputFormat.table
  public var report = ReportFormat.text
  /// Whether times stand under results.
  public var timing = true
  /// Whether statements are written to the history file.
  public var history = true
  /// Whose keys the line editor has; nil for what the person's editrc file says.
  public var edit: EditMode?
  /// Whether statements typed before are suggested.
  public var suggestions = true
  /// Where tasks run; it can't be changed while dsh runs.
  public var cluster = "local"
  /// `take_all` refuses beyond so many bytes.
  public var maxBytes = 256 << 20
  /// What `batchRows` may be: beyond a million rows a batch leaves every cache, and gains nothing.
  public static let batchRowsRange = 1...1 << 20
  /// What `width` may be: no terminal and no page is wider.
  public static let widthRange = 0...100_000
  /// Rows of a batch inside a task.
  public var batchRows = 8192
  /// Rules that are switched off.
  public var disabledRules: Set<String> = []

  public init() {}
}

/// One setting: its name, documentation, and how text reads and writes it.
public struct Setting: Sendable {
  public let name: String
  public let placeholder: String
  public let summary: String
  public let read: @Sendable (Settings) -> String
  /// Changes the setting; false if the text is not a value of it.
  public let write: @Sendable (inout Settings, String) -> Bool
  /// What the placeholder stands for, where a person can't know it: `2G`, the names of a list.
  public let example: String

  init(
    name: String, placeholder: String, summary: String, example: String = "", read: @escaping @Sendable (Settings) -> String,
    write: @escaping @Sendable (inout Settings, String) -> Bool
  ) {
    self.name = name
    self.placeholder = placeholder
    self.summary = summary
    self.example = example
    self.read = read
    self.write = write
  }

  /// The values it takes, in words: `takes: emacs, vi or auto`.
  public var values: String {
    let parts = placeholder.split(separator: "|").map(String.init)
    let list = parts.count > 1 ? "\(parts.dropLast().joined(separator: ", ")) or \(parts[parts.count - 1])" : placeholder
    return "takes: \(list)" + (example.isEmpty ? "" : "; \(example)")
  }

  /// What it is before anybody sets it.
  public var defaultText: String { read(Settings()) }
}

/// All settings, in the order in which `set` lists them.
public enum SettingRegistry {
  public static let all: [Setting] = [
    .width, .rows, .digits, .preview, .format, .report, .pager, .unicode, .timing, .edit, .suggestions, .history, .maxBytes, .batchRows,
    .rulesOff, .cluster,
  ]

  public static func setting(named name: String) -> Setting? { all.first { $0.name == name } }
}
