// How the files of a `read` are cut, as its format says.

import DshFormats
import DshPlan

extension SourceFile {
  /// The parts that blocks are made from; the first begins at the first record.
  public func splits(_ reading: any FormatReading, in source: FileSource) -> FileSplits {
    reading.splits(
      of: FileDescription(schema: schema, dataStart: dataStart, layout: layout), sizeBytes: sizeBytes, blockBytes: source.blockBytes,
      spreads: source.spreads)
  }

  /// How many parts there are; none of a file that can't be read.
  public func splitCount(in source: FileSource) -> Int {
    (try? FormatRegistry.named(format).readingOrRefusal()).map { splits($0, in: source).count } ?? 0
  }
}
