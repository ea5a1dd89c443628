// One task's share of a file: which bytes, which columns, in plain data.
import DshColumns
import DshDiagnostics
import DshSystem

/// A part of one file to read.
///
/// A record belongs to the part in which its first byte lies.
public struct FileScan: Hashable, Sendable {
  /// A name of the format registry.
  public var format: String
  @ExactText public var path: String
  /// What errors call the file; nil for its path.
  public var name: String?
  /// The file as it was when it was named.
  public var identity: FileIdentity
  /// The format's own description of the file.
  public var layout: [UInt8]
  /// The names and types of all columns of the file.
  public var schema: Schema
  /// The columns to give back, in that order.
  public var wanted: [Int]
  /// The bytes of the part.
  public var bytes: Range<Int>
  /// Whether a record is known to start where the part does; otherwise the first start in it is guessed, and to be compared.
  public var startIsExact: Bool
  /// Whether layout and schema are those of files that this one is taken to be like: whoever opens it finds out, and reads all of it.
  public var isAssumed = false
  /// Whether the file is one that nobody changes or cuts short, so that its bytes are used where they lie.
  public var isMapped = false

  public init(
    format: String, path: String, name: String? = nil, identity: FileIdentity, layout: [UInt8], schema: Schema, wanted: [Int],
    bytes: Range<Int>, startIsExact: Bool
  ) {
    self.format = format
    self.path = path
    self.name = name
    self.identity = identity
    self.layout = layout
    self.schema = schema
    self.wanted = wanted
    self.bytes = bytes
    self.startIsExact = startIsExact
  }

  /// The schema of the batches.
  public var outputSchema: Schema { Schema(wanted.map { schema[$0] }) }

  /// The same part, known to start at a place. A record can be longer than a part: then nothing begins in it.
  public func starting(at start: Int) -> FileScan {
    var moved = self
    moved.bytes = start..<max(bytes.upperBound, start)
    moved.startIsExact = true
    return moved
  }

  /// The same part as another machine sees it; what has an address is the same everywhere.
  public var acrossMachines: FileScan {
    guard RemoteScheme(of: path) == nil else { return self }
    var seen = self
    seen.identity = identity.acrossMachines
    return seen
  }

  // MARK: Coding

  /// What scans of files that are alike have in common.
  public var common: FileScan {
    var common = self
    common.path = ""
    common.name = nil
    common.identity = .none
    common.bytes = 0..<0
    return common
  }

  /// Writes what is not in common.
  public func encodeOwn(to writer: inout ByteWriter) {
    writer.write(path)
    writer.write(name) { $0.write($1) }
    writer.write(identity.numbers) { $0.write($1) }
    writer.write(bytes.lowerBound)
    writer.write(bytes.upperBound)
  }

  /// A scan of what it has in common with others, and its own.
  public init(_ common: FileScan, own reader: inout ByteReader) throws {
    self = common
    path = try reader.readString()
    name = try reader.readOptional { try $0.readString() }
    guard let identity = FileIdentity(numbers: try reader.readArray { try $0.readInt64() }) else {
      throw DecodingFailure("a file without its identity")
    }
    self.identity = identity
    let (start, end) = (try reader.readInt(), try reader.readInt())
    guard start >= 0, end >= start else { throw DecodingFailure("a scan beyond its file") }
    bytes = start..<end
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(format)
    writer.write(layout)
    writer.write(schema)
    writer.write(wanted) { $0.write($1) }
    encodeOwn(to: &writer)
    writer.write(startIsExact)
    writer.write(isAssumed)
    writer.write(isMapped)
  }

  public init(from reader: inout ByteReader) throws {
    let format = try reader.readString()
    guard FormatRegistry.all.contains(where: { $0.name == format }) else { throw DecodingFailure("unknown format") }
    let layout = try reader.readBytes()
    let schema = try reader.readSchema()
    let wanted = try reader.readArray { try $0.readInt() }
    guard wanted.allSatisfy((0..<schema.count).contains) else { throw DecodingFailure("a scan beyond the columns of its file") }
    let common = FileScan(
      format: format, path: "", identity: .none, layout: layout, schema: schema, wanted: wanted, bytes: 0..<0, startIsExact: false)
    try self.init(common, own: &reader)
    startIsExact = try reader.readBool()
    isAssumed = try reader.readBool()
    isMapped = try reader.readBool()
  }
}
