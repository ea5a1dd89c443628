// Codes of defects of dsh itself, found in time.

extension DiagnosticCode {
  public static let unexpected = DiagnosticCode("unexpected", .bug, "An error that nobody has foreseen")
  public static let unstableTypes = DiagnosticCode("unstable-types", .bug, "Columns are widened without an end")
  public static let badPlan = DiagnosticCode("bad-plan", .bug, "A plan has a shape that no task can run")
  public static let badTask = DiagnosticCode("bad-task", .bug, "A task can't be read by the node")
  public static let badReport = DiagnosticCode("bad-report", .bug, "The report of a task can't be read by the head")
  public static let taskError = DiagnosticCode("task-error", .bug, "A task failed in an unforeseen way")
  public static let badArena = DiagnosticCode("bad-arena", .bug, "A descriptor is not the object store it should be")
  public static let badBlock = DiagnosticCode("bad-block", .bug, "A block is not what its description says")
  public static let badBlockLocation = DiagnosticCode("bad-block-location", .bug, "A block lies outside of its store")
  public static let badBlockRange = DiagnosticCode("bad-block-range", .bug, "Rows are copied from outside of a block")
  public static let badBlockSize = DiagnosticCode("bad-block-size", .bug, "A block has a size that no block can have")
  public static let duplicateBlock = DiagnosticCode("duplicate-block", .bug, "A block is made twice in one store")

  static let defectCodes: [DiagnosticCode] = [
    .unexpected, .unstableTypes, .badPlan, .badTask, .badReport, .taskError, .badArena, .badBlock, .badBlockLocation, .badBlockRange,
    .badBlockSize, .duplicateBlock,
  ]
}
