// Grouped and global aggregation: rows in, partial states or results out.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

/// Computes `agg` over batches of rows, or over the partial states that other tasks made.
public final class GroupedAggregator {
  private let aggregation: Aggregation
  private let stateSchema: Schema
  private let keys: [CompiledExpression]
  /// Distinct arguments and conditions of the aggregates; several aggregates may share one.
  private let arguments: AggregateInputs
  private let table: GroupTable
  /// What the aggregates keep; several may be computed from one.
  private let states: [State]
  /// Each aggregate, and which of the states is its own.
  private let aggregates: [(definition: Aggregate, place: Int)]
  /// The rows added to each group; rows inside partial states do not count here.
  private let rowCounts = GroupArray<Int64>(initial: 0)
  /// Why partial states could not be taken in.
  private var refusal: Diagnostic?

  /// An aggregator over input columns of the given types; one that only merges partial states needs no input types.
  public init(_ aggregation: Aggregation, inputs: [DataType]? = nil) throws(Diagnostic) {
    self.aggregation = aggregation
    stateSchema = aggregation.stateSchema
    var compiledKeys: [CompiledExpression] = []
    var arguments = AggregateInputs(inputs)
    var part = 0
    if let inputs {
      for key in aggregation.keys {
        compiledKeys.append(try CompiledExpression(key.expression, inputs: inputs, firstPart: part))
        part += key.expression.size
      }
    }
    var made: [StateKey: Int] = [:]
    var states: [State] = []
    var aggregates: [(definition: Aggregate, place: Int)] = []
    for call in aggregation.aggregates {
      guard let definition = AggregateRegistry.aggregate(named: call.function) else {
        throw Diagnostic(.badPlan, "no aggregate \"\(call.function)\"")
      }
      var places: [Int] = []
      let conditionPart = part + call.arguments.reduce(0) { $0 + $1.size }
      let condition = try call.condition.map { condition throws(Diagnostic) in
        try arguments.place(ofCondition: condition, part: conditionPart)
      }
      for expression in call.arguments {
        places.append(try arguments.place(of: expression, where: condition, part: part))
        part += expression.size
      }
      part += call.condition?.size ?? 0
      let key = StateKey(
        name: definition.stateName, arguments: places, condition: condition,
        constants: definition.stateDependsOnConstants ? call.constants : [])
      let place = made[key] ?? states.count
      if made.updateValue(place, forKey: key) == nil {
        let site = AggregateSite(call, isGlobal: aggregation.keys.isEmpty)
        states.append(State(definition, site, arguments: places, condition: condition))
      }
      aggregates.append((definition, place))
    }
    keys = compiledKeys
    self.arguments = arguments
    self.states = states
    self.aggregates = aggregates
    table = GroupTable(types: aggregation.keys.map(\.expression.type))
    growStates()
  }

  /// The number of groups so far; 1 from the start where there are no keys.
  public var groupCount: Int { table.groupCount }

  /// The memory held, in bytes.
  public var sizeBytes: Int { table.sizeBytes + rowCounts.sizeBytes + states.reduce(0) { $0 + $1.accumulator.sizeBytes } }

  /// Throws if a column of the states grows beyond what a block can hold.
  public func checkExtent() throws(Diagnostic) {
    for state in states { try TextLimit.check(state.accumulator.extent) }
  }

  private func growStates() {
    rowCounts.grow(to: table.groupCount)
    for state in states { state.accumulator.grow(to: table.groupCount) }
  }

  /// Adds the rows of a batch; throws the error of the first row for which a key or an argument can't be computed.
  public func update(_ columns: [Column], rowCount: Int) throws(RowError) { add(try evaluate(columns, rowCount: rowCount)) }

  /// The keys and arguments of the rows of a batch; throws the error of the first row for which one can't be computed.
  func evaluate(_ columns: [Column], rowCount: Int) throws(RowError) -> ArgumentRows {
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
    let values = arguments.evaluate(columns, rowCount: rowCount, &first)
    if let first { throw first }
    return ArgumentRows(keys: keyColumns, values: values, rowCount: rowCount)
  }

  /// Adds rows whose keys and arguments are known.
  func add(_ rows: ArgumentRows) {
    if rows.rowCount == 0 { return }
    let groups = table.groups(of: rows.keys, rowCount: rows.rowCount)
    growStates()
    countRows(groups, rows.rowCount)
    for state in states { state.accumulator.update(rows.values.rows(state.arguments, where: state.condition, groups: groups)) }
  }

  /// The columns of rows that another aggregator may take in place of partial states: keys, then distinct arguments. Nil where rows would not say
  /// enough.
  var rowSchema: Schema? {
    if arguments.haveConditions { return nil }
    return Schema(
      aggregation.keys.map { Field($0.name, $0.expression.type) }
        + arguments.argumentTypes.enumerated().map { Field("argument \($0.offset)", $0.element) })
  }

  private func countRows(_ groups: [UInt32]?, _ rowCount: Int) {
    guard let groups else {
      rowCounts[0] += Int64(rowCount)
      return
    }
    if let few = Accumulator.fewGroups(table.groupCount, rowCount: rowCount) {
      dsh_count_few(rowCounts.pointer, few, groups, rowCount)
    } else {
      dsh_count(rowCounts.pointer, groups, nil, 1, rowCount)
    }
  }

  /// Whether the rows of a group are found by those before them, which costs next to nothing.
  var findsGroupsByOrder: Bool { table.isAscending }

