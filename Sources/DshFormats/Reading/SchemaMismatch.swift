// A cell of a file that does not fit the schema found by sampling.
import DshColumns
import DshDiagnostics

/// Some columns of a file hold cells that do not fit their types: read the file again with the types given here.
///
/// The types fit all cells of the split in the columns that the scan looks at, so that one more run is enough. If the split's start was a guess, the mismatch counts
/// only once the guess is confirmed.
public struct SchemaMismatch: Error, Hashable, Sendable {
  /// A file as one `read` reads it. Another `read` of the file may read it in another way.
  public struct Reading: Hashable, Sendable {
    @ExactText public var path: String
    public var layout: [UInt8]
    public var schema: Schema

    public init(path: String, layout: [UInt8], schema: Schema) {
      self.path = path
      self.layout = layout
      self.schema = schema
    }
  }

  public struct Column: Hashable, Sendable {
    /// The column's number in the file, and its name; one number more for each column that the file was not known to have.
    public var index: Int
    public var name: String
    /// The type that fits.
    public var type: DataType
    /// The first cell that does not fit, and where it starts in the file.
    public var text: String
    public var byteOffset: Int
    /// What the column holds, in words, where the type alone does not explain itself.
    public var reason: String?

    public init(index: Int, name: String, type: DataType, text: String, byteOffset: Int, reason: String? = nil) {
      self.index = index
      self.name = name
      self.type = type
      self.text = text
      self.byteOffset = byteOffset
      self.reason = reason
    }
  }

  public var reading: Reading
  public var columns: [Column]
  /// The layout that goes with the types, which then stand in place of the earlier ones, as they are what fits all cells; nil if only types get wider.
  public var layout: [UInt8]?
  /// Where the first record of the split begins and where the one after its last does.
  public var range: Range<Int>

  /// What a scan found.
  public init(_ scan: FileScan, columns: [Column], layout: [UInt8]? = nil, range: Range<Int>) {
    reading = Reading(path: scan.path, layout: scan.layout, schema: scan.schema)
    self.columns = columns
    self.layout = layout
    self.range = range
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(reading.path)
    writer.write(reading.layout)
    writer.write(reading.schema)
    writer.write(columns) { writer, column in
      writer.write(column.index)
      writer.write(column.name)
      writer.write(column.type)
      writer.write(column.text)
      writer.write(column.byteOffset)
      writer.write(column.reason) { $0.write($1) }
    }
    writer.write(layout) { $0.write($1) }
    writer.write(range.lowerBound)
    writer.write(range.upperBound)
  }

  public init(from reader: inout ByteReader) throws {
    reading = Reading(path: try reader.readString(), layout: try reader.readBytes(), schema: try reader.readSchema())
    columns = try reader.readArray { reader in
      Column(
        index: try reader.readInt(), name: try reader.readString(), type: try reader.readType(), text: try reader.readString(),
        byteOffset: try reader.readInt(), reason: try reader.readOptional { try $0.readString() })
    }
    layout = try reader.readOptional { try $0.readBytes() }
    let (start, end) = (try reader.readInt(), try reader.readInt())
    guard start <= end else { throw DecodingFailure("a split that ends before it starts") }
    range = start..<end
  }
}
