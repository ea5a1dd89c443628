// `write --partition-by`: a folder for each value of the keys, named for it, with the rows that have it.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshLanguage
import DshPlan
import DshSystem

/// The partitions of a dataset: rows are put in the order of the keys and kept for as long as it takes, so that those of a partition lie together, and each is written by a run that
/// passes over the blocks of the others.
struct PartitionedWriting {
  /// More folders than anybody reads again.
  static let partitionLimit = 10_000

  private let keys: [Int]
  private let rest: [Int]
  private let plan: LogicalPlan

  /// - Throws: `unknown-column`, `wrong-type` for a key whose text is not one value for certain, and `bad-option` if no column is left.
  init(_ option: OptionSyntax, of plan: LogicalPlan) throws(Diagnostic) {
    self.plan = plan
    let schema = plan.schema
    var keys: [Int] = []
    for name in option.value?.list ?? [] {
      guard let index = schema.index(of: name) else {
        throw Diagnostic(
          .unknownColumn, "no column \"\(name)\"", span: option.span, suggestion: nearestName(to: name, in: schema.names).map(didYouMean))
      }
      let type = schema[index].type
      guard type.isOrdered, type != .binary else {
        throw Diagnostic(
          .wrongType, "a folder can't be named for values of \(name), which is \(type.name)", span: option.span,
          suggestion: "make text of it first: map \(printedName(name)) = string(\(printedName(name)))")
      }
      if !keys.contains(index) { keys.append(index) }
    }
    self.keys = keys
    rest = schema.fields.indices.filter { !keys.contains($0) }
    guard !keys.isEmpty, !rest.isEmpty else {
      throw Diagnostic(
        .invalidOptionValue, .user, keys.isEmpty ? "--partition-by names no column" : "no column is left for the files", span: option.span)
    }
  }

  /// The columns of the files.
  var schema: Schema { Schema(rest.map { plan.schema[$0] }) }

  /// What folders of the outermost key are called begins so.
  var folderPrefix: String { FolderPartition(column: plan.schema[keys[0]].name, text: "").folderName }

  /// Hands over the rows of each partition as text, with the path of its folder.
  ///
  /// - Returns: what was done, and how many rows there are.
  func run(
    _ context: ActionContext, format: any FileFormat, span: SourceSpan, begin: (String) throws -> Void,
    part: @escaping (TextPart) throws -> Void
  ) throws -> (work: RunWork, rows: Int) {
    let sorted = LogicalPlan.sort(plan, keys.map { SortColumn($0, descending: false) })
    var work = try context.run(.kept(.memoryAndDisk), of: sorted).work
    defer { context.backend.release(sorted, pinned: true) }
    let kept = LogicalPlan.stored(sorted)
    let keyColumns = keys.map { NamedExpression(plan.schema[$0].name, .column($0, plan.schema[$0].type)) }
    let distinct = LogicalPlan.operation(Operation(Distinct(Array(keys.indices))), [.project(kept, keyColumns)])
    let found = try context.run(.all(limitBytes: nil), of: .limit(distinct, count: Self.partitionLimit + 1, offset: 0)).rows
    guard found.rowCount <= Self.partitionLimit else {
      throw Diagnostic(
        .invalidOptionValue, .user, "there are more than \(groupedText(Self.partitionLimit)) partitions", span: span,
        suggestion: "partition by columns with fewer values")
    }
    var rows = 0
    for row in 0..<found.rowCount {
      let values = found.columns.map { $0.value(at: row) }
      try begin(folder(of: found.columns, row: row))
      let own = LogicalPlan.project(
        .filter(kept, try condition(values)), rest.map { NamedExpression(plan.schema[$0].name, .column($0, plan.schema[$0].type)) })
      let result = try context.run(.text(format: format.name, compression: nil, part: part), of: own)
      rows += result.totalRows ?? 0
      work = work + result.work
    }
    return (work, rows)
  }

  private func folder(of columns: [Column], row: Int) -> String {
    zip(keys, columns).map { FolderPartition(column: plan.schema[$0].name, text: CellText.string($1, row: row)).folderName }
      .joined(separator: "/")
  }

  /// That the keys have values, in the types that they are compared in.
  private func condition(_ values: [Value]) throws -> Expression {
    let terms = try zip(keys, values).map { key, value in
      let type = plan.schema[key].type
      if type == type.computed { return Expression.column(key, type).equals(value) }
      let computed = try FunctionRegistry().evaluateConstant(.cast(.literal(value, type), to: type.computed, isTry: false))
      return Expression.cast(.column(key, type), to: type.computed, isTry: false).equals(computed)
    }
    return terms.count == 1 ? terms[0] : .call("and", terms, .bool)
  }
}