  /// Adds the partial states of another task, or its rows where it has not made groups of them; `finish` throws if the batch has the columns of
  /// neither.
  public func merge(_ partial: Batch) {
    if partial.rowCount == 0 { return }
    if let rowSchema, partial.schema == rowSchema {
      let keyCount = aggregation.keys.count
      let values = AggregateInputs.Values(columns: Array(partial.columns.dropFirst(keyCount)), rowCount: partial.rowCount)
      return add(ArgumentRows(keys: Array(partial.columns.prefix(keyCount)), values: values, rowCount: partial.rowCount))
    }
    guard partial.columns.map(\.type) == stateSchema.types else {
      refusal = Diagnostic(
        .badPlan, "partial states of \(partial.columns.map(\.type.name).joined(separator: ", ")) fit no aggregate here")
      return
    }
    let keyCount = aggregation.keys.count
    let groups =
      table.groups(of: Array(partial.columns.prefix(keyCount)), rowCount: partial.rowCount)
      ?? [UInt32](repeating: 0, count: partial.rowCount)
    growStates()
    var column = keyCount
    var merged = Set<Int>()
    for (call, aggregate) in zip(aggregation.aggregates, aggregates) {
      // Aggregates that share a state hand it on once each; it counts once.
      if merged.insert(aggregate.place).inserted {
        let columns = partial.columns[column..<column + call.stateTypes.count]
        states[aggregate.place].accumulator.merge(Array(columns), groups: groups)
      }
      column += call.stateTypes.count
    }
  }

  /// The partial states, several rows for a group where one has no room for them, in partitions by the hash of the keys, one behind another, so that
  /// each key is in one partition of every task; and how many rows each partition has.
  public func partials(_ partitionCount: Int) -> (states: Batch, rowCounts: [Int]) {
    let (batch, furtherGroups) = stateBatch()
    if partitionCount <= 1 { return (batch, [batch.rowCount]) }
    let partitions = table.partitions(partitionCount, furtherGroups: furtherGroups)
    return (batch.gather(partitions.rows), partitions.counts)
  }

  /// The partial states in ascending order of the keys, nulls last.
  public func sortedPartials() -> Batch {
    let (batch, furtherGroups) = stateBatch()
    return table.isInOrder && furtherGroups.isEmpty ? batch : sorted(batch)
  }

  /// A row of states for each group, then the further rows and their groups.
  private func stateBatch() -> (batch: Batch, furtherGroups: [Int]) {
    let keys = table.keyColumns()
    let shared = states.map { $0.accumulator.states(rowCounts, table.groupCount) }
    let batch = Batch(schema: stateSchema, columns: keys + aggregates.flatMap { shared[$0.place] }, rowCount: table.groupCount)
    var batches = [batch]
    var furtherGroups: [Int] = []
    for (index, state) in states.enumerated() {
      guard let further = state.accumulator.furtherStates() else { continue }
      let rows = RowIndexes(further.groups.map { Int32(truncatingIfNeeded: $0) })
      let counts = GroupArray<Int64>(initial: 0)
      counts.grow(to: rows.count)
      // The other aggregates add nothing in these rows: what they hold of no value.
      let columns = states.enumerated().map { other, state in
        let accumulator = other == index ? further.accumulator : state.makeAnother()
        accumulator.grow(to: rows.count)
        return accumulator.states(counts, rows.count)
      }
      batches.append(
        Batch(schema: stateSchema, columns: keys.map { $0.gather(rows) } + aggregates.flatMap { columns[$0.place] }, rowCount: rows.count))
      furtherGroups += further.groups
    }
    return (batches.count == 1 ? batch : Batch.concatenate(batches, schema: stateSchema), furtherGroups)
  }

  /// The result: a row per group, in ascending order of the keys, nulls last, where that is wanted; one row if there are no keys.
  /// Throws if a group has no result, or if partial states were none of this aggregation.
  public func finish(inOrder: Bool = true) throws(Diagnostic) -> Batch {
    if let refusal { throw refusal }
    var columns = table.keyColumns()
    for (index, (call, aggregate)) in zip(aggregation.aggregates, aggregates).enumerated() {
      do {
        let accumulator = states[aggregate.place].accumulator
        columns.append(
          try aggregate.definition.result(accumulator, AggregateSite(call, isGlobal: aggregation.keys.isEmpty), rowCounts, table.groupCount)
        )
      } catch {
        throw failure(error, aggregate: index)
      }
    }
    let batch = Batch(schema: aggregation.schema, columns: columns, rowCount: table.groupCount)
    return !inOrder || aggregation.keys.isEmpty || table.groupCount < 2 || table.isInOrder ? batch : sorted(batch)
  }

  /// The rows of a batch, which begins with the keys, in ascending order of them.
  private func sorted(_ batch: Batch) -> Batch {
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

/// The keys and arguments of rows that belong to groups.
struct ArgumentRows {
  let keys: [Column]
  let values: AggregateInputs.Values
  let rowCount: Int

  /// All as one batch of the aggregator's row schema.
  func batch(_ schema: Schema) -> Batch { Batch(schema: schema, columns: keys + values.columns, rowCount: rowCount) }
}

/// What tells states apart: aggregates that agree in it share one.
private struct StateKey: Hashable {
  let name: String
  let arguments: [Int]
  let condition: Int?
  let constants: [Value]
}

/// What is kept for one aggregate, or for several.
private struct State {
  let accumulator: Accumulator
  /// Its arguments, and its condition, among those of the aggregator.
  let arguments: [Int]
  let condition: Int?
  /// An accumulator of the same kind that holds nothing.
  let makeAnother: () -> Accumulator

  init(_ definition: Aggregate, _ site: AggregateSite, arguments: [Int], condition: Int?) {
    self.arguments = arguments
    self.condition = condition
    makeAnother = { definition.makeAccumulator(site) }
    accumulator = makeAnother()
  }
}
