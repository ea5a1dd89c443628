// Rows that pass through an external program: `map_batches`.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// One process for each task: what it answers depends on the rows of the task alone, wherever the task runs and whatever ran before it. A function of Python
/// is loaded once for many tasks, as that takes longer than most of them.
public struct RunProgram: StepSpec {
  public static let name = "map_batches"

  public let call: ProgramCall

  public init(_ call: ProgramCall) { self.call = call }

  public var title: String { "map_batches" }
  public var verb: String? { "map_batches" }
  public var keepsRowCount: Bool { false }
  public var isRepeatable: Bool { false }
  public func schema(over input: Schema) -> Schema { call.schema }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    guard let streaming = try FormatRegistry.named(call.format).streaming else {
      throw Diagnostic(.badPlan, "no rows pass through pipes as \(call.format)")
    }
    return ProgramStep(call, streaming, over: input, try environment.startProgram(call))
  }

  public func encode(to writer: inout ByteWriter) { call.encode(to: &writer) }
  public init(from reader: inout ByteReader) throws { call = try ProgramCall(from: &reader) }
}

/// Hands batches of the wanted size to a program, and gives on what it answers whenever that comes.
private final class ProgramStep: EndingBatchStep {
  private let call: ProgramCall
  private let input: Schema
  private let streaming: any FormatStreaming
  private let decoder: any RowDecoder
  private let program: any RunningProgram
  /// Rows that do not make a batch yet.
  private var collected: [Batch] = []
  private var collectedRows = 0
  private var batches = 0
  private var rowsSent = 0..<0
  private var hasNoMoreRows = false
  private var isAnswerRead = false

  /// So much of the answer is made rows at a time.
  private static let pieceBytes = 256 << 10

  init(_ call: ProgramCall, _ streaming: any FormatStreaming, over input: Schema, _ program: any RunningProgram) {
    self.call = call
    self.input = input
    self.streaming = streaming
    self.program = program
    decoder = streaming.makeDecoder(call.schema, isGiven: call.isSchemaGiven)
    program.send(streaming.header(input))
  }

  func apply(_ batch: Batch) -> Batch {
    var rest = batch
    while collectedRows + rest.rowCount >= call.batchRows {
      let taken = call.batchRows - collectedRows
      send(collected + [rest.slice(from: 0, count: taken)])
      (collected, collectedRows) = ([], 0)
      rest = rest.slice(from: taken, count: rest.rowCount - taken)
    }
    if rest.rowCount > 0 {
      collected.append(rest)
      collectedRows += rest.rowCount
    }
    return .empty(call.schema)
  }

  private func send(_ pieces: [Batch]) {
    let batch = Batch.concatenate(pieces, schema: input)
    batches += 1
    rowsSent = rowsSent.upperBound..<rowsSent.upperBound + batch.rowCount
    program.send(streaming.encode(batch))
  }

  func end() {
    if collectedRows > 0 { send(collected) }
    collected = []
    program.send(streaming.footer(input))
    if !call.staysRunning { program.endInput() }
    hasNoMoreRows = true
  }

  func next() throws -> Batch? {
    while !isAnswerRead {
      if program.answerBytes >= Self.pieceBytes {
        let rows = try decode(isEnd: false)
        if rows.rowCount > 0 { return rows }
      }
      if call.staysRunning, hasNoMoreRows, program.answerBytes > 0 {
        let rows = try decode(isEnd: false)
        if rows.rowCount > 0 { return rows }
        continue
      }
      if let ending = program.ending {
        guard ending == .success, !call.staysRunning else { throw failure.diagnostic(ending) }
        // What it does not read is lost on it; its answer is complete in any case.
        isAnswerRead = true
        return try decode(isEnd: true)
      }
      if !hasNoMoreRows, !program.wantsToSend {
        let rows = try decode(isEnd: false)
        return rows.rowCount > 0 ? rows : nil
      }
      try program.exchange()
    }
    return nil
  }

  private func decode(isEnd: Bool) throws -> Batch {
    let answer = program.takeAnswer()
    let rows: Batch
    do throws(StreamMistake) { rows = try decoder.decode(answer, isEnd: isEnd) } catch { throw failure.diagnostic(error) }
    // Whichever piece brings the end: nothing else will come to tell it.
    if call.staysRunning, decoder.isAtEnd, !isAnswerRead {
      isAnswerRead = true
      program.release()
    }
    return rows
  }

  private var failure: ProgramFailure { ProgramFailure(batch: batches, rows: rowsSent, lastWords: program.lastWords) }

  func finish(_ report: inout TaskReport) {
    var work = program.work
    work.batches = batches
    report.programs += work
  }
}
