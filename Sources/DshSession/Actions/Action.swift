// Performs actions: each verb has a file of its own; this one finds it and repeats it when a file does not fit its schema.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshLanguage
import DshPlan
import DshSystem

/// What an action works with.
struct ActionContext {
  let session: Session
  let stage: StageSyntax
  /// The dataset's index, its name for receipts, and its plan.
  let dataset: Int
  let title: String
  let plan: LogicalPlan
  let source: SourceText
  /// Whether the action is all that was typed.
  let isAlone: Bool
  let emit: (Output) -> Void
  /// What earlier attempts at the same action have passed on already.
  let passedText: PassedText
  /// What to say besides in the receipt.
  var notes: [String] = []

  /// Emits the receipt of an action.
  ///
  /// - Parameter parts: where rows that came to the shell were taken from.
  func receipt(_ run: RunSummary, rows: Int, lines: [String], parts: [TakeResult.Part] = []) {
    session.lastRun = LastRun(action: stage.printed, dataset: title, rows: rows, run: run, parts: parts)
    emit(
      .receipt(
        Receipt(
          action: stage.verb.text, dataset: title, rows: rows, blocksTotal: run.blocksTotal, blocksRun: run.blocksRun,
          blocksReused: run.blocksReused, moved: run.moved, mappedBytes: run.mappedBytes,
          seconds: session.options.isDeterministic ? nil : run.seconds, lines: lines,
          notes: notes + run.irregular.notes))
    )
  }

  /// The number behind `take`, `show` and their like.
  func count(default fallback: Int) throws -> Int {
    guard case .count(let syntax?) = stage.operands else { return fallback }
    var binder = session.state.environment.binder(source)
    guard let count = binder.bindCount(syntax) else { throw DiagnosticList(binder.diagnostics) }
    return count
  }

  /// The expression behind `sum`, `unique` and their like.
  func expression() throws -> (expression: Expression, text: String) {
    guard case .expression(let syntax) = stage.operands else {
      throw Diagnostic("missing-operand", .syntax, "\(stage.verb.text) needs an expression", span: stage.span)
    }
    var binder = session.state.environment.binder(source)
    guard let bound = binder.bindOperand(syntax, over: plan.schema) else { throw DiagnosticList(binder.diagnostics) }
    return (bound, syntax.printed)
  }

  func option(_ name: String) -> OptionSyntax? { stage.option(name) }
}

extension Session {
  /// Performs an action on a dataset. If a column holds something else than sampling had shown, the column is widened, the dataset bound
  /// anew and the action repeated: what is printed is never a wrong value.
  func perform(
    _ stage: StageSyntax, on dataset: Int, in source: SourceText, isAlone: Bool = false, emit: (Output) -> Void
  ) throws {
    var notes: [String] = []
    let passedText = PassedText()
    let format = stage.verb.text == "write" ? nil : stage.option("format")?.value?.text
    var changes = 0
    for _ in 0..<Self.wideningLimit {
      do {
        try feed(dataset, for: stage, in: source)
        // Output of an attempt that ends in a mismatch is never shown: actions emit after their work is done, or compare what they pass on.
        try withoutActuallyEscaping(emit) { emit in
          let context = ActionContext(
            session: self, stage: stage, dataset: dataset, title: state.datasets[dataset].title, plan: try state.plan(of: dataset),
            source: source, isAlone: isAlone, emit: { emit($0.presented(as: format)) }, passedText: passedText, notes: notes)
          try perform(context)
        }
        return
      } catch let mismatch as SchemaMismatch {
        notes += try widen(mismatch)
      } catch let changed as FileChanged {
        changes += 1
        if changes == Self.changeLimit { throw Self.unstableFile(name(ofFile: changed.path)) }
        notes.append(try reopen(changed.path))
      }
    }
    throw Diagnostic("unstable-types", .bug, "columns are widened without an end")
  }

  /// What is said of a file that was never the same long enough to be read.
  static func unstableFile(_ name: String) -> Diagnostic {
    Diagnostic(
      "unstable-file", .environment, "\(name) keeps changing while it is read", suggestion: "wait for its writer, or read a copy",
      notes: ["tried \(changeLimit) times"])
  }

