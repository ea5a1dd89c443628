// What a person may say about files of JSON.
import DshColumns
import DshDiagnostics

/// The options of `read` for JSON and JSON Lines.
struct JSONOptions: Sendable {
  /// The names that lead to the array of records inside of a document.
  var recordsPath: [String] = []
  /// Whether every record is given as its JSON text, in one column.
  var isRaw = false
  var types = ColumnTypes.inferred([:])
  /// The columns that are kept as JSON text.
  var jsonColumns: Set<ExactText> = []

  static let all: [NamedOption<JSONOptions>] = [
    NamedOption("raw") { $0.isRaw = $1.isOn },
    NamedOption("records") { options, typed throws(Diagnostic) in
      options.recordsPath = typed.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard !options.recordsPath.contains("") else {
        throw Diagnostic(
          .invalidOptionValue, .user, "--records takes names with points between, as in features or a.b", span: typed.span)
      }
    },
  ]
  /// What the one column is called: of records as JSON text, and of records that are no objects.
  static let rawColumn = "json"
  static let valueColumn = "value"

  /// Reads options as they were typed; throws `bad-option`.
  init(_ options: ReadOptions) throws(Diagnostic) {
    types = options.types
    jsonColumns = options.jsonColumns
    for option in options.ofFormats { try option.apply(Self.all, to: &self) }
  }

  /// How the values of a column are read whose type a person has fixed; nil if nobody has.
  func fixedForm(_ name: String) -> JSONForm? {
    if jsonColumns.contains(ExactText(name)) { return JSONForm(.json) }
    switch types {
    case .allString: return JSONForm(.any)
    case .inferred: return types.isFixed(name) ? JSONForm(.any) : nil
    }
  }
}
