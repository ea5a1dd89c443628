// The order of two rows of one column or of two columns of one type, for any type.

import DshColumns

/// Comparison of single values inside columns.
enum RowOrder {
  /// The order of two values that are not null: negative, zero or positive. NaN equals itself and follows every number,
  /// -0.0 equals 0.0, false precedes true, text and binary go bytewise, lists and structures member by member with nulls last.
  static func compare(_ a: Column, _ rowA: Int, _ b: Column, _ rowB: Int) -> Int {
    switch (a.storage, b.storage) {
    case (.bits(let left), .bits(let right)):
      let x = Bitmap(buffer: left, count: a.count)[rowA] ? 1 : 0
      let y = Bitmap(buffer: right, count: b.count)[rowB] ? 1 : 0
      return x - y
    case (.fixed(let left), .fixed(let right)):
      switch a.type.fixedLayout {
      case .float64: return compare(left.pointer(to: Double.self)[rowA], right.pointer(to: Double.self)[rowB])
      case .float32: return compare(Double(left.pointer(to: Float.self)[rowA]), Double(right.pointer(to: Float.self)[rowB]))
      case .int64: return compare(left.pointer(to: Int64.self)[rowA], right.pointer(to: Int64.self)[rowB])
      case .uint64: return compare(left.pointer(to: UInt64.self)[rowA], right.pointer(to: UInt64.self)[rowB])
      case .int128: return compare(left.pointer(to: Int128.self)[rowA], right.pointer(to: Int128.self)[rowB])
      case let layout:
        return compare(FixedValues(left, layout ?? .int64)[rowA], FixedValues(right, layout ?? .int64)[rowB])
      }
    case (.text, _), (.dictionary, _): return TextArgument(a)[rowA].order(to: TextArgument(b)[rowB])
    case (.list(let offsetsA, let elementsA), .list(let offsetsB, let elementsB)):
      let (x, y) = (offsetsA.pointer(to: Int32.self), offsetsB.pointer(to: Int32.self))
      let (countA, countB) = (Int(x[rowA + 1] - x[rowA]), Int(y[rowB + 1] - y[rowB]))
      for index in 0..<min(countA, countB) {
        let order = compareNullable(elementsA, Int(x[rowA]) + index, elementsB, Int(y[rowB]) + index)
        if order != 0 { return order }
      }
      return countA - countB
    case (.structure(let left), .structure(let right)):
      for (x, y) in zip(left, right) {
        let order = compareNullable(x, rowA, y, rowB)
        if order != 0 { return order }
      }
      return 0
    default: return 0
    }
  }

  /// The same with nulls last.
  static func compareNullable(_ a: Column, _ rowA: Int, _ b: Column, _ rowB: Int) -> Int {
    switch (a.isValid(rowA), b.isValid(rowB)) {
    case (true, true): compare(a, rowA, b, rowB)
    case (true, false): -1
    case (false, true): 1
    case (false, false): 0
    }
  }

  @inline(__always) static func compare<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

  @inline(__always) static func compare(_ a: Double, _ b: Double) -> Int {
    if a < b { return -1 }
    if a == b { return 0 }
    if a > b { return 1 }
    return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0)
  }
}
