// The forms in which rows, numbers and listings are printed, and the forms of receipts.

import DshColumns
import DshFormats
import DshLanguage

/// What `--format` and `set format` choose.
public enum OutputFormat: Sendable, Hashable {
  /// A table for a person.
  case table
  /// Records, a cell a line: laid out for a person at a terminal, a file format otherwise.
  case line
  /// The text of a file format.
  case file(name: String)
}

extension OutputFormat: RawRepresentable, CaseIterable {
  /// Those that the language lists, in its order.
  public static let allCases: [OutputFormat] = VerbOption.outputFormat.choices.map { name in
    [OutputFormat.table, .line].first { $0.rawValue == name } ?? .file(name: name)
  }

  public init?(rawValue: String) {
    guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = format
  }

  public var rawValue: String {
    switch self {
    case .table: "table"
    case .line: "line"
    case .file(let name): name
    }
  }
}

extension OutputFormat {
  /// Appends rows in a machine format; `table` has none and appends nothing.
  public func append(_ rows: Batch, to buffer: MutableBuffer) {
    // The formats of output are text, which there is for every value.
    try? FormatRegistry.named(rawValue).writing?.append([rows], schema: rows.schema, to: buffer)
  }
}

/// What `--report` and `set report` choose.
public enum ReportFormat: String, Sendable, CaseIterable {
  case text, json, none
}
