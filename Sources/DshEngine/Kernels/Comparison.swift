// Comparisons of columns with columns and constants, as row sets; nulls are the caller's affair.

import CDshKernels
import DshColumns

/// The six comparisons.
enum Comparison: Sendable, CaseIterable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  /// The same comparison with the sides exchanged.
  var flipped: Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }

  fileprivate var code: dsh_comparison {
    switch self {
    case .equal: DSH_EQUAL
    case .notEqual: DSH_NOT_EQUAL
    case .less: DSH_LESS
    case .lessOrEqual: DSH_LESS_OR_EQUAL
    case .greater: DSH_GREATER
    case .greaterOrEqual: DSH_GREATER_OR_EQUAL
    }
  }

  /// Whether an order (negative, zero, positive) fulfils it.
  @inline(__always) func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }

  /// The rows for which it holds between two operands of one type; rows with a null hold anything.
  func rows(_ a: Operand, _ b: Operand, rowCount: Int) -> Bitmap {
    if a.isConstant && !b.isConstant { return flipped.rows(b, a, rowCount: rowCount) }
    if a.isConstant { return .repeating(rows(Operand(a.column), Operand(b.column), rowCount: 1)[0], count: rowCount) }
    switch (a.type, b.type) {
    case (.int64, .float64): return mixedRows(a, b, rowCount)
    case (.float64, .int64): return flipped.mixedRows(b, a, rowCount)
    default: break
    }
    switch (a.column.storage, b.column.storage) {
    case (.fixed(let left), .fixed(let right)) where [.int64, .int32, .float64].contains(a.type.fixedLayout):
      return mask(rowCount) { output in
        let step = b.isConstant ? 0 : 1
        switch a.type.fixedLayout {
        case .float64: dsh_compare_float64(code, left.pointer(), right.pointer(), step, rowCount, output)
        case .int32: dsh_compare_int32(code, left.pointer(), right.pointer(), step, rowCount, output)
        default: dsh_compare_int64(code, left.pointer(), right.pointer(), step, rowCount, output)
        }
      }
    case (.fixed(let left), .fixed(let right)) where a.type.fixedLayout == .int128:
      return wideRows(left.pointer(), right.pointer(), step: b.isConstant ? 0 : 1, rowCount)
    case (.bits, .bits): return boolRows(BoolArgument(a), BoolArgument(b), rowCount)
    case (.text, _), (.dictionary, _): return textRows(TextArgument(a), TextArgument(b), rowCount)
    default:
      return .make(count: rowCount) { word in
        var bits: UInt64 = 0
        for bit in 0..<min(64, rowCount - word * 64) {
          let row = word * 64 + bit
          let order = RowOrder.compare(a.column, row, b.column, b.isConstant ? 0 : row)
          if holds(order) { bits |= 1 &<< UInt64(bit) }
        }
        return bits
      }
    }
  }

  /// The rows of decimals of one scale.
  private func wideRows(_ left: UnsafePointer<Int128>, _ right: UnsafePointer<Int128>, step: Int, _ rowCount: Int) -> Bitmap {
    switch self {
    case .equal: wideRows(left, right, step, rowCount) { $0 == $1 }
    case .notEqual: wideRows(left, right, step, rowCount) { $0 != $1 }
    case .less: wideRows(left, right, step, rowCount) { $0 < $1 }
    case .lessOrEqual: wideRows(left, right, step, rowCount) { $0 <= $1 }
    case .greater: wideRows(left, right, step, rowCount) { $0 > $1 }
    case .greaterOrEqual: wideRows(left, right, step, rowCount) { $0 >= $1 }
    }
  }

  @inline(__always) private func wideRows(
    _ left: UnsafePointer<Int128>, _ right: UnsafePointer<Int128>, _ step: Int, _ rowCount: Int, _ holds: (Int128, Int128) -> Bool
  ) -> Bitmap {
    .make(count: rowCount) { word in
      var bits: UInt64 = 0
      let base = word &* 64
      for bit in 0..<min(64, rowCount &- base) { bits |= (holds(left[base &+ bit], right[(base &+ bit) &* step]) ? 1 : 0) &<< UInt64(bit) }
      return bits
    }
  }

  private func mask(_ rowCount: Int, _ fill: (UnsafeMutablePointer<UInt64>) -> Void) -> Bitmap {
    let words = MutableBuffer(capacity: (rowCount &+ 63) / 64 &* 8)
    words.byteCount = (rowCount &+ 63) / 64 &* 8
    if rowCount > 0 { fill(words.pointer(to: UInt64.self)) }
    return Bitmap(buffer: words.freeze(), count: rowCount)
  }

  private func boolRows(_ a: BoolArgument, _ b: BoolArgument, _ rowCount: Int) -> Bitmap {
    .make(count: rowCount) { index in
      let (x, y) = (a.word(index), b.word(index))
      switch self {
      case .equal: return ~(x ^ y)
      case .notEqual: return x ^ y
      case .less: return ~x & y
      case .lessOrEqual: return ~x | y
      case .greater: return x & ~y
      case .greaterOrEqual: return x | ~y
      }
    }
  }

  private func textRows(_ a: TextArgument, _ b: TextArgument, _ rowCount: Int) -> Bitmap {
    if self == .equal || self == .notEqual {
      let flip: UInt64 = self == .equal ? 0 : 1
      return .make(count: rowCount) { word in
        var bits: UInt64 = 0
        for bit in 0..<min(64, rowCount &- word &* 64) {
          let row = word &* 64 &+ bit
          bits |= ((a[row].equals(b[row]) ? 1 : 0) ^ flip) &<< UInt64(bit)
        }
        return bits
      }
    }
    return .make(count: rowCount) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, rowCount &- word &* 64) {
        let row = word &* 64 &+ bit
        bits |= (holds(a[row].order(to: b[row])) ? 1 : 0) &<< UInt64(bit)
      }
      return bits
    }
  }
}

extension TextSlice {
  @inline(__always) func equals(_ other: TextSlice) -> Bool {
    guard count == other.count else { return false }
    guard let a = baseAddress, let b = other.baseAddress else { return true }
    return dsh_equal_text(a, b, count) != 0
  }

  /// Bytewise order, which for UTF-8 is the order of the scalars; negative, zero or positive.
  @inline(__always) func order(to other: TextSlice) -> Int {
    if let a = baseAddress, let b = other.baseAddress {
      let order = dsh_order_text(a, b, Swift.min(count, other.count))
      if order != 0 { return Int(order) }
    }
    return count &- other.count
  }
}
