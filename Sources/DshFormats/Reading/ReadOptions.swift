// What a person says about the files of a `read`, as far as it is not found out.
import DshColumns
import DshDiagnostics

/// The options of one `read`.
public struct ReadOptions: Sendable {
  public var types = ColumnTypes.inferred([:])
  /// The columns that are kept as JSON text, which are strings for formats that have no JSON.
  public var jsonColumns: Set<ExactText> = []
  /// How the bytes that readers of text get become characters.
  public var encoding = TextEncoding.utf8
  /// Those that mean something to some formats only.
  public var ofFormats: [FormatOption] = []

  public init() {}
}

/// An option of `read` or `write` that belongs to formats, with its value as it was typed.
public struct FormatOption: Hashable, Sendable {
  /// The name without its dashes.
  public var name: String
  /// The items between commas; none for a bare flag.
  public var items: [String]
  /// Whether it is on, for a flag.
  public var isOn: Bool
  /// The value as a whole number, 0 if it is none.
  public var number: Int
  public var span: SourceSpan?

  public init(name: String, items: [String], isOn: Bool = true, number: Int = 0, span: SourceSpan? = nil) {
    self.name = name
    self.items = items
    self.isOn = isOn
    self.number = number
    self.span = span
  }

  /// The whole value as one text.
  public var text: String { items.joined(separator: ",") }

  /// Several as bytes; none for none.
  public static func encoded(_ options: [FormatOption]) -> [UInt8] {
    if options.isEmpty { return [] }
    var writer = ByteWriter()
    writer.write(options) { $1.encode(to: &$0) }
    return writer.bytes
  }

  /// Where it was typed stays behind.
  public func encode(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(items) { $0.write($1) }
    writer.write(isOn)
    writer.write(number)
  }

  public init(from reader: inout ByteReader) throws {
    self.init(
      name: try reader.readString(), items: try reader.readArray { try $0.readString() }, isOn: try reader.readBool(),
      number: try reader.readInt())
  }
}
