// Integer loops that find overflow: arithmetic for all rows first, and a second look only if some row overflowed.

import DshColumns
import DshDiagnostics

extension Call {
  /// An integer from two. The step gives the wrapped result and a word whose sign bit is set on overflow; the sign bits of
  /// all rows are gathered without a branch.
  @inline(__always) func checkedMap(_ symbol: StaticString, _ step: (Int64, Int64) -> (result: Int64, overflow: Int64)) -> Column {
    let a = FixedArgument<Int64>(arguments[0])
    let b = FixedArgument<Int64>(arguments[1])
    var overflow: Int64 = 0
    let column = fixed(Int64.self) { output in
      if b.step == 0 {
        let right = b.pointer[0]
        for row in 0..<rowCount {
          let (result, sign) = step(a[row], right)
          output[row] = result
          overflow |= sign
        }
      } else if a.step == 0 {
        let left = a.pointer[0]
        for row in 0..<rowCount {
          let (result, sign) = step(left, b.pointer[row])
          output[row] = result
          overflow |= sign
        }
      } else {
        for row in 0..<rowCount {
          let (result, sign) = step(a.pointer[row], b.pointer[row])
          output[row] = result
          overflow |= sign
        }
      }
    }
    if overflow < 0 {
      for row in 0..<rowCount where isValid(row) && step(a[row], b[row]).overflow < 0 {
        fail(row, .integerOverflow("\(a[row]) \(symbol) \(b[row])"))
        break
      }
    }
    return column
  }

  /// An integer from one, with the row noted where the step gives nil.
  @inline(__always) func checkedMap(_ name: StaticString, _ step: (Int64) -> Int64?) -> Column {
    let a = FixedArgument<Int64>(arguments[0])
    return fixed(Int64.self) { output in
      for row in 0..<rowCount {
        if let result = step(a[row]) {
          output[row] = result
        } else {
          output[row] = 0
          fail(row, .integerOverflow("\(name)(\(a[row]))"))
        }
      }
    }
  }
}

extension Diagnostic {
  /// A result beyond 64 bits; `operation` is the computation with its values.
  static func integerOverflow(_ operation: String) -> Diagnostic {
    Diagnostic(
      .integerOverflow, "the result does not fit int64: \(operation)",
      suggestion: "compute with float64(x) where exact digits do not matter")
  }
}
