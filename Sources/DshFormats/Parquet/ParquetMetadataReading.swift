// Reads the footer of a Parquet file out of its Thrift structures.

extension ParquetMetadata {
  /// Reads a `FileMetaData`; throws `ThriftFailure`.
  init(from reader: inout ThriftReader) throws {
    var metadata = ParquetMetadata()
    var chunks = 0
    try reader.readStructure { number, type, reader in
      switch number {
      case 2:
        metadata.schema = try reader.readList(type, limit: Self.nodeLimit) { _, reader in try ParquetSchemaElement(from: &reader) }
      case 3: metadata.rowCount = try reader.readInt(type)
      case 4:
        metadata.rowGroups = try reader.readList(type, limit: Self.chunkLimit) { _, reader in
          let group = try ParquetRowGroup(from: &reader, chunkLimit: Self.chunkLimit - chunks)
          chunks += group.columns.count + 1
          return group
        }
      case 5:
        let notes = try reader.readList(type, limit: Self.noteLimit) { _, reader in try Self.readArrowSchema(&reader) }
        metadata.arrowSchema = notes.lazy.compactMap { $0 }.first
      case 6: metadata.createdBy = try reader.readText(type)
      case 7:
        metadata.hasTypeOrder = try reader.readList(type, limit: Self.nodeLimit) { _, reader in
          var isKnown = false
          try reader.readStructure { number, _, _ in
            isKnown = number == 1
            return false
          }
          return isKnown
        }
      case 8: metadata.isEncrypted = true; return false
      default: return false
      }
      return true
    }
    self = metadata
  }

  /// Reads a `KeyValue`; the value under the key that Arrow's writers use, nil under any other.
  private static func readArrowSchema(_ reader: inout ThriftReader) throws -> [UInt8]? {
    var (key, value): ([UInt8], [UInt8]) = ([], [])
    try reader.readStructure { number, type, reader in
      guard type == .binary, number == 1 || number == 2 else { return false }
      if number == 1 { key = try reader.readBytes(type) } else { value = try reader.readBytes(type) }
      return true
    }
    return key.elementsEqual(ParquetArrowSchema.key.utf8) ? value : nil
  }
}

extension ParquetSchemaElement {
  init(from reader: inout ThriftReader) throws {
    var element = ParquetSchemaElement()
    var converted: Int?
    var (scale, precision) = (0, 0)
    try reader.readStructure { number, type, reader in
      switch number {
      case 1:
        guard let physical = ParquetPhysicalType(rawValue: try reader.readInt(type)) else {
          throw ThriftFailure(reason: "a column is of an unknown type")
        }
        element.type = physical
      case 2: element.lengthBytes = Int(try reader.readInt32(type))
      case 3:
        guard let repetition = ParquetRepetition(rawValue: try reader.readInt(type)) else {
          throw ThriftFailure(reason: "a column is neither required, optional nor repeated")
        }
        element.repetition = repetition
      case 4: element.name = try reader.readText(type)
      case 5: element.childCount = Int(try reader.readInt32(type))
      case 6: converted = try reader.readInt(type)
      case 7: scale = Int(try reader.readInt32(type))
      case 8: precision = Int(try reader.readInt32(type))
      case 10: element.logicalType = try ParquetLogicalType(from: &reader)
      default: return false
      }
      return true
    }
    if element.logicalType == nil || element.logicalType == .other {
      element.logicalType =
        converted.flatMap { ParquetLogicalType(converted: $0, precision: precision, scale: scale) } ?? element.logicalType
    }
    self = element
  }
}

extension ParquetLogicalType {
  /// What an older `ConvertedType` stands for; nil for an unknown one.
  init?(converted: Int, precision: Int, scale: Int) {
    switch converted {
    case 0: self = .string
    case 1, 2: self = .map
    case 3: self = .list
    case 4: self = .enumeration
    case 5: self = .decimal(precision: precision, scale: scale)
    case 6: self = .date
    case 7: self = .time(.milliseconds, isUTC: true)
    case 8: self = .time(.microseconds, isUTC: true)
    case 9: self = .timestamp(.milliseconds, isUTC: true)
    case 10: self = .timestamp(.microseconds, isUTC: true)
    case 11...14: self = .integer(bits: 8 << (converted - 11), isSigned: false)
    case 15...18: self = .integer(bits: 8 << (converted - 15), isSigned: true)
    case 19: self = .json
    case 20: self = .bson
    case 21: self = .interval
    default: return nil
    }
  }

