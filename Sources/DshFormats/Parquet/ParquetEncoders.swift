// The encodings that are written: runs, packed differences, and dictionaries where values repeat.
import CDshKernels
import DshColumns

/// Appends numbers as runs and packed bits.
enum ParquetRunLength {
  /// - Parameter width: the bits of a number.
  static func append(_ numbers: UnsafeBufferPointer<UInt32>, width: Int, to output: MutableBuffer) {
    var index = 0
    var packedStart = 0
    func flushPacked(_ end: Int) {
      guard end > packedStart else { return }
      let groups = (end - packedStart + 7) / 8
      appendNumber(UInt64(groups) << 1 | 1, to: output)
      appendPacked(numbers, packedStart..<end, groups: groups, width: width, to: output)
    }
    while index < numbers.count {
      var end = index + 1
      while end < numbers.count, numbers[end] == numbers[index] { end += 1 }
      // A run pays from eight values on; what stands before it in packed groups of eight takes its first values to be whole.
      let lead = (8 - (index - packedStart) % 8) % 8
      if end - index >= 8 + lead {
        flushPacked(index + lead)
        appendNumber(UInt64(end - index - lead) << 1, to: output)
        let value = numbers[index]
        for byte in 0..<(width + 7) / 8 { output.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
        packedStart = end
      }
      index = end
    }
    flushPacked(numbers.count)
  }

  private static func appendPacked(
    _ numbers: UnsafeBufferPointer<UInt32>, _ range: Range<Int>, groups: Int, width: Int, to output: MutableBuffer
  ) {
    var word: UInt64 = 0
    var bits = 0
    var written = 0
    output.reserve(groups * width + 8)
    for index in range {
      word |= UInt64(numbers[index]) &<< UInt64(bits)
      bits += width
      while bits >= 8 {
        output.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
        bits -= 8
        written += 1
      }
    }
    if bits > 0 {
      output.append(UInt8(truncatingIfNeeded: word))
      written += 1
    }
    output.appendZeros(groups * width - written)
  }

  /// Seven bits a byte.
  static func appendNumber(_ number: UInt64, to output: MutableBuffer) {
    var number = number
    while number >= 0x80 {
      output.append(UInt8(truncatingIfNeeded: number) | 0x80)
      number >>= 7
    }
    output.append(UInt8(number))
  }
}

/// Appends integers as packed differences.
enum ParquetDelta {
  private static let blockValues = 128
  private static let miniblocks = 4

  static func append(_ numbers: UnsafeBufferPointer<Int64>, to output: MutableBuffer) {
    ParquetRunLength.appendNumber(UInt64(blockValues), to: output)
    ParquetRunLength.appendNumber(UInt64(miniblocks), to: output)
    ParquetRunLength.appendNumber(UInt64(numbers.count), to: output)
    ParquetRunLength.appendNumber(zigzag(numbers.first ?? 0), to: output)
    var differences = [UInt64](repeating: 0, count: blockValues)
    var index = 1
    while index < numbers.count {
      let count = min(blockValues, numbers.count - index)
      var least = Int64.max
      for place in 0..<count {
        let difference = numbers[index + place] &- numbers[index + place - 1]
        differences[place] = UInt64(bitPattern: difference)
        least = min(least, difference)
      }
      for place in 0..<count { differences[place] = differences[place] &- UInt64(bitPattern: least) }
      ParquetRunLength.appendNumber(zigzag(least), to: output)
      appendBlock(differences, count, to: output)
      index += count
    }
  }

  private static func appendBlock(_ differences: [UInt64], _ count: Int, to output: MutableBuffer) {
    let size = blockValues / miniblocks
    let widths = (0..<miniblocks).map { miniblock -> Int in
      var all: UInt64 = 0
      for place in miniblock * size..<max(miniblock * size, min((miniblock + 1) * size, count)) { all |= differences[place] }
      return 64 - all.leadingZeroBitCount
    }
    for width in widths { output.append(UInt8(width)) }
    for (miniblock, width) in widths.enumerated() where miniblock * size < count {
      let start = output.byteCount
      output.appendZeros(size * width / 8)
      let bytes = output.pointer(to: UInt8.self) + start
      for place in 0..<size {
        let value = miniblock * size + place < count ? differences[miniblock * size + place] : 0
        var (bit, left) = (place * width, width)
        var rest = value
        while left > 0 {
          let room = min(left, 8 - bit % 8)
          bytes[bit / 8] |= UInt8(truncatingIfNeeded: rest & ((1 << UInt64(room)) - 1)) << UInt8(bit % 8)
          rest >>= UInt64(room)
          bit += room
          left -= room
        }
      }
    }
  }

  private static func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: (number << 1) ^ (number >> 63)) }
}

/// The different values of a leaf and which of them each value is; nil where it would not pay.
struct ParquetCodes {
  private(set) var codes: [UInt32] = []
  /// The values in the order in which they first came, by their numbers.
  private(set) var firsts: [Int] = []
  private(set) var plainBytes = 0

  /// A dictionary is given up beyond so many entries, or where most values are new.
  private static let entryLimit = 1 << 16
  private static let trialCount = 4096

  var width: Int { max(1, UInt32.bitWidth - UInt32(max(1, firsts.count) - 1).leadingZeroBitCount) }

  init?(_ leaf: ParquetLeafValues) {
    guard leaf.leaf.type != .bool, leaf.leaf.type != .null, leaf.valueCount > 0 else { return nil }
    let (isText, width) = (leaf.isText, leaf.widthBytes)
    func value(_ index: Int) -> UnsafeRawBufferPointer {
      isText ? leaf.text(index) : UnsafeRawBufferPointer(start: leaf.values.start + index * width, count: width)
    }
    var table = [Int32](repeating: -1, count: 1 << 10)
    var hashes: [UInt64] = []
    codes.reserveCapacity(leaf.valueCount)
    for index in 0..<leaf.valueCount {
      let bytes = value(index)
      let hash = Self.hash(bytes)
      var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
      while true {
        let entry = Int(table[slot])
        if entry < 0 {
          table[slot] = Int32(firsts.count)
          codes.append(UInt32(firsts.count))
          firsts.append(index)
          hashes.append(hash)
          plainBytes += bytes.count + (isText ? 4 : 0)
          break
        }
        if hashes[entry] == hash, value(firsts[entry]).elementsEqual(bytes) {
          codes.append(UInt32(entry))
          break
        }
        slot = (slot + 1) & (table.count - 1)
      }
      if firsts.count * 2 > table.count {
        table = [Int32](repeating: -1, count: table.count * 2)
        for (entry, hash) in hashes.enumerated() {
          var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
          while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
          table[slot] = Int32(entry)
        }
      }
      if firsts.count > Self.entryLimit || (index == Self.trialCount && firsts.count > Self.trialCount / 4 * 3) { return nil }
    }
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 &+ UInt64(bytes.count)
    var place = 0
    while place + 8 <= bytes.count {
      hash = (hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 29
      place += 8
    }
    while place < bytes.count {
      hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01B3
      place += 1
    }
    return hash ^ hash >> 32
  }
}
