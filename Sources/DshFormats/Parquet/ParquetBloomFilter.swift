// The split block Bloom filter of a column of a row group (Apache Parquet format, "Bloom Filter").
import CDshKernels
import DshDiagnostics

/// Tells of a value that it is not in a column.
struct ParquetBloomFilter {
  private let blocks: [UInt8]

  private static let blockBytes = 32
  /// Larger ones are not read: a look at the column costs less.
  private static let limitBytes = 16 << 20
  private static let salts: [UInt32] = [
    0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
  ]

  /// Nil if there is none, or none that can be understood.
  init?(_ source: ByteSource, _ chunk: ParquetColumnChunk) {
    guard let offset = chunk.bloomFilterOffset, offset >= 0, offset < source.sizeBytes, let head = try? source.bytes(at: offset, count: 64)
    else {
      return nil
    }
    var byteCount = 0
    var (isBlocks, isHash, isPlain) = (false, false, false)
    let headerBytes = head.withUnsafeBytes { bytes -> Int? in
      var reader = ThriftReader(bytes)
      let read: Void? = try? reader.readStructure { number, type, reader in
        if number == 1 {
          byteCount = Int(try reader.readInt32(type))
          return true
        }
        guard (2...4).contains(number) else { return false }
        try reader.readStructure { choice, _, _ in
          if number == 2 { isBlocks = choice == 1 }
          if number == 3 { isHash = choice == 1 }
          if number == 4 { isPlain = choice == 1 }
          return false
        }
        return true
      }
      return read == nil ? nil : reader.position
    }
    guard let headerBytes, isBlocks, isHash, isPlain, byteCount > 0, byteCount <= Self.limitBytes, byteCount % Self.blockBytes == 0,
      let blocks = try? source.bytes(at: offset + headerBytes, count: byteCount), blocks.count == byteCount
    else { return nil }
    self.blocks = blocks
  }

  /// Whether a value, as it stands in a page, may be there.
  func mayHold(_ value: [UInt8]) -> Bool {
    let hash = value.withUnsafeBufferPointer { bytes -> UInt64 in
      guard let base = bytes.baseAddress else { return dsh_xxhash64([0], 0) }
      return dsh_xxhash64(base, bytes.count)
    }
    let block = Int((hash >> 32) &* UInt64(blocks.count / Self.blockBytes) >> 32) * Self.blockBytes
    let key = UInt32(truncatingIfNeeded: hash)
    return Self.salts.enumerated().allSatisfy { word, salt in
      let bit = (key &* salt) >> 27
      return blocks[block + word * 4 + Int(bit / 8)] & (1 << UInt8(bit % 8)) != 0
    }
  }
}
