// The steps of a task made ready, one behind another, with errors raised in row order.

import DshColumns
import DshDiagnostics

/// The steps of one task.
final class StepChain {
  private let steps: [(step: any BatchStep, schema: Schema)]
  /// The number that the first of these steps has in the task: 1 if the source applies the first filter itself.
  private let firstStep: Int
  /// Rows that entered each step.
  private(set) var rows: [Int]
  /// Rows that came through all steps.
  private(set) var rowsOut = 0
  let schema: Schema

  init(_ specs: some Sequence<any StepSpec>, over input: Schema, firstStep: Int) throws(Diagnostic) {
    var schema = input
    var steps: [(step: any BatchStep, schema: Schema)] = []
    for spec in specs {
      let step = try spec.open(over: schema)
      schema = spec.schema(over: schema)
      steps.append((step, schema))
    }
    self.steps = steps
    self.firstStep = firstStep
    self.schema = schema
    rows = Array(repeating: 0, count: steps.count)
  }

  /// A batch after all steps. If a row fails, the rows before it are still taken to the end: an error of theirs comes first,
  /// otherwise `failure` holds it behind the rows that came through.
  func apply(_ batch: Batch) -> (batch: Batch, failure: StepError?) {
    var batch = batch
    var failure: StepError?
    for (index, (step, schemaAfter)) in steps.enumerated() {
      let rowsBefore = rows[index]
      rows[index] += batch.rowCount
      do {
        batch = try step.apply(batch)
      } catch {
        failure = StepError(error, step: firstStep + index, rowsBefore: rowsBefore)
        // The rows before the failing one can't fail in this step: the error was the first.
        batch = (try? step.apply(batch.slice(from: 0, count: error.row))) ?? Batch.empty(schemaAfter)
      }
      if batch.rowCount == 0 && index + 1 < steps.count { return (Batch.empty(schema), failure) }
    }
    rowsOut += batch.rowCount
    return (batch, failure)
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
