// Binding of expression texts and small columns for the tests of the engine.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

/// The bound form of an expression over columns of the given names and types.
func bind(_ text: String, over fields: [Field] = []) throws -> Expression {
  let result = parse(SourceText(name: "test", text: "let x = \(text)"))
  if let first = result.diagnostics.first { throw first }
  guard case .letBinding(_, .expression(let value))? = result.script.statements.first?.kind else { throw Diagnostic(.unexpected, text) }
  var binder = Binder(functions: FunctionRegistry())
  let bound = binder.bind(value, over: Schema(fields))
  if let first = binder.diagnostics.first { throw first }
  guard let bound else { throw Diagnostic(.unexpected, text) }
  return bound
}

/// The text of a constant expression's value, or `error CODE`.
func constant(_ text: String) -> String {
  do {
    let value = try FunctionRegistry().evaluateConstant(try bind(text))
    return CellText.string(value) ?? "null"
  } catch let error as Diagnostic {
    return "error \(error.code.name): \(error.message)"
  } catch {
    return "\(error)"
  }
}

func column(_ type: DataType, _ values: [Value]) -> Column {
  let builder = ColumnBuilder(type: type)
  for value in values { builder.append(value) }
  return builder.finish()
}

func integers(_ values: Int64?...) -> Column { column(.int64, values.map { $0.map { .int64($0) } ?? .null }) }
func floats(_ values: Double?...) -> Column { column(.float64, values.map { $0.map { .float64($0) } ?? .null }) }
func texts(_ values: String?...) -> Column { column(.string, values.map { $0.map { .string($0) } ?? .null }) }

extension Column {
  var values: [Value] { (0..<count).map { value(at: $0) } }

  /// The same text through a dictionary in order of first appearance; nil if there are too many distinct texts.
  func dictionaryEncoded() -> Column? {
    guard type == .string else { return nil }
    var codes: [UInt8] = []
    var places: [Value: Int] = [:]
    let entries = ColumnBuilder(type: .string)
    for value in values {
      if value.isNull {
        codes.append(0)
        continue
      }
      if places[value] == nil {
        if entries.count == Column.dictionaryLimit { return nil }
        places[value] = entries.count
        entries.append(value)
      }
      codes.append(UInt8(places[value] ?? 0))
    }
    guard case .text(let offsets, let bytes) = entries.finish().storage else { return nil }
    let buffer = MutableBuffer(capacity: codes.count)
    for code in codes { buffer.append(code) }
    return Column(
      type: .string, count: count, validity: validity,
      storage: .dictionary(codes: buffer.freeze(), entryCount: places.count, offsets: offsets, bytes: bytes))
  }
}

/// A small reproducible generator (Steele, Lea and Flood 2014, SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }
  mutating func pick<T>(_ values: [T]) -> T { values[int(0...values.count - 1)] }
}
