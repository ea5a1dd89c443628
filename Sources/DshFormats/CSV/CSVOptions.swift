// What a person may say about a CSV file; what is not said is found out by sniffing.
import DshColumns
import DshDiagnostics

/// What to do with a record that has not as many cells as the file has columns.
public enum RaggedPolicy: UInt8, Sendable {
  /// Stop with `ragged-row`.
  case error = 0
  /// Missing cells are null, cells too many are dropped and counted.
  case fill = 1
  /// Such records are left out and counted.
  case skip = 2
}

/// The options of `read` for CSV and TSV.
public struct CSVOptions: Sendable {
  /// The types of the columns.
  public enum Types: Sendable {
    /// Found out, but for the named ones.
    case inferred([ExactText: DataType])
    case allString

    var isAllString: Bool {
      if case .allString = self { return true }
      return false
    }
  }

  /// One character or several; `.some(nil)` for a single column, whatever characters it holds; nil to find it out.
  public var delimiter: String??
  /// `.some(nil)` for no quoting at all.
  public var quote: UInt8??
  /// `.some(nil)` for no escape character.
  public var escape: UInt8??
  public var header: Bool?
  /// Column names, used instead of a header's.
  public var names: [String]?
  /// Texts that stand for null, quoted or not, in addition to the empty cell and an unquoted `\N`.
  public var nullTexts: [String] = []
  /// What lines start with that are left out.
  public var comment: UInt8?
  /// What stands before a fraction, and between groups of three digits.
  public var decimal = UInt8(ascii: ".")
  public var thousands: UInt8?
  /// Lines to leave out before the table.
  public var skip = 0
  public var types = Types.inferred([:])
  public var ragged = RaggedPolicy.error
  public var encoding = TextEncoding.utf8

  public init() {}
}