  /// Reads a `LogicalType`.
  init(from reader: inout ThriftReader) throws {
    var logical = ParquetLogicalType.other
    try reader.readStructure { number, _, reader in
      switch number {
      case 1: logical = .string
      case 2: logical = .map
      case 3: logical = .list
      case 4: logical = .enumeration
      case 5:
        var (scale, precision) = (0, 0)
        try reader.readStructure { number, type, reader in
          if number == 1 { scale = Int(try reader.readInt32(type)) }
          if number == 2 { precision = Int(try reader.readInt32(type)) }
          return number == 1 || number == 2
        }
        logical = .decimal(precision: precision, scale: scale)
        return true
      case 6: logical = .date
      case 7, 8:
        let (isUTC, unit) = try Self.readTime(&reader)
        logical = number == 7 ? .time(unit, isUTC: isUTC) : .timestamp(unit, isUTC: isUTC)
        return true
      case 10:
        var (bits, isSigned) = (0, false)
        try reader.readStructure { number, type, reader in
          if number == 1 { bits = try reader.readInt(type) }
          if number == 2 { isSigned = try reader.readBool(type) }
          return number == 1 || number == 2
        }
        logical = .integer(bits: bits, isSigned: isSigned)
        return true
      case 11: logical = .unknown
      case 12: logical = .json
      case 13: logical = .bson
      case 14: logical = .uuid
      case 15: logical = .float16
      default: break
      }
      return false
    }
    self = logical
  }

  private static func readTime(_ reader: inout ThriftReader) throws -> (isUTC: Bool, unit: Unit) {
    var isUTC = false
    var unit: Unit?
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: isUTC = try reader.readBool(type)
      case 2:
        try reader.readStructure { number, _, _ in
          unit = Unit(rawValue: number)
          return false
        }
      default: return false
      }
      return true
    }
    guard let unit else { throw ThriftFailure(reason: "a time is of an unknown unit") }
    return (isUTC, unit)
  }
}

extension ParquetStatistics {
  init(from reader: inout ThriftReader) throws {
    var statistics = ParquetStatistics()
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: statistics.legacyGreatest = try reader.readBytes(type)
      case 2: statistics.legacyLeast = try reader.readBytes(type)
      case 3: statistics.nullCount = try reader.readInt(type)
      case 5: statistics.greatest = try reader.readBytes(type)
      case 6: statistics.least = try reader.readBytes(type)
      case 7: statistics.greatestIsExact = try reader.readBool(type)
      case 8: statistics.leastIsExact = try reader.readBool(type)
      default: return false
      }
      return true
    }
    self = statistics
  }
}

extension ParquetRowGroup {
  init(from reader: inout ThriftReader, chunkLimit: Int) throws {
    var group = ParquetRowGroup()
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: group.columns = try reader.readList(type, limit: chunkLimit) { _, reader in try ParquetColumnChunk(from: &reader) }
      case 2: group.totalBytes = try reader.readInt(type)
      case 3: group.rowCount = try reader.readInt(type)
      default: return false
      }
      return true
    }
    self = group
  }
}

extension ParquetColumnChunk {
  init(from reader: inout ThriftReader) throws {
    var chunk = ParquetColumnChunk()
    var isThere = false
    try reader.readStructure { number, type, reader in
      switch number {
      case 1: chunk.isElsewhere = try !reader.readBytes(type).isEmpty
      case 3:
        try chunk.readValues(&reader)
        isThere = true
      case 4: chunk.offsetIndexOffset = try reader.readInt(type)
      case 5: chunk.offsetIndexBytes = Int(try reader.readInt32(type))
      case 6: chunk.columnIndexOffset = try reader.readInt(type)
      case 7: chunk.columnIndexBytes = Int(try reader.readInt32(type))
      case 8: chunk.isEncrypted = true; return false
      default: return false
      }
      return true
    }
    guard isThere || chunk.isEncrypted else { throw ThriftFailure(reason: "a column of a row group is not described") }
    self = chunk
  }

  /// Reads a `ColumnMetaData`.
  private mutating func readValues(_ reader: inout ThriftReader) throws {
    var chunk = self
    try reader.readStructure { number, type, reader in
      switch number {
      case 1:
        guard let physical = ParquetPhysicalType(rawValue: try reader.readInt(type)) else {
          throw ThriftFailure(reason: "a column is of an unknown type")
        }
        chunk.type = physical
      case 4: chunk.codec = try reader.readInt(type)
      case 5: chunk.valueCount = try reader.readInt(type)
      case 6: chunk.uncompressedBytes = try reader.readInt(type)
      case 7: chunk.compressedBytes = try reader.readInt(type)
      case 9: chunk.dataPageOffset = try reader.readInt(type)
      case 11: chunk.dictionaryPageOffset = try reader.readInt(type)
      case 12: chunk.statistics = try ParquetStatistics(from: &reader)
      case 14: chunk.bloomFilterOffset = try reader.readInt(type)
      case 15: chunk.bloomFilterBytes = Int(try reader.readInt32(type))
      default: return false
      }
      return true
    }
    self = chunk
  }
}
