// Finds out what stands before the rows of each task, for steps that have to know it: how many rows, or the last values of columns.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlanner

/// What stands before the rows of a task.
enum TaskStart {
  /// So many rows.
  case row(Int)
  /// These values, the last ones of columns that are not null.
  case values([Value])
}

extension GraphRunner {
  /// The tasks of a branch with what stands before the rows of each.
  func placed(_ tasks: BranchTasks, of branch: Branch) throws -> BranchTasks {
    if branch.preceding.isEmpty { return tasks }
    var placed = tasks
    // What the tasks make depends on all that come before: it is known by the branch as a whole.
    placed.producers = nil
    for preceding in branch.preceding {
      let starts = try starts(of: tasks.count, preceding)
      let restarts = (branch.steps[preceding.step] as? NumberRows)?.restartsPerFile ?? false
      placed.starts.append((preceding.step, restarts ? startsInFiles(starts, tasks) : starts))
    }
    return placed
  }

  /// The same, counted from the first row of each file.
  private func startsInFiles(_ starts: [TaskStart], _ tasks: BranchTasks) -> [TaskStart] {
    var first = 0
    return starts.enumerated().map { task, start in
      guard case .row(let row) = start, let place = tasks.source(task).split else { return start }
      if place.split == 0 { first = row }
      return .row(row - first)
    }
  }

  private func starts(of taskCount: Int, _ preceding: Preceding) throws -> [TaskStart] {
    let branches = try preceding.stage.branches.map { try tasks(of: $0, for: preceding.stage) }
    let all = StageTasks(preceding.stage, branches)
    let before = branches.prefix(preceding.branch).reduce(0) { $0 + $1.count }
    precondition(branches[preceding.branch].count == taskCount, "what stands before a task is asked of the same tasks")
    if case .sink(let sink) = preceding.stage.output, sink is LastValues {
      return Array(try lastValues(all, preceding.stage).prefix(before + taskCount).dropFirst(before))
    }
    return Array(try firstRows(all, preceding.stage).prefix(before + taskCount).dropFirst(before))
  }

  /// How many rows stand before each task. They are counted first, unless it is known how many there are.
  private func firstRows(_ tasks: StageTasks, _ counts: Stage) throws -> [TaskStart] {
    // The first row of the only task is the first of all.
    if tasks.count == 1 { return [.row(0)] }
    var first = 0
    return try (tasks.knownRows ?? run(counts).verified.map(\.report.rowsOut)).map { count in
      let start = TaskStart.row(first)
      let (next, overflow) = first.addingReportingOverflow(count)
      guard !overflow else { throw Diagnostic(.integerOverflow, "there are more rows than can be numbered") }
      first = next
      return start
    }
  }

  /// The last values that stand before each task.
  private func lastValues(_ tasks: StageTasks, _ stage: Stage) throws -> [TaskStart] {
    if tasks.count == 1 { return [.values([])] }
    let outputs = try run(stage).verified
    let blocks = outputs.compactMap { output in output.slice.flatMap { $0.rows.isEmpty ? nil : $0.block } }
    let rows = Dictionary(zip(blocks, try cluster.inspect(blocks, .lastRow).map { $0.first ?? [] })) { $1 }
    var last = stage.schema.fields.map { _ in Value.null }
    return outputs.map { output in
      let start = TaskStart.values(last)
      let own = output.slice.flatMap { rows[$0.block] } ?? []
      for (column, value) in zip(last.indices, own) where !value.isNull { last[column] = value }
      return start
    }
  }
}

extension StepSpec {
  /// The same step behind what stands before a task.
  func starting(_ start: TaskStart) -> any StepSpec {
    switch (start, self) {
    case (.row(let row), let step as any PositionedStep): step.starting(atRow: row)
    case (.values(let values), let step as any CarryingStep): step.continuing(after: values)
    default: preconditionFailure("\(type(of: self).name) is told something that it does not ask for")
    }
  }
}
