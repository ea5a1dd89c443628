// Puts rows of blocks together by their places: blocks cut anew, and those of two datasets side by side.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshPlanner

extension GraphRunner {
  /// Tasks that each pull about as many rows of a stage, in order; as many as the size says, but none without rows.
  func cut(_ stage: Stage, _ size: Repartition.Size) throws -> BranchTasks {
    let slices = try filledSlices(of: stage)
    let rows = slices.reduce(0) { $0 + $1.rows.count }
    let wanted =
      switch size {
      case .blocks(let count): count
      case .bytes(let bytes): max(1, (slices.reduce(0) { $0 + $1.estimatedBytes } + bytes - 1) / bytes)
      }
    let count = min(wanted, rows)
    var cursor = SliceCursor(slices)
    let shares = (0..<count).map { part in
      // The first ones have one row more where they can't all have as many.
      let taken = rows / count + (part < rows % count ? 1 : 0)
      var share = ConsumerShare(origin: "repartition part \(part)")
      for slice in cursor.take(taken) { share.add(slice, of: share.slices.count) }
      return share
    }
    return placed(shares, ConcatenateRows(stage.schema))
  }

  /// A task for each block of the first stage, with the rows of the second that have the same numbers.
  func zipped(_ left: Stage, _ right: Stage, _ origin: ExpressionOrigin) throws -> BranchTasks {
    let leftSlices = try filledSlices(of: left)
    let rightSlices = try filledSlices(of: right)
    let leftRows = leftSlices.reduce(0) { $0 + $1.rows.count }
    let rightRows = rightSlices.reduce(0) { $0 + $1.rows.count }
    guard leftRows == rightRows else {
      throw Diagnostic(
        .unequalRows, "zip puts rows side by side, and there are \(counted(leftRows, "row")) here and \(counted(rightRows, "row")) there"
      ).at(origin.place)
    }
    var cursor = SliceCursor(rightSlices)
    return BranchTasks(
      leftSlices.enumerated().map { part, slice in
        let source = ZipRows(left.schema, right.schema, left: slice, right: cursor.take(slice.rows.count))
        return BranchTasks.Source(source: source, origin: "zip part \(part)", preferredNode: slice.block.node == 0 ? nil : slice.block.node)
      })
  }

  private func filledSlices(of stage: Stage) throws -> [BlockSlice] {
    try run(stage).verified.compactMap(\.slice).filter { !$0.rows.isEmpty }
  }
}

/// Goes through rows of blocks from the first to the last.
private struct SliceCursor {
  private var remaining: ArraySlice<BlockSlice>

  init(_ slices: [BlockSlice]) { remaining = slices[...] }

  /// The next so many rows.
  mutating func take(_ count: Int) -> [BlockSlice] {
    var taken: [BlockSlice] = []
    var missing = count
    while missing > 0, let slice = remaining.first {
      taken.append(slice.prefix(missing))
      if slice.rows.count > missing {
        remaining[remaining.startIndex] = slice.part(missing..<slice.rows.count)
      } else {
        remaining.removeFirst()
      }
      missing -= min(missing, slice.rows.count)
    }
    return taken
  }
}
