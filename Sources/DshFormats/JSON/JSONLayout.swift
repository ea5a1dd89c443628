// How a file of JSON is read beyond the types of its columns: what its records are, and what a column of text holds.
import DshColumns

/// How the values at one place are read, for the parts of its type as well.
struct JSONForm: Hashable, Sendable {
  enum Kind: UInt8, Sendable {
    /// Texts are strings, and anything else is none.
    case plain = 0
    /// Texts are values as they stand in the file, strings with their quotes.
    case json = 1
    /// Texts are strings, and of all other values how they stand in the file.
    case any = 2
    /// No value has been met, so that nothing is known of the type.
    case unknown = 3
  }

  var kind = Kind.plain
  /// Of a list that of its elements, of a structure those of its fields.
  var children: [JSONForm] = []

  init(_ kind: Kind = .plain, children: [JSONForm] = []) {
    self.kind = kind
    self.children = children
  }

  func child(_ index: Int) -> JSONForm { index < children.count ? children[index] : JSONForm(kind == .any ? .any : .plain) }

  func encode(to writer: inout ByteWriter) {
    writer.write(kind.rawValue)
    writer.write(children) { $1.encode(to: &$0) }
  }

  init(from reader: inout ByteReader) throws {
    guard let kind = Kind(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown form of values") }
    self.kind = kind
    children = try reader.nested { reader in try reader.readArray { try JSONForm(from: &$0) } }
  }
}

/// What else there is to know about a file.
struct JSONLayout: Hashable, Sendable {
  /// How records follow one another.
  enum Records: UInt8, Sendable {
    /// Each on a line of its own.
    case lines = 0
    /// As the elements of an array.
    case elements = 1
    /// One after another, over any number of lines.
    case sequence = 2
  }

  var records = Records.lines
  /// How many objects lie around the array of records.
  var enclosingObjects = 0
  /// Whether each record is an object whose members are the columns; otherwise it is the value of the one column.
  var areObjects = true
  /// How the values of each column are read.
  var forms: [JSONForm] = []
  /// The columns whose types a person has fixed.
  var fixedColumns: [Int] = []

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(records.rawValue)
    writer.write(enclosingObjects)
    writer.write(areObjects)
    writer.write(forms) { $1.encode(to: &$0) }
    writer.write(fixedColumns) { $0.write($1) }
    return writer.bytes
  }

  init() {}

  /// Reads the layout of a file with so many columns; throws `DecodingFailure`.
  init(_ bytes: [UInt8], columns: Int) throws {
    var reader = ByteReader(bytes)
    guard let records = Records(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown kind of records") }
    self.records = records
    enclosingObjects = try reader.readInt()
    areObjects = try reader.readBool()
    forms = try reader.readArray { try JSONForm(from: &$0) }
    fixedColumns = try reader.readArray { try $0.readInt() }
    guard enclosingObjects >= 0, fixedColumns.allSatisfy((0..<columns).contains), areObjects || columns == 1 else {
      throw DecodingFailure("records that do not fit their columns")
    }
  }

  func form(_ column: Int) -> JSONForm { column < forms.count ? forms[column] : JSONForm() }
}
