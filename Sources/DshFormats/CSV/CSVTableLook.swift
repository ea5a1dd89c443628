// What a look at one file told, and what it means once it is settled whether the first record is a header.
import DshColumns
import DshDiagnostics

/// The records that were looked at, before anything is decided that depends on other files.
struct CSVTableLook: Sendable {
  var dialect: CSVDialect
  var evidence: CSVHeaderEvidence
  /// Where the first record starts, and where the one behind it does.
  var recordStart: Int
  var dataStart: Int
  /// The records below the first and the bytes that they take.
  var rows: Int
  var rowBytes: Int
  var isComplete: Bool
  var sizeBytes: Int

  /// A file without a record.
  static func empty(_ dialect: CSVDialect, sizeBytes: Int) -> CSVTableLook {
    CSVTableLook(
      dialect: dialect, evidence: CSVHeaderEvidence(columns: []), recordStart: sizeBytes, dataStart: sizeBytes, rows: 0, rowBytes: 0,
      isComplete: true, sizeBytes: sizeBytes)
  }

  /// Names and types; a column without any value has the type null.
  ///
  /// `names` are those of other files of the same `read`, for a file that has none itself.
  func settled(hasHeader: Bool, names: [String]?) -> CSVSniffed {
    var dialect = dialect
    dialect.hasHeader = hasHeader
    if !hasHeader { dialect.repeatedHeader = [] }
    let columns = evidence.columns
    let given = hasHeader ? names ?? columns.map { $0.isNameQuoted ? $0.name ?? "" : ($0.name ?? "").trimmed } : names
    let types = columns.map { hasHeader ? $0.type : $0.type.widened(with: $0.nameType) }
    let fields = zip(Self.unique(given ?? columns.map { _ in "" }), types).map { Field($0, $1) }
    let rows = rows + (hasHeader || columns.isEmpty ? 0 : 1)
    let start = hasHeader ? dataStart : recordStart
    let bytes = rowBytes + (hasHeader ? 0 : dataStart - recordStart)
    return CSVSniffed(
      dialect: dialect, schema: Schema(fields), dataStart: start, sampledRows: rows, isComplete: isComplete,
      recordBytes: rows > 0 ? Double(bytes) / Double(rows) : 0)
  }

  /// `column3` for an empty third name, `name_2` for a second `name`.
  static func unique(_ names: [String]) -> [String] {
    var used: Set<ExactText> = []
    // A given name has the right of way before a made one.
    let given = Set(names.map { ExactText($0) })
    return names.enumerated().map { index, name in
      let base = name.isEmpty ? "column\(index + 1)" : name
      var unique = base
      var number = 1
      while used.contains(ExactText(unique)) || (!unique.isExactly(name) && given.contains(ExactText(unique))) {
        number += 1
        unique = "\(base)_\(number)"
      }
      used.insert(ExactText(unique))
      return unique
    }
  }
}

extension String {
  /// Without white space around it.
  fileprivate var trimmed: String {
    let scalars = unicodeScalars.drop { $0.properties.isWhitespace }
    return String(String.UnicodeScalarView(scalars.reversed().drop { $0.properties.isWhitespace }.reversed()))
  }
}
