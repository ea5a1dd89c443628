// What an action is, what it works with, and how it is performed: it is repeated when a file does not fit its schema.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshLanguage
import DshPlan
import DshSystem
import DshRender

/// What one action or pin does: a file beside this one and a line in `ActionRegistry` for each.
protocol Action: Sendable {
  var verb: Verb.ID { get }
  /// Whether it brings rows or a value to the shell, so that `let` can name what comes.
  var givesValue: Bool { get }
  /// Whether it may run data, so that values are found which a plan depends on.
  var runsData: Bool { get }

  /// Throws if the action is not defined for its operand; asked when a statement is bound.
  func check(_ operand: Expression, in stage: StageSyntax) throws(Diagnostic)

  /// Reports what is wrong with operands of other shapes; asked when a statement is bound.
  func check(_ stage: StageSyntax, over plan: LogicalPlan, with binder: inout Binder)

  /// The rows of the dataset that are enough for the action; nil for all. Streams are read no further.
  func rowsNeeded(by stage: StageSyntax, in source: SourceText, _ session: Session) throws -> Int?

  /// Does it. What it emits is emitted after its work is done, as the work may begin anew.
  func perform(_ context: ActionContext) throws
}

extension Action {
  var givesValue: Bool { false }
  var runsData: Bool { true }

  func check(_ operand: Expression, in stage: StageSyntax) throws(Diagnostic) {}

  func check(_ stage: StageSyntax, over plan: LogicalPlan, with binder: inout Binder) {}

  func rowsNeeded(by stage: StageSyntax, in source: SourceText, _ session: Session) throws -> Int? { nil }
}

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

  var backend: any Backend { session.backend }

  /// Emits the receipt of an action.
  ///
  /// - Parameter parts: where rows that came to the shell were taken from.
  func receipt(_ run: RunWork, rows: Int, lines: [String], parts: [PulledPart] = []) {
    session.lastRun = LastRun(action: stage.printed, dataset: title, rows: rows, run: run, parts: parts)
    var receipt = Receipt(
      action: stage.verb.text, dataset: title, rows: rows, blocksTotal: run.blocksTotal, blocksRun: run.blocksRun,
      blocksReused: run.blocksReused, moved: run.moved, mappedBytes: run.mappedBytes + run.mappedFileBytes,
      seconds: session.options.isDeterministic ? nil : run.seconds, lines: lines + run.programs.receiptLines,
      notes: notes + run.notes + run.copyNotes + run.programs.notes)
    receipt.programs = run.programs
    emit(.receipt(receipt))
  }

  /// Runs the dataset, or another plan, for what is wanted of it.
  func run(_ delivery: Delivery, of other: LogicalPlan? = nil) throws -> RunReport {
    try session.backend.run(other ?? plan, delivery, observer: session.observer)
  }

  /// The number behind `take`, `show` and their like.
  func count(default fallback: Int) throws -> Int { try session.count(of: stage, in: source) ?? fallback }

  /// The expression behind `sum`, `unique` and their like.
  func expression() throws -> (expression: Expression, text: String) {
    guard case .expression(let syntax) = stage.operands else {
      throw Diagnostic(.missingOperand, "\(stage.verb.text) needs an expression", span: stage.span)
    }
    var binder = session.state.environment.binder(source)
    guard let bound = binder.bindOperand(syntax, over: plan.schema) else { throw DiagnosticList(binder.diagnostics) }
    return (bound, syntax.printed)
  }

  func option(_ name: String) -> OptionSyntax? { stage.option(name) }
}

extension Session {
  /// Performs an action on a dataset.
  func perform(
    _ stage: StageSyntax, on dataset: Int, in source: SourceText, isAlone: Bool = false, emit: (Output) -> Void
  ) throws {
    guard let action = stage.action else { preconditionFailure("an action that was bound: \(stage.verb.text)") }
    let (passedText, format) = (PassedText(), stage.outputFormat)
    try withPlan(
      of: dataset, runsData: action.runsData, rowsNeeded: { try action.rowsNeeded(by: stage, in: source, self) }, tell: emit
    ) { plan, notes in
      // Output of an attempt that ends in a mismatch is never shown: actions emit after their work is done, or compare what they pass on.
      try withoutActuallyEscaping(emit) { emit in
        try action.perform(
          ActionContext(
            session: self, stage: stage, dataset: dataset, title: state.datasets[dataset].title, plan: plan, source: source,
            isAlone: isAlone, emit: { emit($0.presented(as: format)) }, passedText: passedText, notes: notes))
      }
    }
  }

  /// The number of rows that a stage names; nil if it names none.
  func count(of stage: StageSyntax, in source: SourceText) throws -> Int? {
    guard case .count(let syntax?) = stage.operands else { return nil }
    var binder = state.environment.binder(source)
    guard let count = binder.bindCount(syntax) else { throw DiagnosticList(binder.diagnostics) }
    return count
  }
}

/// `moved` as the end of a receipt line: `204 B moved to head`, with the nodes if there are several.
func movedText(_ run: RunWork) -> String {
  let total = run.moved.reduce(0) { $0 + $1.bytes }
  let disk = run.diskReadBytes > 0 ? ", \(bytesText(run.diskReadBytes)) read from disk" : ""
  let files = run.mappedFileBytes > 0 ? ", \(bytesText(run.mappedFileBytes)) mapped" : ""
  let mapped = (run.mappedBytes > 0 ? ", \(bytesText(run.mappedBytes)) read in place" : "") + files + disk
  guard total > 0 else { return "0 B moved" + mapped }
  let destinations = Set(run.moved.map(\.to))
  if destinations.count == 1, let destination = destinations.first { return "\(bytesText(total)) moved to \(destination)" + mapped }
  return "\(bytesText(total)) moved" + mapped
}

/// `2 of 4 blocks run`, with what was reused.
func blocksText(_ run: RunWork) -> String {
  let total = run.blocksTotal
  var text =
    run.blocksRun == total && run.blocksReused == 0
    ? "\(counted(total, "block")) run" : "\(groupedText(run.blocksRun)) of \(counted(total, "block")) run"
  if run.blocksReused > 0 { text += ", \(groupedText(run.blocksReused)) reused" }
  if run.blocksSkipped > 0 { text += ", \(groupedText(run.blocksSkipped)) skipped" }
  for files in run.stages.compactMap(\.files) { text += ", \(groupedText(files.opened)) of \(counted(files.total, "file"))" }
  if run.splitsReread > 0 { text += ", \(groupedText(run.splitsReread)) read twice" }
  return text
}
