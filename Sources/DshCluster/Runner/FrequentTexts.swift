// A look into blocks that are in memory for the values a column often has, for completion.

import DshColumns
import DshEngine
import DshPlan

extension GraphRunner {
  /// A person waits for the list: only so many rows are looked at.
  private static let examinedRows = 50_000

  /// Texts of a column of a kept plan, the most frequent first.
  ///
  /// They are read where they lie and nothing is counted as moved; a block that is gone is passed over.
  func frequentTexts(_ plan: LogicalPlan, column name: String) -> [(text: String, count: Int)] {
    guard let dataset = persisted[plan] else { return [] }
    var counts: [String: Int] = [:]
    var rows = 0
    for block in dataset.blocks.map(\.block) where rows < Self.examinedRows && cluster.contains(block) {
      let inspection = BlockInspection.frequentTexts(column: name, rows: Self.examinedRows - rows)
      rows += block.rows
      for row in (try? cluster.inspect([block], inspection).first) ?? [] {
        if row.count == 2, case .string(let text) = row[0], case .int64(let count) = row[1] { counts[text, default: 0] += Int(count) }
      }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
}
