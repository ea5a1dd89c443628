// Rows chosen as if by chance, each by itself: `sample` and `split`.

import DshColumns
import DshDiagnostics
import DshPlan

/// The rows whose fraction, which a seed and the row's place in the dataset decide, lies between two bounds.
public struct SampleRows: PositionedStep {
  public static let name = "sample"

  /// From the lower bound to below the upper one; fractions are from 0 to below 1.
  public let lowerBound: Double
  public let upperBound: Double
  public let seed: Int64
  private let firstRow: Int

  public init(from lowerBound: Double, to upperBound: Double, seed: Int64) {
    self.init(from: lowerBound, to: upperBound, seed: seed, firstRow: 0)
  }

  private init(from lowerBound: Double, to upperBound: Double, seed: Int64, firstRow: Int) {
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    self.seed = seed
    self.firstRow = firstRow
  }

  public func starting(atRow row: Int) -> SampleRows { SampleRows(from: lowerBound, to: upperBound, seed: seed, firstRow: row) }

  public var title: String { "sample" }
  public var verb: String? { "sample" }
  public var keepsRowCount: Bool { false }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    Chooser(self, RowHash(seed: seed), firstRow: UInt64(truncatingIfNeeded: firstRow))
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(lowerBound)
    writer.write(upperBound)
    writer.write(seed)
    writer.write(firstRow)
  }

  public init(from reader: inout ByteReader) throws {
    lowerBound = try reader.readDouble()
    upperBound = try reader.readDouble()
    seed = try reader.readInt64()
    firstRow = try reader.readInt()
  }
}

private final class Chooser: BatchStep {
  private let lowerBound: Double
  private let upperBound: Double
  private let hash: RowHash
  private var next: UInt64

  init(_ spec: SampleRows, _ hash: RowHash, firstRow: UInt64) {
    lowerBound = spec.lowerBound
    upperBound = spec.upperBound
    self.hash = hash
    next = firstRow
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    let first = next
    let chosen = Bitmap.make(count: batch.rowCount) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, batch.rowCount - word * 64) {
        let fraction = hash.fraction(ofRow: first &+ UInt64(word * 64 + bit))
        if fraction >= lowerBound && fraction < upperBound { bits |= 1 &<< UInt64(bit) }
      }
      return bits
    }
    next &+= UInt64(batch.rowCount)
    return batch.filter(chosen)
  }
}
