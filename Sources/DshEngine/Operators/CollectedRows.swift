// Rows that a sink collects for one block, counted against the limit of the store while they are collected.

import DshColumns
import DshDiagnostics

final class CollectedRows {
  private let builder: BlockBuilder
  private let environment: any TaskEnvironment
  private let reservation: any MemoryReservation

  init(_ schema: Schema, _ environment: any TaskEnvironment) {
    builder = BlockBuilder(schema: schema)
    self.environment = environment
    reservation = environment.makeReservation()
  }

  var count: Int { builder.rowCount }

  func append(_ batch: Batch) throws(Diagnostic) {
    builder.append(batch)
    try TextLimit.check(builder.sizeBytes)
    try reservation.resize(to: builder.sizeBytes)
  }

  /// The rows as one batch; they are the caller's from now on.
  func finish() -> Batch { builder.finish() }

  /// Makes the block.
  func store(_ report: inout TaskReport) throws { try store(builder.encode(), &report) }

  /// Makes a block of what became of the rows.
  func store(_ batch: Batch, _ report: inout TaskReport) throws { try store(BlockFormat.encode(batch), &report) }

  private func store(_ block: EncodedBlock, _ report: inout TaskReport) throws {
    report.rows = block.rowCount
    // What was reserved becomes the block.
    try reservation.resize(to: 0)
    try environment.store(block)
  }
}
