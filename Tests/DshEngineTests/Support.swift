// Binding of expression texts and small columns for the tests of the engine.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan
import Testing

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

/// A call of an aggregate over bound arguments; its column is called like it.
func call(_ aggregate: String, _ arguments: Expression..., constants: [Value] = []) throws -> AggregateCall {
  try #require(AggregateRegistry().signature(of: aggregate)?.call(aggregate, arguments, constants: constants))
}

/// A call over a column of the input.
func call(_ aggregate: String, _ type: DataType, _ index: Int = 0) throws -> AggregateCall { try call(aggregate, .column(index, type)) }

/// The aggregates of all rows of some columns, which come in batches of so many rows; each so many batches are a task of their own, whose
/// partial states are merged.
func global(_ calls: [AggregateCall], _ columns: [Column], batchRows: Int = .max, batchesPerTask: Int = .max) throws -> [Value] {
  let aggregation = Aggregation(keys: [], aggregates: calls)
  let types = columns.map(\.type)
  let merged = try GroupedAggregator(aggregation)
  var task = try GroupedAggregator(aggregation, inputs: types)
  var batches = 0
  var row = 0
  while row < columns[0].count {
    let count = min(batchRows, columns[0].count - row)
    try task.update(columns.map { $0.slice(from: row, count: count) }, rowCount: count)
    row += count
    batches += 1
    if batches == batchesPerTask {
      for partial in task.partialBatches(1) { merged.merge(partial) }
      task = try GroupedAggregator(aggregation, inputs: types)
      batches = 0
    }
  }
  for partial in task.partialBatches(1) { merged.merge(partial) }
  let batch = try merged.finish()
  #expect(batch.rowCount == 1)
  return batch.row(0)
}

/// The results of aggregates of all rows, after a look that they are the same for batches of one row, for tasks of one batch, and in between.
func everySplit(_ calls: [AggregateCall], _ columns: [Column]) throws -> [Value] {
  let whole = try global(calls, columns)
  for (batchRows, batchesPerTask) in [(1, Int.max), (1, 1), (2, 1), (2, 2), (3, 1)] {
    let split = try global(calls, columns, batchRows: batchRows, batchesPerTask: batchesPerTask)
    #expect("\(split)" == "\(whole)", "batches of \(batchRows), \(batchesPerTask) a task")
  }
  return whole
}

/// The result of one aggregate of all rows, however they are split.
func everySplit(
  _ aggregate: String, _ columns: Column..., constants: [Value] = []
) throws -> Value {
  let arguments = columns.enumerated().map { Expression.column($0, $1.type) }
  let call = try #require(AggregateRegistry().signature(of: aggregate)?.call(aggregate, arguments, constants: constants))
  return try everySplit([call], columns)[0]
}

/// The type of an aggregate's results over columns of these types; nil if it is not defined for them.
func resultType(_ aggregate: String, _ types: DataType...) -> DataType? {
  AggregateRegistry().signature(of: aggregate)?.call("", types.enumerated().map { .column($0, $1) })?.type
}

func integers(_ values: Int64?...) -> Column { column(.int64, values.map { $0.map { .int64($0) } ?? .null }) }
func floats(_ values: Double?...) -> Column { column(.float64, values.map { $0.map { .float64($0) } ?? .null }) }
func texts(_ values: String?...) -> Column { column(.string, values.map { $0.map { .string($0) } ?? .null }) }

extension Column {
  var values: [Value] { (0..<count).map { value(at: $0) } }

  /// The same text through a dictionary in order of first appearance; nil if there are too many distinct texts.
  ///
  /// - Parameter isWide: whether codes take two bytes: there are entries enough that no row has. By default for every other number of rows.
  func dictionaryEncoded(isWide: Bool? = nil) -> Column? {
    guard type == .string else { return nil }
    var codes: [Int] = []
    var places: [Value: Int] = [:]
    let entries = ColumnBuilder(type: .string)
    for value in values {
      if !value.isNull && places[value] == nil {
        if entries.count == Column.dictionaryLimit { return nil }
        places[value] = entries.count
        entries.append(value)
      }
      codes.append(places[value] ?? 0)
    }
    if isWide ?? (count % 2 == 1) {
      while entries.count <= Column.byteCodeLimit { entries.append(.string("no row has entry \(entries.count)")) }
    }
    let entryCount = entries.count
    guard case .text(let offsets, let bytes) = entries.finish().storage else { return nil }
    let buffer = MutableBuffer(capacity: codes.count * 2)
    for code in codes {
      if Column.codeWidth(entryCount: entryCount) == 2 { buffer.append(UInt16(code)) } else { buffer.append(UInt8(code)) }
    }
    return Column(
      type: .string, count: count, validity: validity,
      storage: .dictionary(codes: buffer.freeze(), entryCount: entryCount, offsets: offsets, bytes: bytes))
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

func bools(_ values: Bool?...) -> Column { column(.bool, values.map { $0.map { .bool($0) } ?? .null }) }

extension Value {
  /// The same for values that are equal as keys.
  var key: Value {
    guard case .float64(let number) = self else { return self }
    return number.isNaN ? .string("NaN") : .float64(number + 0.0)
  }
}

extension GroupedAggregator {
  /// The partial states, a batch for each partition.
  func partialBatches(_ count: Int) -> [Batch] {
    let (states, rowCounts) = partials(count)
    var start = 0
    return rowCounts.map { rows in
      defer { start += rows }
      return states.slice(from: start, count: rows)
    }
  }
}
