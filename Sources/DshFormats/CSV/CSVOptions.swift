// What a person may say about a CSV file; what is not said is found out by sniffing.
import DshDiagnostics

/// What to do with a record that has not as many cells as the file has columns.
enum RaggedPolicy: UInt8, Sendable, CaseIterable {
  /// Stop with `ragged-row`.
  case error = 0
  /// Missing cells are null, cells too many are dropped and counted.
  case fill = 1
  /// Such records are left out and counted.
  case skip = 2
}

/// The options of `read` for CSV and TSV.
struct CSVOptions: Sendable {
  /// One character or several; `.some(nil)` for a single column, whatever characters it holds; nil to find it out.
  var delimiter: String??
  /// `.some(nil)` for no quoting at all.
  var quote: UInt8??
  /// `.some(nil)` for no escape character.
  var escape: UInt8??
  var header: Bool?
  /// Column names, used instead of a header's.
  var names: [String]?
  /// Texts that stand for null, quoted or not, in addition to the empty cell and an unquoted `\N`.
  var nullTexts: [String] = []
  /// What lines start with that are left out.
  var comment: UInt8?
  /// What stands before a fraction, and between groups of three digits.
  var decimal = UInt8(ascii: ".")
  var thousands: UInt8?
  /// Lines to leave out before the table.
  var skip = 0
  var types = ColumnTypes.inferred([:])
  var ragged = RaggedPolicy.error
  var encoding = TextEncoding.utf8

  init() {}

  /// Reads options as they were typed; throws `bad-option`.
  init(_ options: ReadOptions) throws(Diagnostic) {
    types = options.types
    encoding = options.encoding
    for option in options.ofFormats { try option.apply(CSVOption.all, to: &self) }
  }
}
