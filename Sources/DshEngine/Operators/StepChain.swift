// The steps of a task made ready, one behind another, with errors raised in row order.

import DshColumns
import DshDiagnostics

/// The steps of one task.
final class StepChain {
  private struct Link {
    let step: any BatchStep
    /// The step, if it may make several batches of one.
    let expanding: (any ExpandingBatchStep)?
    /// The step, if it may have rows left at the end.
    let ending: (any EndingBatchStep)?
    let schema: Schema
  }

  private let links: [Link]
  /// The number that the first of these steps has in the task: 1 if the source applies the first filter itself.
  private let firstStep: Int
  /// Rows that entered each step.
  private(set) var rows: [Int]
  /// Rows that came through all steps.
  private(set) var rowsOut = 0
  let schema: Schema

  init(_ specs: some Sequence<any StepSpec>, over input: Schema, firstStep: Int, _ environment: any TaskEnvironment) throws {
    var schema = input
    var links: [Link] = []
    let specs = Array(specs)
    for (index, spec) in specs.enumerated() {
      let step: any BatchStep
      if let filter = spec as? Filter, index + 1 < specs.count, let projection = specs[index + 1] as? Project {
        // What the projection does not read need not be taken out of the rows.
        step = try filter.open(over: schema, keeping: projection.columnsRead)
      } else {
        step = try spec.open(over: schema, environment)
      }
      schema = spec.schema(over: schema)
      links.append(Link(step: step, expanding: step as? any ExpandingBatchStep, ending: step as? any EndingBatchStep, schema: schema))
    }
    self.links = links
    self.firstStep = firstStep
    self.schema = schema
    rows = Array(repeating: 0, count: links.count)
  }

  /// Hands on what becomes of a batch behind all steps, in pieces that have rows, as long as more is wanted.
  ///
  /// If a row fails, the rows before it are still taken to the end: an error of theirs comes first, and whoever takes the rows may have had enough
  /// before the error counts.
  func apply(_ batch: Batch, _ take: (Batch) throws -> SinkAnswer) throws -> SinkAnswer { try apply(batch, from: 0, take) }

  private func apply(_ batch: Batch, from first: Int, _ take: (Batch) throws -> SinkAnswer) throws -> SinkAnswer {
    var batch = batch
    var failure: StepError?
    for index in first..<links.count {
      let link = links[index]
      let rowsBefore = rows[index]
      rows[index] += batch.rowCount
      do throws(RowError) {
        batch = try link.step.apply(batch)
      } catch {
        // Of several, the one of the latest step is that of the earliest row.
        failure = StepError(error, step: firstStep + index, rowsBefore: rowsBefore)
        // The rows before the failing one can't fail in this step: the error was the first.
        batch = (try? link.step.apply(batch.slice(from: 0, count: error.row))) ?? Batch.empty(link.schema)
      }
      if let expanding = link.expanding {
        var piece: Batch? = batch
        while let rows = piece {
          if rows.rowCount > 0, try apply(rows, from: index + 1, take) == .enough { return .enough }
          piece = try next(of: expanding, at: index)
        }
        if let failure { throw failure }
        return .more
      }
      if batch.rowCount == 0 { break }
    }
    if batch.rowCount > 0 {
      rowsOut += batch.rowCount
      if try take(batch) == .enough { return .enough }
    }
    if let failure { throw failure }
    return .more
  }

  /// Hands on what is left behind all steps once no more rows come, as long as more is wanted.
  func end(_ take: (Batch) throws -> SinkAnswer) throws -> SinkAnswer {
    for (index, link) in links.enumerated() {
      guard let ending = link.ending else { continue }
      ending.end()
      while let rows = try next(of: ending, at: index) {
        if rows.rowCount > 0, try apply(rows, from: index + 1, take) == .enough { return .enough }
      }
    }
    return .more
  }

  /// The next rows of a step; what goes wrong in it is known to be this step's.
  private func next(of step: any ExpandingBatchStep, at index: Int) throws -> Batch? {
    do { return try step.next() } catch let diagnostic as Diagnostic where diagnostic.category == .user {
      throw StepError(RowError(diagnostic, row: 0), step: firstStep + index, rowsBefore: 0)
    }
  }

  func finish(_ report: inout TaskReport) {
    for link in links { link.ending?.finish(&report) }
  }
}

/// A row error with its place in the task: which step, and which of the rows that entered it.
struct StepError: Error {
  var diagnostic: Diagnostic

  init(_ error: RowError, step: Int, rowsBefore: Int) {
    diagnostic = error.diagnostic
    diagnostic.row = RowPlace(step: step, row: rowsBefore + error.row, part: error.part)
  }
}
