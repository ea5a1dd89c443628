// Grouped and global aggregation: rows in, partial states or results out.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

/// Computes `agg` over batches of rows, or over the partial states that other tasks made.
public final class GroupedAggregator {
  private let aggregation: Aggregation
  private let keys: [CompiledExpression]
  /// Distinct arguments of the aggregates; several aggregates may share one.
  private let arguments: [CompiledExpression]
  private let table: GroupTable
  private let accumulators: [(argument: Int?, accumulator: Accumulator)]
  private let accumulatorKeys: [AccumulatorKey]
  /// The accumulator of each aggregate.
  private let places: [Int]
  /// The rows added to each group; rows inside partial states do not count here.
  private let rowCounts = GroupArray<Int64>(initial: 0)

  /// An aggregator over input columns of the given types; one that only merges partial states needs no input types.
  public init(_ aggregation: Aggregation, inputs: [DataType]? = nil) throws(Diagnostic) {
    self.aggregation = aggregation
    var compiledKeys: [CompiledExpression] = []
    var compiledArguments: [CompiledExpression] = []
    var argumentPlaces: [Expression: Int] = [:]
    var part = 0
    if let inputs {
      for key in aggregation.keys {
        compiledKeys.append(try CompiledExpression(key.expression, inputs: inputs, firstPart: part))
        part += key.expression.size
      }
    }
    var made: [AccumulatorKey: Int] = [:]
    var accumulators: [(argument: Int?, accumulator: Accumulator)] = []
    var accumulatorKeys: [AccumulatorKey] = []
    var places: [Int] = []
    for call in aggregation.aggregates {
      var argument: Int?
      if let expression = call.argument {
        if let known = argumentPlaces[expression] {
          argument = known
        } else {
          argument = argumentPlaces.count
          argumentPlaces[expression] = argument
          if let inputs { compiledArguments.append(try CompiledExpression(expression, inputs: inputs, firstPart: part)) }
        }
        part += expression.size
      }
      let key = AccumulatorKey(call, argument: argument)
      let place = made[key] ?? accumulators.count
      if made[key] == nil {
        made[key] = place
        accumulators.append((argument, key.make()))
        accumulatorKeys.append(key)
      }
      places.append(place)
    }
    keys = compiledKeys
    arguments = compiledArguments
    self.accumulators = accumulators
    self.accumulatorKeys = accumulatorKeys
    self.places = places
    table = GroupTable(types: aggregation.keys.map(\.expression.type))
    growStates()
  }

  /// The number of groups so far; 1 from the start where there are no keys.
  public var groupCount: Int { table.groupCount }

  /// The memory held, in bytes.
  public var sizeBytes: Int { table.sizeBytes + rowCounts.sizeBytes + accumulators.reduce(0) { $0 + $1.accumulator.sizeBytes } }

  private func growStates() {
    rowCounts.grow(to: table.groupCount)
    for (_, accumulator) in accumulators { accumulator.grow(to: table.groupCount) }
  }

  /// Adds the rows of a batch; throws the error of the first row for which a key or an argument can't be computed.
  public func update(_ columns: [Column], rowCount: Int) throws(RowError) {
    if rowCount == 0 { return }
    var first: RowError?
    func evaluate(_ expression: CompiledExpression) -> Column? {
      do {
        return try expression.evaluate(columns, rowCount: rowCount)
      } catch {
        if first.map({ error.row < $0.row }) ?? true { first = error }
        return nil
      }
    }
    let keyColumns = keys.compactMap(evaluate)
    let values = arguments.compactMap(evaluate)
    if let first { throw first }
    let groups = table.groups(of: keyColumns, rowCount: rowCount)
    growStates()
    if let groups { dsh_count(rowCounts.pointer, groups, nil, 1, rowCount) } else { rowCounts[0] += Int64(rowCount) }
    let rows = values.map { AggregateRows(groups: groups, column: $0) }
    for (argument, accumulator) in accumulators { if let argument { accumulator.update(rows[argument]) } }
  }

  /// Adds the partial states of another task; the batch has the columns of the aggregation's state schema.
  public func merge(_ partial: Batch) {
    if partial.rowCount == 0 { return }
    let keyCount = aggregation.keys.count
    let groups =
      table.groups(of: Array(partial.columns.prefix(keyCount)), rowCount: partial.rowCount)
      ?? [UInt32](repeating: 0, count: partial.rowCount)
    growStates()
    var column = keyCount
    var merged = Set<Int>()
    for (call, place) in zip(aggregation.aggregates, places) {
      let count = call.function.stateTypes(over: call.argument?.type).count
      // Aggregates that share a state hand it on once each; it counts once.
      if merged.insert(place).inserted {
        accumulators[place].accumulator.merge(Array(partial.columns[column..<column + count]), groups: groups)
      }
      column += count
    }
  }