  private func perform(_ context: ActionContext) throws {
    switch context.stage.verb.text {
    case "take": try take(context)
    case "take_batch": try takeBatch(context)
    case "take_all": try takeAll(context)
    case "show": try show(context)
    case "count": try count(context)
    case "sum", "mean", "min", "max", "std": try aggregate(context)
    case "unique": try unique(context)
    case "schema": try schema(context)
    case "persist": try keep(context, pinned: true)
    case "materialize": try keep(context, pinned: false)
    case "unpersist": try unpersist(context)
    case "write": try write(context)
    case "explain": try explain(context)
    case "stats": try stats(context)
    default:
      throw Diagnostic("not-available", .user, "\(context.stage.verb.text) is not available yet", span: context.stage.verb.span)
    }
  }

  /// Widens the columns that hold what does not fit, in each `read` that reads the file in the same way; what to tell about each.
  private func widen(_ mismatch: SchemaMismatch) throws -> [String] {
    var notes: [String] = []
    let matching = state.files.indices.filter { state.files[$0].source.files.contains(where: mismatch.reading.matches) }
    for column in mismatch.columns {
      let place = "\"\(column.text)\" at byte \(groupedText(column.byteOffset)) of \(name(ofFile: mismatch.reading.path))"
      for index in matching {
        let before = state.files[index].source.schema.index(of: column.name).map { state.files[index].source.schema[$0].type }
        if state.files[index].source.widen(column.name, to: column.type) {
          let after = state.files[index].source.schema.index(of: column.name).map { state.files[index].source.schema[$0].type.name } ?? ""
          let note = "column \(column.name) widened from \(before?.name ?? "") to \(after) (\(place)); read again"
          if !notes.contains(note) { notes.append(note) }
        }
      }
    }
    guard !notes.isEmpty else {
      let names = mismatch.columns.map { "\($0.name) \($0.type.name) \"\($0.text)\"" }.joined(separator: ", ")
      throw Diagnostic("unstable-types", .bug, "a column does not fit the type it was widened to: \(names)")
    }
    return notes
  }

  /// Samples a changed file anew.
  private func reopen(_ path: String) throws -> String {
    let name = name(ofFile: path)
    for index in state.files.indices where state.files[index].source.files.contains(where: { $0.path.isExactly(path) }) {
      let request = state.files[index].request
      state.files[index] = try request.open(try request.find(access, streams), streams)
    }
    return "\(name) has changed since it was named; sampled again"
  }

  /// What a file of some dataset is called in prose.
  private func name(ofFile path: String) -> String {
    baseName(state.files.lazy.flatMap(\.source.files).first { $0.path.isExactly(path) }?.name ?? path)
  }
}

extension SchemaMismatch.Reading {
  /// Whether a file of a `read` is read in this way.
  fileprivate func matches(_ file: SourceFile) -> Bool { file.path.isExactly(path) && file.layout == layout && file.schema == schema }
}

/// `moved` as the end of a receipt line: `204 B moved to head`, with the nodes if there are several.
func movedText(_ run: RunSummary) -> String {
  let total = run.moved.reduce(0) { $0 + $1.bytes }
  let mapped = run.mappedBytes > 0 ? ", \(bytesText(run.mappedBytes)) read in place" : ""
  guard total > 0 else { return "0 B moved" + mapped }
  let destinations = Set(run.moved.map(\.to))
  if destinations.count == 1, let destination = destinations.first { return "\(bytesText(total)) moved to \(destination)" + mapped }
  return "\(bytesText(total)) moved" + mapped
}

/// `2 of 4 blocks run`, with what was reused.
func blocksText(_ run: RunSummary) -> String {
  let total = run.blocksTotal
  var text =
    run.blocksRun == total && run.blocksReused == 0
    ? "\(counted(total, "block")) run" : "\(groupedText(run.blocksRun)) of \(counted(total, "block")) run"
  if run.blocksReused > 0 { text += ", \(groupedText(run.blocksReused)) reused" }
  if run.splitsReread > 0 { text += ", \(groupedText(run.splitsReread)) read twice" }
  return text
}
