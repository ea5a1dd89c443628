// What made each block, for the `blocks` table.

import DshColumns
import DshDiagnostics

extension GraphRunner {
  /// What made the blocks that are kept or cached: their origin, and the verbs of the task.
  func makersOfBlocks() -> [BlockID: (origin: String, verbs: String)] {
    var makers: [BlockID: (origin: String, verbs: String)] = [:]
    for output in cache.blocks {
      if let block = output.slice?.block { makers[block.id] = (output.origin, output.verbs) }
    }
    for dataset in persisted.values {
      for block in dataset.blocks where makers[block.block.id] == nil { makers[block.block.id] = (block.origin, "") }
    }
    return makers
  }
}