  /// The partial states, several rows for a group where one has no room for them, cut into partitions by the hash of the keys so that each key is in one partition of every task.
  public func partials(_ partitionCount: Int) -> [Batch] {
    let (batch, furtherGroups) = stateBatch()
    if partitionCount <= 1 { return [batch] }
    var rows: [MutableBuffer] = []
    for _ in 0..<partitionCount { rows.append(MutableBuffer(capacity: 256)) }
    func append(_ row: Int, of group: Int) {
      rows[KeyHash.partition(of: table.hash(ofGroup: group), count: partitionCount)].append(Int32(truncatingIfNeeded: row))
    }
    for group in 0..<table.groupCount { append(group, of: group) }
    for (index, group) in furtherGroups.enumerated() { append(table.groupCount + index, of: group) }
    return rows.map { batch.gather(RowIndexes(buffer: $0.freeze(), count: $0.byteCount / 4)) }
  }

  /// A row of states for each group, then the further rows and their groups.
  private func stateBatch() -> (batch: Batch, furtherGroups: [Int]) {
    let schema = aggregation.stateSchema
    let keys = table.keyColumns()
    let shared = accumulators.map { $0.accumulator.states(rowCounts, table.groupCount) }
    let batch = Batch(schema: schema, columns: keys + places.flatMap { shared[$0] }, rowCount: table.groupCount)
    var batches = [batch]
    var furtherGroups: [Int] = []
    for (index, entry) in accumulators.enumerated() {
      guard let further = entry.accumulator.furtherStates() else { continue }
      let rows = RowIndexes(further.groups.map { Int32(truncatingIfNeeded: $0) })
      let counts = GroupArray<Int64>(initial: 0)
      counts.grow(to: rows.count)
      // The other aggregates add nothing in these rows: what they hold of no value.
      let states = accumulatorKeys.enumerated().map { other, key in
        let accumulator = other == index ? further.accumulator : key.make()
        accumulator.grow(to: rows.count)
        return accumulator.states(counts, rows.count)
      }
      batches.append(
        Batch(schema: schema, columns: keys.map { $0.gather(rows) } + places.flatMap { states[$0] }, rowCount: rows.count))
      furtherGroups += further.groups
    }
    return (batches.count == 1 ? batch : Batch.concatenate(batches, schema: schema), furtherGroups)
  }

  /// The result: a row per group in ascending order of the keys, nulls last; one row if there are no keys.
  public func finish() throws(Diagnostic) -> Batch {
    var columns = table.keyColumns()
    for (index, (call, place)) in zip(aggregation.aggregates, places).enumerated() {
      do {
        columns.append(try accumulators[place].accumulator.result(call, rowCounts, table.groupCount))
      } catch {
        throw failure(error, aggregate: index)
      }
    }
    let batch = Batch(schema: aggregation.schema, columns: columns, rowCount: table.groupCount)
    if aggregation.keys.isEmpty || table.groupCount < 2 { return batch }
    let keys = aggregation.keys.indices.map { SortColumn($0, descending: false) }
    return batch.gather(sortIndexes(batch.columns, keys: keys, rowCount: batch.rowCount))
  }
}

extension GroupedAggregator {
  /// An error of a result with its aggregate and its group.
  private func failure(_ error: RowError, aggregate: Int) -> Diagnostic {
    var diagnostic = error.diagnostic
    diagnostic.row = RowPlace(step: RowPlace.resultStep, row: error.row, part: aggregate)
    let keys = zip(aggregation.keys, table.keyColumns()).map { "\($0.name) = \(CellText.string($1.value(at: error.row)) ?? "null")" }
    if !keys.isEmpty { diagnostic.notes.append("in the group \(keys.joined(separator: ", "))") }
    return diagnostic
  }
}

/// What tells accumulators apart: aggregates that agree in it share one.
private struct AccumulatorKey: Hashable {
  enum Kind: Hashable { case rows, values, sum, deviation, minimum, maximum }

  let kind: Kind
  let argument: Int?
  let type: DataType

  init(_ call: AggregateCall, argument: Int?) {
    self.argument = argument
    type = call.argument?.type ?? .null
    kind =
      switch call.function {
      case .count: .rows
      case .countValues: .values
      case .sum, .mean: .sum
      case .std: .deviation
      case .min: .minimum
      case .max: .maximum
      }
  }

  func make() -> Accumulator {
    switch kind {
    case .rows, .values: return CountAccumulator()
    case .sum: return type == .float64 ? FloatSum() : IntegerSum()
    case .deviation: return Deviation()
    case .minimum, .maximum:
      switch type {
      case .string, .binary: return TextExtreme(type: type, isMaximum: kind == .maximum)
      case .int64, .float64, .bool, .date, .timestamp: return FixedExtreme(type: type, isMaximum: kind == .maximum)
      default: return NullAccumulator(type: type)
      }
    }
  }
}
