// `min` and `max` of numbers, dates, timestamps and bools.

import CDshKernels
import DshColumns

/// The least or greatest value, kept as a signed word whose order is that of the values; a maximum is the minimum of the
/// words with all bits turned.
final class FixedExtreme: Accumulator {
  private let type: DataType
  private let turned: Int64
  private let least = GroupArray<Int64>(initial: .max)

  init(type: DataType, isMaximum: Bool) {
    self.type = type
    turned = isMaximum ? -1 : 0
  }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    least.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + least.sizeBytes }

  override func add(_ rows: AggregateRows) {
    let words = OrderWords.words(of: rows.column, turned: turned)
    if let groups = rows.groups, rows.valid == nil, let few = fewGroups(for: rows.count) {
      dsh_least_few(least.pointer, few, groups, words, rows.count)
    } else if let groups = rows.groups {
      dsh_least(least.pointer, groups, words, rows.valid, rows.count)
    } else {
      var best = least[0]
      for row in 0..<rows.count where rows.isValid(row) && words[row] < best { best = words[row] }
      least[0] = best
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    let words = OrderWords.words(of: states[0], turned: turned)
    let least = least.pointer
    if states[0].nullCount == 0 {
      for row in 0..<words.count { least[Int(groups[row])] = min(least[Int(groups[row])], words[row]) }
      correct(groups, by: 1)
      return
    }
    for row in 0..<words.count where states[0].isValid(row) {
      let group = Int(groups[row])
      least[group] = min(least[group], words[row])
      correct(group, by: 1)
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    if type != .bool, (0..<groupCount).allSatisfy({ valueCount($0, rowCounts) != 0 }) {
      return [OrderWords.column(least.pointer, count: groupCount, type: type, turned: turned)]
    }
    let builder = ColumnBuilder(type: type, rows: groupCount)
    for group in 0..<groupCount {
      if valueCount(group, rowCounts) == 0 { builder.appendNull() } else { OrderWords.append(least[group] ^ turned, to: builder) }
    }
    return [builder.finish()]
  }
}

/// Fixed-width values as signed words in the same order; NaN comes after every number, the zeros are one.
enum OrderWords {
  static func words(of column: Column, turned: Int64 = 0) -> [Int64] {
    let count = column.count
    return [Int64](unsafeUninitializedCapacity: count) { output, written in
      written = count
      switch column.storage {
      case .fixed(let buffer):
        switch column.type.fixedLayout {
        case .float64:
          let values = buffer.pointer(to: Double.self)
          for row in 0..<count { output[row] = word(of: values[row]) ^ turned }
        case .int32:
          let values = buffer.pointer(to: Int32.self)
          for row in 0..<count { output[row] = Int64(values[row]) ^ turned }
        default:
          let values = buffer.pointer(to: Int64.self)
          for row in 0..<count { output[row] = values[row] ^ turned }
        }
      case .bits(let buffer):
        let bits = Bitmap(buffer: buffer, count: count)
        for row in 0..<count { output[row] = (bits[row] ? 1 : 0) ^ turned }
      default: for row in 0..<count { output[row] = 0 }
      }
    }
  }

  /// The bits of a double, those below the sign turned for negative numbers.
  @inline(__always) static func word(of value: Double) -> Int64 {
    let bits = Int64(bitPattern: KeyWords.word(of: value))
    return bits ^ ((bits >> 63) & .max)
  }

  /// A column of fixed width of so many words, none of them null.
  static func column(_ words: UnsafePointer<Int64>, count: Int, type: DataType, turned: Int64) -> Column {
    let width = type.fixedWidthBytes ?? 8
    let values = MutableBuffer(capacity: count * width)
    values.byteCount = count * width
    switch type {
    case .float64:
      let output = values.pointer(to: Int64.self)
      for index in 0..<count {
        let word = words[index] ^ turned
        output[index] = word ^ ((word >> 63) & .max)
      }
    case .date:
      let output = values.pointer(to: Int32.self)
      for index in 0..<count { output[index] = Int32(truncatingIfNeeded: words[index] ^ turned) }
    default:
      let output = values.pointer(to: Int64.self)
      for index in 0..<count { output[index] = words[index] ^ turned }
    }
    return Column(type: type, count: count, validity: nil, storage: .fixed(values.freeze()))
  }

  static func append(_ word: Int64, to builder: ColumnBuilder) {
    switch builder.type {
    case .float64: builder.append(float64: Double(bitPattern: UInt64(bitPattern: word ^ ((word >> 63) & .max))))
    case .date: builder.append(date: Int32(truncatingIfNeeded: word))
    case .bool: builder.append(bool: word != 0)
    default: builder.append(int64: word)
    }
  }
}
