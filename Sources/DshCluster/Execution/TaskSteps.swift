// The steps of a task made ready: filters and projections over batches, with errors raised in row order.

import DshColumns
import DshEngine
import DshPlan

/// The compiled steps of one task.
final class TaskSteps {
  private enum Step {
    case filter(CompiledExpression)
    case project([(Field, ProjectedColumn)], Schema)
  }

  private enum ProjectedColumn {
    case input(Int)
    case computed(CompiledExpression)
  }

  private let steps: [Step]
  /// The number that the first of these steps has in the task: 1 if the source applies the first filter itself.
  private let firstStep: Int
  /// Rows that entered each step.
  private(set) var rows: [Int]
  /// Rows that came through all steps.
  private(set) var rowsOut = 0
  let schema: Schema

  init(_ descriptions: some Sequence<TaskStep>, over input: Schema, firstStep: Int) throws {
    var schema = input
    var steps: [Step] = []
    for description in descriptions {
      switch description {
      case .filter(let predicate): steps.append(.filter(try CompiledExpression(predicate, inputs: schema.types)))
      case .project(let columns):
        let types = schema.types
        var part = 0
        let compiled = try columns.map { column -> (Field, ProjectedColumn) in
          defer { part += column.expression.size }
          let field = Field(column.name, column.expression.type)
          if case .column(let index, _) = column.expression { return (field, .input(index)) }
          return (field, .computed(try CompiledExpression(column.expression, inputs: types, firstPart: part)))
        }
        schema = Schema(compiled.map(\.0))
        steps.append(.project(compiled, schema))
      }
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
    for (index, step) in steps.enumerated() {
      let rowsBefore = rows[index]
      rows[index] += batch.rowCount
      do {
        batch = try apply(step, to: batch)
      } catch {
        failure = StepError(error, step: firstStep + index, rowsBefore: rowsBefore)
        // The rows before the failing one can't fail in this step: the error was the first.
        batch = (try? apply(step, to: batch.slice(from: 0, count: error.row))) ?? Batch.empty(schema(after: index))
      }
      if batch.rowCount == 0 && index + 1 < steps.count { return (Batch.empty(schema), failure) }
    }
    rowsOut += batch.rowCount
    return (batch, failure)
  }

  private func schema(after index: Int) -> Schema {
    for step in steps[index...] { if case .project(_, let schema) = step { return schema } }
    return schema
  }

  private func apply(_ step: Step, to batch: Batch) throws(RowError) -> Batch {
    switch step {
    case .filter(let condition):
      return batch.filter(try condition.evaluateSelection(batch.columns, rowCount: batch.rowCount))
    case .project(let columns, let schema):
      var output: [Column] = []
      output.reserveCapacity(columns.count)
      var first: RowError?
      for (_, column) in columns {
        switch column {
        case .input(let index): output.append(batch.columns[index])
        case .computed(let expression):
          do {
            output.append(try expression.evaluate(batch.columns, rowCount: batch.rowCount))
          } catch {
            if first.map({ error.row < $0.row }) ?? true { first = error }
          }
        }
      }
      if let first { throw first }
      return Batch(schema: schema, columns: output, rowCount: batch.rowCount)
    }
  }
}
