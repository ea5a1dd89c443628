// Binds the transforms: each verb's operands over the plan so far.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// The plan after a transform. `others` gives the plans that `union` names.
  ///
  /// Where there were mistakes, they are in `diagnostics`, and the plan is good for one thing only: to find the mistakes of the stages
  /// that follow. It is nil where nothing can be said of what follows.
  public mutating func bindTransform(
    _ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan] = []
  ) -> LogicalPlan? {
    switch (stage.verb.text, stage.operands) {
    case ("filter", .expression(let condition)): return bindFilter(condition, over: input)
    case ("map", .bindings(let bindings)): return bindMap(bindings, over: input)
    case ("select", .selection(let items)): return bindSelect(items, over: input)
    case ("drop", .columns(let patterns)): return bindDrop(patterns, over: input)
    case ("rename", .renames(let renames)): return bindRename(renames, over: input)
    case ("limit", .count(let count)): return bindLimit(count, stage, over: input)
    case ("agg", .aggregation(let items, let keys)): return bindAggregation(items, by: keys, over: input)
    case ("sort", .sortKeys(let keys)): return bindSort(keys, over: input)
    case ("union", .datasets(let datasets)): return bindUnion(others, spans: datasets.map(\.span), over: input)
    default:
      report(Diagnostic("not-available", .user, "\(stage.verb.text) is not available yet", span: stage.verb.span))
      return nil
    }
  }

  private mutating func bindFilter(_ condition: ExpressionSyntax, over input: LogicalPlan) -> LogicalPlan {
    guard let bound = bindOperand(condition, over: input.schema) else { return input }
    guard bound.type == .bool || bound.type == .null else {
      report(
        Diagnostic(
          "wrong-type", .user, "filter needs a condition (bool), this is \(bound.type.name)", span: condition.span,
          suggestion: ["int64", "float64"].contains(bound.type.name) ? "compare it, such as \(condition.printed) > 0" : nil))
      return input
    }
    return .filter(input, bound)
  }

  /// Later bindings see earlier ones; those that read none that is computed here stand in one projection with them.
  private mutating func bindMap(_ bindings: [BindingSyntax], over input: LogicalPlan) -> LogicalPlan {
    var plan = input
    var columns = identity(input.schema)
    for binding in bindings {
      let schema = Schema(columns.map { Field($0.name, $0.expression.type) })
      guard let bound = bind(binding.value, over: schema) else {
        brokenColumns.insert(binding.outputName)
        continue
      }
      brokenColumns.remove(binding.outputName)
      let readsComputed = bound.columns.contains { if case .column = columns[$0].expression { false } else { true } }
      if readsComputed {
        plan = .project(plan, columns)
        columns = identity(schema)
      }
      let added = NamedExpression(binding.outputName, bound.inlining(columns))
      if let index = schema.index(of: added.name) { columns[index] = added } else { columns.append(added) }
    }
    return .project(plan, columns)
  }

  func identity(_ schema: Schema) -> [NamedExpression] {
    schema.fields.enumerated().map { NamedExpression($1.name, .column($0, $1.type)) }
  }

  private mutating func bindSelect(_ items: [SelectionItem], over input: LogicalPlan) -> LogicalPlan {
    var columns: [NamedExpression] = []
    var spans: [SourceSpan] = []
    for item in items {
      switch item {
      case .binding(let binding):
        let isNamed = binding.name != nil
        guard let bound = isNamed ? bind(binding.value, over: input.schema) : bindOperand(binding.value, over: input.schema) else {
          brokenColumns.insert(binding.outputName)
          continue
        }
        brokenColumns.remove(binding.outputName)
        columns.append(NamedExpression(binding.outputName, bound))
        spans.append(item.span)
      case .pattern(let pattern):
        let matched = columnIndexes(pattern, in: input.schema).filter { index in
          !columns.contains { $0.name.isExactly(input.schema[index].name) }
        }
        columns += matched.map { NamedExpression(input.schema[$0].name, .column($0, input.schema[$0].type)) }
        spans += matched.map { _ in item.span }
      case .all(let except, _):
        let dropped = Set(except.flatMap { columnIndexes($0, in: input.schema) })
        let kept = input.schema.fields.indices.filter { index in
          !dropped.contains(index) && !columns.contains { $0.name.isExactly(input.schema[index].name) }
        }
        columns += kept.map { NamedExpression(input.schema[$0].name, .column($0, input.schema[$0].type)) }
        spans += kept.map { _ in item.span }
      }
    }
    checkUnique(columns.map(\.name), spans: spans)
    return .project(input, columns)
  }

  private mutating func bindDrop(_ patterns: [ColumnPattern], over input: LogicalPlan) -> LogicalPlan {
    let dropped = Set(patterns.flatMap { columnIndexes($0, in: input.schema) })
    return .project(input, identity(input.schema).enumerated().filter { !dropped.contains($0.offset) }.map(\.element))
  }

  private mutating func bindRename(_ renames: [RenameSyntax], over input: LogicalPlan) -> LogicalPlan {
    var columns = identity(input.schema)
    for rename in renames {
      guard let index = input.schema.index(of: rename.old.text) else {
        reportUnknownColumn(rename.old.text, span: rename.old.span, schema: input.schema)
        brokenColumns.insert(rename.new.text)
        continue
      }
      columns[index].name = rename.new.text
    }
    var seen: Set<ExactText> = []
    for column in columns where !seen.insert(ExactText(column.name)).inserted {
      let rename = renames.last { $0.new.text.isExactly(column.name) } ?? renames[0]
      report(Diagnostic("duplicate-column", .user, "two columns would be called \"\(column.name)\"", span: rename.span))
    }
    return .project(input, columns)
  }

  private mutating func bindLimit(_ count: ExpressionSyntax?, _ stage: StageSyntax, over input: LogicalPlan) -> LogicalPlan {
    guard let count, let rows = bindCount(count) else { return input }
    var offset = 0
    if let option = stage.option("offset") {
      guard let value = option.value?.int, value >= 0 else {
        report(Diagnostic("bad-option", .user, "--offset takes a whole number from 0", span: option.span))
        return input
      }
      offset = Int(value)
    }
    return .limit(input, count: rows, offset: offset)
  }

  /// A number of rows: a whole number from 0.
  public mutating func bindCount(_ syntax: ExpressionSyntax) -> Int? {
    guard let value = bindConstant(syntax) else { return nil }
    guard case .int64(let number) = value, 0...Limits.rows ~= number else {
      report(Diagnostic("bad-count", .user, "a number of rows is a whole number from 0 to \(Limits.rows)", span: syntax.span))
      return nil
    }
    return Int(number)
  }

  /// Keys that are not plain columns become hidden columns, dropped again after the sort.
  private mutating func bindSort(_ keys: [SortKeySyntax], over input: LogicalPlan) -> LogicalPlan {
    var columns = identity(input.schema)
    var sortColumns: [SortColumn] = []
    for key in keys {
      guard let bound = bindOperand(key.expression, over: input.schema) else { continue }
      switch bound.type {
      case .list, .structure:
        report(Diagnostic("wrong-type", .user, "can't sort by \(bound.type.name)", span: key.span))
        continue
      default: break
      }
      if case .column(let index, _) = bound {
        sortColumns.append(SortColumn(index, descending: key.isDescending))
      } else {
        sortColumns.append(SortColumn(columns.count, descending: key.isDescending))
        columns.append(NamedExpression("sort key \(columns.count)", bound))
      }
    }
    if columns.count == input.schema.count { return .sort(input, sortColumns) }
    return .project(.sort(.project(input, columns), sortColumns), identity(input.schema))
  }

  /// By column name: columns of the others that the first lacks are added at the end, missing ones are null.
  private mutating func bindUnion(_ others: [LogicalPlan], spans: [SourceSpan], over input: LogicalPlan) -> LogicalPlan {
    var fields = input.schema.fields
    for (other, span) in zip(others, spans) {
      for field in other.schema.fields {
        guard let index = fields.firstIndex(where: { $0.name.isExactly(field.name) }) else {
          fields.append(field)
          continue
        }
        guard let type = fields[index].type.unified(with: field.type) else {
          report(
            Diagnostic(
              "wrong-type", .user,
              "the column \"\(field.name)\" is \(fields[index].type.name) here and \(field.type.name) there", span: span,
              suggestion: "cast one of them first: map \(field.name) = \(field.name)::string"))
          continue
        }
        fields[index].type = type
      }
    }
    let schema = Schema(fields)
    return .union(([input] + others).map { aligned($0, to: schema) })
  }

  private func aligned(_ plan: LogicalPlan, to schema: Schema) -> LogicalPlan {
    if plan.schema == schema { return plan }
    return .project(
      plan,
      schema.fields.map { field in
        guard let index = plan.schema.index(of: field.name) else { return NamedExpression(field.name, .literal(.null, field.type)) }
        let column = Expression.column(index, plan.schema[index].type)
        return NamedExpression(field.name, column.type == field.type ? column : .cast(column, to: field.type, isTry: false))
      })
  }

  /// The columns a name or pattern means; reports one that means none.
  mutating func columnIndexes(_ pattern: ColumnPattern, in schema: Schema) -> [Int] {
    let indexes = schema.fields.indices.filter { pattern.matches(schema[$0].name) }
    if !indexes.isEmpty || brokenColumns.contains(where: { pattern.matches($0) }) { return indexes }
    if pattern.isWildcard {
      report(
        Diagnostic(
          "unknown-column", .user, "no column fits \"\(pattern.text)\"", span: pattern.span,
          notes: [listing(of: schema.names, as: "columns")]))
    } else {
      reportUnknownColumn(pattern.text, span: pattern.span, schema: schema)
    }
    return []
  }

  mutating func checkUnique(_ names: [String], spans: [SourceSpan]) {
    var seen: Set<ExactText> = []
    for (name, span) in zip(names, spans) where !seen.insert(ExactText(name)).inserted {
      report(
        Diagnostic(
          "duplicate-column", .user, "two columns would be called \"\(name)\"", span: span, suggestion: "name one: other = …"))
    }
  }
}
