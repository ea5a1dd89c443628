// A look into blocks that are in memory for the values a column often has, for completion.

import DshColumns
import DshPlan

extension GraphRunner {
  /// A person waits for the list: only so many rows are looked at.
  private static let examinedRows = 50_000

  /// Texts of a column of a kept plan, the most frequent first.
  ///
  /// They are read where they lie and nothing is counted as moved; a block that is gone is passed over.
  func frequentTexts(_ plan: LogicalPlan, column name: String) -> [(text: String, count: Int)] {
    guard let dataset = persisted[plan] else { return [] }
    let context = cluster.headContext()
    var counts: [String: Int] = [:]
    var rows = 0
    for block in dataset.blocks {
      guard rows < Self.examinedRows, cluster.contains(block.block),
        let batch = try? context.batchInPlace(of: block.block, columns: { [$0.index(of: name)].compactMap(\.self) }),
        let index = batch.schema.index(of: name), batch.schema[index].type == .string
      else { continue }
      let column = batch.columns[index]
      let count = min(column.count, Self.examinedRows - rows)
      rows += count
      for row in 0..<count where column.isValid(row) { counts[String(decoding: column.textBytes(at: row), as: UTF8.self), default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
}
