// The text of `explain`: the plan after all rules, and the stages it will be cut into.

import DshCluster
import DshColumns
import DshDiagnostics
import DshPlan

struct PlanText {
  let executor: PlanExecutor

  /// The optimized plan as a tree, results first, files last; nothing is run or read.
  func lines(of plan: LogicalPlan) -> [String] {
    let optimized = executor.optimize(plan)
    return ["plan"] + tree(optimized, depth: 1) + ["stages"] + stages(optimized).enumerated().map { "  \($0 + 1). \($1)" }
  }

  private func tree(_ plan: LogicalPlan, depth: Int) -> [String] {
    [String(repeating: "  ", count: depth) + describe(plan)] + plan.inputs.flatMap { tree($0, depth: depth + 1) }
  }

  private func describe(_ plan: LogicalPlan) -> String {
    switch plan {
    case .read(let source, let columns):
      let blocks = executor.blockCount(of: source)
      let names = columns.prefix(8).map { source.schema[$0].name }.joined(separator: ", ") + (columns.count > 8 ? ", …" : "")
      return
        "read \(source.label): \(columns.count) of \(source.schema.count) columns\(columns.isEmpty ? "" : " (\(names))"), \(counted(source.files.count, "file")), \(bytesText(source.sizeBytes)), \(counted(blocks, "block"))"
    case .range(let start, let end, let step, _): return "range \(start), \(end), \(step): \(counted(rangeCount(start, end, step), "row"))"
    case .rows(_, let rows): return "rows: \(counted(rows.count, "row"))"
    case .project(let input, let columns):
      let shown = columns.map { column -> String in
        let text = column.expression.text(over: input.schema)
        return text == column.name ? text : "\(column.name) = \(text)"
      }
      return "project \(shown.joined(separator: ", "))"
    case .filter(let input, let predicate): return "filter \(predicate.text(over: input.schema))"
    case .limit(_, let count, let offset): return "limit \(groupedText(count))" + (offset > 0 ? ", offset \(groupedText(offset))" : "")
    case .union(let inputs): return "union of \(inputs.count)"
    case .aggregate(let input, let aggregation):
      let calls = aggregation.aggregates.map {
        "\($0.function)(\($0.operands.map { $0.text(over: input.schema) }.joined(separator: ", ")))"
      }
      let keys = aggregation.keys.map { $0.expression.text(over: input.schema) }
      return "agg \(calls.joined(separator: ", "))" + (keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))")
    case .sort(let input, let keys):
      return "sort " + keys.map { input.schema[$0.index].name + ($0.descending ? " desc" : "") }.joined(separator: ", ")
    case .stored(let inner):
      guard let kept = executor.keptDataset(inner) else { return "stored: to be computed" }
      return
        "stored: \(counted(kept.blocks.count, "block")), \(counted(kept.rows, "row")), \(bytesText(kept.bytes)) \(kept.isPinned ? "pinned" : "cached")"
    }
  }

  /// One line per stage, in the order in which they run.
  private func stages(_ plan: LogicalPlan) -> [String] {
    let below = plan.inputs.flatMap(stagesBelow)
    return below + ["\(chain(plan)) → result"]
  }

  private func stagesBelow(_ plan: LogicalPlan) -> [String] {
    let below = plan.inputs.flatMap(stagesBelow)
    switch plan {
    case .aggregate(let input, let aggregation):
      return below + ["\(chain(input)) → partial groups" + (aggregation.keys.isEmpty ? "" : ", pulled by hash of the keys")]
    case .sort(let input, _): return below + ["\(chain(input)) → sorted runs, pulled by range of the keys"]
    case .limit(let input, _, _): return below + ["\(chain(input)) → first rows, a wave at a time"]
    default: return below
    }
  }

  /// The steps that one task performs.
  private func chain(_ plan: LogicalPlan) -> String {
    switch plan {
    case .read: "read"
    case .range: "range"
    case .rows: "rows"
    case .stored: "stored blocks"
    case .project(let input, _): chain(input) + " + project"
    case .filter(let input, _): chain(input) + " + filter"
    case .union(let inputs): inputs.map { chain($0) }.joined(separator: ", ")
    case .aggregate: "merge groups"
    case .sort: "merge runs"
    case .limit: "slices"
    }
  }
}

extension Expression {
  /// The expression as a person would type it.
  func text(over schema: Schema) -> String {
    switch self {
    case .column(let index, _): return schema.fields.indices.contains(index) ? schema[index].name : "#\(index)"
    case .literal(let value, _): return literalText(value)
    case .cast(let operand, let type, let isTry, _):
      return isTry ? "try_cast(\(operand.text(over: schema)), \(type.name))" : "\(operand.grouped(over: schema))::\(type.name)"
    case .call(let name, let arguments, _, _):
      let texts = arguments.map { $0.grouped(over: schema) }
      switch (name, texts.count) {
      case ("neg", 1): return "-\(texts[0])"
      case ("not", 1): return "not \(texts[0])"
      case ("is_null", 1): return "\(texts[0]) == null"
      case ("is_not_null", 1): return "\(texts[0]) != null"
      case ("[]", 2): return "\(texts[0])[\(texts[1])]"
      case ("in", _): return "\(texts[0]) in [\(texts.dropFirst().joined(separator: ", "))]"
      case ("between", 3): return "\(texts[0]) between \(texts[1]) and \(texts[2])"
      case (_, 2) where !(name.first?.isLetter ?? true): return "\(texts[0]) \(name) \(texts[1])"
      case ("and", 2...), ("or", 2...): return texts.joined(separator: " \(name) ")
      default: return "\(name)(\(arguments.map { $0.text(over: schema) }.joined(separator: ", ")))"
      }
    }
  }

  private func grouped(over schema: Schema) -> String {
    if case .call(let name, let arguments, _, _) = self, arguments.count > 1,
      name == "and" || name == "or" || arguments.count == 2 && !(name.first?.isLetter ?? true)
    {
      return "(\(text(over: schema)))"
    }
    return text(over: schema)
  }

  private func literalText(_ value: Value) -> String {
    switch value {
    case .string(let text): "\"\(text)\""
    case .date: "date(\"\(CellText.string(value) ?? "")\")"
    case .timestamp: "timestamp(\"\(CellText.string(value) ?? "")\")"
    default: CellText.string(value) ?? "null"
    }
  }
}
