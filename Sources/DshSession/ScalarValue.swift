// The one value that an expression or a pipeline gives: `5 + 3`, `let n = late | count`.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender

extension Session {
  /// The value of an expression without columns.
  func value(of expression: ExpressionSyntax) throws -> Value { try value(of: expression, in: state) }

  func value(of expression: ExpressionSyntax, in state: SessionState) throws -> Value {
    var binder = state.environment.binder(nil)
    if let value = binder.bindConstant(expression) { return value }
    throw DiagnosticList(binder.diagnostics.map { pointingToColumns($0, of: expression, in: state) })
  }

  /// A name that is no value, with what it is instead.
  private func pointingToColumns(_ mistake: Diagnostic, of expression: ExpressionSyntax, in state: SessionState) -> Diagnostic {
    guard mistake.code == .unknownColumn, let name = expression.columnName(at: mistake.span) else { return mistake }
    var copy = mistake
    if state.names[name] != nil {
      copy.suggestion = "\(name) is a dataset; its values come by: \(name) | select … | take"
    } else if let current = state.current, (try? state.plan(of: current).schema.index(of: name)) ?? nil != nil {
      copy.suggestion = "a column belongs to a dataset: select \(expression.printed) | take"
    }
    return copy
  }

  /// Runs a pipeline and gives a scalar the value that comes out.
  ///
  /// The current dataset stays what it was: a value was asked for, not a dataset to go on with.
  func bind(_ name: Name, toValueOf pipeline: PipelineSyntax, in source: SourceText, emit: (Output) -> Void) throws {
    try adopt(pipeline.datasets, into: &state)
    let before = (current: state.current, earlier: state.earlier)
    // That it gives more than a value is said before it runs, where that can be seen.
    var copy = state
    try checkValue(of: pipeline, called: name.text, in: source, state: &copy)
    var value: Value?
    var receipt: Receipt?
    var problem: Diagnostic?
    try perform(try taking(pipeline, called: name.text, in: state), name: nil, in: source) { output in
      switch output {
      case .scalar(_, let single): value = single
      case .rows(let rows):
        do throws(Diagnostic) { value = try rows.onlyValue(of: pipeline, called: name.text) } catch { problem = error }
      case .receipt(let done): receipt = done
      default: emit(output)
      }
    }
    state.current = before.current
    state.earlier = before.earlier
    if let problem { throw problem }
    guard let value else { throw Diagnostic.givesNoValue(pipeline, called: name.text) }
    state.environment.scalars[name.text] = .value(value)
    guard var receipt else { return }
    receipt.lines = receipt.lines.map { "$\(name.text) = \(CellText.string(value) ?? "null"); \($0)" }
    emit(.receipt(receipt))
  }

  /// The pipeline with a `take` at its end if it ends with a dataset: two rows tell whether there is one.
  private func taking(_ pipeline: PipelineSyntax, called name: String, in state: SessionState) throws(Diagnostic) -> PipelineSyntax {
    if pipeline.stages.isEmpty, let source = pipeline.source?.name, state.index(of: source.text) == nil {
      throw state.noValue(called: source)
    }
    guard let last = pipeline.stages.last, last.kind == .action else {
      var copy = pipeline
      let two = ExpressionSyntax(.literal(.int64(2)), span: pipeline.span)
      copy.stages.append(StageSyntax(.take, operands: .count(two), at: pipeline.span))
      return copy
    }
    guard last.action?.givesValue == true else { throw Diagnostic.givesNoValue(pipeline, called: name) }
    return pipeline
  }

  /// Throws if it can be seen before anything runs that a pipeline does not give one value.
  func checkValue(of pipeline: PipelineSyntax, called name: String, in source: SourceText, state: inout SessionState) throws {
    try adopt(pipeline.datasets, into: &state)
    let taking = try taking(pipeline, called: name, in: state)
    var binding = PipelineBinding(session: self, source: source)
    let bound = try binding.bind(taking, name: nil, over: state)
    state.files = bound.state.files
    guard case .count? = taking.stages.last?.operands else { return }
    let columnCount: Int
    do { columnCount = try bound.state.plan(of: bound.dataset).schema.count } catch is WantedValues { return }
    try Diagnostic.check(columnCount: columnCount, of: pipeline, called: name)
  }
}

extension SessionState {
  /// A name alone behind `let NAME =` that is no dataset: perhaps a scalar, a column, or a text without its quotes.
  fileprivate func noValue(called name: Name) -> Diagnostic {
    let suggestion: Diagnostic.Suggestion
    if environment.scalars[name.text] != nil {
      suggestion = "did you mean $\(name.text)?"
    } else if let current, (try? plan(of: current).schema.index(of: name.text)) ?? nil != nil {
      suggestion = "a column has many values; one of them is: max \(printedName(name.text))"
    } else {
      suggestion = nearestName(to: name.text, in: knownNames).map(didYouMean) ?? "a text needs quotes: \"\(name.text)\""
    }
    return Diagnostic(.unknownDataset, "no dataset \"\(name.text)\"", span: name.span, suggestion: suggestion)
  }
}

extension RowsOutput {
  /// The value of the only row and column.
  fileprivate func onlyValue(of pipeline: PipelineSyntax, called name: String) throws(Diagnostic) -> Value {
    try Diagnostic.check(columnCount: rows.schema.count, of: pipeline, called: name)
    guard rows.rowCount == 1 else {
      throw .severalValues(pipeline, called: name, rows.rowCount == 0 ? "no rows" : "more rows than one")
    }
    return rows.columns[0].value(at: 0)
  }
}

extension ExpressionSyntax {
  /// The name of the column that stands at a place, if one does.
  fileprivate func columnName(at span: SourceSpan?) -> String? {
    if case .column(let name) = kind, self.span == span { return name }
    return parts.lazy.compactMap { $0.columnName(at: span) }.first
  }
}

extension Diagnostic {
  fileprivate static func givesNoValue(_ pipeline: PipelineSyntax, called name: String) -> Diagnostic {
    Diagnostic(
      .noValue, "\(pipeline.stages.last?.verb.text ?? "this") gives no value that could be named",
      span: pipeline.stages.last?.span ?? pipeline.span, suggestion: "such as let \(name) = DATASET | count")
  }

  fileprivate static func check(columnCount: Int, of pipeline: PipelineSyntax, called name: String) throws(Diagnostic) {
    if columnCount != 1 { throw .severalValues(pipeline, called: name, counted(columnCount, "column")) }
  }

  fileprivate static func severalValues(_ pipeline: PipelineSyntax, called name: String, _ found: String) -> Diagnostic {
    Diagnostic(
      .letOfDataset, "let takes one value, and this gives \(found)", span: pipeline.span,
      suggestion: "a dataset is named without let: \(name) = …", notes: ["one value comes from count, sum x and their like, or from agg"])
  }
}
