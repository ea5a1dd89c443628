// Which type fits a cell, and which fits two.
import CDshKernels
import DshColumns

enum CSVTypeInference {
  /// The type of one cell, `null` for a null.
  static func classify(_ cells: inout dsh_csv_cells, _ index: Int) -> DataType {
    var start: UnsafePointer<UInt8>?
    var length: Int64 = 0
    let place = Int64(index)
    if dsh_csv_cell(&cells, place, &start, &length) != 0 { return .null }
    // Nothing between quotes is an empty text in a column of texts and no value in others.
    if length == 2, let start, cells.quote != 0, start[0] == cells.quote, start[1] == cells.quote { return .null }
    for type in [DataType.int64, .float64, .bool, .date, .timestamp] where fits(&cells, place, type) { return type }
    return .string
  }

  private static func fits(_ cells: inout dsh_csv_cells, _ index: Int64, _ type: DataType) -> Bool {
    // The kernels write to `values[index]`: bend the cell's number to 0 instead of the pointers.
    var one = cells
    one.first_record += cells.records.map { Int64($0[Int(index)]) } ?? index
    one.records = nil
    var integer: Int64 = 0
    var double = 0.0
    var days: Int32 = 0
    var flag: UInt8 = 0
    var valid: UInt8 = 0
    var nulls: Int64 = 0
    switch type {
    case .int64: return dsh_csv_parse_int64(&one, 0, 1, &integer, &valid, &nulls) == 1
    case .float64:
      if dsh_csv_parse_float64(&one, 0, 1, &double, &valid, &nulls) == 1 { return true }
      return exactFloat(&one, 0) != nil
    case .bool: return dsh_csv_parse_bool(&one, 0, 1, &flag, &valid, &nulls) == 1
    case .date: return dsh_csv_parse_date(&one, 0, 1, &days, &valid, &nulls) == 1
    case .timestamp: return dsh_csv_parse_timestamp(&one, 0, 1, &integer, &valid, &nulls) == 1
    default: return true
    }
  }

  /// A decimal number that takes the long way to round, or nil if the cell is none or beyond the range of float64.
  static func exactFloat(_ cells: inout dsh_csv_cells, _ index: Int) -> Double? {
    var start: UnsafePointer<UInt8>?
    var length: Int64 = 0
    guard dsh_csv_float_text(&cells, Int64(index), &start, &length) != 0, let start else { return nil }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: Int(length)), as: UTF8.self)
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The type that fits cells `0..<count` and `type`, and the first cell that `type` itself does not fit.
  static func widen(_ type: DataType, _ cells: inout dsh_csv_cells, count: Int, scratch: CSVScratch) -> (type: DataType, misfit: Int?) {
    var type = type
    var misfit: Int?
    var index = 0
    scratch.reserve(count)
    while index < count {
      if type == .string { break }
      let stop = type == .null ? index : skipFitting(type, &cells, from: index, count: count, scratch)
      if stop >= count { break }
      let found = classify(&cells, stop)
      var wider = type.widened(with: found)
      // A whole number that float64 would round makes the column text: this one, or one of those before.
      if type == .float64 && found == .int64 { wider = .string }
      if type == .int64 && found == .float64 && skipFitting(.float64, &cells, from: 0, count: stop, scratch) < stop { wider = .string }
      if wider != type && misfit == nil { misfit = stop }
      type = wider
      index = stop + 1
    }
    return (type, misfit)
  }

  /// The index of the first cell from `from` on that the type's kernel refuses.
  private static func skipFitting(
    _ type: DataType, _ cells: inout dsh_csv_cells, from: Int, count: Int, _ scratch: CSVScratch
  ) -> Int {
    let (first, last) = (Int64(from), Int64(count))
    var nulls: Int64 = 0
    switch type {
    case .int64: return Int(dsh_csv_parse_int64(&cells, first, last, scratch.values(), scratch.valid, &nulls))
    case .float64: return Int(dsh_csv_parse_float64(&cells, first, last, scratch.values(), scratch.valid, &nulls))
    case .bool: return Int(dsh_csv_parse_bool(&cells, first, last, scratch.values(), scratch.valid, &nulls))
    case .date: return Int(dsh_csv_parse_date(&cells, first, last, scratch.values(), scratch.valid, &nulls))
    case .timestamp: return Int(dsh_csv_parse_timestamp(&cells, first, last, scratch.values(), scratch.valid, &nulls))
    default: return count
    }
  }
}

/// Room for the values of some cells on their way into a column, used again and again by one thread.
final class CSVScratch {
  private var rows = 0
  private var storage = MutableBuffer(capacity: 0)
  private var validity = MutableBuffer(capacity: 0)

  func reserve(_ count: Int) {
    guard count > rows else { return }
    rows = count
    storage = MutableBuffer(capacity: count * 8)
    validity = MutableBuffer(capacity: count)
  }

  var valid: UnsafeMutablePointer<UInt8> { validity.pointer() }
  func values<T>(_: T.Type = T.self) -> UnsafeMutablePointer<T> { storage.pointer() }
}
