// The text of a plan in `explain`: the tree after all rules, results first, files last.

import DshColumns
import DshDiagnostics
import DshPlan

public struct PlanText {
  /// What is kept of a plan.
  private let kept: (LogicalPlan) -> (blocks: Int, rows: Int, bytes: Int, isPinned: Bool)?

  public init(kept: @escaping (LogicalPlan) -> (blocks: Int, rows: Int, bytes: Int, isPinned: Bool)?) { self.kept = kept }

  /// A line for each step of an optimized plan; nothing is run or read.
  public func tree(_ plan: LogicalPlan, depth: Int) -> [String] {
    [String(repeating: "  ", count: depth) + describe(plan)] + plan.inputs.flatMap { tree($0, depth: depth + 1) }
  }

  private func describe(_ plan: LogicalPlan) -> String {
    switch plan {
    case .read(let source, let columns):
      let blocks = FileCutting(source).taskCount
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
        let condition = $0.condition.map { " where \($0.text(over: input.schema))" } ?? ""
        return "\($0.function)(\($0.operands.map { $0.text(over: input.schema) }.joined(separator: ", ")))\(condition)"
      }
      let keys = aggregation.keys.map { $0.expression.text(over: input.schema) }
      return "agg \(calls.joined(separator: ", "))" + (keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))")
    case .sort(let input, let keys):
      return "sort " + keys.map { input.schema[$0.index].name + ($0.descending ? " desc" : "") }.joined(separator: ", ")
    case .operation(let operation, let inputs): return operation.step.text(over: inputs.map(\.schema))
    case .stored(let inner):
      guard let kept = kept(inner) else { return "stored: to be computed" }
      return
        "stored: \(counted(kept.blocks, "block")), \(counted(kept.rows, "row")), \(bytesText(kept.bytes)) \(kept.isPinned ? "pinned" : "cached")"
    }
  }
}

extension Expression {
  /// The expression as a person would type it.
  func text(over schema: Schema) -> String {
    switch self {
    case .column(let index, _): return schema.fields.indices.contains(index) ? schema[index].name : "#\(index)"
    case .literal(let value, _): return literalText(value)
    case .parameter(let number, _): return Self.parameterName(number)
    case .lambda(let first, let types, let body):
      let names = types.indices.map { Self.parameterName(first + $0) }
      return "\(names.count == 1 ? names[0] : "(\(names.joined(separator: ", ")))") -> \(body.text(over: schema))"
    case .cast(let operand, let type, let isTry, _):
      return isTry
        ? "try_cast(\(operand.text(over: schema)), \(type.name))"
        : "\(operand.needsParentheses ? "(\(operand.text(over: schema)))" : operand.text(over: schema))::\(type.name)"
    case .call(let name, let arguments, _, _):
      // Each once: looked at twice on every level, deep expressions would take for ever.
      let plain = arguments.map { $0.text(over: schema) }
      let texts = zip(arguments, plain).map { $0.needsParentheses ? "(\($1))" : $1 }
      switch (name, texts.count) {
      case ("neg", 1): return "-\(texts[0])"
      case ("not", 1): return "not \(texts[0])"
      case ("is_null", 1): return "\(texts[0]) == null"
      case ("is_not_null", 1): return "\(texts[0]) != null"
      case ("[]", 2): return "\(texts[0])[\(texts[1])]"
      case ("struct", _):
        let values = stride(from: 0, to: arguments.count - 1, by: 2).map { index -> String in
          guard case .literal(.string(let name), _) = arguments[index] else { return texts[index] }
          return "\(name): \(plain[index + 1])"
        }
        return "{\(values.joined(separator: ", "))}"
      case ("in", _): return "\(texts[0]) in [\(texts.dropFirst().joined(separator: ", "))]"
      case ("between", 3): return "\(texts[0]) between \(texts[1]) and \(texts[2])"
      case (_, 2) where !(name.first?.isLetter ?? true): return "\(texts[0]) \(name) \(texts[1])"
      case ("and", 2...), ("or", 2...): return texts.joined(separator: " \(name) ")
      default:
        // What the binder adds, such as the data of a time zone, nobody typed.
        let typed = zip(arguments, plain).filter { if case .literal(.binary, _) = $0.0 { false } else { true } }
        return "\(name)(\(typed.map(\.1).joined(separator: ", ")))"
      }
    }
  }

  /// A plan does not know what parameters were called.
  private static func parameterName(_ number: Int) -> String { "x\(number + 1)" }

  /// Whether it is several terms of an operator, which stand together beside another one.
  private var needsParentheses: Bool {
    guard case .call(let name, let arguments, _, _) = self, arguments.count > 1 else { return false }
    return name == "and" || name == "or" || arguments.count == 2 && !(name.first?.isLetter ?? true)
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
