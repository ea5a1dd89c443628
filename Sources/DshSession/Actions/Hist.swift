// `hist`: how often numbers lie in bins of one width.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan
import DshRender

struct HistAction: Action {
  let verb = Verb.ID.hist

  private static let usualBins = 20
  /// More bars than this are no picture any more.
  private static let mostBars = 10_000

  func check(_ stage: StageSyntax, over plan: LogicalPlan, with binder: inout Binder) {
    guard case .aggregation(let items, let keys) = stage.operands else { return }
    _ = binder.bindHistogram(items, by: keys, over: plan, at: stage.verb.span)
  }

  func perform(_ context: ActionContext) throws {
    guard case .aggregation(let items, let keys) = context.stage.operands else {
      throw Diagnostic(.missingOperand, "hist needs a number", span: context.stage.span)
    }
    var binder = context.session.state.environment.binder(context.source)
    guard let bound = binder.bindHistogram(items, by: keys, over: context.plan, at: context.stage.verb.span) else {
      throw DiagnosticList(binder.diagnostics)
    }
    let value = Expression.column(keys.count, .float64)
    let extremes = try context.run(.aggregates(try ["min", "max"].map { try call($0, [value]) }), of: bound.plan)
    guard case .float64(let least) = extremes.rows.row(0)[0], case .float64(let greatest) = extremes.rows.row(0)[1] else {
      context.emit(.bars(Bars(rows: .empty(schema(bound.plan.schema, keys.count, bound.isWhole)))))
      return context.receipt(extremes.work, rows: 0, lines: ["no numbers; \(blocksText(extremes.work))"])
    }
    let wanted = context.option("bins")?.value?.int.map { Int(clamping: $0) } ?? Self.usualBins
    let bins = HistogramBins(from: least, to: greatest, about: wanted, isWhole: bound.isWhole)
    let groups = (0..<keys.count).map { NamedExpression(bound.plan.schema[$0].name, .column($0, bound.plan.schema[$0].type)) }
    let counts = LogicalPlan.aggregate(
      bound.plan, Aggregation(keys: groups + [NamedExpression("bin", bins.bin(of: value))], aggregates: [try call("count", [])]))
    let result = try context.run(.head(Self.mostBars), of: counts)
    // Borders of the largest whole numbers may lie beyond them.
    let hasWholeBorders = bound.isWhole && (0...bins.count).allSatisfy { Int64(exactly: bins.border($0)) != nil }
    let rows = filled(result.rows, bins, schema(bound.plan.schema, keys.count, hasWholeBorders))
    context.emit(.bars(Bars(rows: rows, moreFollow: result.more == .yes)))
    let work = extremes.work + result.work
    context.receipt(
      work, rows: rows.rowCount, lines: ["\(counted(rows.rowCount, "bin")), \(movedText(work)); \(blocksText(work))"])
  }

  private func call(_ name: String, _ arguments: [Expression]) throws -> AggregateCall {
    guard let call = AggregateRegistry().signature(of: name)?.call(name, arguments) else {
      preconditionFailure("an aggregate of numbers: \(name)")
    }
    return call
  }

  /// The keys, the borders of a bin, and how many values lie in it.
  private func schema(_ input: Schema, _ keyCount: Int, _ isWhole: Bool) -> Schema {
    let border: DataType = isWhole ? .int64 : .float64
    return Schema(Array(input.fields.prefix(keyCount)) + [Field("from", border), Field("below", border), Field("n", .int64)])
  }

  /// The counts with the bins between them that have none; rows come by keys and then by bins.
  private func filled(_ counts: Batch, _ bins: HistogramBins, _ schema: Schema) -> Batch {
    let keyCount = schema.count - 3
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    var rows = 0
    func add(_ keys: [Value], _ bin: Int, _ count: Int64) {
      for (key, builder) in zip(keys, builders) { builder.append(key) }
      for (offset, border) in [bins.border(bin), bins.border(bin + 1)].enumerated() {
        let whole = Int64(exactly: border).map { Value.int64($0) } ?? .null
        builders[keyCount + offset].append(schema[keyCount + offset].type == .int64 ? whole : .float64(border))
      }
      builders[keyCount + 2].append(int64: count)
      rows += 1
    }
    var keys: [Value]?
    var next = 0
    func finishGroup() {
      guard let keys else { return }
      while next < bins.count {
        add(keys, next, 0)
        next += 1
      }
    }
    for row in 0..<counts.rowCount {
      let values = counts.row(row)
      guard case .int64(let bin) = values[keyCount], case .int64(let count) = values[keyCount + 1] else { continue }
      let own = Array(values.prefix(keyCount))
      if keys != own {
        finishGroup()
        (keys, next) = (own, 0)
      }
      while next < min(Int(clamping: bin), bins.count) {
        add(own, next, 0)
        next += 1
      }
      add(own, Int(clamping: bin), count)
      next = Int(clamping: bin) + 1
    }
    finishGroup()
    return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rows)
  }
}
