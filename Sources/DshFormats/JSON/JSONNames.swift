// The names of members that are known, as the walk over objects looks for them.
import CDshKernels
import DshColumns

/// Some names at stable addresses, and which objects had them; one thread uses it.
final class JSONNames {
  private let bytes: MutableBuffer
  private let names: UnsafeMutablePointer<dsh_json_name>
  private let table: UnsafeMutablePointer<UInt32>
  private let stamps: UnsafeMutablePointer<UInt32>
  private var known: dsh_json_names

  /// - Parameters:
  ///   - slots: the number of the cell of each name; -1 for names whose values are not wanted.
  ///   - isRaw: whether the cells of strings have their quotes, for each name.
  init(_ texts: [String], slots: [Int], isRaw: [Bool]) {
    let count = texts.count
    let size = max(4, count * 2).nextPowerOfTwo
    let bytes = MutableBuffer(capacity: texts.reduce(0) { $0 + $1.utf8.count + 3 } + 8)
    let names = UnsafeMutablePointer<dsh_json_name>.allocate(capacity: max(1, count))
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
    table.initialize(repeating: 0, count: size)
    stamps = .allocate(capacity: max(1, count))
    stamps.initialize(repeating: 0, count: max(1, count))
    for (index, text) in texts.enumerated() {
      let utf8 = Array("\"\(text)\":".utf8)
      let start = UnsafePointer(bytes.pointer(to: UInt8.self) + bytes.byteCount)
      utf8.withUnsafeBytes { if let base = $0.baseAddress { bytes.append(base, byteCount: utf8.count) } }
      let length = utf8.count - 3
      let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      names[index] = dsh_json_name(
        text: start, length: Int64(length), slot: Int32(slots[index]), is_raw: isRaw[index] ? 1 : 0, is_plain: isPlain ? 1 : 0)
      var slot = Int(truncatingIfNeeded: dsh_json_name_hash(start + 1, Int64(length))) & (size - 1)
      while table[slot] != 0 { slot = (slot + 1) & (size - 1) }
      table[slot] = UInt32(index + 1)
    }
    self.bytes = bytes
    self.names = names
    self.table = table
    // What is compared is read in words of eight bytes.
    bytes.appendZeros(8)
    known = dsh_json_names(names: names, count: Int64(count), table: table, table_size: Int64(size), stamps: stamps, serial: 0)
  }

  deinit {
    names.deallocate()
    table.deallocate()
    stamps.deallocate()
  }

  func withPointer<T>(_ body: (UnsafeMutablePointer<dsh_json_names>) -> T) -> T { withUnsafeMutablePointer(to: &known, body) }
}

extension Int {
  /// The least power of two that is not less.
  fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
