// What a person may say about a CSV file; what is not said is found out by sniffing.
import DshColumns
import DshDiagnostics

/// How the bytes of a text file become characters.
public enum TextEncoding: UInt8, Sendable {
  case utf8 = 0
  /// ISO 8859-1: every byte is the character with its number.
  case latin1 = 1

  /// The encoding with a name as a person types it.
  public init?(name: String) {
    switch name.lowercased() {
    case "utf8", "utf-8": self = .utf8
    case "latin1", "latin-1", "iso-8859-1", "iso8859-1": self = .latin1
    default: return nil
    }
  }
}

/// What to do with a record that has not as many cells as the file has columns.
public enum RaggedPolicy: UInt8, Sendable {
  /// Stop with `ragged-row`.
  case error = 0
  /// Missing cells are null, cells too many are dropped and counted.
  case fill = 1
}

/// The options of `read` for CSV and TSV.
public struct CSVOptions: Sendable {
  /// The types of the columns.
  public enum Types: Sendable {
    /// Found out, but for the named ones.
    case inferred([String: DataType])
    case allString
  }

  /// One character, or nil to find it out.
  public var delimiter: UInt8?
  /// `.some(nil)` for no quoting at all.
  public var quote: UInt8??
  /// `.some(nil)` for no escape character.
  public var escape: UInt8??
  public var header: Bool?
  /// Column names, used instead of a header's.
  public var names: [String]?
  /// Texts that stand for null in unquoted cells, in addition to the empty cell and `\N`.
  public var nullTexts: [String] = []
  /// Lines to leave out before the table.
  public var skip = 0
  public var types = Types.inferred([:])
  public var ragged = RaggedPolicy.error
  public var encoding = TextEncoding.utf8

  public init() {}

  /// What a format says of itself: tabs for `tsv`.
  public init(for format: Format) { if format.name == "tsv" { delimiter = UInt8(ascii: "\t") } }

  /// The single byte that a delimiter, quote or escape option names: one ASCII character, `tab` or `\t`; nil for `none` and for
  /// nothing at all.
  ///
  /// Throws `bad-option` for anything else.
  public static func character(_ text: String, option: String) throws -> UInt8? {
    switch text {
    case "", "none": return nil
    case "tab", "\\t": return UInt8(ascii: "\t")
    case "space": return UInt8(ascii: " ")
    default:
      guard text.utf8.count == 1, let byte = text.utf8.first, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else {
        throw Diagnostic(
          "bad-option", .user, "--\(option) takes one ASCII character: \(text)", suggestion: "a single character, tab, or none")
      }
      return byte
    }
  }
}
