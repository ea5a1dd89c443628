// Finds the names in a text being typed that stand for nothing: columns, functions, datasets, scalars.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

extension Session {
  /// The classes of a text's pieces, with names that stand for nothing marked as errors.
  ///
  /// The word at the cursor is left alone as long as it may become something. Runs nothing and opens no files.
  ///
  /// - Parameter cursor: a byte offset, or -1 if nothing is being typed any more.
  public func highlight(_ text: String, cursor: Int) -> [HighlightedSpan] {
    let analysis = analyze(text)
    isTyping = true
    defer { isTyping = false }
    let hasDefinitions = analysis.script.hasDefinitions
    // What the text itself defines is not part of what the remembered stages were bound with, nor may it be remembered.
    if hasDefinitions { typedStages.clear() }
    defer { if hasDefinitions { typedStages.clear() } }
    var unknown = UnknownNames(session: self, text: text, analysis: analysis, cursor: cursor)
    unknown.find()
    return analysis.spans.compactMap { span in
      if span.kind == .error, span.span.end == cursor, unknown.mayBecomeVerb(span.span) { return nil }
      if unknown.undecided.contains(span.span) { return nil }
      return unknown.spans.contains(span.span) ? HighlightedSpan(span: span.span, kind: .error) : span
    }
  }
}

/// One look through a text.
struct UnknownNames {
  let session: Session
  let text: String
  let bytes: [UInt8]
  let analysis: TextAnalysis
  let cursor: Int
  private(set) var spans: Set<SourceSpan> = []
  /// The word at the cursor, if it is nothing yet but may become something.
  private(set) var undecided: Set<SourceSpan> = []

  init(session: Session, text: String, analysis: TextAnalysis, cursor: Int) {
    self.session = session
    self.text = text
    bytes = Array(text.utf8)
    self.analysis = analysis
    self.cursor = cursor
  }

  private static let functions = Set(FunctionRegistry().names + AggregateRegistry().names)

  /// What a word would have to be where there is nothing of its name.
  private enum Missing { case column, dataset, anything }
  private static let missing: [DiagnosticCode: Missing] = [
    .unknownColumn: .column, .unknownDataset: .dataset, .unknownFunction: .anything, .unknownParameter: .anything, .noDataset: .anything,
  ]

  mutating func find() {
    var state = session.state
    for statement in analysis.script.statements {
      switch statement.kind {
      case .command, .expression: break
      case .letBinding(_, .pipeline(let pipeline)):
        var copy = state
        find(in: pipeline, name: nil, statement, &copy)
      case .letBinding, .definition:
        if !statement.hasErrors { try? session.define(statement, in: &state) }
      case .pipeline(let name, let pipeline): find(in: pipeline, name: name, statement, &state)
      }
      findFunctions(in: statement, state)
    }
  }

  /// Binds the stages that are whole; the one being typed is compared with the columns that flow into it.
  private mutating func find(in pipeline: PipelineSyntax, name: Name?, _ statement: Statement, _ state: inout SessionState) {
    let mistake = analysis.diagnostics.compactMap { $0.span?.start }.filter { $0 >= statement.span.start && $0 <= statement.span.end }.min()
    var whole = pipeline
    if let mistake { whole.stages = Array(pipeline.stages.prefix { $0.span.end < mistake }) }
    let source = SourceText(name: "", text: text)
    var binding = PipelineBinding(session: session, source: source)
    do {
      guard let mistake else {
        state = try binding.bind(whole, name: name, over: state).state
        return
      }
      let isContinued = !whole.stages.isEmpty || whole.source != nil || pipeline.stages.first.map { $0.kind != .source } ?? false
      guard isContinued else { return }
      let cursor = try binding.cursor(behind: whole, state: &state)
      let start = whole.stages.last?.span.end ?? whole.source?.name.span.end ?? min(statement.span.start, mistake)
      // The columns inside parentheses of a second dataset are its own.
      if pipeline.stages.dropFirst(whole.stages.count).contains(where: { $0.definition?.signature.takesDatasets == true }) { return }
      findColumns(in: start..<statement.span.end, try binding.plan(of: cursor, state: state).schema)
    } catch is UnexaminedFiles {
      return
    } catch {
      note(session.failure(error, nil).diagnostics)
    }
  }

  private mutating func note(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics {
      guard let missing = Self.missing[diagnostic.code], let span = diagnostic.span else { continue }
      if isBeingTyped(span, among: candidates(missing)) { undecided.insert(span) } else { spans.insert(span) }
    }
  }

  /// What a word of that kind may become.
  private func candidates(_ missing: Missing) -> [String] {
    switch missing {
    case .dataset: session.state.knownNames + session.keptNames + VerbRegistry.all.map(\.name) + CommandRegistry.all.map(\.name)
    case .column: names.sorted()
    case .anything: []
    }
  }

  /// Every name that stands somewhere as a column: of datasets made before, and of the text itself.
  private var names: Set<String> {
    guard let current = session.state.current, let schema = try? session.state.plan(of: current).schema else { return [] }
    return Set(schema.names)
  }

  private mutating func findColumns(in range: Range<Int>, _ schema: Schema) {
    let marks = analysis.spans.filter { range.contains($0.span.start) }
    let own = Set(marks.filter { $0.kind == .newName }.map { text($0.span) })
    for mark in marks where mark.kind == .column {
      let name = text(mark.span)
      if mark.span.start > 0, bytes[mark.span.start - 1] == UInt8(ascii: ".") { continue }
      if own.contains(name) || schema.index(of: unquotedName(name)) != nil || name.contains("*") { continue }
      if isBeingTyped(mark.span, among: schema.names + Self.functions) { undecided.insert(mark.span) } else { spans.insert(mark.span) }
    }
  }

  private mutating func findFunctions(in statement: Statement, _ state: SessionState) {
    for mark in analysis.spans
    where mark.kind == .function && statement.span.start <= mark.span.start && mark.span.end <= statement.span.end {
      let name = text(mark.span)
      if !Self.functions.contains(name), state.environment.definitions[name] == nil { spans.insert(mark.span) }
    }
  }

  func mayBecomeVerb(_ span: SourceSpan) -> Bool {
    let word = text(span)
    return VerbRegistry.all.contains { $0.name.hasPrefix(word) } || CommandRegistry.all.contains { $0.name.hasPrefix(word) }
      || (session.state.knownNames + session.keptNames).contains { $0.hasPrefix(word) }
  }

  private func isBeingTyped(_ span: SourceSpan, among names: [String]) -> Bool {
    guard span.end == cursor else { return false }
    let word = text(span)
    return names.contains { $0.hasPrefix(word) || printedName($0).hasPrefix(word) }
  }

  private func text(_ span: SourceSpan) -> String { String(decoding: bytes[span.start..<span.end], as: UTF8.self) }

}

extension Substring {
  /// The text with each doubled character taken once.
  func replacingPairs(of character: Character) -> String {
    var result = ""
    var skips = false
    for next in self {
      skips = next == character && !skips && result.last == character
      if !skips { result.append(next) }
    }
    return result
  }
}

extension Script {
  /// Whether there is a `let` or a `def` in it.
  var hasDefinitions: Bool {
    statements.contains { statement in
      switch statement.kind {
      case .letBinding, .definition: true
      case .command, .pipeline, .expression: false
      }
    }
  }
}
