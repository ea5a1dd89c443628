// What stands before each page of a column.

/// A `PageHeader` of `parquet.thrift`.
struct ParquetPageHeader {
  enum Kind: Int {
    case data = 0
    case index
    case dictionary
    case dataV2
  }

  var kind: Kind?
  var uncompressedBytes = 0
  var compressedBytes = 0
  var checksum: UInt32?
  /// Values of the page, nulls among them; entries of a dictionary.
  var valueCount = 0
  var encoding = ParquetEncoding.plain
  var definitionEncoding = ParquetEncoding.runLength
  var repetitionEncoding = ParquetEncoding.runLength
  /// Of a page of the second version: its rows, the bytes of its levels, and whether its values are compressed.
  var rowCount = 0
  var definitionBytes = 0
  var repetitionBytes = 0
  var isCompressed = true

  /// Headers are not longer than this, with statistics of long texts.
  static let limitBytes = 16 << 20

  /// Throws `ThriftFailure`.
  init(from reader: inout ThriftReader) throws {
    var header = ParquetPageHeader()
    var rawKind = -1
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: rawKind = try reader.readInt(type)
      case 2: header.uncompressedBytes = Int(try reader.readInt32(type))
      case 3: header.compressedBytes = Int(try reader.readInt32(type))
      case 4: header.checksum = UInt32(bitPattern: try reader.readInt32(type))
      case 5: try header.readData(&reader)
      case 7: try header.readDictionary(&reader)
      case 8: try header.readDataV2(&reader)
      default: return false
      }
      return true
    }
    header.kind = Kind(rawValue: rawKind)
    guard header.uncompressedBytes >= 0, header.compressedBytes >= 0, header.valueCount >= 0, header.rowCount >= 0 else {
      throw ThriftFailure(reason: "a page has a size below zero")
    }
    self = header
  }

  private init() {}

  private static func encoding(_ number: Int) throws -> ParquetEncoding {
    guard let encoding = ParquetEncoding(rawValue: number) else {
      throw ThriftFailure(reason: "values have the unknown encoding \(number)")
    }
    return encoding
  }

  private mutating func readData(_ reader: inout ThriftReader) throws {
    var header = self
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: header.valueCount = Int(try reader.readInt32(type))
      case 2: header.encoding = try Self.encoding(reader.readInt(type))
      case 3: header.definitionEncoding = try Self.encoding(reader.readInt(type))
      case 4: header.repetitionEncoding = try Self.encoding(reader.readInt(type))
      default: return false
      }
      return true
    }
    self = header
  }

  private mutating func readDictionary(_ reader: inout ThriftReader) throws {
    var header = self
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: header.valueCount = Int(try reader.readInt32(type))
      case 2: header.encoding = try Self.encoding(reader.readInt(type))
      default: return false
      }
      return true
    }
    self = header
  }

  private mutating func readDataV2(_ reader: inout ThriftReader) throws {
    var header = self
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: header.valueCount = Int(try reader.readInt32(type))
      case 3: header.rowCount = Int(try reader.readInt32(type))
      case 4: header.encoding = try Self.encoding(reader.readInt(type))
      case 5: header.definitionBytes = Int(try reader.readInt32(type))
      case 6: header.repetitionBytes = Int(try reader.readInt32(type))
      case 7: header.isCompressed = try reader.readBool(type)
      default: return false
      }
      return true
    }
    guard header.definitionBytes >= 0, header.repetitionBytes >= 0 else { throw ThriftFailure(reason: "levels have a size below zero") }
    self = header
  }
}
