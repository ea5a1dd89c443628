// Binds transforms through their registry, and what several of them have in common: columns by name or pattern, counts of rows.

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
    guard let binding = stage.verbID.flatMap({ TransformRegistry.binding(of: $0) }) else {
      report(Diagnostic(.notAvailable, "\(stage.verb.text) is not available yet", span: stage.verb.span))
      return nil
    }
    return binding.bind(stage, over: input, others: others, with: &self)
  }

  /// No plan for a stage whose operands could not be read; the parser has said why.
  mutating func refuse(_ stage: StageSyntax) -> LogicalPlan? {
    report(Diagnostic(.missingOperand, "the operands of \(stage.verb.text) are missing", span: stage.span))
    return nil
  }

  func identity(_ schema: Schema) -> [NamedExpression] {
    schema.fields.enumerated().map { NamedExpression($1.name, .column($0, $1.type)) }
  }

  /// A number of rows: a whole number from 0.
  public mutating func bindCount(_ syntax: ExpressionSyntax) -> Int? {
    guard let value = bindConstant(syntax) else { return nil }
    guard case .int64(let number) = value, 0...Limits.rows ~= number else {
      report(Diagnostic(.invalidCount, .user, "a number of rows is a whole number from 0 to \(Limits.rows)", span: syntax.span))
      return nil
    }
    return Int(number)
  }

  /// The columns a name or pattern means; reports one that means none.
  mutating func columnIndexes(_ pattern: ColumnPattern, in schema: Schema) -> [Int] {
    let indexes = schema.fields.indices.filter { pattern.matches(schema[$0].name) }
    if !indexes.isEmpty || brokenColumns.contains(where: { pattern.matches($0) }) { return indexes }
    if pattern.isWildcard {
      report(
        Diagnostic(
          .unknownColumn, "no column fits \"\(pattern.text)\"", span: pattern.span,
          suggestion: nearestName(to: pattern.text.filter { $0 != "*" }, in: schema.names).map { didYouMean(printedName($0)) },
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
          .duplicateColumn, "two columns would be called \"\(name)\"", span: span, suggestion: "name one: other = …"))
    }
  }
}
