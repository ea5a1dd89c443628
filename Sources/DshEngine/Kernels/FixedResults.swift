// Loops that fill fixed-width and bool columns from a step per row; the step is inlined into the loop.

import CDshKernels
import DshColumns

extension Call {
  /// A fixed-width column whose rows `fill` writes.
  @inline(__always) func fixed<R: BitwiseCopyable>(_: R.Type, validity: Bitmap? = nil, fill: (UnsafeMutablePointer<R>) -> Void) -> Column {
    let result = MutableBuffer(capacity: rowCount &* MemoryLayout<R>.size)
    fill(result.pointer(to: R.self))
    result.byteCount = rowCount &* MemoryLayout<R>.size
    return Column(type: type, count: rowCount, validity: validity, storage: .fixed(result.freeze()))
  }

  /// One fixed-width value from one.
  @inline(__always) func map<A: BitwiseCopyable, R: BitwiseCopyable>(_: A.Type = A.self, _ step: (A) -> R) -> Column {
    let a = FixedArgument<A>(arguments[0]).pointer
    return fixed(R.self) { output in
      for row in 0..<rowCount { output[row] = step(a[row]) }
    }
  }

  /// One fixed-width value from two; a loop of its own for each place a constant may stand, so that each is vectorised.
  @inline(__always) func map<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
    _: A.Type = A.self, _: B.Type = B.self, _ step: (A, B) -> R
  ) -> Column {
    let a = FixedArgument<A>(arguments[0])
    let b = FixedArgument<B>(arguments[1])
    return fixed(R.self) { output in
      if b.step == 0 {
        let right = b.pointer[0]
        for row in 0..<rowCount { output[row] = step(a[row], right) }
      } else if a.step == 0 {
        let left = a.pointer[0]
        for row in 0..<rowCount { output[row] = step(left, b.pointer[row]) }
      } else {
        for row in 0..<rowCount { output[row] = step(a.pointer[row], b.pointer[row]) }
      }
    }
  }

  /// A sum, difference or product of two float64.
  func floats(_ operation: dsh_arithmetic) -> Column {
    let a = FixedArgument<Double>(arguments[0])
    let b = FixedArgument<Double>(arguments[1])
    return fixed(Double.self) { output in dsh_float_arithmetic(operation, a.pointer, a.step, b.pointer, b.step, rowCount, output) }
  }

  /// One fixed-width value per row, or null where the step gives nil.
  @inline(__always) func mapOptional<R: BitwiseCopyable & ExpressibleByIntegerLiteral>(_: R.Type = R.self, _ step: (Int) -> R?) -> Column {
    let valid = MutableBuffer(capacity: (rowCount &+ 63) / 64 &* 8)
    let words = valid.pointer(to: UInt64.self)
    valid.byteCount = (rowCount &+ 63) / 64 &* 8
    let column = fixed(R.self) { output in
      for word in 0..<(rowCount &+ 63) / 64 {
        var bits: UInt64 = 0
        for bit in 0..<min(64, rowCount &- word &* 64) {
          let row = word &* 64 &+ bit
          let value = isValid(row) ? step(row) : nil
          output[row] = value ?? 0
          bits |= (value == nil ? 0 : 1) &<< UInt64(bit)
        }
        words[word] = bits
      }
    }
    return column.withValidity(Bitmap(buffer: valid.freeze(), count: rowCount))
  }

  /// A bool per row.
  @inline(__always) func predicate(_ step: (Int) -> Bool) -> Column { bools(rows(where: step)) }

  /// The rows for which something is true.
  @inline(__always) func rows(where step: (Int) -> Bool) -> Bitmap {
    Bitmap.make(count: rowCount) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, rowCount &- word &* 64) { bits |= (step(word &* 64 &+ bit) ? 1 : 0) &<< UInt64(bit) }
      return bits
    }
  }

  func bools(_ bits: Bitmap, validity: Bitmap? = nil) -> Column {
    Column(type: type, count: rowCount, validity: validity, storage: .bits(bits.buffer))
  }

  /// Null for every row.
  func allNull() -> Column { Operand(.null, type: type).materialized(rowCount: rowCount) }
}
