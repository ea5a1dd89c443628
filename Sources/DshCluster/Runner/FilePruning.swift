// Which files of a `read` a branch has to open, by what the names of their folders say of their rows.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshPlanner

/// The files that may have rows for a branch.
struct FilePruning {
  private(set) var source: FileSource

  /// Those that may pass the first filter.
  init(_ source: FileSource, columns: [Int], of branch: Branch) {
    self.source = source
    guard !branch.steps.isEmpty, source.files.contains(where: { !$0.partition.isEmpty }) else { return }
    let schema = Schema(columns.map { source.schema[$0] })
    self.source.files = source.files.filter { file in
      BlockPruning.mayPass(branch.steps, schema.fields.map { file.statistics(of: $0.name) }, schema: schema)
    }
  }
}

extension SourceFile {
  /// What is known of a column without reading the file; nil if nothing is.
  fileprivate func statistics(of column: String) -> ColumnStatistics? {
    guard let known = partition.first(where: { $0.column.isExactly(column) }) else { return nil }
    // However many rows there are, they are all alike.
    if known.value.isNull { return ColumnStatistics(rowCount: 1, nullCount: 1) }
    return ColumnStatistics(rowCount: 1, nullCount: 0, least: known.value, greatest: known.value)
  }
}
