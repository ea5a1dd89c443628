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
  /// Performs an action on a dataset. If a column holds something else than sampling had shown, the column is widened, the dataset bound
  /// anew and the action repeated: what is printed is never a wrong value.
  func perform(
    _ stage: StageSyntax, on dataset: Int, in source: SourceText, isAlone: Bool = false, emit: (Output) -> Void
  ) throws {
    var notes: [String] = []
    let passedText = PassedText()
    guard let action = stage.action else { preconditionFailure("an action that was bound: \(stage.verb.text)") }
    let format = stage.outputFormat
    var changes = 0
    var values: WantedValues?
    for _ in 0..<Self.wideningLimit {
      do {
        if let wanted = values {
          values = nil
          notes.append(try find(wanted))
        }
        try feed(dataset, rows: { try action.rowsNeeded(by: stage, in: source, self) })
        // Output of an attempt that ends in a mismatch is never shown: actions emit after their work is done, or compare what they pass on.
        try withoutActuallyEscaping(emit) { emit in
          let kept = state.keptDatasets(under: dataset)
          try updateKept(used: kept)
          tellStale(kept, emit: emit)
          let (plan, renamed) = try state.boundPlan(of: dataset)
          let read = state.files.indices.filter { plan.reads(state.files[$0].source) }
          let context = ActionContext(
            session: self, stage: stage, dataset: dataset, title: state.datasets[dataset].title, plan: plan, source: source,
            isAlone: isAlone, emit: { emit($0.presented(as: format)) }, passedText: passedText,
            notes: notes + read.flatMap { state.files[$0].notes } + Self.notes(on: renamed))
          try action.perform(context)
          for index in read { state.files[index].notes = [] }
        }
        return
      } catch let mismatch as SchemaMismatch {
        notes += try widen(mismatch)
      } catch let changed as FileChanged {
        changes += 1
        if changes == Self.changeLimit { throw Self.unstableFile(name(ofFile: changed.path)) }
        notes.append(try reopen(changed))
      } catch let wanted as WantedValues {
        guard action.runsData else { throw wanted.diagnostic }
        values = wanted
      }
    }
    throw Diagnostic(.unstableTypes, "columns are widened without an end")
  }

  /// What is said of a file that was never the same long enough to be read.
  static func unstableFile(_ name: String) -> Diagnostic {
    Diagnostic(
      .unstableFile, "\(name) keeps changing while it is read", suggestion: "wait for its writer, or read a copy",
      notes: ["tried \(changeLimit) times"])
  }

  /// The number of rows that a stage names; nil if it names none.
  func count(of stage: StageSyntax, in source: SourceText) throws -> Int? {
    guard case .count(let syntax?) = stage.operands else { return nil }
    var binder = state.environment.binder(source)
    guard let count = binder.bindCount(syntax) else { throw DiagnosticList(binder.diagnostics) }
    return count
  }

  /// Widens the columns that hold what does not fit, in each `read` that reads the file in the same way; what to tell about each.
  private func widen(_ mismatch: SchemaMismatch) throws -> [String] {
    var notes: [String] = []
    let matching = state.files.indices.filter { mismatch.reading.matches(state.files[$0].source) }
    if let layout = mismatch.layout {
      for index in matching {
        let before = state.files[index].source.redescribe(mismatch.columns, layout: layout, of: mismatch.reading)
        for note in zip(mismatch.columns, before).map({ self.note(on: $0, before: $1, mismatch) }) where !notes.contains(note) {
          notes.append(note)
        }
      }
    } else {
      notes = widenTypes(mismatch, matching)
    }
    guard !notes.isEmpty else {
      let names = mismatch.columns.map { "\($0.name) \($0.type.name) \"\($0.text)\"" }.joined(separator: ", ")
      throw Diagnostic(.unstableTypes, "a column does not fit the type it was widened to: \(names)")
    }
    return notes
  }

  /// What to tell about a column that is read in another way.
  private func note(on column: SchemaMismatch.Column, before: DataType?, _ mismatch: SchemaMismatch) -> String {
    let place = "\"\(column.text)\" at byte \(groupedText(column.byteOffset)) of \(name(ofFile: mismatch.reading.path))"
    let reason = column.reason.map { ", as it holds \($0)" } ?? ""
    guard let before else { return "column \(column.name) found: \(column.type.name)\(reason) (\(place)); read again" }
    let change = before == column.type ? "read otherwise" : "widened from \(before.name) to \(column.type.name)"
    return "column \(column.name) \(change)\(reason) (\(place)); read again"
  }

  /// Widens columns whose types alone change; what to tell about each.
  private func widenTypes(_ mismatch: SchemaMismatch, _ matching: [Int]) -> [String] {
    var notes: [String] = []
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
    return notes
  }

  /// What to tell about columns whose names were taken.
  private static func notes(on renamed: [RenamedColumn]) -> [String] {
    guard !renamed.isEmpty else { return [] }
    let shown = renamed.prefix(shownRenamedColumns).map { "\($0.before) is \($0.after)" }.joined(separator: ", ")
    return ["names that were taken: \(shown)\(renamed.count > shownRenamedColumns ? ", … (\(renamed.count) in all)" : "")"]
  }

  private static let shownRenamedColumns = 8

  /// Finds the values that a plan depends on; what to tell about them.
  private func find(_ wanted: WantedValues) throws -> String {
    try feed(wanted.plan)
    let found = try backend.run(wanted.plan, .head(wanted.limit), observer: observer)
    if state.foundValues.count == Self.foundValuesLimit { state.foundValues = [:] }
    let values = (0..<found.rows.rowCount).map { found.rows.columns[0].value(at: $0) }
    state.foundValues[wanted.plan] = values
    return "\(wanted.note(on: values)); \(movedText(found.work)); \(blocksText(found.work))"
  }

  /// Looks anew at a file that is not what it was taken for, and at all files that are read with it.
  private func reopen(_ changed: FileChanged) throws -> String {
    let name = name(ofFile: changed.path)
    var fileCount = 0
    for index in state.files.indices where state.files[index].source.files.contains(where: { $0.path.isExactly(changed.path) }) {
      var request = state.files[index].request
      if changed.isUnlikeOthers { request.looksAtAll = true }
      state.files[index] = try request.open(try request.find(access, streams), streams)
      fileCount = state.files[index].source.files.count
    }
    return changed.isUnlikeOthers
      ? "\(name) is not like the files looked at before it: all \(groupedText(fileCount)) looked at"
      : "\(name) has changed since it was named; sampled again"
  }

  /// What a file of some dataset is called in prose.
  private func name(ofFile path: String) -> String {
    baseName(state.files.elements.lazy.flatMap(\.source.files).first { $0.path.isExactly(path) }?.name ?? path)
  }
}

extension LogicalPlan {
  /// Whether it reads some files.
  fileprivate func reads(_ source: FileSource) -> Bool {
    if case .read(let own, _) = self { return own == source }
    return inputs.contains { $0.reads(source) }
  }
}

extension SchemaMismatch.Reading {
  /// Whether a `read` reads the file in this way.
  fileprivate func matches(_ source: FileSource) -> Bool {
    source.files.contains { file in
      guard file.path.isExactly(path) else { return false }
      let shape = source.shape(of: file)
      return shape.layout == layout && shape.schema == schema
    }
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
