// Casts between numbers of all widths.

import DshColumns
import DshDiagnostics

/// The kernel that turns a number into one of another type, cut off towards zero where the other has fewer digits behind the point, and rounded
/// where it is a decimal or a float.
func numberCast(_ source: DataType, _ failure: CastFailure) -> Kernel {
  let target = failure.target
  if case .narrow = source, target == source.computed { return Kernel { $0.arguments[0].materialized(rowCount: $0.rowCount).widened() } }
  switch (source, target) {
  case (.decimal(_, let scale), .float64): return Kernel { $0.map(Int128.self) { DecimalNumber.double($0, scale: scale) } }
  case (.uint64, .float64): return Kernel { $0.map(UInt64.self) { Double($0) } }
  case (.uint64, .decimal(let precision, let scale)) where precision - scale >= 20:
    let unit = DecimalNumber.power(scale)
    return Kernel { $0.map(UInt64.self) { Int128($0) * unit } }
  case (.int64, .decimal(let precision, let scale)) where precision - scale >= 19:
    let unit = DecimalNumber.power(scale)
    return Kernel { $0.map(Int64.self) { Int128($0) * unit } }
  case (.narrow(let number), .decimal(let precision, let scale)) where number != .float32 && precision - scale >= 10:
    let unit = DecimalNumber.power(scale)
    return Kernel { call in
      let wide = call.replacing(call.arguments[0].materialized(rowCount: call.rowCount).widened())
      return wide.map(Int64.self) { Int128($0) * unit }
    }
  case (.decimal(let digits, let own), .decimal(let precision, let scale)) where scale >= own && precision - scale >= digits - own:
    if scale == own { return Kernel { $0.arguments[0].materialized(rowCount: $0.rowCount).retyped(to: $0.type) } }
    let unit = DecimalNumber.power(scale - own)
    return Kernel { $0.map(Int128.self) { $0 &* unit } }
  default: break
  }
  return Kernel(canFail: !failure.isTry) { call in
    let operand = call.arguments[0]
    let numbers = NumberArgument(operand)
    let builder = ColumnBuilder(type: target, rows: call.rowCount)
    for row in 0..<call.rowCount {
      if !call.isValid(row) {
        builder.appendNull()
      } else if !numbers.append(operand.isConstant ? 0 : row, to: builder) {
        failure.note(call, row)
      }
    }
    return builder.finish()
  }
}

/// The numbers of an operand of any type that is a number; the operand must outlive it.
private struct NumberArgument {
  private enum Form {
    case whole(FixedValues)
    case unsigned(UnsafePointer<UInt64>)
    case decimal(UnsafePointer<Int128>, scale: Int)
    case float(UnsafePointer<Double>)
    case shortFloat(UnsafePointer<Float>)
  }

  private let form: Form

  init(_ operand: Operand) {
    guard case .fixed(let buffer) = operand.column.storage else { preconditionFailure("a number: \(operand.type.name)") }
    form =
      switch operand.type {
      case .float64: .float(buffer.pointer())
      case .narrow(.float32): .shortFloat(buffer.pointer())
      case .uint64: .unsigned(buffer.pointer())
      case .decimal(_, let scale): .decimal(buffer.pointer(), scale: scale)
      default: .whole(FixedValues(buffer, operand.type.fixedLayout ?? .int64))
      }
  }

  /// Appends the number of a row to a column of another type; null if that has no such number. Whether it has.
  func append(_ row: Int, to builder: ColumnBuilder) -> Bool {
    switch form {
    case .whole(let values): builder.append(whole: Int128(values[row]), scale: 0)
    case .unsigned(let values): builder.append(whole: Int128(values[row]), scale: 0)
    case .decimal(let values, let scale): builder.append(whole: values[row], scale: scale)
    case .float(let values): builder.append(float: values[row])
    case .shortFloat(let values): builder.append(float: Double(values[row]))
    }
  }
}

extension ColumnBuilder {
  fileprivate func append(whole value: Int128, scale: Int) -> Bool {
    switch type {
    case .float64: appendExact(DecimalNumber.double(value, scale: scale))
    case .narrow(.float32): appendExact(Float(DecimalNumber.double(value, scale: scale)))
    case .decimal(let precision, let wanted): appendExact(DecimalNumber.rescaled(value, from: scale, to: wanted, precision: precision))
    case .uint64: appendExact(UInt64(exactly: value / DecimalNumber.power(scale)))
    default: append(integer: Int64(exactly: value / DecimalNumber.power(scale)))
    }
  }

  fileprivate func append(float value: Double) -> Bool {
    switch type {
    case .float64: return appendExact(value)
    case .narrow(.float32): return appendExact(Float(value))
    case .decimal(let precision, let scale):
      let scaled = (value * DecimalNumber.double(DecimalNumber.power(scale), scale: 0)).rounded(.toNearestOrAwayFromZero)
      return appendExact(Int128(exactly: scaled).flatMap { $0.magnitude < DecimalNumber.power(precision).magnitude ? $0 : nil })
    case .uint64: return appendExact(UInt64(exactly: value.rounded(.towardZero)))
    default: return append(integer: Int64(exactly: value.rounded(.towardZero)))
    }
  }
}
