// The first rows of each group of rows that are sorted by their keys: `top … per`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Of rows that stand together as their keys are equal, the first so many.
public struct FirstOfEach: StepSpec {
  public static let name = "first of each"

  public let keys: [Int]
  public let count: Int

  public init(_ keys: [Int], count: Int) {
    self.keys = keys
    self.count = count
  }

  public var title: String { "first of each" }
  public var verb: String? { "top" }
  public var keepsRowCount: Bool { false }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    guard keys.allSatisfy({ input.fields.indices.contains($0) }) else { throw Diagnostic(.badPlan, "a key that is no column") }
    return FirstRowsStep(self)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(keys) { $0.write($1) }
    writer.write(count)
  }

  public init(from reader: inout ByteReader) throws {
    keys = try reader.readArray { try $0.readInt() }
    count = max(0, try reader.readInt())
  }
}

private final class FirstRowsStep: BatchStep {
  private let keys: [Int]
  private let wanted: Int
  private var lastKeys: [Column] = []
  /// How many rows of the group of the last row have come.
  private var seen = 0

  init(_ spec: FirstOfEach) {
    keys = spec.keys
    wanted = spec.count
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    if batch.rowCount == 0 { return batch }
    let starts = batch.groupStarts(of: keys, after: lastKeys)
    lastKeys = keys.map { batch.columns[$0].slice(from: batch.rowCount - 1, count: 1) }
    return batch.filter(
      .make(count: batch.rowCount) { word in
        var bits: UInt64 = 0
        for bit in 0..<min(64, batch.rowCount - word * 64) {
          if starts[word * 64 + bit] { seen = 0 }
          if seen < wanted { bits |= 1 &<< UInt64(bit) }
          seen += 1
        }
        return bits
      })
  }
}
