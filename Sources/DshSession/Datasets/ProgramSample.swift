// Finds out which columns a program answers, by what it answers to a few rows.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshLanguage
import DshPlan
import DshSystem

extension Session {
  /// The rows that a program is shown: enough to tell types by, few enough to wait for.
  static let programSampleRows = 100
  /// So much of its answer is looked at, unless not even a row is whole in it.
  static let programSampleBytes = 1 << 20

  /// The columns that the program of a stage answers; nil if the stage says so itself, or if what it says is a mistake.
  ///
  /// The first rows of its input are made and handed to the program once, as files are sampled when they are named.
  func answerSchema(of stage: StageSyntax, over input: LogicalPlan, _ binder: Binder) throws -> Schema? {
    if options.safeRoots != nil { throw Diagnostic(.unsafe, "safe mode runs no programs", span: stage.verb.span) }
    guard stage.option("schema") == nil else { return nil }
    var binder = binder
    binder.answerSchema = Schema([])
    guard let call = binder.bindProgram(stage) else { return nil }
    if isTyping { throw UnexaminedFiles() }
    if isChecking { throw Diagnostic(.pendingAnswer, "it is not known yet which columns the program answers", span: stage.span) }
    do { return try sample(call, over: input) } catch let diagnostic as Diagnostic { throw diagnostic.at(stage.operandSpan) }
  }

  private func sample(_ call: ProgramCall, over input: LogicalPlan) throws -> Schema? {
    guard let streaming = try FormatRegistry.named(call.format).streaming else { return nil }
    let plan = LogicalPlan.limit(input, count: Self.programSampleRows, offset: 0)
    let rows: Batch
    do {
      if streams.hasOpen { try feed(plan, rows: Self.programSampleRows) }
      rows = try backend.run(try refreshed(plan), .head(Self.programSampleRows), observer: observer).rows
    } catch is SchemaMismatch {
      throw Self.unknownAnswer("the rows to show it are not of the types of their columns")
    }
    let program = try ExternalProgram(
      call.shellCommand, folder: call.folder, variables: [("DSH_NODE", "head")], isGuarded: options.guardsPrograms)
    program.send(streaming.header(input.schema))
    if rows.rowCount > 0 { program.send(streaming.encode(rows)) }
    program.send(streaming.footer(input.schema))
    program.endInput()
    let failure: () -> ProgramFailure = {
      ProgramFailure(batch: rows.rowCount > 0 ? 1 : 0, rows: 0..<rows.rowCount, lastWords: program.traffic.words.lastLines)
    }
    var answer: [UInt8] = []
    var enoughBytes = Self.programSampleBytes
    while true {
      let ending = program.ending
      answer += program.takeAnswer()
      if let ending, ending.code != 0 { throw failure().diagnostic(ProgramEnding(code: ending.code, text: ending.predicate)) }
      if ending != nil || answer.count >= enoughBytes {
        do throws(StreamMistake) {
          if let schema = try streaming.schema(of: answer, isWhole: ending != nil, like: input.schema) { return schema }
        } catch { throw failure().diagnostic(error) }
        // Its first row is longer than most samples.
        enoughBytes *= 2
      }
      if ending != nil { break }
      try program.exchange(milliseconds: 1000, cancellation: observer.cancellation)
    }
    throw Self.unknownAnswer("to the first \(counted(rows.rowCount, "row")) it answers nothing")
  }

  private static func unknownAnswer(_ reason: String) -> Diagnostic {
    Diagnostic(
      .noSchema, "it is not known which columns the program answers: \(reason)", suggestion: "name them: --schema=\"a:int64, b:string\"")
  }
}

extension StageSyntax {
  /// The place of its command.
  fileprivate var operandSpan: SourceSpan {
    if case .text(let word) = operands { word.span } else { span }
  }
}
