// Casts for the reference evaluator, by the standard library.

import DshColumns
import Foundation

extension ReferenceFunctions {
  static func cast(_ value: Value, to type: DataType) throws(ReferenceError) -> Value {
    let failure = ReferenceError("bad-cast")
    switch (value, type) {
    case (.null, _): return .null
    case (.int64(let a), .float64): return .float64(Double(a))
    case (.int64(let a), .bool): return .bool(a != 0)
    case (.float64(let a), .int64):
      guard a > -0x1p63 - 1, a < 0x1p63 else { throw failure }
      return .int64(Int64(a))
    case (.float64(let a), .bool): return .bool(a != 0)
    case (.bool(let a), .int64): return .int64(a ? 1 : 0)
    case (.bool(let a), .float64): return .float64(a ? 1 : 0)
    case (.string(let a), .int64):
      guard let number = Int64(a.trimmingCharacters(in: .whitespaces)) else { throw failure }
      return .int64(number)
    case (.string(let a), .float64):
      let text = a.trimmingCharacters(in: .whitespaces)
      guard let number = Double(text), !text.contains("x") else { throw failure }
      return .float64(number)
    case (.string(let a), .bool):
      let text = a.trimmingCharacters(in: .whitespaces).lowercased()
      if ["true", "t", "yes", "y", "1"].contains(text) { return .bool(true) }
      if ["false", "f", "no", "n", "0"].contains(text) { return .bool(false) }
      throw failure
    case (.date(let a), .timestamp): return .timestamp(Int64(a) * 86_400_000_000)
    case (.timestamp(let a), .date): return .date(Int32((Double(a) / 86_400_000_000).rounded(.down)))
    case (.list(let members), .list(let element)):
      var result: [Value] = []
      for member in members { result.append(try cast(member, to: element)) }
      return .list(result)
    case (_, .string): return .string(CellText.string(value) ?? "")
    default: return value
    }
  }
}
