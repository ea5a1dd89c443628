// Cells of one column as the kernels see them, with nothing readable but the padding behind the last.
import CDshKernels

/// One column of text, a cell a record, that lives as long as the value.
final class CSVRawCells {
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let entries: UnsafeMutableBufferPointer<UInt32>
  private let records: UnsafeMutableBufferPointer<Int32>
  private let nullBytes: UnsafeMutableBufferPointer<UInt8>
  private let nullTexts: UnsafeMutableBufferPointer<dsh_csv_null_text>
  private(set) var cells = dsh_csv_cells()
  let count: Int

  /// - Parameter order: the records to take, in that order; nil for one after the other.
  init(_ texts: [[UInt8]], order: [Int32]? = nil, null: [UInt8] = [], filling: UInt8 = UInt8(ascii: "1")) {
    count = order?.count ?? texts.count
    let joined = Array(texts.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
    bytes = .allocate(capacity: joined.count + Int(DSH_CSV_PADDING))
    _ = bytes.initialize(from: joined + Array(repeating: filling, count: Int(DSH_CSV_PADDING)))
    entries = .allocate(capacity: texts.count + 1)
    var ends: [UInt32] = [.max]
    for text in texts { ends.append((ends.last ?? 0) &+ UInt32(text.count) &+ 1) }
    _ = entries.initialize(from: ends)
    records = .allocate(capacity: max(1, count))
    _ = records.initialize(from: order ?? [])
    nullBytes = .allocate(capacity: null.count + 1)
    _ = nullBytes.initialize(from: null)
    nullTexts = .allocate(capacity: 1)
    nullTexts.initialize(repeating: dsh_csv_null_text(bytes: UnsafePointer(nullBytes.baseAddress), length: Int64(null.count)))
    cells.bytes = UnsafePointer(bytes.baseAddress)
    cells.entries = UnsafePointer(entries.baseAddress)
    cells.stride = 1
    cells.records = order == nil ? nil : UnsafePointer(records.baseAddress)
    cells.strips_return = 1
    cells.quote = UInt8(ascii: "\"")
    if let first = null.first {
      cells.null_texts = UnsafePointer(nullTexts.baseAddress)
      cells.null_text_count = 1
      cells.null_lengths = 1 << UInt64(min(63, null.count))
      withUnsafeMutableBytes(of: &cells.null_first_bytes) {
        $0.storeBytes(of: 1 << UInt64(first & 63), toByteOffset: Int(first >> 6) * 8, as: UInt64.self)
      }
    }
  }

  deinit {
    bytes.deallocate()
    entries.deallocate()
    records.deallocate()
    nullBytes.deallocate()
    nullTexts.deallocate()
  }

  typealias Parse<Value> = (
    UnsafePointer<dsh_csv_cells>, Int64, Int64, UnsafeMutablePointer<Value>, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<Int64>
  ) -> Int64

  /// What a parser makes of cells: where it stopped for good, values and nulls. A cell that it refuses is passed over, at most `refusals` times.
  func parse<Value: BitwiseCopyable>(_ parse: Parse<Value>, empty: Value, refusals: Int = 1000) -> CSVParsed<Value> {
    var result = CSVParsed(values: Array(repeating: empty, count: count), valid: Array(repeating: UInt8(9), count: count))
    var index: Int64 = 0
    while index < count {
      index = withUnsafePointer(to: cells) { parse($0, index, Int64(count), &result.values, &result.valid, &result.nulls) }
      if index == count || result.refused.count == refusals { break }
      result.refused.append(Int(index))
      (result.values[Int(index)], result.valid[Int(index)]) = (empty, 9)
      index += 1
    }
    return result
  }
}

struct CSVParsed<Value> {
  var values: [Value]
  var valid: [UInt8]
  var nulls: Int64 = 0
  var refused: [Int] = []
}
